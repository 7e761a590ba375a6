/** Sentences broken between words, for a terminal that would break them within. */
import {safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';

/**
 * @param columns of the terminal; `undefined` where it is none, then nothing is broken
 * @returns the text in lines that fit as far as its words do; a text that begins with blanks is left as it is
 */
export const wrapWords = (text: SafeText, columns: number | undefined): string => {
	if (columns === undefined || textWidth(text) <= columns || text.startsWith(' ')) return text;
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		// The last cell stays free: some terminals break behind it.
		if (line !== '' && textWidth(safeText(longer, 'line')) >= columns) {
			lines.push(line);
			line = word;
		} else line = longer;
	}
	return [...lines, line].join('\n');
};
