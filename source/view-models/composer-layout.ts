/**
 * The composer's text as rows of cells: soft wrap, the visible part, the cursor's cell, the way to the next row.
 * Work is bound to what is near the cursor, so that a pasted megabyte costs no more than a line.
 */
import {graphemesOf} from '../text/graphemes.ts';
import {graphemeBoundary, lineEnd, lineStart} from './composer-motions.ts';

/** How wide the composer is. */
export type ComposerView = {
	/** Cells of a row; the last one is kept for the cursor or a blank. */
	readonly width: number;
	/** @returns cells of one grapheme. */
	readonly measureGrapheme: (grapheme: string) => number;
};

/** One row; `from` and `to` are UTF-16 indexes. */
export type ComposerRow = {readonly text: string; readonly from: number; readonly to: number};

/** What is seen of the composer. */
export type ComposerLayout = {
	/** From 1 to the greatest number of rows. */
	readonly rows: readonly ComposerRow[];
	/** Row and cell of the cursor among `rows`, from 0. */
	readonly cursor: {readonly row: number; readonly column: number};
	/** Index where the first row begins: give it to the next layout, so that the text stands still. */
	readonly top: number;
	readonly hasMoreAbove: boolean;
	readonly hasMoreBelow: boolean;
};

type Row = {readonly from: number; readonly to: number};

/** A line, or a part of a very long one: wrapping begins anew there. */
type Block = {readonly lineFrom: number; readonly lineTo: number; readonly part: number};

/** UTF-16 code units. */
const blockLength = 2048;

/** What is longer is broken anywhere. */
const longestWord = 256;

const lastPart = (lineFrom: number, lineTo: number): number =>
	Math.max(0, Math.ceil((lineTo - lineFrom) / blockLength) - 1);

/** Where a part begins: behind the last blank before the length of those above, so that no word is broken there. */
const partStart = (text: string, {lineFrom, lineTo}: Omit<Block, 'part'>, part: number): number => {
	const at = Math.min(lineTo, graphemeBoundary(text, lineFrom + part * blockLength));
	if (part === 0 || at === lineTo) return at;
	const blank = text.slice(at - longestWord, at).lastIndexOf(' ');
	return blank === -1 ? at : graphemeBoundary(text, at - longestWord + blank + 1);
};

const rangeOf = (text: string, block: Block): Row => ({
	from: partStart(text, block, block.part),
	to: block.part === lastPart(block.lineFrom, block.lineTo) ? block.lineTo : partStart(text, block, block.part + 1),
});

const blockAt = (text: string, index: number): Block => {
	const line = {lineFrom: lineStart(text, index), lineTo: lineEnd(text, index)};
	const last = lastPart(line.lineFrom, line.lineTo);
	const part = Math.min(Math.floor((index - line.lineFrom) / blockLength), last);
	// The next part may begin a bit before its length is full.
	return {...line, part: part < last && index >= partStart(text, line, part + 1) ? part + 1 : part};
};

const blockBefore = (text: string, {lineFrom, lineTo, part}: Block): Block | undefined => {
	if (part > 0) return {lineFrom, lineTo, part: part - 1};
	return lineFrom === 0 ? undefined : blockAt(text, lineFrom - 1);
};

const blockAfter = (text: string, {lineFrom, lineTo, part}: Block): Block | undefined => {
	if (part < lastPart(lineFrom, lineTo)) return {lineFrom, lineTo, part: part + 1};
	return lineTo === text.length ? undefined : blockAt(text, lineTo + 1);
};

/** Breaks behind blanks and hyphens and around wide characters, else where the row is full. A blank may take the last cell. */
const rowsOf = (text: string, block: Block, {width, measureGrapheme}: ComposerView): readonly Row[] => {
	const {from, to} = rangeOf(text, block);
	const rows: Row[] = [];
	let start = from;
	let at = from;
	let cells = 0;
	let breaking = {at: from, cells: 0};
	for (const grapheme of graphemesOf(text.slice(from, to))) {
		const size = measureGrapheme(grapheme);
		const limit = grapheme === ' ' ? width : Math.max(1, width - 1);
		if (size === 2) breaking = {at, cells};
		while (cells + size > limit && at > start) {
			const cut = breaking.at > start ? breaking : {at, cells};
			rows.push({from: start, to: cut.at});
			start = cut.at;
			cells -= cut.cells;
			breaking = {at: start, cells: 0};
		}
		at += grapheme.length;
		cells += size;
		if (grapheme === ' ' || grapheme === '-' || size === 2) breaking = {at, cells};
	}
	return [...rows, {from: start, to}];
};

const cellsOf = (text: string, {measureGrapheme}: ComposerView): number =>
	graphemesOf(text).reduce((sum, grapheme) => sum + measureGrapheme(grapheme), 0);

