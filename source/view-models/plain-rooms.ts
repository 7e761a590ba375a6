/** Rooms as sentences, for the view that only adds lines. */
import {isRequest, isUnread, type RoomRow} from '../domain/room.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {encryptionWords, protocolWords} from './conversation-lines.ts';
import {isWaiting, roomName} from './inbox-row.ts';
import type {Via} from './via.ts';
import {ageText, shortTimeText, untilText} from './time-text.ts';

/** Characters of a topic that are said without being asked for. */
const topicLength = 200;

const joinWords = (parts: readonly SafeText[]): SafeText =>
	joinSafe(
		parts.filter(part => part !== ''),
		literal`, `,
	);

/** @returns `3 unread, 1 for you`; empty where there is nothing */
export const unreadWords = ({unreadCount, highlightCount, isMarkedUnread, isMuted}: RoomRow): SafeText => {
	if (unreadCount === 0) return isMarkedUnread ? literal`marked as unread` : literal``;
	const mention = highlightCount > 0 ? literal`, ${highlightCount} for you` : literal``;
	return literal`${unreadCount} unread${mention}${isMuted ? literal`, muted` : literal``}`;
};

const requestWord = (room: RoomRow): SafeText => (isRequest(room) ? literal`a request` : literal``);

const peopleWords = ({isDirect, joinedCount}: RoomRow): SafeText => {
	if (isDirect || joinedCount < 2) return literal``;
	return literal`${joinedCount} people`;
};

/** @param saysUnread whether what is unread is not said anyway. @returns where the person is: `You are in Minka, on Signal, not encrypted, 5 people. 3 unread.` */
/** @param via the way to a person who is on several networks */
export const roomSentence = (room: RoomRow, saysUnread: boolean, via?: Via): SafeText => {
	const others = joinSafe(via?.others.map(({name}) => name) ?? [], literal`, `);
	const where = via === undefined ? literal`on ${protocolWords(room)}` : literal`on ${via.name} (also ${others}: /via)`;
	const facts = [where, requestWord(room), encryptionWords(room), peopleWords(room)];
	const unread = saysUnread ? unreadWords(room) : literal``;
	return literal`You are in ${joinWords([via?.person ?? roomName(room), ...facts])}.${unread === '' ? literal`` : literal` ${unread}.`}`;
};

/** @returns the topic as a sentence of its own; none where there is none */
export const topicSentence = ({topic}: RoomRow): readonly SafeText[] => {
	const text = safeText(topic, 'name');
	if (text === '') return [];
	const cut = text.length > topicLength ? literal`${text.slice(0, topicLength).trimEnd() as SafeText} …` : text;
	return [literal`Topic: ${cut}`];
};

/** @param inviter of an invitation, name and id */
export const invitationSentence = (
	room: RoomRow,
	{name, id}: {readonly name: string | undefined; readonly id: string | undefined},
): SafeText => {
	const who = safeText(name, 'name', id ?? 'Somebody');
	const whose = id === undefined || who === id ? who : literal`${who} (${safeText(id, 'name')})`;
	const what = roomName(room) === who ? literal`a direct chat` : roomName(room);
	const facts = joinWords([literal`on ${protocolWords(room)}`, encryptionWords(room)]);
	return literal`${whose} invites you to ${what}, ${facts}. /accept joins, /decline refuses.`;
};

/** What a room asks for, besides being read. */
const askingWords = (room: RoomRow, now: number): readonly SafeText[] => [
	...(room.hasFailed === true ? [literal`a message did not arrive`] : []),
	...(room.isReminder ? [literal`came back`] : []),
	...(room.needsReplySince === undefined ? [] : [literal`needs a reply for ${ageText(room.needsReplySince, now)}`]),
	...(room.hasDraft ? [literal`unsent text`] : []),
	...(room.snoozedUntil === undefined ? [] : [literal`away until ${untilText(room.snoozedUntil, now)}`]),
];

/** Of a person, all of them: `Signal and WhatsApp`. */
const networkWords = (room: RoomRow): SafeText => {
	const {person} = room;
	if (person === undefined || person.protocols.length < 2)
		return room.protocol === undefined ? literal`` : protocolWords(room);
	return joinSafe(
		person.protocols.map(protocol => protocolWords({protocol})),
		literal` and `,
	);
};

/** @param now milliseconds since the Unix epoch. @returns a room in a list: `Minka, Signal, 3 unread, 12:41` */
export const roomRowText = (room: RoomRow, now: number): SafeText => {
	const network = networkWords(room);
	const when = room.lastActivity === 0 ? literal`` : shortTimeText(room.lastActivity, now);
	const state = room.membership === 'invite' ? literal`invites you` : unreadWords(room);
	const mark = room.section === 'favourite' ? literal`favourite` : literal``;
	const muted = room.isMuted && room.unreadCount === 0 ? literal`muted` : literal``;
	return joinWords([roomName(room), network, requestWord(room), state, mark, muted, ...askingWords(room, now), when]);
};

/** What is unread in a room, as it was told. */
export type ToldUnread = {readonly unread: number; readonly highlights: number; readonly isInvited: boolean};

export const toldUnreadOf = (room: RoomRow): ToldUnread => ({
	unread: isWaiting(room) || isUnread(room) ? room.unreadCount : 0,
	highlights: room.highlightCount,
	isInvited: room.membership === 'invite',
});

/** Rooms that one line names; of more it counts. */
const mostNamed = 3;

/** What came into a room since it was told last. */
export type RoomNewsCount = {readonly room: RoomRow; readonly count: number; readonly isForYou: boolean};

/** @returns one calm line about other rooms; `undefined` for no news */
export const elsewhereSentence = (news: readonly RoomNewsCount[]): SafeText | undefined => {
	const [first] = news;
	if (first === undefined) return undefined;
	const total = news.reduce((sum, {count}) => sum + count, 0);
	const ordered = news.toSorted((one, other) => Number(other.isForYou) - Number(one.isForYou));
	if (news.length > mostNamed)
		return literal`Elsewhere: ${total} new messages in ${news.length} rooms. /rooms lists them, /next opens one.`;
	const parts = ordered.map(({room, count, isForYou}) => {
		if (room.membership === 'invite') return literal`an invitation to ${roomName(room)}`;
		return literal`${count} new in ${roomName(room)}${isForYou && !room.isDirect ? literal`, for you` : literal``}`;
	});
	return literal`Elsewhere: ${joinSafe(parts, literal`; `)}. /next opens it.`;
};
