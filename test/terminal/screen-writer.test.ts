/** The writer between Ink and the terminal: the same cells as a full repaint, few bytes, never more than a frame behind, and nothing else. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createElement, type ReactNode} from 'react';
import headless from '@xterm/headless';
import {Box, render, Text, useCursor} from 'ink';
import {createInkStdin} from '../../source/terminal/input-source.ts';
import {cellsOf} from '../../source/terminal/cell-rows.ts';
import {readInkWrite} from '../../source/terminal/ink-frame.ts';
import {createScreenWriter} from '../../source/terminal/screen-writer.ts';
import {createPacedStdout} from './fake-terminal.ts';
import {createRandom, type Random} from '../helpers/random.ts';

const columns = 60;
const rows = 16;

/** A terminal that takes what it gets at once, or when it is told to. */
const createTerminal = ({isSlow = false} = {}) => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
	// Autowrap is off in mx.
	terminal.write('\u001B[?7l');
	const {stdout, chunks, take} = createPacedStdout(
		{columns, rows},
		chunk => terminal.write(chunk),
		isSlow ? 'when told' : 'at once',
	);
	const settle = async (): Promise<void> =>
		new Promise(resolve => {
			terminal.write('', resolve);
		});
	/** What each cell shows: text, colours, attributes. */
	const cells = async (): Promise<readonly string[]> => {
		await settle();
		const {active} = terminal.buffer;
		return Array.from({length: rows}, (_, row) => {
			const line = active.getLine(active.viewportY + row);
			return Array.from({length: columns}, (_unused, column) => {
				const cell = line?.getCell(column);
				if (cell === undefined) return '';
				const look = [
					cell.getFgColorMode(),
					cell.getFgColor(),
					cell.getBgColor(),
					cell.isBold(),
					cell.isUnderline(),
					cell.isInverse(),
					cell.isItalic(),
				];
				return `${cell.getChars() || (cell.getWidth() === 0 ? '' : ' ')}${look.join(',')}`;
			}).join('|');
		});
	};
	const lines = async (): Promise<readonly string[]> => {
		await settle();
		const {active} = terminal.buffer;
		return Array.from(
			{length: rows},
			(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
		);
	};
	return {
		stdout,
		chunks,
		cells,
		lines,
		cursor: () => ({column: terminal.buffer.active.cursorX, row: terminal.buffer.active.cursorY}),
		/** Takes the oldest chunk. */
		take,
	};
};

const createWriter = (terminal: ReturnType<typeof createTerminal>) => {
	const blocked: string[] = [];
	const writer = createScreenWriter(terminal.stdout, codePoint => void blocked.push(codePoint));
	return {...writer, blocked};
};

