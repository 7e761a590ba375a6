/**
 * Cells that stand for a piece of a picture (kitty graphics protocol, "Unicode placeholders"): U+10EEEE with marks for the
 * row, the column and the high byte of the picture's number, whose low byte is the colour of the text. To a terminal, to tmux
 * and to the writer they are text like any other.
 */

/** Code points from and to, in the order of the protocol: the mark at an index stands for that number. The table goes on; no more are needed. */
const markRanges: readonly (readonly [from: number, to?: number])[] = [
	[0x305],
	[0x30d, 0x30e],
	[0x310],
	[0x312],
	[0x33d, 0x33f],
	[0x346],
	[0x34a, 0x34c],
	[0x350, 0x352],
	[0x357],
	[0x35b],
	[0x363, 0x36f],
	[0x483, 0x487],
	[0x592, 0x595],
	[0x597, 0x599],
	[0x59c, 0x5a1],
	[0x5a8, 0x5a9],
	[0x5ab, 0x5ac],
	[0x5af],
	[0x5c4],
	[0x610, 0x617],
	[0x657, 0x65b],
	[0x65d, 0x65e],
	[0x6d6, 0x6dc],
	[0x6df, 0x6e2],
	[0x6e4],
	[0x6e7, 0x6e8],
	[0x6eb, 0x6ec],
	[0x730],
	[0x732, 0x733],
	[0x735, 0x736],
	[0x73a],
	[0x73d],
	[0x73f, 0x741],
	[0x743],
	[0x745],
	[0x747],
	[0x749, 0x74a],
	[0x7eb, 0x7f1],
	[0x7f3],
];

const marks: readonly string[] = markRanges.flatMap(([from, to = from]) =>
	Array.from({length: to - from + 1}, (_, index) => String.fromCodePoint(from + index)),
);

const numbers = new Map(marks.map((mark, index) => [mark, index]));

const placeholder = '\u{10EEEE}';

/** Rows and columns that a picture may have: so many marks are known. */
export const mostMarks = marks.length;

/** As many of the first marks have no width anywhere: a later one (U+0487) is newer than some tables of widths. */
export const oldMarks = 30;

/** A piece of a picture: that of the cell at `row` and `column`, from 0. */
export type PictureCell = {
	/** The number of the picture. */
	readonly id: number;
	readonly row: number;
	readonly column: number;
};

/** @returns one row of a picture as text with its colour. @param id as `createKittyPictures` gives it */
export const pictureRow = ({
	id,
	row,
	columns,
}: {
	readonly id: number;
	readonly row: number;
	readonly columns: number;
}): string => {
	const high = marks[id >>> 24] ?? '';
	const cells = Array.from(
		{length: columns},
		(_, column) => `${placeholder}${marks[row] ?? ''}${marks[column] ?? ''}${high}`,
	);
	return `\u001B[38;5;${id & 0xff}m${cells.join('')}\u001B[39m`;
};

/** @returns whether a grapheme is a piece of a picture, or wants to be taken for one */
export const isPicturePiece = (grapheme: string): boolean => grapheme.startsWith(placeholder);

/**
 * @param foreground SGR parameters of its colour
 * @returns what a grapheme stands for; `undefined` for what `pictureRow` does not make
 */
export const readPictureCell = (grapheme: string, foreground: string): PictureCell | undefined => {
	const [, ...given] = grapheme;
	const [row, column, high] = given.map(mark => numbers.get(mark));
	const low = /^38;5;(\d{1,3})$/.exec(foreground)?.[1];
	if (given.length !== 3 || row === undefined || column === undefined || high === undefined || low === undefined)
		return undefined;
	return {id: high * 2 ** 24 + Number(low), row, column};
};
