/** What stands between the separator and the composer: completion, or the preview of the message. */
import type {MenuFacts} from './completion.ts';
import type {ScreenLine, ScreenSpan} from './screen-line.ts';

/** The screen model asks it with each of its steps; what it shows may only depend on that. */
export type ComposerMenu = {
	readonly look: (facts: MenuFacts) => void;
	/** @param width cells @returns rows that it would like; 0 where it is closed */
	readonly wanted: (width: number) => number;
	/** @returns at most `height` lines of at most `width` cells */
	readonly lines: (size: {readonly width: number; readonly height: number}) => readonly ScreenLine[];
	/** What its keys do, for the line below the composer. */
	readonly hint: () => ScreenSpan | undefined;
	/** Whether it takes keys before the composer does. */
	readonly takesKeys: () => boolean;
};

/** Nothing is offered. */
export const closedMenu: ComposerMenu = {
	look: () => undefined,
	wanted: () => 0,
	lines: () => [],
	hint: () => undefined,
	takesKeys: () => false,
};
