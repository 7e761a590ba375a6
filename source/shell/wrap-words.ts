/** Sentences broken between words, for a terminal that would break them within. */
import {graphemesOf, isNarrow} from '../text/graphemes.ts';
import type {SafeText} from '../text/safe-text.ts';

/** Cells at most. The true width needs tables, which every verb would load for its few sentences. */
const widthOf = (text: string): number =>
	isNarrow(text) ? text.length : graphemesOf(text).reduce((sum, each) => sum + (isNarrow(each) ? 1 : 2), 0);

/**
 * @param columns of the terminal; `undefined` where it is none, then nothing is broken
 * @returns the text in lines that fit as far as its words do; a text that begins with blanks is left as it is
 */
export const wrapWords = (text: SafeText, columns: number | undefined): string => {
	if (columns === undefined || widthOf(text) <= columns || text.startsWith(' ')) return text;
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		// The last cell stays free: some terminals break behind it.
		if (line !== '' && widthOf(longer) >= columns) {
			lines.push(line);
			line = word;
		} else line = longer;
	}
	return [...lines, line].join('\n');
};
