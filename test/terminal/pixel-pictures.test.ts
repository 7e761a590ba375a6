/** Pictures that are drawn over cells: whole or not at all, when the screen has come to rest, and nothing of them is left behind. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createKittyPictures} from '../../source/terminal/kitty-pictures.ts';
import {pictureRow} from '../../source/terminal/picture-cells.ts';
import {createPixelPictures, inlineImage, sixelImage} from '../../source/terminal/pixel-pictures.ts';
import {createScreenWriter} from '../../source/terminal/screen-writer.ts';
import {createPacedStdout} from './fake-terminal.ts';
import {createPixelTerminal} from '../helpers/pixel-terminal.ts';
import {createRandom} from '../helpers/random.ts';

const columns = 60;
const rows = 20;

type Size = {readonly columns: number; readonly rows: number};

const openWriter = (t: TestContext, pixels = createPixelPictures(), {isSlow = false} = {}) => {
	t.mock.timers.enable({apis: ['setTimeout']});
	const terminal = createPixelTerminal(columns, rows);
	const blocked: string[] = [];
	const {stdout, chunks, take} = createPacedStdout(
		{columns, rows},
		chunk => terminal.write(chunk),
		isSlow ? 'when told' : 'at once',
	);
	const writer = createScreenWriter(stdout, codePoint => void blocked.push(codePoint), {
		kept: createKittyPictures(),
		pixels,
	});
	const draw = (lines: readonly string[]): void =>
		void writer.stream.write(`\u001B[2K\u001B[1A\u001B[2K\u001B[G${lines.join('\n')}\u001B[1A\u001B[5G\u001B[?25h`);
	/** No frame comes for a while. */
	const rest = (): void => t.mock.timers.tick(100);
	return {writer, terminal, draw, rest, blocked, output: () => chunks.join(''), take};
};

const linesOf = (id: number, size: Size): readonly string[] =>
	Array.from({length: size.rows}, (_, row) => pictureRow({id, row, columns: size.columns}));

/** Fills up to the lowest row. */
const full = (lines: readonly string[]): readonly string[] =>
	Array.from({length: rows}, (_, row) => lines[row] ?? (row === rows - 1 ? 'status' : ''));

const sequenceOf = (size: Size): string => sixelImage('#0;2;100;0;0#0!9~-', size.columns * 10, size.rows * 20 - 7);

test('a picture is drawn when the screen rests, once, goes when it moves, and the cursor comes back', t => {
	const pixels = createPixelPictures();
	const {draw, terminal, rest, blocked, output} = openWriter(t, pixels);
	const size = {columns: 6, rows: 3};
	const id = pixels.add({sequence: sequenceOf(size), ...size}) ?? 0;
	draw(full(['one', ...linesOf(id, size), 'two']));
	assert.equal(terminal.pictures(), 0);
	rest();
	assert.equal(terminal.pictures(), 1);
	assert.equal(terminal.pixelCells(), 18);
	assert.deepEqual(terminal.cursor(), {row: rows - 2, column: 4});
	// What is typed elsewhere, and beside it, does not touch it.
	draw(full(['one more', ...linesOf(id, size).map(line => `${line}    beside`), 'two']));
	draw(full(['one more', ...linesOf(id, size), 'two', 'typed']));
	assert.deepEqual([terminal.pictures(), terminal.pixelCells()], [1, 18]);
	// A small one between two words that change.
	const narrow = {columns: 3, rows: 1};
	const small = pixels.add({sequence: sequenceOf(narrow), ...narrow}) ?? 0;
	const [piece = ''] = linesOf(small, narrow);
	draw(full(['one', ...linesOf(id, size), `a${piece}b`]));
	rest();
	assert.ok(terminal.pixelCells() === 21);
	draw(full(['one', ...linesOf(id, size), `c${piece}d`]));
	assert.equal(terminal.pixelCells(), 21);
	assert.match(terminal.rows()[4] ?? '', /^c\|px 3x1 0 0\|px 3x1 0 1\|px 3x1 0 2\|d/);
	const soFar = terminal.pictures();
	// Scrolled: it goes at once, and comes again at its new place.
	draw(full([...linesOf(id, size), 'two', 'typed']));
	assert.equal(terminal.pixelCells(), 0);
	rest();
	assert.ok(terminal.pictures() === soFar + 1);
	assert.match(terminal.rows()[0] ?? '', /^px 6x3 0 0\|/);
	// Clipped: nothing of it is seen.
	draw(full([...linesOf(id, size).slice(1), 'two', 'typed']));
	assert.equal(terminal.pixelCells(), 0);
	// Covered by a list.
	draw(full([...linesOf(id, size), 'two']));
	rest();
	assert.ok(terminal.pictures() === soFar + 2);
	draw(full(['a list over it', ...linesOf(id, size).slice(1), 'two']));
	assert.equal(terminal.pixelCells(), 0);
	assert.equal(terminal.pictures(), soFar + 2);
	assert.deepEqual(blocked, []);
	assert.ok(!output().includes('\0'));
});

