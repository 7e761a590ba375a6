/** Pictures that the terminal keeps: sent once, between frames, shown by cells that scroll like text, taken away again. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import headless from '@xterm/headless';
import sharp from 'sharp';
import {createKittyPictures, type KittyPictures} from '../../source/terminal/kitty-pictures.ts';
import {throughTmux} from '../../source/terminal/osc.ts';
import {pictureRow} from '../../source/terminal/picture-cells.ts';
import {createPixelPictures} from '../../source/terminal/pixel-pictures.ts';
import {createScreenWriter} from '../../source/terminal/screen-writer.ts';
import {createPacedStdout} from './fake-terminal.ts';
import {keepPictures, kittyCommands, shownIn} from '../helpers/kitty-terminal.ts';
import {createRandom} from '../helpers/random.ts';

const columns = 60;
const rows = 20;

/** Noise: nothing makes it small. */
const noise = async (width: number, height: number): Promise<Uint8Array> =>
	sharp({create: {width, height, channels: 3, background: '#fff', noise: {type: 'gaussian', mean: 128, sigma: 60}}})
		.png()
		.toBuffer();

const openWriter = (pictures: KittyPictures, {isSlow = false} = {}) => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
	terminal.write('\u001B[?7l');
	const blocked: string[] = [];
	const {stdout, chunks, take} = createPacedStdout(
		{columns, rows},
		chunk => terminal.write(chunk),
		isSlow ? 'when told' : 'next turn',
	);
	const writer = createScreenWriter(stdout, codePoint => void blocked.push(codePoint), {
		kept: pictures,
		pixels: createPixelPictures(),
	});
	const draw = (lines: readonly string[]): void =>
		void writer.stream.write(`\u001B[2K\u001B[1A\u001B[2K\u001B[G${lines.join('\n')}`);
	/** Until nothing more is written. */
	const settle = async (): Promise<void> => {
		for (let last = -1; last !== chunks.length;) {
			last = chunks.length;
			for (let turn = 0; turn < 3; turn++) await new Promise(resolve => void setImmediate(resolve));
		}
		await new Promise<void>(resolve => {
			terminal.write('', resolve);
		});
	};
	const cells = async (): Promise<readonly string[]> => {
		await settle();
		return Array.from({length: rows}, (_, row) => {
			const line = terminal.buffer.active.getLine(row);
			return Array.from({length: columns}, (_unused, column) => shownIn(line?.getCell(column)) || ' ').join('|');
		});
	};
	return {
		writer,
		draw,
		cells,
		settle,
		blocked,
		chunks,
		output: () => chunks.join(''),
		/** The terminal takes the oldest chunk. */
		take,
	};
};

const add = (
	pictures: KittyPictures,
	png: Uint8Array,
	size: {readonly columns: number; readonly rows: number},
): number => {
	const id = pictures.add({png, memory: 1000, ...size});
	assert.ok(id !== undefined);
	return id;
};

const linesOf = (id: number, size: {readonly columns: number; readonly rows: number}): readonly string[] =>
	Array.from({length: size.rows}, (_, row) => pictureRow({id, row, columns: size.columns}));

test('a picture is sent once, in pieces, before the first cell stands for it, and taken away when it goes', async () => {
	const pictures = createKittyPictures();
	const {draw, cells, output, chunks, writer, blocked, settle} = openWriter(pictures);
	const png = await noise(60, 40);
	const size = {columns: 6, rows: 2};
	const id = add(pictures, png, size);
	draw(['a message', ...linesOf(id, size), 'another']);
	const shown = await cells();
	assert.match(shown[1] ?? '', /^[\da-f]+\.\d+ 0 0\|[\da-f]+\.\d+ 0 1\|/);
	assert.match(shown[2] ?? '', /^[\da-f]+\.\d+ 1 0\|/);
	const kept = keepPictures(output());
	assert.deepEqual([...kept.keys()], [id]);
	assert.deepEqual(kept.get(id), {data: Buffer.from(png), columns: 6, rows: 2});
	const isPiece = (chunk: string): boolean => chunk.includes('\u001B_G');
	assert.ok(chunks.filter(isPiece).length > 2, 'in pieces');
	const firstCell = chunks.findIndex(chunk => chunk.includes('\u{10EEEE}'));
	assert.ok(firstCell > chunks.findLastIndex(isPiece), 'the picture first');
	const before = output().length;
	draw(['news', 'a message', ...linesOf(id, size), 'another']);
	await settle();
	draw(['a message', ...linesOf(id, size), 'another']);
	await settle();
	assert.deepEqual(kittyCommands(output().slice(before)), []);
	draw(['a message', 'another']);
	writer.pictures?.remove(id);
	await settle();
	assert.equal(keepPictures(output()).size, 0);
	assert.deepEqual(blocked, []);
});

