/** User-perceived characters (extended grapheme clusters), by the one segmenter of the process. */
import {lazily} from '../domain/lazily.ts';

/** The first one of a process loads ICU's tables: 15 ms. */
const segmenter = lazily(() => new Intl.Segmenter('und', {granularity: 'grapheme'}));

/**
 * Latin, Greek, Cyrillic, Hebrew letters, common punctuation, boxes, as a class of a regular expression: one cell each, and
 * never part of a longer grapheme among themselves.
 */
export const narrowCharacters = String.raw` -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u037b-\u037e\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2199\u2500-\u259f`;

const narrow = new RegExp(String.raw`^[\n${narrowCharacters}]*$`);

/** @returns whether each code unit of `text` is a grapheme and takes one cell (a newline none): most text is like that. */
export const isNarrow = (text: string): boolean => narrow.test(text);

/**
 * Splits text at grapheme borders (UAX #29, as the runtime's ICU has it).
 *
 * @returns pieces of the same brand as `text`, whose concatenation is `text`.
 */
export const graphemesOf = <Text extends string>(text: Text): readonly Text[] => {
	if (isNarrow(text)) {
		return text.split('') as Text[];
	}

	// A part of a safe text, cut at a grapheme border, is safe: the brand may pass on.
	const graphemes: Text[] = [];
	for (const {segment} of segmenter().segment(text)) {
		graphemes.push(segment as Text);
	}

	return graphemes;
};
