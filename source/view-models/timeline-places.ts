/** Places in a timeline that outlive its entries: what is seen lowest, and where unread messages begin. */
import type {HistoryPlace} from '../domain/history-requests.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import {comparePlaces, placeAbove, type AccountSource, type TimelinePlace} from './account-source.ts';
import type {Slice} from './scroll.ts';
import {messageOf, type TimelineItem} from './timeline-items.ts';

/** The anchor by key, so that it holds when entries come above it. */
export type KeptAnchor = {readonly key: string; readonly place: TimelinePlace | undefined; readonly line: number};

/** Where unread messages of a room begin. */
type ReadUpTo =
	/** Above what is in memory; `marker`: the message that was read last, as far as is known. */
	| {readonly kind: 'above'; readonly marker: string | undefined}
	| {readonly kind: 'here'; readonly place: TimelinePlace}
	/** There are none. */
	| {readonly kind: 'all'};

/** What servers do not count, by the push rules that every account has (client-server API §Default Override Rules). */
const isNotice = ({content}: Message): boolean => content['msgtype'] === 'm.notice';

/** Finds where unread messages begin: behind the fully-read marker, else by the count. */
export const readUpToOf = (
	source: AccountSource,
	room: RoomRow,
	messages: ReturnType<AccountSource['timeline']>['messages'],
): ReadUpTo => {
	const inThreads = [...source.reads.threads(room.rid).values()].reduce((sum, {unread}) => sum + unread, 0);
	const unread = Math.max(0, room.unreadCount - inThreads);
	const marker = source.fullyRead(room.rid);
	const marked = messages.find(message => message.eventId === marker);
	if (marked !== undefined) return {kind: 'here', place: marked};
	if (unread === 0) return {kind: 'all'};
	const others = messages.filter(
		message => !isByPerson(message) && message.stateKey === undefined && !isUnreadable(message) && !isNotice(message),
	);
	const first = others.at(-unread);
	return first === undefined ? {kind: 'above', marker} : {kind: 'here', place: placeAbove(first)};
};

/** @returns whether a place is above all messages. @param messages oldest first */
export const isAboveAll = (place: TimelinePlace | undefined, [oldest]: readonly TimelinePlace[]): boolean =>
	place !== undefined && oldest !== undefined && comparePlaces(place, oldest) < 0;

/** @returns the index of the entry that stands for an anchor: itself, else the one nearest above it. */
export const indexOfAnchor = (items: readonly TimelineItem[], {key, place}: KeptAnchor): number | undefined => {
	const index = items.findIndex(item => item.key === key);
	if (index !== -1) return index;
	if (place === undefined) return undefined;
	const nearest = items.findLastIndex(item => {
		const own = messageOf(item);
		return own !== undefined && comparePlaces(own, place) <= 0;
	});
	return nearest === -1 ? undefined : nearest;
};

/** A place where history of a room is missing; `rid`: of which, where several are mixed. */
export type MissingPlace = HistoryPlace & {readonly rid: number | undefined};

/** @returns the chunk, in its room, of the first message of the room on one side of an entry. */
const chunkBeside = (
	items: readonly TimelineItem[],
	index: number,
	step: 1 | -1,
	rid: number | undefined,
): number | undefined => {
	for (let at = index + step; at >= 0 && at < items.length; at += step) {
		const item = items[at];
		const message = item === undefined ? undefined : messageOf(item);
		if (message !== undefined && (rid === undefined || message.rid === rid))
			return (message.home ?? message).chunkOrder;
	}
	return undefined;
};

/** @returns the place above (from the entry on) or below which history is missing, the nearest to what is seen. @param seen oldest first */
export const missingPlace = (items: readonly TimelineItem[], seen: readonly Slice[]): MissingPlace | undefined => {
	const [first = 0, last = 0] = [seen[0]?.index, seen.at(-1)?.index];
	const middle = (first + last) / 2;
	const [missing] = items
		.flatMap((item, index) => (item.kind === 'gap' || item.kind === 'older' ? [{item, index}] : []))
		.toSorted((one, other) => Math.abs(one.index - middle) - Math.abs(other.index - middle))
		// Of several rooms, one may have no more while another one has.
		.toSorted((one, other) => Number(one.item.state.kind !== 'idle') - Number(other.item.state.kind !== 'idle'));
	if (missing === undefined) return undefined;
	const {item, index} = missing;
	const {hole} = item;
	// Whoever stands above a gap reads on downwards.
	const isAbove = item.kind === 'gap' && index > middle;
	const above = isAbove ? chunkBeside(items, index, -1, hole?.rid) : undefined;
	if (above !== undefined) return {rid: hole?.rid, chunkOrder: above, side: 'newer'};
	if (isAbove && hole === undefined) return undefined;
	const chunkOrder = hole?.chunkOrder ?? chunkBeside(items, index, 1, undefined);
	return chunkOrder === undefined ? undefined : {rid: hole?.rid, chunkOrder, side: 'older'};
};
