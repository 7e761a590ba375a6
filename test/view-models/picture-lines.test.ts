/** A picture as half blocks, or as cells that stand for one that the terminal keeps. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {lineWidth} from '../../source/view-models/screen-line.ts';
import {
	createDrawnPictures,
	keptPictureLines,
	pictureBox,
	pictureLines,
	sizeInBox,
} from '../../source/view-models/picture-lines.ts';

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
	assert.deepEqual(pictureBox(200, 40), {columns: 60, rows: 20});
	assert.deepEqual(pictureBox(20, 6), {columns: 20, rows: 3});
	assert.deepEqual(pictureBox(0, 0), {columns: 1, rows: 3});
});

test('a picture has the cells that it has pixels for, keeps its form, and is never larger than its box', () => {
	const [box, cell] = [
		{columns: 60, rows: 20},
		{width: 10, height: 20},
	];
	assert.deepEqual(sizeInBox({width: 200, height: 100}, box, cell), {columns: 20, rows: 5});
	assert.deepEqual(sizeInBox({width: 4000, height: 3000}, box, cell), {columns: 54, rows: 20});
	assert.deepEqual(sizeInBox({width: 1, height: 1}, box, cell), {columns: 1, rows: 1});
	assert.deepEqual(sizeInBox({width: 100_000, height: 1}, box, cell), {columns: 60, rows: 1});
	assert.deepEqual(sizeInBox({width: 1, height: 100_000}, box, cell), {columns: 1, rows: 20});
});

test('what is taken away says so, once; its place may be kept', () => {
	const pictures = createDrawnPictures();
	const ended: string[] = [];
	const put = (name: string): void =>
		pictures.set(name, {
			lines: keptPictureLines(7, {columns: 4, rows: 3}),
			isEmpty: false,
			end: () => void ended.push(name),
		});
	put('a');
	put('b');
	put('c');
	pictures.empty('a');
	assert.deepEqual([ended, pictures.state('a'), pictures.of('a')?.map(lineWidth)], [['a'], 'empty', [4, 4, 4]]);
	pictures.set('b', undefined);
	put('c');
	pictures.clear();
	assert.deepEqual(ended, ['a', 'b', 'c', 'c']);
	assert.deepEqual(pictures.all(), []);
});
