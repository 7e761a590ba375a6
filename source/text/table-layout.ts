/** Lays a table out: columns as wide as what is in them, narrower where there is no room, cells wrapped within. */
import {createRowWriter} from './row-writer.ts';
import {literal, type SafeText} from './safe-text.ts';
import {plainStyle, type Line, type Span, type SpanStyle, type TableRow} from './spans.ts';
import {textWidth} from './width.ts';

/** Columns that are laid out; what stands in further ones follows in the last one. */
const mostColumns = 16;

/** Cells that a column has at least; where not all have that many, the cells of a row follow each other as words. */
const leastWidth = 4;

const borderStyle: SpanStyle = {role: 'border'};
const divider: Span = {text: literal` │ `, style: borderStyle};
const dividerWidth = 3;

const blank = (cells: number): Span => ({text: literal` `.repeat(cells) as SafeText, style: plainStyle});
const rule = (cells: number): SafeText => literal`─`.repeat(cells) as SafeText;

const cellsOf = (line: Line): number => line.reduce((sum, {text}) => sum + textWidth(text), 0);

const wrap = (spans: readonly Span[], width: number): readonly Line[] => {
	const writer = createRowWriter(width);
	for (const span of spans) writer.addWords(span);
	return writer.finish();
};

/** Cells of one line, with the divider between them. */
const joined = (cells: readonly Line[]): Line =>
	cells.flatMap((cell, index) => (index === 0 ? cell : [divider, ...cell]));

/** @returns as many cells for each row, without columns in which there is nothing. */
const evenRows = (rows: readonly TableRow[]): readonly (readonly Line[])[] => {
	const count = Math.min(mostColumns, Math.max(0, ...rows.map(({cells}) => cells.length)));
	const even = rows.map(({cells}) =>
		Array.from({length: count}, (_, column) => {
			const rest = column === count - 1 ? cells.slice(column) : [cells[column] ?? []];
			return rest.flatMap((cell, index) => (index === 0 ? cell : [blank(1), ...cell]));
		}),
	);
	const isUsed = (column: number): boolean => even.some(cells => cellsOf(cells[column] ?? []) > 0);
	return even.map(cells => cells.filter((_, column) => isUsed(column)));
};

/** The widest columns give way first. */
const fitted = (natural: readonly number[], available: number): readonly number[] => {
	const widths = natural.map(() => 0);
	let left = available;
	let open = natural.map((_, index) => index);
	while (open.length > 0) {
		const share = Math.floor(left / open.length);
		const small = open.filter(index => (natural[index] ?? 0) <= share);
		const settled = small.length > 0 ? small : open;
		for (const index of settled) {
			widths[index] = Math.min(natural[index] ?? 0, share);
			left -= widths[index] ?? 0;
		}
		open = open.filter(index => !settled.includes(index));
	}
	return widths;
};

const rowLines = (cells: readonly Line[], widths: readonly number[]): readonly Line[] => {
	const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 1));
	const height = Math.max(...wrapped.map(lines => lines.length));
	return Array.from({length: height}, (_, row) =>
		joined(
			wrapped.map((lines, column) => {
				const line = lines[row] ?? [];
				const missing = (widths[column] ?? 0) - cellsOf(line);
				return column === wrapped.length - 1 || missing <= 0 ? line : [...line, blank(missing)];
			}),
		),
	);
};

/** @param width cells, at least 1 @returns rows of at most `width` cells */
export const layoutTable = (rows: readonly TableRow[], width: number): readonly Line[] => {
	const even = evenRows(rows);
	const columns = even[0]?.length ?? 0;
	if (columns === 0) return [];
	const natural = Array.from({length: columns}, (_, column) =>
		Math.max(1, ...even.map(cells => cellsOf(cells[column] ?? []))),
	);
	const available = width - dividerWidth * (columns - 1);
	const needed = natural.reduce((sum, cells) => sum + Math.min(cells, leastWidth), 0);
	if (available < needed) return even.flatMap(cells => wrap(joined(cells), width));
	const widths = fitted(natural, available);
	return even.flatMap((cells, index) => {
		const lines = rowLines(cells, widths);
		const isLastOfHead = rows[index]?.isHead === true && rows[index + 1]?.isHead === false;
		if (!isLastOfHead) return lines;
		const line = widths.map(rule).join(literal`─┼─`) as SafeText;
		return [...lines, [{text: line, style: borderStyle}]];
	});
};
