/** What stands in a cell of the screen: for the mouse. Pure. */
import type {Frame} from './frame.ts';
import type {ScreenState} from './screen-state.ts';

/** Rows and columns count from 0 within the part. */
export type ScreenPlace =
	| {readonly kind: 'help' | 'separator' | 'nothing'}
	/** `undefined`: the heading, or below the last room. */
	| {readonly kind: 'inbox'; readonly rid: number | undefined}
	| {readonly kind: 'timeline' | 'menu'; readonly row: number}
	| {readonly kind: 'panel' | 'composer'; readonly row: number; readonly column: number};

/** A cell of the screen, from 0. */
export type ScreenCell = {readonly column: number; readonly row: number};

const nothing: ScreenPlace = {kind: 'nothing'};

/** @param row from the top of the panes @param column from the left of the conversation */
const conversationPlace = ({frame, main}: ScreenState, row: number, column: number): ScreenPlace => {
	const isTimeline = main.kind === 'timeline';
	const parts: readonly (readonly [rows: number, placeOf: (row: number) => ScreenPlace])[] = [
		[Number(frame.hasHeader), () => nothing],
		[frame.timelineRows, row => (isTimeline ? {kind: 'timeline', row} : nothing)],
		[Number(frame.hasSeparator), () => (isTimeline ? {kind: 'separator'} : nothing)],
		[frame.menuRows, row => ({kind: 'menu', row})],
		[frame.composerRows, row => ({kind: 'composer', row, column})],
	];
	let left = row;
	for (const [rows, placeOf] of parts) {
		if (left < rows) return placeOf(left);
		left -= rows;
	}
	return nothing;
};

/** @returns the column where the side pane begins; beyond the last one where there is none. */
const sideLeft = ({columns, sideWidth}: Frame): number => columns - sideWidth;

export const placeAt = (state: ScreenState, {column, row}: ScreenCell): ScreenPlace => {
	const {frame, inbox, panel} = state;
	const paneRow = row - Number(frame.hasTitle);
	if (paneRow < 0 || paneRow >= frame.paneRows || column < 0 || column >= frame.columns) return nothing;
	if (state.help !== undefined) return {kind: 'help'};
	if (column < frame.inboxWidth) return {kind: 'inbox', rid: inbox.rows[paneRow - 1]?.rid};
	if (frame.sideWidth > 0 && column >= sideLeft(frame) - 2) {
		const own = column - sideLeft(frame);
		return panel === undefined || own < 0 ? nothing : {kind: 'panel', row: paneRow, column: own};
	}
	const own = column - frame.inboxWidth - (frame.hasDivider ? 2 : 0);
	if (own < 0) return nothing;
	if (panel !== undefined && frame.sideWidth === 0) return {kind: 'panel', row: paneRow, column: own};
	return conversationPlace(state, paneRow, own);
};
