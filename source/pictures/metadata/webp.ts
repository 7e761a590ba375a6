/** WebP (RFC 9649) without what it says of its making: only the chunks that are needed to draw it stay. */
import {orientationOf, tiffWithOrientation} from './orientation.ts';

const headerLength = 12;

/** Flags of VP8X: there is a chunk with EXIF, and one with XMP. */
const exifFlag = 0x08;
const xmpFlag = 0x04;

const needed: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const isImage: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ANMF']);
const neededInFrame: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ALPH']);

/** Bytes of a frame of an animation before its own chunks. */
const frameHeader = 16;

type Chunk = {readonly type: string; readonly data: Uint8Array};

/** @returns the chunks, `undefined` where one is cut off. */
const readChunks = (bytes: Uint8Array): readonly Chunk[] | undefined => {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const chunks: Chunk[] = [];
	for (let at = 0; at < bytes.length;) {
		if (at + 8 > bytes.length) return undefined;
		const type = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
		const end = at + 8 + view.getUint32(at + 4, true);
		if (end > bytes.length) return undefined;
		chunks.push({type, data: bytes.subarray(at + 8, end)});
		// They begin at even places.
		at = end + ((end - at) % 2);
	}
	return chunks;
};

const written = ({type, data}: Chunk): Uint8Array => {
	const whole = Buffer.alloc(8 + data.length + (data.length % 2));
	whole.write(type, 'latin1');
	whole.writeUInt32LE(data.length, 4);
	whole.set(data, 8);
	return whole;
};

const cleanFrame = (data: Uint8Array): Uint8Array | undefined => {
	const chunks = data.length < frameHeader ? undefined : readChunks(data.subarray(frameHeader));
	if (chunks === undefined) return undefined;
	const kept = chunks.filter(({type}) => neededInFrame.has(type));
	return Buffer.concat([data.subarray(0, frameHeader), ...kept.map(written)]);
};

const orientationIn = (chunks: readonly Chunk[]): number => {
	const data = chunks.find(({type}) => type === 'EXIF')?.data;
	if (data === undefined) return 1;
	// Some write the name of JPEG before it.
	const hasName = Buffer.from(data.subarray(0, 6)).toString('latin1') === 'Exif\0\0';
	return orientationOf(hasName ? data.subarray(6) : data);
};

const withFlags = (data: Uint8Array, hasExif: boolean): Uint8Array => {
	const changed = Uint8Array.from(data);
	changed[0] = ((data[0] ?? 0) & ~(exifFlag | xmpFlag)) | (hasExif ? exifFlag : 0);
	return changed;
};

/** @returns the pieces of the picture, `undefined` for what cannot be read from its beginning to its end */
export const cleanWebp = (bytes: Uint8Array): readonly Uint8Array[] | undefined => {
	const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true) + 8;
	// What follows is no part of the picture.
	const chunks =
		size < headerLength || size > bytes.length ? undefined : readChunks(bytes.subarray(headerLength, size));
	if (chunks === undefined || !chunks.some(({type}) => isImage.has(type))) return undefined;
	const isExtended = chunks[0]?.type === 'VP8X' && chunks[0].data.length >= 10;
	const orientation = isExtended ? orientationIn(chunks) : 1;
	const kept: Chunk[] = [];
	for (const {type, data} of chunks) {
		if (!needed.has(type)) continue;
		const frame = type === 'ANMF' ? cleanFrame(data) : data;
		if (frame === undefined) return undefined;
		kept.push({type, data: type === 'VP8X' ? withFlags(frame, orientation !== 1) : frame});
	}
	if (orientation !== 1) kept.push({type: 'EXIF', data: tiffWithOrientation(orientation)});
	const body = kept.map(written);
	const header = Buffer.alloc(headerLength);
	header.write('RIFF', 'latin1');
	header.writeUInt32LE(4 + body.reduce((sum, {length}) => sum + length, 0), 4);
	header.write('WEBP', 8, 'latin1');
	return [header, ...body];
};
