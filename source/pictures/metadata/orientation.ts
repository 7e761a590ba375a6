/** The orientation of a picture in EXIF (CIPA DC-008): the one thing of it that changes what is seen. */

/** 1 to 8, as EXIF counts; 1 is as it is stored. */
export type Orientation = number;

const orientationTag = 0x0112;
const shortType = 3;

/** Entries of a directory that are looked at. */
const mostEntries = 1000;

/** Writes big-endian numbers of two bytes. */
const words = (...values: readonly number[]): readonly number[] => values.flatMap(value => [value >> 8, value & 0xff]);

/** @param tiff what EXIF holds: a TIFF header and directories @returns 1 for what cannot be read */
export const orientationOf = (tiff: Uint8Array): Orientation => {
	const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
	if (tiff.length < 14) return 1;
	const mark = view.getUint16(0);
	const isLittle = mark === 0x4949;
	if ((!isLittle && mark !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return 1;
	const directory = view.getUint32(4, isLittle);
	if (directory + 2 > tiff.length) return 1;
	const count = Math.min(mostEntries, view.getUint16(directory, isLittle));
	for (let index = 0; index < count; index++) {
		const entry = directory + 2 + index * 12;
		if (entry + 12 > tiff.length) return 1;
		if (view.getUint16(entry, isLittle) !== orientationTag) continue;
		const isShort = view.getUint16(entry + 2, isLittle) === shortType;
		const value = view.getUint16(entry + 8, isLittle);
		return isShort && value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
};

/** @returns EXIF that says nothing but this. */
export const tiffWithOrientation = (orientation: Orientation): Uint8Array =>
	Uint8Array.from([
		...words(0x4d4d, 42, 0, 8),
		// One entry: its tag, its type, one value. No further directory.
		...words(1, orientationTag, shortType, 0, 1, orientation, 0, 0, 0),
	]);
