/** A picture as lines: half blocks with colours of their own, two pixels in a cell; or cells that stand for one that the terminal keeps. */
import {literal, type SafeText} from '../text/safe-text.ts';
import {blanks, type ScreenLine, type ScreenSpan, type ScreenStyle} from './screen-line.ts';

/** Decoded: red, green, blue and alpha, row by row. */
export type Pixels = {readonly width: number; readonly height: number; readonly pixels: Uint8Array};

/** Below this alpha the terminal's background is seen. */
const seenAlpha = 128;

/**
 * Five bits of each channel: an eye sees no more in a cell, and the colours that a screen has to know stay few.
 * @returns `#rrggbb`, `undefined` for a pixel that is not seen
 */
const colourAt = ({width, height, pixels}: Pixels, column: number, row: number): string | undefined => {
	const at = (row * width + column) * 4;
	if (row >= height || (pixels[at + 3] ?? 0) < seenAlpha) return undefined;
	const channel = (index: number): string => {
		const value = pixels[at + index] ?? 0;
		return ((value & 0xf8) | (value >> 5)).toString(16).padStart(2, '0');
	};
	return `#${channel(0)}${channel(1)}${channel(2)}`;
};

type Cell = {readonly sign: SafeText; readonly foreground: string | undefined; readonly background: string | undefined};

const cellOf = (top: string | undefined, bottom: string | undefined): Cell => {
	if (top === undefined && bottom === undefined)
		return {sign: literal` `, foreground: undefined, background: undefined};
	if (top === undefined) return {sign: literal`▄`, foreground: bottom, background: undefined};
	return {sign: literal`▀`, foreground: top, background: bottom};
};

const plain: ScreenStyle = {};

/** @returns a row for every two rows of pixels; each as wide as the picture */
export const pictureLines = (picture: Pixels): readonly ScreenLine[] => {
	const styles = new Map<string, ScreenStyle>();
	const styleOf = ({foreground, background}: Cell): ScreenStyle => {
		if (foreground === undefined) return plain;
		const key = `${foreground}${background ?? ''}`;
		const style = styles.get(key) ?? {colours: {foreground, background}};
		styles.set(key, style);
		return style;
	};
	return Array.from({length: Math.ceil(picture.height / 2)}, (_, row) => {
		const spans: ScreenSpan[] = [];
		for (let column = 0; column < picture.width; column++) {
			const cell = cellOf(colourAt(picture, column, row * 2), colourAt(picture, column, row * 2 + 1));
			const style = styleOf(cell);
			const last = spans.at(-1);
			if (last?.style === style && last.text.startsWith(cell.sign))
				spans[spans.length - 1] = {text: literal`${last.text}${cell.sign}`, style};
			else spans.push({text: cell.sign, style});
		}
		return spans;
	});
};

/** Cells. */
export type PictureSize = {readonly columns: number; readonly rows: number};

/** The cells that a picture may take. @param width cells of the text. @param rows of the timeline */
export const pictureBox = (width: number, rows: number): PictureSize => ({
	columns: Math.max(1, Math.min(60, width)),
	rows: Math.max(3, Math.min(20, Math.floor(rows * 0.6))),
});

/** @returns the cells of a picture in a box: never more than it has pixels for. @param cell pixels of a cell */
export const sizeInBox = (
	pixels: {readonly width: number; readonly height: number},
	box: PictureSize,
	cell: {readonly width: number; readonly height: number},
): PictureSize => {
	const width = box.columns * cell.width;
	const height = box.rows * cell.height;
	const scale = Math.min(1, width / pixels.width, height / pixels.height);
	const cells = (length: number, one: number, most: number): number =>
		Math.max(1, Math.min(most, Math.ceil((Math.round(length * scale) || 1) / one)));
	return {
		columns: cells(pixels.width, cell.width, box.columns),
		rows: cells(pixels.height, cell.height, box.rows),
	};
};

/** @returns the lines of a picture that the terminal keeps under a number. */
export const keptPictureLines = (id: number, {columns, rows}: PictureSize): readonly ScreenLine[] =>
	Array.from({length: rows}, (_, row) => [{text: blanks(columns), style: {picture: {id, row}}}]);

/** @returns the place of a picture that is not here yet. */
export const emptyPictureLines = ({columns, rows}: PictureSize): readonly ScreenLine[] =>
	Array.from({length: rows}, () => [{text: blanks(columns), style: plain}]);

/** What stands in the place of a picture: it, or nothing yet. */
type Drawn = {
	readonly lines: readonly ScreenLine[];
	/** Only its place is kept. */
	readonly isEmpty: boolean;
	/** Called when it is taken away. */
	readonly end?: (() => void) | undefined;
};

/** Which pictures are drawn, by the event id of their message. */
export const createDrawnPictures = () => {
	const drawn = new Map<string, Drawn>();
	const set = (eventId: string, next: Drawn | undefined): void => {
		const before = drawn.get(eventId);
		if (next === undefined) drawn.delete(eventId);
		else drawn.set(eventId, next);
		before?.end?.();
	};
	return {
		set,
		of: (eventId: string): readonly ScreenLine[] | undefined => drawn.get(eventId)?.lines,
		/** @returns what stands there. */
		state(eventId: string): 'none' | 'empty' | 'drawn' {
			const one = drawn.get(eventId);
			if (one === undefined) return 'none';
			return one.isEmpty ? 'empty' : 'drawn';
		},
		/** Takes the picture away and keeps its place. */
		empty(eventId: string): void {
			const lines = drawn.get(eventId)?.lines ?? [];
			const columns = lines[0]?.reduce((sum, {text}) => sum + text.length, 0) ?? 0;
			set(eventId, {lines: emptyPictureLines({columns, rows: lines.length}), isEmpty: true});
		},
		/** Event ids of those that are drawn, in the order in which they were. */
		all: (): readonly string[] => [...drawn].filter(([, {isEmpty}]) => !isEmpty).map(([eventId]) => eventId),
		/** They were made for another width, or another room. */
		clear(): void {
			for (const eventId of drawn.keys()) set(eventId, undefined);
		},
	};
};