/** A frame as Ink writes it, with its cursor. */
const frameText = (lines: readonly string[], cursor?: {readonly column: number; readonly row: number}): string => {
	const up = lines.length - 1 - (cursor?.row ?? 0);
	const suffix = cursor === undefined ? '' : `${up > 0 ? `\u001B[${up}A` : ''}\u001B[${cursor.column + 1}G\u001B[?25h`;
	return `\u001B[2K\u001B[1A\u001B[2K\u001B[G${lines.join('\n')}${suffix}`;
};

const words = ['alpha', 'beta', 'привет', '漢字', 'かな', 'naïve', '———', 'gamma delta', '│ ├─', 'x', 'ελλάδα'];
const styles = [
	'',
	'\u001B[1m',
	'\u001B[38;5;111m',
	'\u001B[38;2;200;10;30m',
	'\u001B[48;5;24m',
	'\u001B[4m',
	'\u001B[7m',
	'\u001B[31m',
];

const randomLine = (random: Random): string => {
	if (random.chance(0.2)) return '';
	return Array.from(
		{length: 1 + random.below(8)},
		() => `${random.pick(styles)}${random.pick(words)}\u001B[0m${' '.repeat(random.below(6))}`,
	).join('');
};

/** What a screen does: a row changes, rows scroll within a band, everything is another room, a letter is typed. */
const nextLines = (random: Random, lines: readonly string[]): readonly string[] => {
	const kind = random.below(10);
	if (kind === 0) return lines.map(() => randomLine(random));
	if (kind < 4) {
		const first = random.below(4);
		const last = rows - 1 - random.below(4);
		const by = 1 + random.below(3);
		const band = lines.slice(first, last);
		const fresh = Array.from({length: by}, () => randomLine(random));
		const moved = random.chance(0.5) ? [...band.slice(by), ...fresh] : [...fresh, ...band.slice(0, -by)];
		return [...lines.slice(0, first), ...moved, ...lines.slice(last)];
	}
	const index = random.below(rows);
	return lines.map((line, each) => (each === index ? (kind < 8 ? `${line}y` : randomLine(random)) : line));
};

suite('the screen writer', () => {
	test('400 random frames show the same cells as when each is drawn anew', async () => {
		const random = createRandom(20_261_126);
		const terminal = createTerminal();
		const {stream, blocked} = createWriter(terminal);
		let lines: readonly string[] = Array.from({length: rows}, () => randomLine(random));
		for (let step = 0; step < 400; step++) {
			lines = nextLines(random, lines);
			const cursor = random.chance(0.8) ? {column: random.below(columns), row: random.below(rows)} : undefined;
			stream.write(frameText(lines, cursor));
			const anew = createTerminal();
			createWriter(anew).stream.write(frameText(lines, cursor));
			assert.deepEqual(await terminal.cells(), await anew.cells(), `step ${step}`);
			if (cursor !== undefined) assert.deepEqual(terminal.cursor(), cursor);
		}
		assert.deepEqual(blocked, []);
	});

	test('emoji whose width is disputed never move what stands behind them', async () => {
		// xterm draws these in other widths than the layout counts.
		const disputed = ['❤️', '👨‍👩‍👧‍👦', '👍🏽', '🏳️‍🌈', '1️⃣', '🇩🇪', '⚠️', 'กำ', 'नमस्ते'];
		const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
		const width = (text: string): number =>
			Array.from(segmenter.segment(text)).reduce((sum, {segment}) => sum + cellsOf(segment), 0);
		const random = createRandom(7);
		const terminal = createTerminal();
		const {stream} = createWriter(terminal);
		for (let step = 0; step < 200; step++) {
			const lines = Array.from({length: rows}, () => {
				const text = Array.from({length: 4}, () => random.pick([...disputed, ...words.slice(0, 3)])).join(' ');
				return `${text}${' '.repeat(50 - width(text))}│ right`;
			});
			stream.write(frameText(lines));
			for (const row of await terminal.cells()) {
				const letters = row.split('|').map(cell => cell[0]);
				assert.equal(letters.slice(50, 57).join(''), '│ right', `step ${step}`);
			}
		}
	});

	test('a typed letter costs some bytes, a scrolled line no more than the line', () => {
		const terminal = createTerminal();
		const {stream, bytesWritten} = createWriter(terminal);
		const lines = Array.from(
			{length: rows},
			(_, index) =>
				`line ${index} ${words
					.slice(index % 5)
					.join(' ')
					.slice(0, 45)}${index}`,
		);
		stream.write(frameText([...lines.slice(0, -1), '> hell'], {column: 6, row: rows - 1}));
		const before = bytesWritten();
		stream.write(frameText([...lines.slice(0, -1), '> hello'], {column: 7, row: rows - 1}));
		assert.ok(bytesWritten() - before <= 10, `${bytesWritten() - before} bytes`);
		const typed = bytesWritten();
		stream.write(frameText([...lines.slice(1, -1), 'a new line at the end', '> hello'], {column: 7, row: rows - 1}));
		assert.ok(bytesWritten() - typed <= 120, `${bytesWritten() - typed} bytes`);
		const scrolled = bytesWritten();
		stream.write(frameText([...lines.slice(1, -1), 'a new line at the end', '> hello'], {column: 7, row: rows - 1}));
		assert.equal(bytesWritten(), scrolled);
	});

	test('while the terminal takes nothing only the newest frame waits', async () => {
		const terminal = createTerminal({isSlow: true});
		const {stream} = createWriter(terminal);
		for (let step = 0; step < 100; step++)
			stream.write(frameText(Array.from({length: rows}, (_, row) => `frame ${step} row ${row}`)));
		assert.equal(terminal.chunks.length, 1);
		terminal.take();
		assert.equal(terminal.chunks.length, 2);
		terminal.take();
		assert.equal(terminal.chunks.length, 2);
		assert.equal((await terminal.lines())[3], 'frame 99 row 3');
	});

	test('what is no text never gets out', async () => {
		const terminal = createTerminal();
		const {stream, blocked} = createWriter(terminal);
		const hostile = [
			'\u001B]0;title\u0007',
			'\u001B]52;c;aGk=\u0007',
			'\u009B31m',
			'\u0007',
			'\u202Eabc',
			'\u001B[6n',
			'\u001BP1$r\u001B\\',
			'\u001B]8;;javascript:alert(1)\u0007x',
		];
		stream.write(frameText(Array.from({length: rows}, (_, row) => `before ${hostile[row % hostile.length]} after`)));
		const output = terminal.chunks.join('');
		assert.doesNotMatch(output, /\u0007|\u009B|\u202E|\u001B\]0|\u001B\]52|\u001B\[6n|\u001BP|javascript/);
		assert.ok(blocked.length > 0);
		assert.match((await terminal.lines())[0] ?? '', /^before .*after$/);
	});

	test('a repaint, a pause and a resize draw everything again', async () => {
		const terminal = createTerminal();
		const writer = createWriter(terminal);
		const lines = Array.from({length: rows}, (_, row) => `row ${row}`);
		writer.stream.write(frameText(lines));
		const good = await terminal.cells();
		terminal.stdout.write('\u001B[5;5HXXXXXXXX');
		writer.repaint();
		assert.deepEqual(await terminal.cells(), good);
		writer.setPaused(true);
		terminal.stdout.write('\u001B[2J');
		writer.stream.write(frameText(lines));
		assert.notDeepEqual(await terminal.cells(), good);
		writer.setPaused(false);
		writer.repaint();
		assert.deepEqual(await terminal.cells(), good);
		terminal.stdout.write('\u001B[2J');
		terminal.stdout.emit('resize');
		writer.stream.write(frameText(lines));
		assert.deepEqual(await terminal.cells(), good);
		writer.close();
		const count = terminal.chunks.length;
		writer.stream.write(frameText(lines.toReversed()));
		assert.equal(terminal.chunks.length, count);
	});
});

