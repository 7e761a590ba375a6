/** The rooms behind one timeline: a room by itself, or all chats with a person who is on several networks, mixed by time. */
import {protocolOf} from '../bridges/protocols.ts';
import {timeAmongRooms, type Message} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import type {RoomRow} from '../domain/room.ts';
import {safeText, type SafeText} from '../text/safe-text.ts';
import {comparePlaces, placeAbove, type AccountSource, type MessagePage, type TimelinePlace} from './account-source.ts';
import {createBridgedMessages} from './bridged-messages.ts';
import {createSameKeeper} from './keep-same.ts';
import {createMarks, markSourcesOf, type MessageMarks} from './message-marks.ts';
import type {MessagePages} from './message-window.ts';
import {networkLabel} from './network-label.ts';
import type {ScreenSpan} from './screen-line.ts';
import {readUpToOf} from './timeline-places.ts';

/** Threads are shown by themselves. */
const isMain = true;

/** A network of a mixed timeline. */
export type TimelineNetwork = {readonly label: ScreenSpan; readonly name: SafeText};

/** @param source the account's. @returns the rooms of one timeline; none at first */
export const createTimelineRooms = (source: AccountSource) => {
	/** The one that is written in. */
	let rid: number | undefined;
	/** In an order that stays, whoever writes. */
	let rids: readonly number[] = [];
	let bridged = new Map<number, ReturnType<typeof createBridgedMessages>>();
	let networks = new Map<number, TimelineNetwork>();
	let keepOutbox = createSameKeeper<OutboxItem>(item => item.id);

	const isMixed = (): boolean => rids.length > 1;

	const ridsOf = (room: number): readonly number[] => {
		const all = source.personRooms(room);
		return all.includes(room) && all.length > 1 ? all.toSorted((one, other) => one - other) : [room];
	};

	const take = (next: readonly number[]): void => {
		rids = next;
		bridged = new Map(rids.map(each => [each, createBridgedMessages(source)]));
		networks = new Map();
	};

	const isSame = (next: readonly number[]): boolean =>
		next.length === rids.length && next.every((each, index) => each === rids[index]);

	const network = (room: number): TimelineNetwork | undefined => {
		if (!isMixed()) return undefined;
		const known = networks.get(room);
		if (known !== undefined) return known;
		const protocol = source.room(room)?.protocol;
		const found = {label: networkLabel(protocol), name: safeText(protocolOf(protocol).name, 'name')};
		networks.set(room, found);
		return found;
	};

	const ofRoom = (messages: readonly Message[], room: number): readonly Message[] =>
		isMixed() ? messages.filter(message => message.rid === room) : messages;

	/** @returns one of their messages, with its place among all. */
	const messageOf = (eventId: string): Message | undefined => {
		for (const each of rids) {
			const found = source.message(each, eventId);
			if (found === undefined) continue;
			// Without a place in its room it has none here.
			return isMixed() && found.chunkOrder !== 0 ? {...found, chunkOrder: timeAmongRooms(found)} : found;
		}
		return undefined;
	};

	/** @returns where the messages of a room begin that are not read; `undefined` where that is not known */
	const readUpToIn = (room: RoomRow, messages: readonly Message[]): TimelinePlace | undefined => {
		const found = readUpToOf(source, room, ofRoom(messages, room.rid));
		if (found.kind === 'all') return messages.at(-1);
		if (found.kind === 'above') {
			const marked = found.marker === undefined ? undefined : messageOf(found.marker);
			return marked?.chunkOrder === 0 ? undefined : marked;
		}
		if (!isMixed()) return found.place;
		const next = messages.find(message => message.rid === room.rid && comparePlaces(message, found.place) > 0);
		return next === undefined ? messages.at(-1) : placeAbove(next);
	};

	return {
		isMixed,
		rids: (): readonly number[] => rids,
		network,
		/** @param room `undefined`: none. */
		open(room: number | undefined): void {
			rid = room;
			keepOutbox = createSameKeeper<OutboxItem>(item => item.id);
			take(room === undefined ? [] : ridsOf(room));
		},
		/** Another one of them is written in. */
		turn(room: number): void {
			rid = room;
		},
		/** @returns whether other rooms than before belong to it. */
		isOther: (): boolean => rid !== undefined && !isSame(ridsOf(rid)),
		/** Reads again which rooms these are. @returns whether they are others than they were. */
		look(): boolean {
			const next = rid === undefined ? [] : ridsOf(rid);
			networks = new Map();
			if (isSame(next)) return false;
			take(next);
			return true;
		},
		/** @returns rooms whose history has holes besides what is missing above all of it. */
		withGaps: ({gaps, holes}: Pick<MessagePage, 'gaps' | 'holes'>): readonly number[] =>
			rids.filter(each => (holes === undefined ? gaps.length > 0 : holes.filter(hole => hole.rid === each).length > 1)),
		read(window: Parameters<MessagePages['read']>[0]): MessagePage {
			if (isMixed()) return {gaps: [], ...source.mixedTimeline({rids, ...window})};
			return source.timeline({rid: rids[0] ?? -1, ...window, isMain});
		},
		/** As their bridges mean them. */
		bridged(messages: readonly Message[]): readonly Message[] {
			if (!isMixed()) return bridged.get(rids[0] ?? -1)?.(rids[0], messages) ?? messages;
			const meant = new Map<number, Message>();
			for (const each of rids)
				for (const message of bridged.get(each)?.(each, ofRoom(messages, each)) ?? []) meant.set(message.pk, message);
			return messages.map(message => meant.get(message.pk) ?? message);
		},
		/** What is not sent yet, in the order in which it was written. */
		outbox: (): readonly OutboxItem[] =>
			keepOutbox(rids.flatMap(each => source.outbox(each)).toSorted((one, other) => one.id - other.id)),
		message: messageOf,
		/** @returns what stands beside each message. @param messages oldest first */
		marks(
			messages: readonly Message[],
			facts: Parameters<typeof markSourcesOf>[2],
		): (message: Message) => MessageMarks | undefined {
			const marks = new Map(
				rids.map(each => [each, createMarks(ofRoom(messages, each), markSourcesOf(source, each, facts))]),
			);
			return message => marks.get(message.rid)?.(message);
		},
		/** @returns where what is not read begins in any of them. @param messages the newest ones */
		readUpTo(messages: readonly Message[]): TimelinePlace | undefined {
			const places = rids.flatMap(each => source.room(each) ?? []).map(room => readUpToIn(room, messages));
			// Where one of them is not known, the line would stand in the wrong place.
			const known = places.filter(place => place !== undefined);
			return known.length < places.length ? undefined : known.toSorted(comparePlaces)[0];
		},
	};
};
