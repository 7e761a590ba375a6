/** JPEG (ITU-T T.81 annex B) without what it says of its making: only what is needed to draw it stays, byte for byte. */
import {orientationOf, tiffWithOrientation, type Orientation} from './orientation.ts';

const marker = {
	startOfImage: 0xd8,
	endOfImage: 0xd9,
	startOfScan: 0xda,
	jfif: 0xe0,
	exif: 0xe1,
	profile: 0xe2,
	adobe: 0xee,
	comment: 0xfe,
} as const;

const hasText = (bytes: Uint8Array, at: number, text: string): boolean =>
	Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, Math.min(text.length, bytes.length - at))).toString(
		'latin1',
	) === text;

/** A segment from its marker on. */
const segment = (code: number, body: Uint8Array): Uint8Array =>
	Buffer.concat([Uint8Array.from([0xff, code, (body.length + 2) >> 8, (body.length + 2) & 0xff]), body]);

const exifSegment = (orientation: Orientation): Uint8Array =>
	segment(marker.exif, Buffer.concat([Buffer.from('Exif\0\0'), tiffWithOrientation(orientation)]));

/** The JFIF header without the small picture that it may hold; extensions of it hold nothing else. */
const jfifSegment = (body: Uint8Array): Uint8Array | undefined => {
	if (!hasText(body, 0, 'JFIF\0') || body.length < 14) return undefined;
	const header = Uint8Array.from(body.subarray(0, 14));
	header.fill(0, 12);
	return segment(marker.jfif, header);
};

/** Markers without a length: those of a restart, and TEM. */
const isBare = (code: number): boolean => (code >= 0xd0 && code <= 0xd7) || code === 0x01;

/** @returns where the data of a scan ends: at the next marker that is none of a restart. */
const endOfScan = (bytes: Uint8Array, from: number): number => {
	let at = from;
	for (;;) {
		at = bytes.indexOf(0xff, at);
		if (at === -1 || at + 1 >= bytes.length) return bytes.length;
		const code = bytes[at + 1] ?? 0;
		if (code !== 0 && code !== 0xff && !isBare(code)) return at;
		at += code === 0xff ? 1 : 2;
	}
};

/** What of a segment stays. */
const cleanSegment = (code: number, body: Uint8Array, whole: Uint8Array): Uint8Array | undefined => {
	if (code === marker.jfif) return jfifSegment(body);
	if (code === marker.profile) return hasText(body, 0, 'ICC_PROFILE\0') ? whole : undefined;
	if (code === marker.adobe) return hasText(body, 0, 'Adobe') ? whole : undefined;
	const isApplication = code >= 0xe0 && code <= 0xef;
	return isApplication || code === marker.comment || (code >= 0xf0 && code <= 0xfd) ? undefined : whole;
};

/** @returns the pieces of the picture, `undefined` for what cannot be read from its beginning to its end */
export const cleanJpeg = (bytes: Uint8Array): readonly Uint8Array[] | undefined => {
	const kept: Uint8Array[] = [bytes.subarray(0, 2)];
	let orientation: Orientation = 1;
	let hasScan = false;
	/** Behind the first headers, as decoders look for it there. */
	let exifAt = 1;
	for (let at = 2; at + 1 < bytes.length;) {
		if (bytes[at] !== 0xff) return undefined;
		const code = bytes[at + 1] ?? 0;
		if (code === 0xff) {
			// Bytes that fill.
			at += 1;
		} else if (code === marker.endOfImage) {
			if (!hasScan) return undefined;
			// What follows is no part of the picture.
			kept.push(bytes.subarray(at, at + 2));
			if (orientation !== 1) kept.splice(exifAt, 0, exifSegment(orientation));
			return kept;
		} else if (isBare(code)) {
			at += 2;
		} else if (code < 0xc0 || code === marker.startOfImage || at + 4 > bytes.length) {
			return undefined;
		} else {
			const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
			const end = at + 2 + length;
			if (length < 2 || end > bytes.length) return undefined;
			const body = bytes.subarray(at + 4, end);
			if (code === marker.exif && hasText(body, 0, 'Exif\0') && orientation === 1)
				orientation = orientationOf(body.subarray(6));
			const clean = cleanSegment(code, body, bytes.subarray(at, end));
			if (clean !== undefined) kept.push(clean);
			if (code === marker.jfif && kept.length === 2) exifAt = 2;
			at = end;
			if (code === marker.startOfScan) {
				hasScan = true;
				at = endOfScan(bytes, end);
				kept.push(bytes.subarray(end, at));
			}
		}
	}
	return undefined;
};
