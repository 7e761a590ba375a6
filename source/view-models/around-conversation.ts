/** What stands above the conversation and between it and the composer, as the open room is now. */
import type {AccountSource} from './account-source.ts';
import {headerLine, separatorLine} from './conversation-lines.ts';
import type {KeyOf} from './key-of.ts';
import type {createOpenRoom} from './open-room.ts';
import type {MainView, ScreenState} from './screen-state.ts';
import type {createTimeline} from './timeline.ts';
import type {createTyping} from './typing.ts';

export type ConversationParts = {
	readonly source: Pick<AccountSource, 'details'>;
	readonly opened: ReturnType<typeof createOpenRoom>;
	readonly timeline: Pick<ReturnType<typeof createTimeline>, 'network'>;
	readonly typing: ReturnType<typeof createTyping>;
	readonly keyOf: KeyOf;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** @param width cells of the conversation */
export const aroundConversation = (
	{source, opened, timeline, typing, keyOf, now}: ConversationParts,
	{main, width}: {readonly main: MainView; readonly width: number},
): Pick<ScreenState, 'header' | 'separator'> => {
	const room = opened.room();
	const {newBelow = 0, isAtEnd = true, isNewAbove = false} = main.kind === 'timeline' ? main.timeline : {};
	const facts = {note: room === undefined ? '' : source.details.note(room.rid), via: opened.via(), now: now(), width};
	return {
		header: room === undefined ? [] : headerLine(room, facts),
		separator: separatorLine({
			width,
			typing: typing.names(opened.rooms(), timeline),
			newBelow,
			isAtEnd,
			isNewAbove,
			keyOf,
		}),
	};
};
