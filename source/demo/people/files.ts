/** Pictures and voice messages that are made here, so that the demo brings no files: PNG of few colours, silence in Ogg Opus. */
import {crc32, deflateSync} from 'node:zlib';

const chunk = (type: string, data: Uint8Array): Buffer => {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const framed = Buffer.alloc(body.length + 8);
	framed.writeUInt32BE(data.length, 0);
	framed.set(body, 4);
	framed.writeUInt32BE(crc32(body), body.length + 4);
	return framed;
};

/** Sky, sea, sand, sun and a few more, as red, green and blue. */
const palettes = [
	[0x9fd3e8, 0x2f7f9f, 0xe9cf9a, 0xf7e26b],
	[0xf2c6a0, 0xb4506e, 0x4b2e54, 0xffe3a3],
	[0xd8ecd0, 0x6a9f58, 0x3c5c3a, 0xd9483b],
	[0xe6e6ee, 0x8d93ab, 0x4a4e69, 0xf2a65a],
];

/** @returns a small landscape as PNG, 8 bit with a palette. The same name gives the same picture. */
export const drawPicture = (name: string, width: number, height: number): Buffer => {
	const seed = crc32(name);
	const palette = palettes[seed % palettes.length] ?? [];
	const sun = {x: width * (0.2 + (seed % 61) / 100), y: height * 0.28, radius: height * 0.13};
	const rows = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++) {
		const start = y * (width + 1) + 1;
		for (let x = 0; x < width; x++) {
			const hill = height * (0.72 + 0.1 * Math.sin((x / width) * 6 + (seed % 7)));
			const isSun = (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.radius ** 2;
			rows[start + x] = y > hill ? 2 : y > height * 0.55 ? 1 : isSun ? 3 : 0;
		}
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 3, 0, 0, 0], 8);
	const colours = Buffer.from(palette.flatMap(colour => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]));
	return Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		chunk('IHDR', header),
		chunk('PLTE', colours),
		chunk('IDAT', deflateSync(rows, {level: 1})),
		chunk('IEND', Buffer.alloc(0)),
	]);
};

/** RFC 3533: polynomial 0x04c11db7, neither reflected nor inverted. */
const oggChecksum = (page: Uint8Array): number => {
	let register = 0;
	for (const byte of page) {
		register ^= byte << 24;
		for (let bit = 0; bit < 8; bit++) register = (register << 1) ^ (register < 0 ? 0x04c11db7 : 0);
	}
	return register >>> 0;
};

const oggPage = (
	packets: readonly Uint8Array[],
	{flags, position, index}: {readonly flags: number; readonly position: number; readonly index: number},
): Buffer => {
	const header = Buffer.alloc(27 + packets.length);
	header.write('OggS', 0, 'latin1');
	header[5] = flags;
	header.writeBigUInt64LE(BigInt(position), 6);
	header.writeUInt32LE(1, 14);
	header.writeUInt32LE(index, 18);
	header[26] = packets.length;
	for (const [place, {length}] of packets.entries()) header[27 + place] = length;
	const page = Buffer.concat([header, ...packets]);
	page.writeUInt32LE(oggChecksum(page), 22);
	return page;
};

/** Samples of a frame of 20 ms. */
const frameLength = 960;
const framesPerSecond = 50;

/** @returns silence of so many seconds, as voice messages are: Ogg Opus (RFC 7845). */
export const recordSilence = (seconds: number): Buffer => {
	const head = Buffer.from('4f707573486561640101380180bb0000000000', 'hex');
	const tags = Buffer.concat([Buffer.from('OpusTags', 'latin1'), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0])]);
	const silence = Buffer.from([0xf8, 0xff, 0xfe]);
	const pages = Array.from({length: seconds}, (_, index) =>
		oggPage(Array<Uint8Array>(framesPerSecond).fill(silence), {
			flags: index === seconds - 1 ? 4 : 0,
			position: (index + 1) * framesPerSecond * frameLength,
			index: index + 2,
		}),
	);
	return Buffer.concat([
		oggPage([head], {flags: 2, position: 0, index: 0}),
		oggPage([tags], {flags: 0, position: 0, index: 1}),
		...pages,
	]);
};
