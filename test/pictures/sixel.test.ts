/** Sixel: what a terminal would draw of it is the picture. */
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {createPictures} from '../../source/pictures/pictures.ts';
import {sixelBody} from '../../source/pictures/sixel.ts';
import {makePhoto} from '../helpers/photos.ts';
import {createRandom} from '../helpers/random.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const pictures = createPictures();
after(pictures.stop);

/** Draws a body (DEC STD 070). @returns for each pixel its colour in percent, or nothing */
const drawn = (body: string, width: number, height: number): readonly (string | undefined)[] => {
	const pixels = Array.from({length: width * height}, (): string | undefined => undefined);
	const colours = new Map<number, string>();
	let [colour, column, top] = [0, 0, 0];
	const token = /#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])/g;
	let length = 0;
	for (const [whole, defined, red, green, blue, chosen, count, repeated, single, move] of body.matchAll(token)) {
		length += whole.length;
		if (defined !== undefined) {
			colour = Number(defined);
			colours.set(colour, `${red} ${green} ${blue}`);
		} else if (chosen !== undefined) colour = Number(chosen);
		else if (move === '$') column = 0;
		else if (move === '-') [column, top] = [0, top + 6];
		else {
			const bits = (repeated ?? single ?? '?').charCodeAt(0) - 63;
			for (let left = Number(count ?? 1); left > 0; left--) {
				for (let line = 0; line < 6; line++) {
					if ((bits & (1 << line)) === 0) continue;
					assert.ok(column < width && top + line < height, 'outside of the picture');
					pixels[(top + line) * width + column] = colours.get(colour);
				}
				column += 1;
			}
		}
	}
	assert.equal(length, body.length);
	return pixels;
};

const percent = (value = 0): number => Math.round((value * 100) / 255);

test('each pixel has its colour, what is clear stays so, whatever the size', () => {
	const random = createRandom(20_261_201);
	for (let round = 0; round < 60; round++) {
		const [width, height] = [1 + random.below(40), 1 + random.below(20)];
		const pixels = new Uint8Array(width * height * 4);
		const palette = Array.from({length: 1 + random.below(20)}, () => [1, 2, 3].map(() => random.below(256)));
		for (let at = 0; at < pixels.length; at += 4)
			pixels.set([...random.pick(palette), random.chance(0.2) ? 0 : 255], at);
		const body = sixelBody({width, height, pixels});
		assert.ok(body !== undefined);
		const expected = Array.from({length: width * height}, (_, index) => {
			const [red, green, blue, alpha] = pixels.subarray(index * 4);
			return alpha === 0 ? undefined : `${percent(red)} ${percent(green)} ${percent(blue)}`;
		});
		assert.deepEqual(drawn(body, width, height), expected);
	}
	const many = new Uint8Array(16 * 17 * 4).map((_, index) =>
		index % 4 === 3 ? 255 : Math.floor(index / 4) >> (index % 4),
	);
	assert.equal(sixelBody({width: 16, height: 17, pixels: many}), undefined);
});

test('a photo becomes one of its own size, upright', async () => {
	const file = path.join(temporaryDirectory(), 'photo.jpg');
	writeFileSync(file, await makePhoto({format: 'jpeg', orientation: 6}));
	const picture = await pictures.sixel(file, {width: 300, height: 24});
	assert.deepEqual([picture?.width, picture?.height], [16, 24]);
	assert.ok(drawn(picture?.sixel ?? '', 16, 24).every(pixel => pixel !== undefined));
	writeFileSync(file, 'no picture');
	assert.equal(await pictures.sixel(file, {width: 300, height: 24}), undefined);
});