const Cursor = ({column, row}: {readonly column: number; readonly row: number}): ReactNode => {
	useCursor().setCursorPosition({x: column, y: row});
	return null;
};

const App = ({
	lines,
	cursor,
}: {
	readonly lines: readonly string[];
	readonly cursor: {readonly column: number; readonly row: number} | undefined;
}) =>
	createElement(
		Box,
		{width: columns, height: rows, flexDirection: 'column'},
		...lines.map((line, index) => createElement(Text, {key: index, wrap: 'truncate'}, line)),
		...(cursor === undefined ? [] : [createElement(Cursor, {key: 'cursor', ...cursor})]),
	);

test('Ink still writes the frames that the writer reads: text, colours and cursor arrive', async () => {
	const terminal = createTerminal();
	const {stream} = createWriter(terminal);
	const lines = ['first', '\u001B[31mred\u001B[39m and plain', ' ', '漢字', 'last'];
	const instance = render(createElement(App, {lines, cursor: {column: 3, row: 2}}), {
		stdout: stream,
		stdin: createInkStdin(),
		patchConsole: false,
		exitOnCtrlC: false,
		incrementalRendering: false,
		interactive: true,
	});
	await instance.waitUntilRenderFlush();
	assert.deepEqual(
		(await terminal.lines()).slice(0, 5).map(line => line.trimEnd()),
		['first', 'red and plain', '', '漢字', 'last'],
	);
	assert.deepEqual(terminal.cursor(), {column: 3, row: 2});
	instance.rerender(createElement(App, {lines: ['second', ...lines.slice(1)], cursor: {column: 5, row: 4}}));
	await instance.waitUntilRenderFlush();
	assert.equal((await terminal.lines())[0]?.trimEnd(), 'second');
	assert.deepEqual(terminal.cursor(), {column: 5, row: 4});
	instance.rerender(createElement(App, {lines, cursor: undefined}));
	await instance.waitUntilRenderFlush();
	assert.equal((await terminal.lines())[0]?.trimEnd(), 'first');
	assert.equal(
		terminal.chunks.join('').endsWith('\u001B[?25l') || terminal.chunks.join('').includes('\u001B[?25l'),
		true,
	);
	instance.unmount();
});

test('writes of Ink are told apart', () => {
	assert.deepEqual(readInkWrite('\u001B[?2026h'), {kind: 'nothing'});
	assert.deepEqual(readInkWrite('\u001B[?25l'), {kind: 'cursor', cursor: undefined});
	assert.deepEqual(readInkWrite('\u001B[3A\u001B[5G\u001B[?25h'), {kind: 'cursor', cursor: {column: 4, fromBottom: 3}});
	assert.deepEqual(readInkWrite('\u001B[H\u001B[J\u001B[1ma\u001B[22m\nb\u001B[2G\u001B[?25h'), {
		kind: 'frame',
		lines: ['\u001B[1ma\u001B[22m', 'b'],
		cursor: {column: 1, fromBottom: 0},
	});
	assert.deepEqual(readInkWrite('\u001B[2K\u001B[1A\u001B[2K\u001B[G'), {kind: 'nothing'});
});
