/** Rows of cells: what a line of text with styles shows. Nothing but graphemes and styles gets through, so no row can hold a command. */
import stringWidth from 'string-width';
import type {StyleId, Styles} from './cell-styles.ts';

/** One row of the screen; both lists have an entry for each column. */
export type CellRow = {
	/** The second cell of a wide grapheme is empty. */
	readonly graphemes: readonly string[];
	readonly styles: readonly StyleId[];
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
};

/** @returns a function from a line to its cells; lines that were read lately are known. */
export const createRowReader = ({styles, onBlocked}: RowReaderOptions) => {
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
		for (const [token, parameters, final, command, value] of line.matchAll(tokens)) {
			if (final === 'm') style = styles.apply(style, parameters ?? '');
			else if (command === '8') style = styles.withLink(style, /^[^;]*;(.*)$/.exec(value ?? '')?.[1] ?? '');
			else if (token.startsWith('\u001B')) onBlocked(nameOf(0x1b));
			else if (simple.test(token)) for (const character of token) put(character, 1);
			else for (const {segment} of segmenter.segment(clean(token))) put(segment, cellsOf(segment));
		}
		while (graphemes.length < columns) {
			graphemes.push(' ');
			ids.push(0);
		}
		return {graphemes, styles: ids};
	};

	return (line: string, columns: number): CellRow => {
		const kept = known.get(line) ?? older.get(line);
		const row = kept?.graphemes.length === columns ? kept : read(line, columns);
		if (known.size >= mostRows) [older, known] = [known, new Map()];
		known.set(line, row);
		return row;
	};
};

/** @returns a row of blanks. */
export const blankRow = (columns: number): CellRow => ({
	graphemes: Array.from({length: columns}, () => ' '),
	styles: Array.from({length: columns}, () => 0),
});
