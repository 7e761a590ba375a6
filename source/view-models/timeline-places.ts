/** Places in a timeline that outlive its entries: what is seen lowest, and where unread messages begin. */
import {isUnreadable} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import {comparePlaces, type AccountSource, type TimelinePlace} from './account-source.ts';
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
		message => !message.isMine && message.stateKey === undefined && !isUnreadable(message),
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
