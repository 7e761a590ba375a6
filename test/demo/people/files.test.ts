/** Pictures and voice messages of the demo are what they say they are. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {crc32, inflateSync} from 'node:zlib';
import {durationOf} from '../../../source/demo/people/ago.ts';
import {drawPicture, recordSilence} from '../../../source/demo/people/files.ts';

/** @returns the chunks of a PNG, each with the right checksum. */
const chunksOf = (png: Buffer): ReadonlyMap<string, Buffer> => {
	const chunks = new Map<string, Buffer>();
	for (let at = 8; at < png.length;) {
		const length = png.readUInt32BE(at);
		const body = png.subarray(at + 4, at + 8 + length);
		assert.equal(png.readUInt32BE(at + 8 + length), crc32(body));
		chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
		at += length + 12;
	}
	return chunks;
};

test('a picture is a PNG of that size', () => {
	const png = drawPicture('cat.png', 40, 30);
	assert.equal(png.toString('hex', 0, 8), '89504e470d0a1a0a');
	const chunks = chunksOf(png);
	assert.deepEqual([chunks.get('IHDR')?.readUInt32BE(0), chunks.get('IHDR')?.readUInt32BE(4)], [40, 30]);
	const pixels = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
	assert.equal(pixels.length, 41 * 30);
	assert.ok(Math.max(...pixels) < (chunks.get('PLTE')?.length ?? 0) / 3);
	assert.deepEqual([...chunks.keys()], ['IHDR', 'PLTE', 'IDAT', 'IEND']);
	assert.ok(png.equals(drawPicture('cat.png', 40, 30)));
	assert.ok(!png.equals(drawPicture('dog.png', 40, 30)));
});

test('a voice message is as long as it says, in pages of Ogg', () => {
	const ogg = recordSilence(3);
	const pages: {readonly position: bigint; readonly flags: number}[] = [];
	let bytes = 0;
	for (let at = 0; at < ogg.length;) {
		assert.equal(ogg.toString('latin1', at, at + 4), 'OggS');
		const count = ogg[at + 26] ?? 0;
		const length = ogg.subarray(at + 27, at + 27 + count).reduce((sum, each) => sum + each, 0);
		pages.push({position: ogg.readBigUInt64LE(at + 6), flags: ogg[at + 5] ?? 0});
		at += 27 + count + length;
		bytes = at;
	}
	assert.equal(bytes, ogg.length);
	assert.deepEqual(pages.at(-1), {position: 144_000n, flags: 4});
	assert.equal(pages[0]?.flags, 2);
	assert.ok(ogg.includes('OpusHead') && ogg.includes('OpusTags'));
});

test('a time ago is a sum of days, hours, minutes and seconds', () => {
	assert.deepEqual(['40s', '5m', '2d 3h', '1h 1m 1s'].map(durationOf), [40_000, 300_000, 183_600_000, 3_661_000]);
	for (const text of ['', 'yesterday', '5', '5 m', '-1h', '1w', '2d  3h'])
		assert.equal(durationOf(text), undefined, text);
});
