/** Where on the screen the next letter would go. */
import type {Frame} from './frame.ts';
import type {ScreenLine} from './screen-line.ts';
import type {PanelView} from './panel.ts';
import type {Pane} from './screen-state.ts';

/** What stands in the composer, and its cursor within. */
export type Input = {
	readonly lines: readonly ScreenLine[];
	readonly cursor: {readonly column: number; readonly row: number} | undefined;
};

/** @returns the input with a line above it. */
export const withBanner = ({lines, cursor}: Input, banner: ScreenLine | undefined): Input =>
	banner === undefined
		? {lines, cursor}
		: {lines: [banner, ...lines], cursor: cursor === undefined ? undefined : {...cursor, row: cursor.row + 1}};

/** @returns the cell, from 0; `undefined` where no letter would go anywhere */
export const cursorCell = (
	frame: Frame,
	{focus, input, panel}: {readonly focus: Pane; readonly input: Input; readonly panel: PanelView | undefined},
): {readonly column: number; readonly row: number} | undefined => {
	const sideLeft = frame.columns - frame.sideWidth;
	const conversationLeft = frame.columns - frame.conversationWidth - (frame.sideWidth > 0 ? frame.sideWidth + 2 : 0);
	if (focus === 'panel') {
		if (panel?.cursor === undefined) return undefined;
		const left = frame.sideWidth > 0 ? sideLeft : conversationLeft;
		return {column: left + panel.cursor.column, row: Number(frame.hasTitle) + panel.cursor.row};
	}
	if (input.cursor === undefined || frame.conversationWidth === 0 || focus !== 'composer') return undefined;
	const top = frame.rows - frame.statusRows - Number(frame.hasHint) - frame.composerRows;
	return {column: conversationLeft + input.cursor.column, row: top + input.cursor.row};
};