const rowIndexOf = (rows: readonly Row[], cursor: number): number => {
	// The end of a wrapped row is the beginning of the next one; the end of a line is not.
	const index = rows.findIndex((row, at) => cursor < row.to || (cursor === row.to && rows[at + 1]?.from !== cursor));
	return index === -1 ? rows.length - 1 : index;
};

/** @returns at least `count` rows from a block on in one direction, fewer where the text ends. */
const rowsBeyond = (
	step: (block: Block) => Block | undefined,
	block: Block,
	count: number,
	read: (block: Block) => readonly Row[],
): readonly (readonly Row[])[] => {
	const groups: (readonly Row[])[] = [];
	let missing = count;
	let next = step(block);
	while (next !== undefined && missing > 0) {
		const rows = read(next);
		groups.push(rows);
		missing -= rows.length;
		next = step(next);
	}
	return groups;
};

/** A state of the composer, as far as the layout sees it. */
type Place = {readonly text: string; readonly cursor: number};

/**
 * @param maxRows At least 1; a longer text scrolls so that the cursor is seen.
 * @param top `top` of the layout before.
 */
export const composerLayout = ({text, cursor}: Place, view: ComposerView, maxRows: number, top = 0): ComposerLayout => {
	const read = (block: Block) => rowsOf(text, block, view);
	const block = blockAt(text, cursor);
	const rows = [
		...rowsBeyond(next => blockBefore(text, next), block, maxRows, read)
			.toReversed()
			.flat(),
		...read(block),
		...rowsBeyond(next => blockAfter(text, next), block, maxRows, read).flat(),
	];
	const cursorRow = rowIndexOf(rows, cursor);
	const wanted = rows.findIndex(row => row.from >= top);
	const lowest = Math.max(0, Math.min(cursorRow, rows.length - maxRows));
	const first = Math.max(cursorRow - maxRows + 1, Math.min(wanted === -1 ? cursorRow : wanted, lowest), 0);
	const visible = rows.slice(first, first + maxRows);
	const {from = 0} = rows[cursorRow] ?? {};
	return {
		rows: visible.map(row => ({...row, text: text.slice(row.from, row.to)})),
		cursor: {
			row: cursorRow - first,
			column: Math.max(0, Math.min(cellsOf(text.slice(from, cursor), view), view.width - 1)),
		},
		top: visible[0]?.from ?? 0,
		hasMoreAbove: (visible[0]?.from ?? 0) > 0,
		hasMoreBelow: (visible.at(-1)?.to ?? 0) < text.length,
	};
};

/** Without a view a row is a line and the goal counts graphemes. */
const unwrapped: ComposerView = {width: Number.POSITIVE_INFINITY, measureGrapheme: () => 1};

/** @returns the place in a row that is nearest to the goal (cells) and still belongs to the row. */
const placeInRow = (text: string, row: Row & {readonly isLast: boolean}, goal: number, view: ComposerView): number => {
	let at = row.from;
	let cells = 0;
	let before = row.from;
	for (const grapheme of graphemesOf(text.slice(row.from, row.to))) {
		const size = view.measureGrapheme(grapheme);
		if (cells >= goal || cells + size > goal) return at;
		before = at;
		at += grapheme.length;
		cells += size;
	}
	// The end of a wrapped row is the beginning of the next one.
	return row.isLast ? at : before;
};

/** @returns the index that was pointed at: within a row of a layout, so many cells from the left. */
export const indexAt = (text: string, row: ComposerRow, cells: number, view: ComposerView): number =>
	placeInRow(text, {...row, isLast: row.to === text.length || text.charAt(row.to) === '\n'}, cells, view);

/**
 * @param goal Cells from the left that the cursor strives for; `undefined`: where it is.
 * @returns the cursor in the row above or below, `undefined` in the first or last row.
 */
export const moveByRow = (
	{text, cursor, goal}: Place & {readonly goal: number | undefined},
	by: -1 | 1,
	view: ComposerView = unwrapped,
): {readonly cursor: number; readonly goal: number} | undefined => {
	const block = blockAt(text, cursor);
	const rows = rowsOf(text, block, view);
	const index = rowIndexOf(rows, cursor);
	const column = goal ?? cellsOf(text.slice(rows[index]?.from ?? 0, cursor), view);
	let target = {rows, index: index + by};
	if (rows[target.index] === undefined) {
		const next = by === -1 ? blockBefore(text, block) : blockAfter(text, block);
		if (next === undefined) return undefined;
		const nextRows = rowsOf(text, next, view);
		target = {rows: nextRows, index: by === -1 ? nextRows.length - 1 : 0};
	}
	const row = target.rows[target.index];
	if (row === undefined) return undefined;
	const isLast = target.index === target.rows.length - 1;
	return {cursor: placeInRow(text, {...row, isLast}, column, view), goal: column};
};
