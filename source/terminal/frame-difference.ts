/** From one frame to the next in as few bytes as possible: the cells that changed, and rows that only moved. */
import {cellsOf, blankRow, type CellRow} from './cell-rows.ts';
import type {StyleId, Styles} from './cell-styles.ts';
import {isPicturePiece} from './picture-cells.ts';
import {isPixelCell} from './pixel-pictures.ts';

export type Frame = readonly CellRow[];

/** Where the terminal's cursor is, from 0; `undefined` where nobody knows. */
export type Position = {readonly row: number; readonly column: number} | undefined;

export type Difference = {
	readonly output: string;
	/** Where the cursor is then. */
	readonly position: Position;
	/** Stretches of cells that were written. */
	readonly runs: number;
};

/** Cells that are the same and yet written again, as moving past them costs as much. */
const shortGap = 5;
/** Blanks at the end of a row that are worth an erase. */
const shortTail = 4;

/** Code points in or beyond this are drawn in different widths; box drawing is not, nor are pieces of pictures. */
const isDisputed = (grapheme: string): boolean => {
	if (isPicturePiece(grapheme)) return false;
	const code = grapheme.codePointAt(0) ?? 0;
	if (grapheme.length > 1) return true;
	return code >= 0x2000 && !(code >= 0x2500 && code <= 0x259f) && !(code >= 0x2010 && code <= 0x2027);
};

/** Cells that a terminal may draw beyond those of the layout: several code points side by side. */
const overflowOf = (grapheme: string): number =>
	grapheme.length > 2 && !isPicturePiece(grapheme) ? Math.min(12, Array.from(grapheme).length * 2) : 0;

const isSameCell = (one: CellRow, other: CellRow, column: number): boolean =>
	one.graphemes[column] === other.graphemes[column] && one.styles[column] === other.styles[column];

const isBlank = ({graphemes, styles}: CellRow, column: number): boolean =>
	graphemes[column] === ' ' && styles[column] === 0;

/** @returns the column behind the last one that is not blank. */
const endOf = (row: CellRow): number => {
	let end = row.graphemes.length;
	while (end > 0 && isBlank(row, end - 1)) end--;
	return end;
};

/** Writes cells, moving and styling as little as needed. */
const createPen = (styles: Styles, start: Position, columns: number) => {
	let output = '';
	let position = start;
	let style: StyleId = 0;
	let runs = 0;

	const moveTo = (row: number, column: number): void => {
		if (position?.row === row && position.column === column) return;
		if (position?.row !== row) {
			const isNextLine = position !== undefined && column === 0 && position.row + 1 === row;
			output += isNextLine ? '\r\n' : `\u001B[${row + 1};${column + 1}H`;
		} else if (column === 0) output += '\r';
		else output += `\u001B[${column + 1}G`;
		position = {row, column};
	};

	const setStyle = (next: StyleId): void => {
		output += styles.transition(style, next);
		style = next;
	};

	return {
		/** Cells `from` up to `to` of a row. @param before what stands there now */
		write({
			row,
			index,
			from,
			to,
			before,
		}: {
			readonly row: CellRow;
			readonly index: number;
			readonly from: number;
			readonly to: number;
			readonly before: CellRow;
		}): void {
			moveTo(index, from);
			runs += 1;
			for (let column = from; column < to; column++) {
				const grapheme = row.graphemes[column] ?? ' ';
				if (grapheme === '') continue;
				setStyle(row.styles[column] ?? 0);
				const width = cellsOf(grapheme);
				if (!isDisputed(grapheme)) {
					output += grapheme;
				} else {
					// A terminal that draws it narrower would leave in view what stood in its second cell.
					const isCovering = width > 1 && !isBlank(before, column + 1);
					output += isCovering ? `${' '.repeat(width)}\u001B[${column + 1}G${grapheme}` : grapheme;
					if (column + width < columns) output += `\u001B[${column + width + 1}G`;
				}
				// In the last column the cursor stays, or not.
				position = column + width < columns ? {row: index, column: column + width} : undefined;
			}
		},
		eraseFrom(index: number, column: number): void {
			moveTo(index, column);
			setStyle(0);
			output += '\u001B[K';
		},
		end(): Difference {
			setStyle(0);
			return {output, position, runs};
		},
	};
};

