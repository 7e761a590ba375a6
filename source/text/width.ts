/** How many cells text takes on a terminal, and text cut or filled to a number of cells. */
import stringWidth from 'string-width';
import {graphemesOf, isNarrow} from './graphemes.ts';
import {joinSafe, literal, type SafeText} from './safe-text.ts';

/** Widths of graphemes that are not ASCII; emptied when full, so that hostile text cannot grow it. */
const widths = new Map<string, number>();
const maxCachedWidths = 8192;

const ellipsis = literal`…`;

/** @returns the cells of one grapheme; 0 for what only changes its neighbours, and for a newline. */
export const graphemeWidth = (grapheme: SafeText): number => {
	const known = widths.get(grapheme);
	if (known !== undefined) {
		return known;
	}

	if (widths.size >= maxCachedWidths) {
		widths.clear();
	}

	const width = stringWidth(grapheme);
	widths.set(grapheme, width);
	return width;
};

/** @returns the cells of a text of one line. Terminals differ on emoji; the screen writer sets columns absolutely after them. */
export const textWidth = (text: SafeText): number => {
	if (isNarrow(text)) {
		return text.length;
	}

	let width = 0;
	for (const grapheme of graphemesOf(text)) {
		width += graphemeWidth(grapheme);
	}

	return width;
};

/** Cuts a text of one line to at most `cells` cells; what was cut ends in `…`. */
export const truncate = (text: SafeText, cells: number): SafeText => {
	if (cells <= 0) {
		return literal``;
	}

	if (text.length <= cells && isNarrow(text)) {
		return text;
	}

	const kept: SafeText[] = [];
	let width = 0;
	// Cells of `kept` that still leave room for the ellipsis.
	let lengthBeforeEllipsis = 0;
	for (const grapheme of graphemesOf(text)) {
		width += graphemeWidth(grapheme);
		if (width > cells) {
			return joinSafe([...kept.slice(0, lengthBeforeEllipsis), ellipsis]);
		}

		kept.push(grapheme);
		if (width < cells) {
			lengthBeforeEllipsis = kept.length;
		}
	}

	return text;
};

/** Fills a text of one line with spaces to `cells` cells; longer text stays as it is. */
export const pad = (text: SafeText, cells: number, side: 'start' | 'end' = 'end'): SafeText => {
	const fill = literal` `.repeat(Math.max(0, cells - textWidth(text))) as SafeText;
	return side === 'end' ? joinSafe([text, fill]) : joinSafe([fill, text]);
};