test('on the lowest row a picture would scroll the screen: it is not drawn; and what is gone is not drawn any more', t => {
	const pixels = createPixelPictures();
	const {draw, terminal, rest, writer} = openWriter(t, pixels);
	const size = {columns: 4, rows: 3};
	const [low, other] = [1, 2].map(() => pixels.add({sequence: sequenceOf(size), ...size}) ?? 0);
	assert.ok(low !== undefined && other !== undefined);
	const lines = [...linesOf(other, size), ...Array.from({length: rows - 6}, () => 'text'), ...linesOf(low, size)];
	draw(lines);
	rest();
	assert.equal(terminal.pictures(), 1);
	assert.equal(terminal.pixelCells(), 12);
	writer.pictures?.remove(other);
	draw(['news', ...lines.slice(1)]);
	assert.equal(terminal.pixelCells(), 0);
	writer.setPaused(true);
	writer.setPaused(false);
	draw(lines);
	assert.equal(terminal.pixelCells(), 0);
	writer.close();
});

test('while the terminal has not taken a frame no picture is drawn, and the newest frame goes first', t => {
	const pixels = createPixelPictures();
	const {draw, terminal, rest, take} = openWriter(t, pixels, {isSlow: true});
	const size = {columns: 6, rows: 3};
	const id = pixels.add({sequence: inlineImage(Buffer.from('png'), size.columns, size.rows), ...size}) ?? 0;
	draw(full(linesOf(id, size)));
	draw(full(['moved', ...linesOf(id, size)]));
	rest();
	assert.equal(terminal.pictures(), 0);
	take();
	take();
	rest();
	assert.equal(terminal.pictures(), 1);
	assert.match(terminal.rows()[1] ?? '', /^px 6x3 0 0\|/);
});

test('after each of 150 random frames nothing is seen but what a full repaint shows', t => {
	const random = createRandom(20_261_130);
	const pixels = createPixelPictures();
	const {draw, terminal, rest, blocked, output} = openWriter(t, pixels);
	const sizes = [1, 2, 3, 4].map(index => ({columns: 6 * index, rows: 2 * index}));
	const ids = sizes.map(size => pixels.add({sequence: sequenceOf(size), ...size}) ?? 0);
	const text = Array.from({length: 60}, (_, index) => {
		const at = Math.floor(index / 15);
		const [id = 0, size = {columns: 1, rows: 1}] = [ids[at], sizes[at]];
		return index % 15 === 3 ? linesOf(id, size) : [random.pick(['a line', '', 'words '.repeat(7), 'more of it'])];
	}).flat();
	let top = 0;
	let drawn = 0;
	for (let step = 0; step < 150; step++) {
		if (random.chance(0.6)) top = Math.max(0, Math.min(text.length - rows, top + random.below(13) - 6));
		const lines = text.slice(top, top + rows).map(line => `  ${line}${random.chance(0.1) ? '    beside it' : ''}`);
		const frame = lines.map((line, row) => {
			if (row === rows - 1) return 'status';
			return row < 6 && step % 9 === 0 ? 'a list over it' : line;
		});
		draw(frame);
		if (random.chance(0.3)) rest();
		// Pixels apart, which come later: everything else, and no pixel but in its place.
		const blankOf = (line: string): string => line.replaceAll(/px[^|]*/g, ' ');
		const fresh = createPixelTerminal(columns, rows);
		const plain = createScreenWriter(
			createPacedStdout({columns, rows}, chunk => fresh.write(chunk)).stdout,
			() => undefined,
			{kept: createKittyPictures(), pixels: {...createPixelPictures(), has: pixels.has}},
		);
		plain.stream.write(`\u001B[2K\u001B[1A\u001B[2K\u001B[G${frame.join('\n')}`);
		plain.close();
		const shown = terminal.rows();
		assert.deepEqual(shown.map(blankOf), fresh.rows(), `step ${step}`);
		drawn = Math.max(drawn, terminal.pixelCells());
		for (const [id, size] of ids.map((each, index) => [each, sizes[index]] as const)) {
			if (size === undefined) continue;
			const name = `px ${size.columns}x${size.rows} `;
			const first = frame.findIndex(line => line.includes(pictureRow({id, row: 0, columns: size.columns})));
			const cells = shown.flatMap((line, row) => line.split('|').map((cell, column) => ({cell, row, column})));
			for (const {cell, row, column} of cells.filter(each => each.cell.startsWith(name)))
				assert.equal(cell, `${name}${row - first} ${column - 2}`, `step ${step}`);
		}
	}
	assert.ok(drawn > 0 && terminal.pictures() > 5);
	assert.deepEqual(blocked, []);
	assert.ok(!output().includes('\0'));
});
