/** PNG without what it says of its making: only the chunks that are needed to draw it stay, byte for byte. */
import {crc32} from 'node:zlib';
import {orientationOf, tiffWithOrientation} from './orientation.ts';

const signatureLength = 8;
/** Length, type and checksum. */
const overhead = 12;

/** Chunks that change what is seen, besides those that every decoder must know (PNG 3rd edition §11.3). */
const needed: ReadonlySet<string> = new Set([
	'tRNS',
	'cHRM',
	'gAMA',
	'iCCP',
	'sBIT',
	'sRGB',
	'cICP',
	'mDCV',
	'cLLI',
	'bKGD',
	'hIST',
	'pHYs',
	'sPLT',
	'acTL',
	'fcTL',
	'fdAT',
]);

const isCritical = (type: string): boolean => /^[A-Z]/.test(type);

const chunk = (type: string, data: Uint8Array): Uint8Array => {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const whole = Buffer.alloc(body.length + 8);
	whole.writeUInt32BE(data.length, 0);
	body.copy(whole, 4);
	whole.writeUInt32BE(crc32(body), body.length + 4);
	return whole;
};

/** @returns the pieces of the picture, `undefined` for what cannot be read from its beginning to its end */
export const cleanPng = (bytes: Uint8Array): readonly Uint8Array[] | undefined => {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const kept: Uint8Array[] = [bytes.subarray(0, signatureLength)];
	for (let at = signatureLength; at + overhead <= bytes.length;) {
		const length = view.getUint32(at);
		const end = at + overhead + length;
		const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
		if (end > bytes.length || !/^[A-Za-z]{4}$/.test(type)) return undefined;
		const isFirst = kept.length === 1;
		if (isFirst !== (type === 'IHDR')) return undefined;
		if (isCritical(type) || needed.has(type)) kept.push(bytes.subarray(at, end));
		else if (type === 'eXIf') {
			const orientation = orientationOf(bytes.subarray(at + 8, end - 4));
			if (orientation !== 1) kept.push(chunk('eXIf', tiffWithOrientation(orientation)));
		}
		// What follows is no part of the picture.
		if (type === 'IEND') return kept;
		at = end;
	}
	return undefined;
};
