/** Sixel (DEC STD 070 chapter 9): columns of six pixels as characters, one colour after the other. */

/** Red, green, blue and alpha, row by row; at most 256 colours. */
type Pixels = {readonly width: number; readonly height: number; readonly pixels: Uint8Array};

/** Below this alpha a pixel is not painted. */
const seenAlpha = 128;
const bandHeight = 6;
const mostColours = 256;

/** A run of characters; what is shorter than its count is repeated. */
const run = (value: number, count: number): string => {
	const sign = String.fromCodePoint(63 + value);
	return count > 3 ? `!${count}${sign}` : sign.repeat(count);
};

const rowOf = (values: Uint8Array): string => {
	let end = values.length;
	while (end > 0 && values[end - 1] === 0) end--;
	let output = '';
	for (let at = 0; at < end;) {
		let next = at + 1;
		while (next < end && values[next] === values[at]) next++;
		output += run(values[at] ?? 0, next - at);
		at = next;
	}
	return output;
};

const percent = (value: number): number => Math.round((value * 100) / 255);

/** @returns what stands between the raster attributes and the end; `undefined` for too many colours */
export const sixelBody = ({width, height, pixels}: Pixels): string | undefined => {
	const colours = new Map<number, number>();
	const indexes = new Int16Array(width * height).fill(-1);
	for (let at = 0; at < indexes.length; at++) {
		if ((pixels[at * 4 + 3] ?? 0) < seenAlpha) continue;
		const colour = ((pixels[at * 4] ?? 0) << 16) | ((pixels[at * 4 + 1] ?? 0) << 8) | (pixels[at * 4 + 2] ?? 0);
		const index = colours.get(colour) ?? colours.size;
		colours.set(colour, index);
		indexes[at] = index;
	}
	if (colours.size > mostColours) return undefined;
	const parts = [...colours].map(
		([colour, index]) =>
			`#${index};2;${percent(colour >> 16)};${percent((colour >> 8) & 255)};${percent(colour & 255)}`,
	);
	for (let top = 0; top < height; top += bandHeight) {
		const rows = new Map<number, Uint8Array>();
		for (let line = 0; line < bandHeight && top + line < height; line++) {
			for (let column = 0; column < width; column++) {
				const index = indexes[(top + line) * width + column] ?? -1;
				if (index === -1) continue;
				const row = rows.get(index) ?? new Uint8Array(width);
				rows.set(index, row);
				row[column] = (row[column] ?? 0) | (1 << line);
			}
		}
		parts.push([...rows].map(([index, row]) => `#${index}${rowOf(row)}`).join('$'), '-');
	}
	return parts.join('');
};
