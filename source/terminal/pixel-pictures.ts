/**
 * Pictures that are drawn over cells (sixel, and the inline images of iTerm2): the terminal keeps nothing of them but the
 * pixels, and text that is written into a cell erases those in it. They are drawn when the screen has come to rest, only
 * where the whole picture is seen, and the cells below are known as theirs, so that what comes there erases them.
 */
import type {CellRow} from './cell-rows.ts';
import type {Styles} from './cell-styles.ts';
import {isPicturePiece, readPictureCell} from './picture-cells.ts';

/** A picture, ready to be written where the cursor is. `columns`, `rows`: the cells that it covers. */
export type PixelPicture = {readonly sequence: string; readonly columns: number; readonly rows: number};

export type PixelPictures = ReturnType<typeof createPixelPictures>;

/** Its upper left cell, from 0. */
type Place = {readonly row: number; readonly column: number};

/** Numbers of these pictures are below those of the pictures that the terminal keeps. */
const highest = 255;

/** What is in a cell that pixels cover; it is never written. */
const pixelCell = (id: number): string => `\0${id}`;

/** @returns whether pixels cover a cell. */
export const isPixelCell = (grapheme: string): boolean => grapheme.startsWith('\0');

const isSame = (one: Place | undefined, other: Place): boolean => one?.row === other.row && one.column === other.column;

export const createPixelPictures = () => {
	const pictures = new Map<number, PixelPicture>();
	/** Sizes of those that are gone: a frame that was drawn before may still speak of them. */
	const gone = new Map<number, Omit<PixelPicture, 'sequence'>>();
	let last = highest;
	/** Where pixels are on the screen. */
	const drawn = new Map<number, Place>();
	/** Where whole pictures are to be seen. */
	let wanted: ReadonlyMap<number, Place> = new Map();

	const freeNumber = (): number | undefined => {
		for (let step = 1; step <= highest; step++) {
			last = last >= highest ? 1 : last + 1;
			if (!pictures.has(last)) return last;
		}
		return undefined;
	};

	const cellAt = (row: CellRow, column: number, styles: Styles) => {
		const grapheme = row.graphemes[column] ?? '';
		return isPicturePiece(grapheme) ? readPictureCell(grapheme, styles.foreground(row.styles[column] ?? 0)) : undefined;
	};

	/** Pictures of which each cell is where it belongs; not on the last row: a terminal may scroll behind it. */
	const wholeOnes = (frame: readonly CellRow[], styles: Styles): ReadonlyMap<number, Place> => {
		const found = new Map<number, {readonly place: Place; count: number}>();
		for (const [index, row] of frame.slice(0, -1).entries()) {
			if (row.pictures === undefined) continue;
			for (let column = 0; column < row.graphemes.length; column++) {
				const cell = cellAt(row, column, styles);
				if (cell === undefined || !pictures.has(cell.id)) continue;
				const place = {row: index - cell.row, column: column - cell.column};
				const before = found.get(cell.id);
				if (before === undefined) found.set(cell.id, {place, count: 1});
				else if (isSame(before.place, place)) before.count += 1;
			}
		}
		const whole = [...found].filter(([id, {count}]) => {
			const picture = pictures.get(id);
			return picture !== undefined && count === picture.columns * picture.rows;
		});
		return new Map(whole.map(([id, {place}]) => [id, place]));
	};

	return {
		/** @returns the number of a picture from now on; `undefined` where there are too many */
		add: (picture: PixelPicture): number | undefined => {
			const id = freeNumber();
			if (id === undefined) return undefined;
			gone.delete(id);
			pictures.set(id, picture);
			return id;
		},

		/** The picture is gone for good. */
		remove: (id: number): void => {
			const picture = pictures.get(id);
			if (picture === undefined) return;
			pictures.delete(id);
			gone.set(id, {columns: picture.columns, rows: picture.rows});
		},

		/** Whether a cell is a piece of a picture that there is, or was. */
		has: (id: number, row: number, column: number): boolean => {
			const picture = pictures.get(id) ?? gone.get(id);
			return picture !== undefined && row < picture.rows && column < picture.columns;
		},

		/** @returns the frame with the cells that pixels cover as such; what else stands for a picture is left as it is */
		cover: (frame: readonly CellRow[], styles: Styles): readonly CellRow[] => {
			const hasSome = frame.some(row => row.pictures !== undefined);
			wanted = hasSome ? wholeOnes(frame, styles) : new Map();
			for (const [id, place] of drawn) {
				const next = wanted.get(id);
				if (next === undefined || !isSame(next, place)) drawn.delete(id);
			}
			if (drawn.size === 0) return frame;
			return frame.map(row => {
				if (![...(row.pictures ?? [])].some(id => drawn.has(id))) return row;
				const ids = row.graphemes.map((_, column) => cellAt(row, column, styles)?.id ?? 0);
				return {
					...row,
					hasPixels: true,
					graphemes: row.graphemes.map((grapheme, column) => {
						const id = ids[column] ?? 0;
						return drawn.has(id) ? pixelCell(id) : grapheme;
					}),
					styles: row.styles.map((style, column) => (drawn.has(ids[column] ?? 0) ? 0 : style)),
				};
			});
		},

		/** Whether a picture is to be seen that is not drawn. */
		isWaiting: (): boolean => [...wanted.keys()].some(id => !drawn.has(id)),

		/** @returns what draws those that are not drawn; the cursor is anywhere then */
		draw: (): string => {
			let output = '';
			for (const [id, place] of wanted) {
				const picture = pictures.get(id);
				if (drawn.has(id) || picture === undefined) continue;
				output += `\u001B[${place.row + 1};${place.column + 1}H${picture.sequence}`;
				drawn.set(id, place);
			}
			return output;
		},

		/** Nobody knows what the terminal shows. */
		forget: (): void => drawn.clear(),
	};
};

/** @returns the inline image of iTerm2 (OSC 1337) of a PNG, within so many cells. */
export const inlineImage = (png: Uint8Array, columns: number, rows: number): string =>
	`\u001B]1337;File=inline=1;size=${png.length};width=${columns};height=${rows};preserveAspectRatio=1;doNotMoveCursor=1:${Buffer.from(png).toString('base64')}\u0007`;

/** @returns a sixel image as a sequence (DEC STD 070); what is not painted stays the terminal's background. */
export const sixelImage = (body: string, width: number, height: number): string =>
	`\u001BP0;1;0q"1;1;${width};${height}${body}\u001B\\`;
