/** The line above what is unread in the open timeline: where it stands, and whether somebody has seen it. */
import type {Message} from '../domain/message.ts';
import type {TimelinePlace} from './account-source.ts';
import {isAboveAll} from './timeline-places.ts';
import type {TimelineItem} from './timeline-items.ts';

export const createUnreadLine = () => {
	let readUpTo: TimelinePlace | undefined;
	/** Index of the entry; -1: it is not in memory. */
	let at = -1;
	/** Since the room was opened. */
	let isSeen = false;

	const isThere = (messages: readonly Message[]): boolean => at !== -1 || isAboveAll(readUpTo, messages);

	return {
		/** @returns the last message that was read, `undefined` where that is not known. */
		readUpTo: () => readUpTo,
		/** A room is opened. @param place of the last message that was read */
		open(place: TimelinePlace | undefined): void {
			readUpTo = place;
			isSeen = false;
		},
		/** Places are others now. */
		move(place: TimelinePlace | undefined): void {
			readUpTo = place;
		},
		note(items: readonly TimelineItem[]): void {
			at = items.findIndex(({kind}) => kind === 'unread');
		},
		/** The newest message is before somebody's eyes. @param messages in memory, oldest first */
		read(messages: readonly Message[]): void {
			if (!isThere(messages)) readUpTo = messages.at(-1) ?? readUpTo;
		},
		/** @param top index of the first entry that is seen. @returns whether the line is above it, and was not seen yet */
		isAbove(top: number, messages: readonly Message[]): boolean {
			isSeen ||= at >= top;
			return !isSeen && isThere(messages);
		},
	};
};
