/** Pictures are looked at by a process of its own, which strangers may break without breaking mx. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import sharp from 'sharp';
import {createPictures} from '../../source/pictures/pictures.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const open = (t: TestContext, script?: string) => {
	const pictures = createPictures(script);
	t.after(pictures.stop);
	return pictures;
};

const save = (name: string, bytes: Uint8Array | string): string => {
	const file = path.join(temporaryDirectory(), name);
	writeFileSync(file, bytes);
	return file;
};

const plain = (width: number, height: number, channels: 3 | 4 = 3) =>
	sharp({create: {width, height, channels, background: {r: 200, g: 100, b: 50, alpha: 1}}});

test('a picture has the size that is seen, and a small one of its own where it is large', async t => {
	const pictures = open(t);
	const small = save('a.png', await plain(320, 200).png().toBuffer());
	assert.deepEqual(await pictures.inspect(small), {width: 320, height: 200, thumbnail: undefined});
	// A telephone held upright.
	const turned = save('b.jpg', await plain(4000, 3000).withMetadata({orientation: 6}).jpeg().toBuffer());
	const {thumbnail, ...size} = (await pictures.inspect(turned)) ?? {};
	assert.deepEqual(size, {width: 3000, height: 4000});
	assert.deepEqual([thumbnail?.type, thumbnail?.width, thumbnail?.height], ['image/jpeg', 450, 600]);
	const {width, height, format, orientation} = await sharp(thumbnail?.bytes).metadata();
	assert.deepEqual([width, height, format, orientation], [450, 600, 'jpeg', undefined]);
	const clear = save('c.png', await plain(1600, 600, 4).png().toBuffer());
	assert.equal((await pictures.inspect(clear))?.thumbnail?.type, 'image/webp');
});

test('a picture is scaled into a box, and never made larger', async t => {
	const pictures = open(t);
	const file = save('a.webp', await plain(400, 200).webp({lossless: true}).toBuffer());
	const scaled = await pictures.scale(file, {width: 40, height: 40});
	assert.deepEqual([scaled?.width, scaled?.height, scaled?.pixels.length], [40, 20, 3200]);
	assert.deepEqual([...(scaled?.pixels.subarray(0, 4) ?? [])], [200, 100, 50, 255]);
	const whole = await pictures.scale(file, {width: 4000, height: 4000});
	assert.deepEqual([whole?.width, whole?.height], [400, 200]);
});

test('what is no picture, or could do harm, is none; the next one is looked at all the same', async t => {
	const pictures = open(t);
	const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" height="9"/></svg>';
	const png = await plain(300, 300).png().toBuffer();
	const bomb = await sharp({create: {width: 16_000, height: 16_000, channels: 3, background: 'red'}})
		.png()
		.toBuffer();
	const hostile = [
		save('drawing.png', drawing),
		save('words.jpg', 'hello'),
		save('empty.png', ''),
		save('cut.png', png.subarray(0, png.length / 2)),
		save('bomb.png', bomb),
		path.join(temporaryDirectory(), 'nowhere.png'),
	];
	for (const file of hostile) assert.equal(await pictures.scale(file, {width: 10, height: 10}), undefined, file);
	assert.equal((await pictures.inspect(save('fine.png', png)))?.width, 300);
});

test('a decoder that crashes or cannot be started breaks nothing, and is started again', async t => {
	const file = save('a.png', await plain(10, 10).png().toBuffer());
	const crashing = open(t, save('crash.mjs', `process.on('message', () => process.abort());`));
	assert.equal(await crashing.inspect(file), undefined);
	assert.equal(await crashing.inspect(file), undefined);
	assert.equal(await open(t, '/nowhere/at/all.mjs').inspect(file), undefined);
	const stopped = open(t, save('hang.mjs', `process.on('message', () => setInterval(() => undefined, 1000));`));
	const answer = stopped.inspect(file);
	const timer = setInterval(stopped.stop, 50);
	assert.equal(await answer, undefined);
	clearInterval(timer);
});