/** The end of a stretch that begins with a changed cell: short gaps of unchanged ones belong to it. */
const endOfRun = (before: CellRow, after: CellRow, from: number, end: number): number => {
	let run = from + 1;
	let gap = 0;
	let covered = from + overflowOf(after.graphemes[from] ?? '');
	for (let column = from + 1; column < end; column++) {
		// What pixels cover is never written: it would erase them.
		if (isPixelCell(after.graphemes[column] ?? '')) break;
		if (isSameCell(before, after, column) && column > covered) {
			gap += 1;
			if (gap > shortGap) break;
			continue;
		}
		gap = 0;
		run = column + 1;
		// What a cluster was drawn over is written again.
		covered = Math.max(covered, column + overflowOf(after.graphemes[column] ?? ''));
	}
	while (run < after.graphemes.length && after.graphemes[run] === '') run++;
	return run;
};

/** @returns what turns one frame into the other. @param start where the cursor is */
export const differenceOf = (before: Frame, after: Frame, styles: Styles, start: Position): Difference => {
	const columns = after[0]?.graphemes.length ?? 0;
	const pen = createPen(styles, start, columns);
	for (const [index, row] of after.entries()) {
		const old = before[index] ?? blankRow(columns);
		if (old === row) continue;
		const newEnd = endOf(row);
		const isErased = endOf(old) - newEnd > shortTail;
		const end = isErased ? newEnd : columns;
		for (let column = 0; column < end;) {
			if (isSameCell(old, row, column)) {
				column += 1;
				continue;
			}
			let from = column;
			while (from > 0 && row.graphemes[from] === '') from--;
			const to = endOfRun(old, row, column, end);
			pen.write({row, index, from, to, before: old});
			column = to;
		}
		if (isErased) pen.eraseFrom(index, newEnd);
	}
	return pen.end();
};

/** Rows `first` to `last` move up by so many (down, if negative). */
type Shift = {readonly by: number; readonly first: number; readonly last: number};

const furthestShift = 12;
/** Rows that a shift must bring into place to be worth a try. */
const fewestRows = 5;

/** What of a row tells whether it moved: the right part, as the list of rooms at the left stays. */
const signatureOf = ({graphemes}: CellRow): string =>
	graphemes.slice(Math.min(42, Math.floor(graphemes.length * 0.4)), -1).join('');

const findShift = (before: Frame, after: Frame): Shift | undefined => {
	const [old, now] = [before.map(signatureOf), after.map(signatureOf)];
	let best: (Shift & {readonly score: number}) | undefined;
	for (let by = -furthestShift; by <= furthestShift; by++) {
		if (by === 0) continue;
		let first = -1;
		let score = 0;
		for (let index = 0; index <= now.length; index++) {
			const source = index + by;
			if (index < now.length && source >= 0 && source < old.length && now[index] === old[source]) {
				if (first === -1) [first, score] = [index, 0];
				if (now[index] !== old[index]) score += 1;
			} else {
				if (first !== -1 && score > (best?.score ?? 0))
					best = {by, first: Math.min(first, first + by), last: Math.max(index - 1, index - 1 + by), score};
				first = -1;
			}
		}
	}
	return best !== undefined && best.score >= fewestRows ? best : undefined;
};

const shifted = (frame: Frame, {by, first, last}: Shift, columns: number): Frame => {
	const blank = blankRow(columns);
	return frame.map((row, index) => {
		if (index < first || index > last) return row;
		const source = index + by;
		return source >= first && source <= last ? (frame[source] ?? blank) : blank;
	});
};

/** As `differenceOf`, with a scroll region (DECSTBM, SU, SD) where rows moved and that is shorter. */
export const shortestDifference = (before: Frame, after: Frame, styles: Styles, start: Position): Difference => {
	const direct = differenceOf(before, after, styles, start);
	const changed = after.filter((row, index) => row !== before[index]).length;
	const hasPixels = [...before, ...after].some(row => row.hasPixels === true);
	const shift = changed > fewestRows && !hasPixels ? findShift(before, after) : undefined;
	if (shift === undefined) return direct;
	const {by, first, last} = shift;
	const scroll = `\u001B[${first + 1};${last + 1}r\u001B[${Math.abs(by)}${by > 0 ? 'S' : 'T'}\u001B[r`;
	// The region takes the cursor home.
	const rest = differenceOf(shifted(before, shift, after[0]?.graphemes.length ?? 0), after, styles, {
		row: 0,
		column: 0,
	});
	if (scroll.length + rest.output.length >= direct.output.length) return direct;
	return {output: scroll + rest.output, position: rest.position ?? undefined, runs: rest.runs + 1};
};
