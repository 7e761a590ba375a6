/** The lines around the timeline: header, separator with typing and new messages, and what an empty pane says. */
import {placeWords} from '../bridges/protocols.ts';
import {isRequest, type RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import type {KeyOf} from './key-of.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad, textWidth, truncate} from '../text/width.ts';
import {roomName} from './inbox-row.ts';
import type {Via} from './via.ts';
import {
	blanks,
	boldSpan,
	cutLine,
	emptyLine,
	joinParts,
	lineWidth,
	span,
	spreadLine,
	type ScreenLine,
} from './screen-line.ts';
import {momentText} from './time-text.ts';

/** @returns whether the room is encrypted, in words: with a bridge, only as far as the bridge. */
export const encryptionWords = (room: RoomRow): SafeText => {
	if (!room.isEncrypted) return literal`not encrypted`;
	return room.protocol === undefined ? literal`end-to-end encrypted` : literal`end-to-bridge encrypted`;
};

/** @returns the network that a room is on, with the team or the like where there are several: `Slack · Acme`. */
export const protocolWords = (room: Pick<RoomRow, 'protocol' | 'place'>): SafeText =>
	safeText(placeWords(room), 'name');

type HeaderFacts = {
	/** Untrusted text. */
	readonly note: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	readonly width: number;
	/** The way to a person who is on several networks. */
	readonly via?: Via | undefined;
};

/** The network of a room, with the team or the login, and without; of a person, the one that is written over, and the others. */
const networkSpans = (room: RoomRow, via: Via | undefined): readonly ScreenLine[] => {
	if (via === undefined) return [room, {...room, place: undefined}].map(each => [span(protocolWords(each), 'muted')]);
	const line = [via.label, span(literal` ${via.name}`)];
	const also = [via.others.map(({name}) => name), via.others.map(({label}) => label.text)].map(names => [
		...line,
		span(literal` (also ${joinSafe(names, literal`, `)})`, 'muted'),
	]);
	return [...also, line];
};

/** Cells of a name that the network and the encryption leave to it at least, if it has so many. */
const leastName = 10;

/** What the room is: the team goes before the name is cut, the network only where the encryption would not be whole. */
const roomFacts = (
	room: RoomRow,
	via: Via | undefined,
	{name, width}: {readonly name: number; readonly width: number},
) => {
	const encryption = [span(encryptionWords(room), room.isEncrypted ? 'muted' : 'warning')];
	const request = isRequest(room) ? [boldSpan(literal`request`, 'warning')] : [];
	const state = joinParts([request, encryption]);
	const lines = networkSpans(room, via).map(network => joinParts([network, state]));
	// The name counts more than what the room is.
	const most = Math.max(Math.floor(width * 0.6), width - name - 2);
	const mostOfShort = Math.max(most, width - Math.min(name, leastName) - 2);
	return (
		lines.find(line => lineWidth(line) <= most) ??
		[...lines.slice(-1), state].find(line => lineWidth(line) <= mostOfShort) ??
		cutLine(state, mostOfShort)
	);
};

/**
 * Names, when it comes back, what the person has noted, topic if there is room for a bit of it, protocol and encryption.
 * @returns at most `width` cells
 */
export const headerLine = (room: RoomRow, {note, now, width, via}: HeaderFacts): ScreenLine => {
	const noted = note === '' ? [] : [span(literal`  note: ${safeText(note, 'line')}`, 'accent')];
	const {snoozedUntil} = room;
	const away =
		snoozedUntil === undefined ? [] : [span(literal`  ◔ comes back ${momentText(snoozedUntil, now)}`, 'accent')];
	const name = [boldSpan(via?.person ?? roomName(room), 'title'), ...away, ...noted];
	const topic = safeText(room.topic, 'line').trim() as SafeText;
	const left = topic === '' ? name : [...name, span(literal`  ${topic}`, 'muted')];
	return spreadLine(left, roomFacts(room, via, {name: lineWidth(name), width}), width);
};

const typingText = (names: readonly SafeText[]): SafeText => {
	const [first, second] = names;
	if (first === undefined) return literal``;
	if (second === undefined) return literal`${first} is typing…`;
	return names.length === 2 ? literal`${first} and ${second} are typing…` : literal`${names.length} people are typing…`;
};

/** The rule above the composer. @returns exactly `width` cells */
export const separatorLine = ({
	width,
	typing,
	newBelow,
	isAtEnd,
	isNewAbove,
	keyOf,
}: {
	readonly width: number;
	readonly typing: readonly SafeText[];
	readonly newBelow: number;
	readonly isAtEnd: boolean;
	readonly isNewAbove: boolean;
	readonly keyOf: KeyOf;
}): ScreenLine => {
	const left = truncate(typingText(typing), Math.floor(width / 2));
	const above = isNewAbove ? literal`new above · ${keyOf('first-unread')} goes there` : literal``;
	const below = isAtEnd ? above : literal`older messages · ${keyOf('cancel')} to the newest`;
	const right = newBelow > 0 ? literal`${newBelow} new ↓` : below;
	const leftSpans = left === '' ? [] : [span(literal` ${left} `, 'muted')];
	const cutRight = truncate(right, Math.max(0, width - textWidth(left) - 8));
	const rightSpans =
		cutRight === '' ? [] : [span(literal` ${cutRight} `, newBelow > 0 || (isAtEnd && isNewAbove) ? 'unread' : 'muted')];
	const used = [...leftSpans, ...rightSpans].reduce((sum, {text}) => sum + textWidth(text), 0);
	const rest = Math.max(0, width - used);
	const before = Math.min(rest, leftSpans.length > 0 ? 1 : 0);
	const after = Math.min(rest - before, rightSpans.length > 0 ? 2 : 0);
	const rule = (cells: number) => span(literal`─`.repeat(cells) as SafeText, 'border');
	return [rule(before), ...leftSpans, rule(rest - before - after), ...rightSpans, rule(after)].filter(
		({text}) => text !== '',
	);
};

/** What an invitation shows in place of a timeline. */
const invitationLines = (
	room: RoomRow,
	{name, id: inviterId}: {readonly name: string | undefined; readonly id: string | undefined},
	width: number,
): readonly ScreenLine[] => {
	const who = safeText(name, 'name', inviterId ?? 'Somebody');
	// A chat of two without a name of its own is called like the other one.
	const what =
		roomName(room) === who
			? [span(literal` invites you to a direct chat`)]
			: [span(literal` invites you to `), boldSpan(roomName(room), 'title')];
	const lines: readonly ScreenLine[] = [
		[boldSpan(who, 'name'), ...what],
		// Anybody can take any name, but not an id.
		...(inviterId === undefined ? [] : [[span(safeText(inviterId, 'name'), 'muted')]]),
		[span(joinSafe([protocolWords(room), encryptionWords(room)], literal` · `), 'muted')],
		emptyLine,
		[
			boldSpan(literal`Enter`, 'accent'),
			span(literal` or `),
			boldSpan(literal`/accept`, 'accent'),
			span(literal` joins the room`),
		],
		[boldSpan(literal`/decline`, 'accent'), span(literal` refuses the invitation`)],
		...(inviterId === undefined
			? []
			: [[boldSpan(literal`/declineandignore`, 'accent'), span(literal` and hears no more of who sent it`)]]),
	];
	return lines.map(line => cutLine([span(blanks(2)), ...line], width));
};

/** @returns what an invitation shows, with who sent it as far as the store knows. */
export const invitationOf = (
	room: RoomRow,
	source: Pick<AccountSource, 'inviter' | 'memberName'>,
	width: number,
): readonly ScreenLine[] => {
	const id = source.inviter(room.rid) ?? room.directUser;
	const name = id === undefined ? undefined : source.memberName(room.rid, id);
	return invitationLines(room, {name, id}, width);
};

const keyLine = (key: SafeText, does: SafeText): ScreenLine => [boldSpan(pad(key, 8), 'accent'), span(does)];

const startLines = (unread: number, keyOf: KeyOf): readonly ScreenLine[] => [
	[boldSpan(unread === 0 ? literal`Everything is read` : literal`${unread} unread`)],
	emptyLine,
	keyLine(literal`${keyOf('inbox-up')} ${keyOf('inbox-down')}`, literal`choose a room`),
	keyLine(literal`Enter`, literal`goes to it`),
	...(unread === 0 ? [] : [keyLine(keyOf('next-unread'), literal`goes to the next unread room`)]),
	keyLine(keyOf('help'), literal`shows all keys and commands`),
];

/** What an account without rooms, or a screen without an open room, shows. @param unread rooms with unread messages */
export const emptyLines = (
	{
		hasRooms,
		isSynced,
		unread,
		keyOf,
	}: {readonly hasRooms: boolean; readonly isSynced: boolean; readonly unread: number; readonly keyOf: KeyOf},
	width: number,
): readonly ScreenLine[] => {
	const noRooms: readonly ScreenLine[] = isSynced
		? [
				[boldSpan(literal`No rooms yet`)],
				emptyLine,
				[boldSpan(literal`/dm @anna:server`, 'accent'), span(literal`      writes to somebody`)],
				[boldSpan(literal`/join #room:server`, 'accent'), span(literal`    joins a room`)],
				[boldSpan(literal`/directory`, 'accent'), span(literal`            lists public rooms`)],
				[boldSpan(literal`/bridge login signal`, 'accent'), span(literal`  signs in at another network`)],
				emptyLine,
				[span(literal`Invitations appear in the inbox.`, 'muted')],
			]
		: [
				[boldSpan(literal`Your rooms come with the first sync`)],
				[span(literal`This may take a moment for a large account.`, 'muted')],
			];
	const lines = hasRooms ? startLines(unread, keyOf) : noRooms;
	return lines.map(line => cutLine([span(blanks(2)), ...line], width));
};
