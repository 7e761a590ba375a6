/** What is not seen in a picture is taken out of it, and what is seen stays as it is. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import sharp from 'sharp';
import {cleanPicture, headLength, pictureFormat} from '../../source/pictures/metadata/clean-picture.ts';
import {makePhoto, secrets, seenPixels, type PhotoOptions} from '../helpers/photos.ts';
import {createRandom} from '../helpers/random.ts';

const clean = (bytes: Uint8Array): Buffer | undefined => {
	const format = pictureFormat(bytes.subarray(0, headLength));
	assert.ok(format !== undefined && format !== 'other');
	const pieces = cleanPicture(bytes, format);
	return pieces === undefined ? undefined : Buffer.concat(pieces);
};

const cases: readonly PhotoOptions[] = [
	{format: 'jpeg'},
	{format: 'jpeg', isProgressive: true, orientation: 6},
	{format: 'jpeg', profile: 'p3', orientation: 3},
	{format: 'png'},
	{format: 'png', channels: 4, orientation: 8},
	{format: 'png', isProgressive: true, profile: 'p3'},
	{format: 'webp'},
	{format: 'webp', channels: 4, orientation: 5},
	{format: 'webp', profile: 'p3'},
	...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation): PhotoOptions => ({format: 'jpeg', orientation})),
];

suite('what is not seen', () => {
	for (const options of cases)
		test(`goes from ${JSON.stringify(options)}, and it looks the same`, async () => {
			const photo = await makePhoto(options);
			const before = photo.toString('latin1');
			const had = secrets.filter(secret => before.includes(secret));
			assert.ok(had.length >= 4, `the picture says ${had.join()}`);
			const cleaned = clean(photo);
			assert.ok(cleaned !== undefined);
			const after = cleaned.toString('latin1');
			for (const secret of secrets) assert.ok(!after.includes(secret), secret);
			assert.ok(!after.includes('http'));
			const [one, other] = [await sharp(photo).metadata(), await sharp(cleaned).metadata()];
			assert.deepEqual([other.xmp, other.iptc, other.comments], [undefined, undefined, undefined]);
			// Of EXIF the orientation alone, if it is another one than usual.
			assert.ok((other.exif?.length ?? 0) <= 6 + 26, `${other.exif?.length} bytes`);
			assert.equal(other.exif !== undefined, (options.orientation ?? 1) !== 1);
			assert.equal(other.orientation ?? 1, one.orientation ?? 1);
			assert.equal(other.orientation ?? 1, options.orientation ?? 1);
			assert.deepEqual(other.icc, one.icc);
			assert.ok(options.profile === undefined || other.icc !== undefined);
			assert.deepEqual(await seenPixels(cleaned), await seenPixels(photo));
			assert.deepEqual(clean(cleaned), cleaned, 'once more changes nothing');
		});

	test('goes from pictures that move, frame by frame; they move on', async () => {
		const frames = [0, 90, 180].map(
			red => ({create: {width: 8, height: 8, channels: 3, background: {r: red, g: 9, b: 9}}}) as const,
		);
		const images = await Promise.all(frames.map(async frame => sharp(frame).png().toBuffer()));
		const moving = await sharp(images, {join: {animated: true}})
			.withExif({IFD0: {Artist: 'Jane Doe'}})
			.webp({lossless: true, delay: [100, 200, 300]})
			.toBuffer();
		assert.ok(moving.includes('Jane Doe'));
		const cleaned = clean(moving);
		assert.ok(cleaned !== undefined && !cleaned.includes('Jane Doe'));
		const {pages, delay} = await sharp(cleaned).metadata();
		assert.deepEqual([pages, delay], [3, [100, 200, 300]]);
		assert.deepEqual(await seenPixels(cleaned), await seenPixels(moving));
	});

	test('goes from a picture in four colours, whose Adobe mark stays: without it the colours would be others', async () => {
		const cmyk = await sharp({create: {width: 16, height: 16, channels: 3, background: '#336699'}})
			.toColourspace('cmyk')
			.withExif({IFD0: {Artist: 'Jane Doe'}})
			.jpeg()
			.toBuffer();
		const cleaned = clean(cmyk);
		assert.ok(cleaned !== undefined && !cleaned.includes('Jane Doe') && cleaned.includes('Adobe'));
		assert.deepEqual(await seenPixels(cleaned), await seenPixels(cmyk));
	});
});

test('half a picture is none: cut off anywhere it is refused', async () => {
	for (const format of ['jpeg', 'png', 'webp'] as const) {
		const cleaned = clean(await makePhoto({format, orientation: 6}));
		assert.ok(cleaned !== undefined);
		for (let length = headLength; length < cleaned.length; length++)
			assert.equal(clean(cleaned.subarray(0, length)), undefined, `${format}: ${length} of ${cleaned.length} bytes`);
	}
});

test('whatever is in a file, cleaning it ends, never throws, and never makes it much larger', async () => {
	const random = createRandom(20_261_129);
	for (const format of ['jpeg', 'png', 'webp'] as const) {
		const photo = await makePhoto({format, orientation: 6, profile: 'srgb'});
		for (let round = 0; round < 3000; round++) {
			const bytes = Buffer.from(photo);
			for (let count = 1 + random.below(8); count > 0; count--)
				bytes[12 + random.below(random.chance(0.5) ? 200 : bytes.length - 12)] = random.below(256);
			const cleaned = clean(bytes);
			assert.ok(cleaned === undefined || cleaned.length <= bytes.length + 64);
			if (cleaned !== undefined) assert.deepEqual(clean(cleaned), cleaned, `${format} ${round}`);
		}
	}
});

test('a picture is known by its bytes, whatever its name is', async () => {
	const heif = Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0', 'latin1');
	const head = (text: string): Uint8Array => Buffer.from(text.padEnd(headLength, '\0'), 'latin1');
	assert.equal(pictureFormat(heif), 'other');
	for (const text of ['II*\0', 'MM\0*', '\0\0\0\u001Cftypavif', '\0\0\0\u000CJXL \r\n\u0087\n'])
		assert.equal(pictureFormat(head(text)), 'other', JSON.stringify(text));
	for (const text of ['%PDF-1.7', 'GIF89a', 'RIFF\0\0\0\0WAVE', '\0\0\0\u0018ftypmp42', 'hello', ''])
		assert.equal(pictureFormat(head(text)), undefined, JSON.stringify(text));
});
