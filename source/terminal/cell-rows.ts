/** Rows of cells: what a line of text with styles shows. Nothing but graphemes and styles gets through, so no row can hold a command. */
import stringWidth from 'string-width';
import type {StyleId, Styles} from './cell-styles.ts';
import {isPicturePiece, readPictureCell} from './picture-cells.ts';

/** One row of the screen; both lists have an entry for each column. */
export type CellRow = {
	/** The second cell of a wide grapheme is empty. */
	readonly graphemes: readonly string[];
	readonly styles: readonly StyleId[];
	/** Numbers of the pictures that have pieces in it. */
	readonly pictures?: ReadonlySet<number> | undefined;
	/** Pixels are drawn over cells of it: they would not move with it in every terminal. */
	readonly hasPixels?: boolean;
};

/** A control sequence, a string sequence, a lone escape, or text up to the next of these. */
const tokens = /\u001B\[([\d;]*)([@-~])|\u001B\](\d+);([^\u0007\u001B]*)(?:\u0007|\u001B\\)|\u001B|[^\u001B]+/g;

/** What is no text, whatever slipped past the sanitizer: controls, line separators, what reorders, lone surrogates. */
const forbidden = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\p{Cs}]/gu;

/** One cell each, whoever draws it. */
const simple = /^[ -~\u00A1-\u00AC\u00AE-\u024F]*$/;

const widths = new Map<string, number>();
const mostWidths = 4000;

/** @returns cells of a grapheme, as the layout counts them: at least one. */
export const cellsOf = (grapheme: string): number => {
	if (grapheme.length === 1 && simple.test(grapheme)) return 1;
	const known = widths.get(grapheme);
	if (known !== undefined) return known;
	const width = Math.max(1, stringWidth(grapheme));
	if (widths.size >= mostWidths) widths.clear();
	widths.set(grapheme, width);
	return width;
};

const nameOf = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

export type RowReaderOptions = {
	readonly styles: Styles;
	/** Told of each character that is no text; it means a bug in mx. */
	readonly onBlocked: (codePoint: string) => void;
	/** @returns whether mx has a picture with such a piece; whatever else looks like one is no text. @default there are none */
	readonly hasPicture?: ((id: number, row: number, column: number) => boolean) | undefined;
};

/** @returns a function from a line to its cells; lines that were read lately are known. */
export const createRowReader = ({styles, onBlocked, hasPicture = () => false}: RowReaderOptions) => {
	const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
	let known = new Map<string, CellRow>();
	let older = new Map<string, CellRow>();
	/** About three screens; then what was not used since is forgotten. */
	const mostRows = 200;

	const clean = (text: string): string =>
		text.replaceAll(forbidden, character => {
			onBlocked(nameOf(character.codePointAt(0) ?? 0));
			return '\uFFFD';
		});

	const read = (line: string, columns: number): CellRow => {
		const graphemes: string[] = [];
		const ids: StyleId[] = [];
		const pictures = new Set<number>();
		let style = 0;
		const put = (grapheme: string, width: number): void => {
			if (graphemes.length + width > columns) return;
			graphemes.push(grapheme);
			ids.push(style);
			for (let cell = 1; cell < width; cell++) {
				graphemes.push('');
				ids.push(style);
			}
		};
		const putSegment = (segment: string): void => {
			if (!isPicturePiece(segment)) return put(segment, cellsOf(segment));
			const cell = readPictureCell(segment, styles.foreground(style));
			if (cell !== undefined && hasPicture(cell.id, cell.row, cell.column)) {
				pictures.add(cell.id);
				return put(segment, 1);
			}
			onBlocked(nameOf(segment.codePointAt(0) ?? 0));
			return put('\uFFFD', 1);
		};
		for (const [token, parameters, final, command, value] of line.matchAll(tokens)) {
			if (final === 'm') style = styles.apply(style, parameters ?? '');
			else if (command === '8') style = styles.withLink(style, /^[^;]*;(.*)$/.exec(value ?? '')?.[1] ?? '');
			else if (token.startsWith('\u001B')) onBlocked(nameOf(0x1b));
			else if (simple.test(token)) for (const character of token) put(character, 1);
			else for (const {segment} of segmenter.segment(clean(token))) putSegment(segment);
		}
		while (graphemes.length < columns) {
			graphemes.push(' ');
			ids.push(0);
		}
		return pictures.size === 0 ? {graphemes, styles: ids} : {graphemes, styles: ids, pictures};
	};

	return (line: string, columns: number): CellRow => {
		const kept = known.get(line) ?? older.get(line);
		const row = kept?.graphemes.length === columns ? kept : read(line, columns);
		if (known.size >= mostRows) [older, known] = [known, new Map()];
		known.set(line, row);
		return row;
	};
};

/** @param isShown whether the terminal has a picture. @returns the row with blanks where it has none */
export const withoutPictures = (row: CellRow, styles: Styles, isShown: (id: number) => boolean): CellRow => {
	if (row.pictures === undefined || [...row.pictures].every(id => isShown(id))) return row;
	const isHidden = row.graphemes.map((grapheme, column) => {
		const foreground = isPicturePiece(grapheme) ? styles.foreground(row.styles[column] ?? 0) : '';
		const cell = foreground === '' ? undefined : readPictureCell(grapheme, foreground);
		return cell !== undefined && !isShown(cell.id);
	});
	return {
		...row,
		graphemes: row.graphemes.map((grapheme, column) => (isHidden[column] === true ? ' ' : grapheme)),
		styles: row.styles.map((style, column) => (isHidden[column] === true ? 0 : style)),
	};
};

/** @returns a row of blanks. */
export const blankRow = (columns: number): CellRow => ({
	graphemes: Array.from({length: columns}, () => ' '),
	styles: Array.from({length: columns}, () => 0),
});
