/** A picture as text: each cell is two pixels above each other, as half blocks with colours of their own. */
import {literal, type SafeText} from '../text/safe-text.ts';
import type {ScreenLine, ScreenSpan, ScreenStyle} from './screen-line.ts';

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

/** The box of pixels that a picture may take. @param width cells of the text. @param rows of the timeline */
export const pictureBox = (width: number, rows: number): {readonly width: number; readonly height: number} => ({
	width: Math.max(1, Math.min(60, width)),
	height: 2 * Math.max(3, Math.min(20, Math.floor(rows * 0.6))),
});

/** Which pictures are drawn, by the event id of their message. */
export const createDrawnPictures = () => {
	const drawn = new Map<string, readonly ScreenLine[]>();
	return {
		set: (eventId: string, lines: readonly ScreenLine[] | undefined): void => {
			if (lines === undefined) drawn.delete(eventId);
			else drawn.set(eventId, lines);
		},
		of: (eventId: string): readonly ScreenLine[] | undefined => drawn.get(eventId),
		/** They were made for another width, or another room. */
		clear: (): void => drawn.clear(),
	};
};
