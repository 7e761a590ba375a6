/** How the screen is divided: cells and rows of each part. Pure; the sum is never taller or wider than the terminal. */

/** Where the parts of the screen are. Widths are cells, heights are rows; 0 means not shown. */
export type Frame = {
	readonly columns: number;
	readonly rows: number;
	readonly hasTitle: boolean;
	/** Rows of what mx says, below all else; 0 where there is no room. */
	readonly statusRows: number;
	/** Rows between title and status line. */
	readonly paneRows: number;
	readonly inboxWidth: number;
	/** Cells of the conversation, without the divider. */
	readonly conversationWidth: number;
	readonly hasDivider: boolean;
	/** Cells of the side pane, without its divider; 0 where there is none beside the conversation. */
	readonly sideWidth: number;
	readonly hasHeader: boolean;
	readonly hasSeparator: boolean;
	readonly hasHint: boolean;
	readonly timelineRows: number;
	/** Rows between separator and composer: completion, preview. */
	readonly menuRows: number;
	readonly composerRows: number;
	/** Rows that the composer may take at most. */
	readonly maxComposerRows: number;
};

export type FrameRequest = {
	readonly columns: number;
	readonly rows: number;
	readonly isInboxShown: boolean;
	/** Something wants to stand beside the conversation. */
	readonly hasSide?: boolean | undefined;
	/** Nothing but the messages, and the line that says how to get back. @default false */
	readonly isBare?: boolean | undefined;
	/** Rows that the status would like. @default 1 */
	readonly statusRows?: number | undefined;
	/** Rows that the composer would like. */
	readonly composerRows: number;
	/** Rows that the menu above it would like. */
	readonly menuRows?: number | undefined;
};

/** Below this many columns a side pane covers the conversation instead of standing beside it. */
const sideColumns = 100;

/** Below this many columns the inbox covers the conversation instead of standing beside it. */
const narrowColumns = 60;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const inboxWidthOf = ({columns, isInboxShown}: FrameRequest): number => {
	if (!isInboxShown) return 0;
	return columns < narrowColumns ? columns : clamp(Math.round(columns * 0.3), 26, 40);
};

/** Below this many columns the inbox beside an open room would leave it too little. */
const compactColumns = 90;

/** @returns whether the conversation has the whole width, unless the person wants the inbox beside it. */
export const isCompact = (columns: number): boolean => columns < compactColumns;

/** @returns whether the inbox would cover the conversation. */
export const isNarrow = (columns: number): boolean => columns < narrowColumns;

/** @returns rows that the composer may take at most in a terminal of `rows` rows. */
export const maxComposerRowsOf = (rows: number): number => clamp(Math.floor((rows - 4) / 3), 1, 8);

/** @returns rows that a long sentence may take in a terminal of `rows` rows. */
export const maxStatusRowsOf = (rows: number): number => clamp(Math.floor(rows / 6), 1, 3);

/** Divides a terminal of any size; where it is small, the least needed parts go first. */
export const divideFrame = (request: FrameRequest): Frame => {
	const columns = Math.max(1, request.columns);
	const rows = Math.max(1, request.rows);
	const isBare = request.isBare === true;
	const hasTitle = rows >= 6 && !isBare;
	const statusRows = rows >= 4 ? clamp(request.statusRows ?? 1, 1, maxStatusRowsOf(rows)) : 0;
	const hasHeader = rows >= 8 && !isBare;
	const hasSeparator = rows >= 10 && !isBare;
	const hasHint = rows >= 12 && !isBare;
	const paneRows = rows - Number(hasTitle) - statusRows;
	const maxComposerRows = maxComposerRowsOf(rows);
	const composerRows = isBare ? 0 : Math.min(paneRows, clamp(request.composerRows, 1, maxComposerRows));
	const inboxWidth = inboxWidthOf({...request, columns});
	const isCovered = inboxWidth === columns;
	const hasDivider = inboxWidth > 0 && !isCovered;
	const sideWidth =
		request.hasSide === true && !isBare && columns >= sideColumns ? clamp(Math.round(columns * 0.3), 30, 50) : 0;
	const mainRows = Math.max(0, paneRows - composerRows - Number(hasHeader) - Number(hasSeparator) - Number(hasHint));
	// At least half of the messages stay to be seen.
	const menuRows = Math.min(isBare ? 0 : (request.menuRows ?? 0), Math.floor(mainRows / 2));
	return {
		columns,
		rows,
		hasTitle,
		statusRows,
		paneRows,
		inboxWidth,
		// A blank stands between the divider and the text.
		conversationWidth: isCovered
			? 0
			: columns - inboxWidth - (hasDivider ? 2 : 0) - (sideWidth > 0 ? sideWidth + 2 : 0),
		hasDivider,
		sideWidth,
		hasHeader,
		hasSeparator,
		hasHint,
		timelineRows: mainRows - menuRows,
		menuRows,
		composerRows,
		maxComposerRows,
	};
};
