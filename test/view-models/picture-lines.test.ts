/** A picture as half blocks. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {lineWidth} from '../../source/view-models/screen-line.ts';
import {pictureBox, pictureLines} from '../../source/view-models/picture-lines.ts';

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const clear = [0, 0, 0, 0];

const lines = (width: number, ...pixels: readonly (readonly number[])[]) =>
	pictureLines({width, height: pixels.length / width, pixels: new Uint8Array(pixels.flat())});

test('two pixels are a cell; equal cells are one span; what is clear stays the terminal’s', () => {
	const [row] = lines(3, red, red, clear, blue, blue, blue);
	assert.deepEqual(
		row?.map(({text, style}) => [text, style.colours]),
		[
			['▀▀', {foreground: '#ff0000', background: '#0000ff'}],
			['▄', {foreground: '#0000ff', background: undefined}],
		],
	);
	assert.deepEqual(
		lines(1, clear, clear)[0]?.map(({text, style}) => [text, style.colours]),
		[[' ', undefined]],
	);
});

test('an odd last row is the upper half; each row is as wide as the picture', () => {
	const rows = lines(2, red, blue, blue, red, red, red);
	assert.deepEqual(rows.map(lineWidth), [2, 2]);
	assert.deepEqual(
		rows[1]?.map(({style}) => style.colours),
		[{foreground: '#ff0000', background: undefined}],
	);
});

test('colours that an eye cannot tell apart are one', () => {
	const [row] = lines(2, [250, 1, 1, 255], [255, 0, 0, 255], [250, 1, 1, 255], [255, 0, 0, 255]);
	assert.equal(row?.length, 1);
});

test('a picture leaves room for the talk', () => {
	assert.deepEqual(pictureBox(200, 40), {width: 60, height: 40});
	assert.deepEqual(pictureBox(20, 6), {width: 20, height: 6});
	assert.deepEqual(pictureBox(0, 0), {width: 1, height: 6});
});
