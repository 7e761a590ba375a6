/** The line below the composer while messages are selected: what can be done with them by this person in this room. */
import type {KeyOf} from './key-of.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import type {Message} from '../domain/message.ts';
import {messageHint, type MessageAct} from './message-abilities.ts';
import {limitsOf, whyNotOnNetwork} from './network-limits.ts';
import type {ScreenLine} from './screen-line.ts';
import type {createTimeline} from './timeline.ts';

export type SelectionScene = {
	readonly source: Pick<AccountSource, 'details' | 'portals'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly room: RoomRow | undefined;
	/** The account's. */
	readonly userId: string;
	readonly keyOf: KeyOf;
	readonly timeline: Pick<ReturnType<typeof createTimeline>, 'selected' | 'picked'>;
};

/** @param width cells */
export const selectionHint = (
	{source, room, userId, timeline, keyOf, now}: SelectionScene,
	width: number,
): ScreenLine => {
	const power = room === undefined ? undefined : source.details.power(room.rid);
	const mayRemoveOthers = power !== undefined && power.of(userId) >= power.toAct('redact');
	const limits = limitsOf(source, room);
	const hasThreads = (limits?.thread ?? 2) > 0;
	const refuses = (message: Message, act: MessageAct): boolean =>
		whyNotOnNetwork(limits, message, {act, edits: 0, now: now()}) !== undefined;
	return messageHint(timeline.selected(), {
		mayRemoveOthers,
		refuses,
		hasThreads,
		pickedCount: timeline.picked().length,
		keyOf,
		width,
	});
};
