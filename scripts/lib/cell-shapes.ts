/** Lines and blocks of Unicode as rectangles in a cell: as glyphs they would leave gaps between rows in most fonts. */

/** Pixels of one column and one row; odd, so that a line of one pixel has a middle to run through. */
export const cellWidth = 9;
export const cellHeight = 19;

/** Left, top, width and height in pixels. */
export type Rectangle = readonly [left: number, top: number, width: number, height: number];

const middleColumn = (cellWidth - 1) / 2;
const middleRow = (cellHeight - 1) / 2;

/** Which arms the light lines have (Unicode, Box Drawing). */
const lines: Readonly<Record<string, string>> = {
	'─': 'left right',
	'│': 'up down',
	'┌': 'right down',
	'┐': 'left down',
	'└': 'right up',
	'┘': 'left up',
	'├': 'right up down',
	'┤': 'left up down',
	'┬': 'left right down',
	'┴': 'left right up',
	'┼': 'left right up down',
};

const lineRectangles = (arms: string): readonly Rectangle[] => {
	const left = arms.includes('left') ? 0 : middleColumn;
	const right = arms.includes('right') ? cellWidth : middleColumn + 1;
	const top = arms.includes('up') ? 0 : middleRow;
	const bottom = arms.includes('down') ? cellHeight : middleRow + 1;
	return [
		...(/left|right/.test(arms) ? [[left, middleRow, right - left, 1] as const] : []),
		...(/up|down/.test(arms) ? [[middleColumn, top, 1, bottom - top] as const] : []),
	];
};

/** Eighths of a height or width in whole pixels, at least one. */
const eighths = (count: number, whole: number): number => Math.max(1, Math.round((whole * count) / 8));

/** `▁` to `█` grow upwards, `█` to `▏` shrink to the left (Unicode, Block Elements). */
const blockRectangle = (codePoint: number): Rectangle | undefined => {
	if (codePoint >= 0x25_81 && codePoint <= 0x25_88) {
		const height = eighths(codePoint - 0x25_80, cellHeight);
		return [0, cellHeight - height, cellWidth, height];
	}
	if (codePoint >= 0x25_89 && codePoint <= 0x25_8f) {
		return [0, 0, eighths(0x25_90 - codePoint, cellWidth), cellHeight];
	}
	return undefined;
};

/** @returns what to fill for this character, or `undefined` when it is to be drawn as text. */
export const shapeOf = (text: string): readonly Rectangle[] | undefined => {
	const arms = lines[text];
	if (arms !== undefined) return lineRectangles(arms);
	if (text === '━') return [[0, middleRow - 1, cellWidth, 3]];
	if (text === '┃') return [[middleColumn - 1, 0, 3, cellHeight]];
	const block = text.length === 1 ? blockRectangle(text.charCodeAt(0)) : undefined;
	return block === undefined ? undefined : [block];
};
