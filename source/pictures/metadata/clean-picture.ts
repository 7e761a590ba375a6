/**
 * Takes out of a picture what is not seen in it: where and when it was taken, with what, by whom, comments, small pictures of
 * it. No pixel changes; orientation and colour profile stay. What mx does not know goes too.
 */
import {cleanJpeg} from './jpeg.ts';
import {cleanPng} from './png.ts';
import {cleanWebp} from './webp.ts';

/** Pictures that can be cleaned. */
export type CleanableFormat = 'JPEG' | 'PNG' | 'WebP';

/** Bytes at the beginning of a file that tell what it is. */
export const headLength = 16;

const cleaners: Readonly<Record<CleanableFormat, (bytes: Uint8Array) => readonly Uint8Array[] | undefined>> = {
	JPEG: cleanJpeg,
	PNG: cleanPng,
	WebP: cleanWebp,
};

/** @returns what a file is by its first bytes, whatever its name says; `other`: a photo in a format that cannot be cleaned */
export const pictureFormat = (head: Uint8Array): CleanableFormat | 'other' | undefined => {
	const text = Buffer.from(head).toString('latin1');
	if (text.startsWith('\u00FF\u00D8\u00FF')) return 'JPEG';
	if (text.startsWith('\u0089PNG\r\n\u001A\n')) return 'PNG';
	if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'WebP';
	const isTiff = text.startsWith('II*\0') || text.startsWith('MM\0*');
	// HEIF and AVIF by their brand; JPEG XL bare and in its box.
	const isHeif = /^.{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif[12]|msf1|avi[fs])/s.test(text);
	const isJxl = text.startsWith('\u00FF\u000A') || text.startsWith('\0\0\0\u000CJXL \r\n\u0087\n');
	return isTiff || isHeif || isJxl ? 'other' : undefined;
};

/** @returns the bytes of the clean picture in pieces; `undefined` where it is damaged, cut off or something else */
export const cleanPicture = (bytes: Uint8Array, format: CleanableFormat): readonly Uint8Array[] | undefined =>
	cleaners[format](bytes);
