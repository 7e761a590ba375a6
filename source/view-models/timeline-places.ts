/** Places in a timeline that outlive its entries: what is seen lowest, and where unread messages begin. */
import type {HistoryPlace} from '../domain/history-requests.ts';
import {isByPerson, isUnreadable} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import {comparePlaces, type AccountSource, type TimelinePlace} from './account-source.ts';
import type {Slice} from './scroll.ts';
import {placeOf, type TimelineItem} from './timeline-items.ts';

/** The anchor by key, so that it holds when entries come above it. */
export type KeptAnchor = {readonly key: string; readonly place: TimelinePlace | undefined; readonly line: number};

/** Finds where unread messages begin: behind the fully-read marker, else by the count. */
export const readUpToOf = (
	source: AccountSource,
	room: RoomRow,
	messages: ReturnType<AccountSource['timeline']>['messages'],
): TimelinePlace | undefined => {
	const inThreads = [...source.reads.threads(room.rid).values()].reduce((sum, {unread}) => sum + unread, 0);
	const unread = Math.max(0, room.unreadCount - inThreads);
	const marker = source.fullyRead(room.rid);
	const marked = messages.find(message => message.eventId === marker);
	if (marked !== undefined) return marked;
	if (unread === 0) return messages.at(-1);
	const others = messages.filter(
		message => !isByPerson(message) && message.stateKey === undefined && !isUnreadable(message),
	);
	// More than what is in memory: the line would stand in the wrong place.
	const first = others.at(-unread);
	return first === undefined ? undefined : {chunkOrder: first.chunkOrder, position: first.position - 1};
};

/** @returns the index of the entry that stands for an anchor: itself, else the one nearest above it. */
export const indexOfAnchor = (items: readonly TimelineItem[], {key, place}: KeptAnchor): number | undefined => {
	const index = items.findIndex(item => item.key === key);
	if (index !== -1) return index;
	if (place === undefined) return undefined;
	const nearest = items.findLastIndex(item => {
		const own = placeOf(item);
		return own !== undefined && comparePlaces(own, place) <= 0;
	});
	return nearest === -1 ? undefined : nearest;
};

/** @returns the place above (from the entry on) or below which history is missing, the nearest to what is seen. @param seen oldest first */
export const missingPlace = (items: readonly TimelineItem[], seen: readonly Slice[]): HistoryPlace | undefined => {
	const [first = 0, last = 0] = [seen[0]?.index, seen.at(-1)?.index];
	const middle = (first + last) / 2;
	const orderFrom = (index: number, step: 1 | -1): number | undefined => {
		for (let at = index + step; at >= 0 && at < items.length; at += step) {
			const item = items[at];
			const place = item === undefined ? undefined : placeOf(item);
			if (place !== undefined) return place.chunkOrder;
		}
		return undefined;
	};
	const missing = items
		.flatMap(({kind}, index) => (kind === 'gap' || kind === 'older' ? [{kind, index}] : []))
		.toSorted((one, other) => Math.abs(one.index - middle) - Math.abs(other.index - middle))[0];
	if (missing === undefined) return undefined;
	// Whoever stands above a gap reads on downwards.
	const side = missing.kind === 'gap' && missing.index > middle ? 'newer' : 'older';
	const chunkOrder = orderFrom(missing.index, side === 'newer' ? -1 : 1);
	return chunkOrder === undefined ? undefined : {chunkOrder, side};
};
