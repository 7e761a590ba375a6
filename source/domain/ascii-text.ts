/** Text for terminals without Unicode: the signs that mx draws with, and as much of the rest as has a likeness. */

type Table = readonly (readonly [from: string, to: string])[];

const signsOf = (table: Table): ReadonlyMap<string, string> =>
	new Map(table.flatMap(([from, to]) => Array.from(from, (sign): [string, string] => [sign, to])));

/** What mx draws and writes with, and its kin. One sign for one sign: whatever was measured stays as wide. */
const table: Table = [
	['─━–┄┈═', '-'],
	['│┃▌▎▏▍▐┆┊║', '|'],
	['├┤┬┴┼┌┐└┘╭╮╰╯╞╡', '+'],
	['█▉▊▋▓■☑⚿', '#'],
	['▒●•✎◉⬤★☆∙', '*'],
	['░·□○◦◌', '.'],
	['▸→⟩›⤷▶►', '>'],
	['←⟨‹↩◂◀◄', '<'],
	['▾↓▼', 'v'],
	['✓✔', '+'],
	['↑▴▲', '^'],
	['◔', 'z'],
	['✗×✘', 'x'],
	['⧗', '~'],
	['…', '.'],
	['⚠⚑', '!'],
	['☐', '['],
	['—―‐‑‒', '-'],
	['»', '>'],
	['«', '<'],
	['‘’′', "'"],
	['“”„″', '"'],
	['\u00A0\u2007\u202F', ' '],
];

const signs = signsOf(table);

const isAscii = (text: string): boolean => /^[\n -~]*$/.test(text);

/** Arrows, lines, shapes and the like, one cell wide; those that are emoji too have two cells in some company. */
const isSign = (character: string): boolean => /[\u2190-\u2BFF]/.test(character) && !/\p{Emoji}/u.test(character);

/** @returns the text with the signs that mx draws with in ASCII; every other character as it is. */
export const withAsciiSigns = <Text extends string>(text: Text): Text =>
	(isAscii(text)
		? text
		: text.replaceAll(/[^\n -~](?!\uFE0F)/gu, sign => signs.get(sign) ?? (isSign(sign) ? '*' : sign))) as Text;

/** Letters that are not made of an ASCII letter and marks. */
const letters: ReadonlyMap<string, string> = new Map(
	Object.entries({
		ß: 's',
		æ: 'a',
		Æ: 'A',
		ø: 'o',
		Ø: 'O',
		ł: 'l',
		Ł: 'L',
		đ: 'd',
		Đ: 'D',
		þ: 't',
		Þ: 'T',
		œ: 'o',
		Œ: 'O',
		ı: 'i',
	}),
);

/**
 * @param width cells of a grapheme: so many signs stand for it @default one
 * @returns the text in ASCII only: letters without their marks, `?` for what has no likeness.
 */
export const asciiText = <Text extends string>(text: Text, width: (grapheme: string) => number = () => 1): Text => {
	if (isAscii(text)) return text;
	const graphemes = Array.from(
		new Intl.Segmenter('und', {granularity: 'grapheme'}).segment(text),
		part => part.segment,
	);
	const ascii = graphemes.map(grapheme => {
		if (isAscii(grapheme)) return grapheme;
		const [base = ''] = grapheme.normalize('NFD');
		const likeness = signs.get(base) ?? letters.get(base) ?? (isAscii(base) ? base : '?');
		const cells = width(grapheme);
		return cells === 0 ? '' : likeness + '?'.repeat(Math.max(0, cells - likeness.length));
	});
	return ascii.join('') as Text;
};
