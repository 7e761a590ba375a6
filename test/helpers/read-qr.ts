/** Reads a QR code from rows of half blocks, as a phone does from the screen. */
import {decodeQR} from 'qr/decode.js';

/** Pixels of a module. */
const scale = 4;

/** @returns which modules are dark, two rows of them in each row of signs; light ones are drawn */
export const modulesOf = (rows: readonly string[]): readonly (readonly boolean[])[] =>
	rows.flatMap(row => [
		Array.from(row, sign => sign !== '█' && sign !== '▀'),
		Array.from(row, sign => sign !== '█' && sign !== '▄'),
	]);

/** @returns the rows of a code on a screen, by its upper border; none where there is none */
export const qrRowsOn = (lines: readonly string[]): readonly string[] => {
	const first = lines.findIndex(line => /█{21,}/.test(line));
	const match = /█{21,}/.exec(lines[first] ?? '');
	if (match === null) return [];
	const {index} = match;
	const width = match[0].length;
	return lines.slice(first, first + Math.ceil(width / 2)).map(line => line.slice(index, index + width).padEnd(width));
};

/** @returns what the code says. @throws Error for what is none */
export const readQr = (rows: readonly string[]): string => {
	const modules = modulesOf(rows);
	const width = (modules[0]?.length ?? 0) * scale;
	const height = modules.length * scale;
	const data = new Uint8Array(width * height * 4);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const isDark = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false;
			data.set(isDark ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * width + x) * 4);
		}
	return decodeQR({width, height, data});
};
