/** What a terminal shows, as data: the cells of the xterm model with their styles, and the cursor. */
import type headless from '@xterm/headless';
import {setModernWidths} from './character-widths.ts';

type Terminal = headless.Terminal;
type BufferCell = NonNullable<ReturnType<NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>['getCell']>>;

/** A number of the xterm palette (0 to 255), 24 bits as `#rrggbb`, or `undefined`: the terminal's own. */
export type Colour = number | string | undefined;

export type CellStyle = {
	readonly foreground: Colour;
	readonly background: Colour;
	readonly isBold: boolean;
	readonly isDim: boolean;
	readonly isItalic: boolean;
	readonly isUnderlined: boolean;
	readonly isStruck: boolean;
	readonly isInverse: boolean;
	readonly isHidden: boolean;
};

/** One character with the marks that combine with it. */
export type Cell = {
	readonly column: number;
	/** How many columns it takes. */
	readonly width: 1 | 2;
	/** A blank is one space. */
	readonly text: string;
	readonly style: CellStyle;
};

export type Row = readonly Cell[];

export type Screen = {
	readonly columns: number;
	readonly rows: readonly Row[];
	/** From 0; `undefined` while the program hides it. */
	readonly cursor: {readonly row: number; readonly column: number} | undefined;
};

const hexadecimal = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`;

const readStyle = (cell: BufferCell): CellStyle => ({
	foreground: cell.isFgRGB() ? hexadecimal(cell.getFgColor()) : cell.isFgPalette() ? cell.getFgColor() : undefined,
	background: cell.isBgRGB() ? hexadecimal(cell.getBgColor()) : cell.isBgPalette() ? cell.getBgColor() : undefined,
	isBold: cell.isBold() !== 0,
	isDim: cell.isDim() !== 0,
	isItalic: cell.isItalic() !== 0,
	isUnderlined: cell.isUnderline() !== 0,
	isStruck: cell.isStrikethrough() !== 0,
	isInverse: cell.isInverse() !== 0,
	isHidden: cell.isInvisible() !== 0,
});

const readRow = (terminal: Terminal, row: number): Row => {
	const {active} = terminal.buffer;
	const line = active.getLine(active.baseY + row);
	return Array.from({length: terminal.cols}, (_, column) => ({column, cell: line?.getCell(column)})).flatMap(
		({column, cell}) => {
			// The right half of a wide character is a cell of no width.
			if (cell === undefined || cell.getWidth() === 0) return [];
			const width = cell.getWidth() === 2 ? 2 : 1;
			return [{column, width, text: cell.getChars() || ' ', style: readStyle(cell)}];
		},
	);
};

/** Sets widths and follows whether the cursor is shown, so call it before the program writes. @returns how to read the screen */
export const watchScreen = (terminal: Terminal): (() => Screen) => {
	setModernWidths(terminal);
	let isCursorShown = true;
	// DECTCEM, `CSI ? 25 h` and `l`; the model follows it but does not tell.
	for (const [final, isShown] of [
		['h', true],
		['l', false],
	] as const) {
		terminal.parser.registerCsiHandler({prefix: '?', final}, parameters => {
			if (parameters.includes(25)) isCursorShown = isShown;
			return false;
		});
	}
	return () => ({
		columns: terminal.cols,
		rows: Array.from({length: terminal.rows}, (_, row) => readRow(terminal, row)),
		cursor: isCursorShown
			? {row: terminal.buffer.active.cursorY, column: Math.min(terminal.buffer.active.cursorX, terminal.cols - 1)}
			: undefined,
	});
};