test('300 frames in which pictures scroll, are clipped and covered show what is shown when each is drawn anew', async () => {
	const random = createRandom(20_261_127);
	const pictures = createKittyPictures();
	const {draw, cells, blocked, output} = openWriter(pictures);
	const png = await noise(20, 20);
	const sizes = [1, 2, 3, 4].map(index => ({columns: 6 * index, rows: 2 * index}));
	const ids = sizes.map(size => add(pictures, png, size));
	const words = ['a short line', '漢字かな', '', 'words '.repeat(7), '👨‍👩‍👧‍👦 family'];
	const text = Array.from({length: 60}, (_, index) => {
		const at = Math.floor(index / 15);
		const [id = 0, size = {columns: 1, rows: 1}] = [ids[at], sizes[at]];
		return index % 15 === 3 ? linesOf(id, size) : [random.pick(words)];
	}).flat();
	let top = 0;
	for (let step = 0; step < 300; step++) {
		top = Math.max(0, Math.min(text.length - rows, top + random.below(13) - 6));
		const lines = text.slice(top, top + rows).map(line => `${'│'.repeat(random.chance(0.02) ? 1 : 0)}  ${line}`);
		// A list over the left part.
		const isCovered = random.chance(0.1);
		const frame = isCovered ? lines.map((line, row) => (row < 8 ? 'a list over it' : line)) : lines;
		draw(frame);
		const shown = await cells();
		const anew = openWriter({...pictures, see: () => undefined, next: () => '', isKept: id => ids.includes(id)});
		anew.draw(frame);
		assert.deepEqual(shown, await anew.cells(), `step ${step}`);
	}
	keepPictures(output());
	assert.deepEqual(blocked, []);
});

test('while a picture is on its way the newest frame goes first, and what is seen no more is not sent to its end', async () => {
	const pictures = createKittyPictures();
	const {draw, take, output, chunks, settle, cells} = openWriter(pictures, {isSlow: true});
	const png = await noise(120, 120);
	const size = {columns: 6, rows: 3};
	const id = add(pictures, png, size);
	draw(['first', ...linesOf(id, size)]);
	take();
	assert.match(chunks.at(-1) ?? '', /^\u001B_Ga=t/);
	assert.ok(chunks.every(chunk => chunk.length < 4300));
	// Keys are typed: none waits for more than one piece.
	for (const word of ['one', 'two', 'three']) {
		draw([`${word} typed`, ...linesOf(id, size)]);
		draw([word, ...linesOf(id, size)]);
		take();
		assert.match(chunks.at(-1) ?? '', new RegExp(`^[^_]*${word.slice(-3)}`));
		take();
		assert.match(chunks.at(-1) ?? '', /^\u001B_Gq=2,m=1/);
	}
	const sent = chunks.length;
	draw(['elsewhere']);
	for (let count = 0; count < 10; count++) take();
	assert.ok(chunks.length <= sent + 3, 'it was broken off');
	await settle();
	assert.equal(keepPictures(output()).size, 0);
	draw(['back', ...linesOf(id, size)]);
	for (let count = 0; count < 100; count++) take();
	assert.match((await cells())[1] ?? '', /^[\da-f]+\.\d+ 0 0/);
	assert.deepEqual(keepPictures(output()).get(id)?.data, Buffer.from(png));
});

