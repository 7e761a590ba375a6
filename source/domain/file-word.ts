/** Paths as words of a command line: a blank in one stands behind a backslash or in quotes, as in a shell. */

/** A word at the beginning of a text. */
export type FileWord = {
	/** What it means. */
	readonly value: string;
	/** UTF-16 units that it takes. */
	readonly length: number;
};

/** @returns the first word, up to a blank; an open quote takes the rest. Empty where the text begins with a blank. */
export const readFileWord = (text: string): FileWord => {
	let value = '';
	let quote: string | undefined;
	let at = 0;
	for (; at < text.length; at++) {
		const sign = text.charAt(at);
		if (sign === '\\' && quote !== "'" && at + 1 < text.length) {
			at += 1;
			value += text.charAt(at);
		} else if (sign === quote) quote = undefined;
		else if (quote === undefined && (sign === '"' || sign === "'")) quote = sign;
		else if (quote === undefined && /\s/.test(sign)) break;
		else value += sign;
	}
	return {value, length: at};
};

/** @returns a path as it is to be written. */
export const writeFileWord = (path: string): string => path.replaceAll(/[\s\\"']/g, String.raw`\$&`);