test('the terminal never keeps more than 48 pictures or 64 MB, and what is seen again is sent again', async () => {
	const pictures = createKittyPictures();
	const {draw, cells, output, settle} = openWriter(pictures);
	const png = await noise(4, 4);
	const size = {columns: 2, rows: 1};
	const ids = Array.from({length: 100}, () => add(pictures, png, size));
	for (const id of ids) {
		draw(linesOf(id, size));
		await settle();
	}
	assert.equal(keepPictures(output()).size, 48);
	draw(linesOf(ids[0] ?? 0, size));
	assert.match((await cells())[0] ?? '', /^[\da-f]+\.\d+ 0 0\|[\da-f]+\.\d+ 0 1/);
	assert.equal(keepPictures(output()).size, 48);
	const large = {png, memory: 30_000_000, ...size};
	for (const id of [1, 2, 3].map(() => pictures.add(large) ?? 0)) {
		draw(linesOf(id, size));
		await settle();
	}
	assert.ok(keepPictures(output()).size < 48);
	assert.equal(pictures.add({...large, memory: 65_000_000}), undefined);
	assert.equal(pictures.add({...large, columns: 1000}), undefined);
});

test('in the hands of another program, and at the end, the terminal keeps none of them; afterwards they are there again', async () => {
	const pictures = createKittyPictures(throughTmux);
	const {draw, cells, output, writer, settle, chunks} = openWriter(pictures);
	const size = {columns: 2, rows: 1};
	const id = add(pictures, await noise(4, 4), size);
	draw(linesOf(id, size));
	await settle();
	assert.ok(chunks.filter(chunk => chunk.includes('_G')).every(chunk => /^(?:\u001BPtmux;.*\u001B\\)+$/s.test(chunk)));
	assert.equal(keepPictures(output()).size, 1);
	writer.setPaused(true);
	assert.equal(keepPictures(output()).size, 0);
	writer.setPaused(false);
	draw(linesOf(id, size));
	assert.match((await cells())[0] ?? '', /^[\da-f]+\.\d+ 0 0/);
	assert.equal(keepPictures(output()).size, 1);
	// Another terminal, as when tmux is attached elsewhere: all is sent again.
	const before = output().length;
	writer.pictures?.renew();
	writer.repaint();
	await settle();
	assert.equal(keepPictures(output().slice(before)).size, 1);
	writer.close();
	assert.equal(keepPictures(output()).size, 0);
});

test('nothing but our own pictures is drawn: neither cells that look like one nor commands get out', async () => {
	const pictures = createKittyPictures(undefined, 29);
	const {draw, cells, output, blocked} = openWriter(pictures);
	const size = {columns: 2, rows: 1};
	const id = add(pictures, await noise(4, 4), size);
	const own = pictureRow({id, row: 0, columns: 2});
	const hostile = [
		pictureRow({id: id + 1, row: 0, columns: 2}),
		pictureRow({id, row: 0, columns: 3}),
		pictureRow({id, row: 1, columns: 2}),
		own.replaceAll(/\u001B\[[\d;]*m/g, ''),
		own.replace('38;5', '48;5'),
		'\u{10EEEE}',
		'\u{10EEEE}\u0305\u0305',
		`\u{10EEEE}${'\u0305'.repeat(9)}`,
		'\u001B_Ga=T,f=100,t=f;L2V0Yy9wYXNzd2Q=\u001B\\',
		'\u001BPq#0;2;100;0;0#0~~@@vv\u001B\\',
		'\u001B]1337;File=inline=1:AAAA\u0007',
	];
	draw([own, ...hostile]);
	const shown = await cells();
	assert.match(shown[0] ?? '', /^[\da-f]+\.\d+ 0 0\|[\da-f]+\.\d+ 0 1\| /);
	for (const [index, line] of hostile.entries()) {
		const pieces = (shown[index + 1] ?? '').match(/[\da-f]+\.\d+ \d+ \d+/g) ?? [];
		// Of a row that is too long the first cells are those of the picture, and no others.
		assert.equal(pieces.length, index === 1 ? 2 : 0, JSON.stringify(line));
	}
	assert.ok(blocked.length >= hostile.length);
	const without = output().replaceAll(/\u001B_G[^\u001B]*\u001B\\/g, '');
	assert.ok(!/\u001B[_P]|1337/.test(without), JSON.stringify(without));
	assert.deepEqual([...keepPictures(output()).keys()], [id]);
});
