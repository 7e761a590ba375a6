import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import headless from '@xterm/headless';
import {drawAnimation, type Frame} from '../../scripts/lib/terminal-animation.ts';
import {writeCast} from '../../scripts/lib/terminal-cast.ts';
import {drawPicture} from '../../scripts/lib/terminal-picture.ts';
import {watchScreen} from '../../scripts/lib/terminal-screen.ts';
import {findAll, layOut, readLines, readXml, rowOf, textOf, type Element} from './svg-reading.ts';

const escape = '\u001B';
const [columns, rows] = [24, 5];
const caption = {title: 'mx', description: 'what is seen'};

const openTerminal = () => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, logLevel: 'off'});
	const readScreen = watchScreen(terminal);
	const write = (bytes: string): Promise<void> =>
		new Promise(resolve => {
			terminal.write(bytes, resolve);
		});
	return {readScreen, write};
};

/** Frames of a program that writes, scrolls, colours, clears and hides its cursor. */
const record = async (): Promise<readonly Frame[]> => {
	const {readScreen, write} = openTerminal();
	const frames: Frame[] = [];
	const steps: readonly (readonly [bytes: string, seconds: number])[] = [
		['', 0.5],
		['\r\nfirst\r\nsecond ✓│', 1],
		[`\r\n${escape}[1;38;2;1;2;3mbold${escape}[0m ${escape}[41m  ${escape}[104mx${escape}[0m\r\n漢字 🥗 é`, 0.25],
		['\r\n', 0.125],
		[`${escape}[?25l${escape}[H${escape}[K${escape}[38;5;200;3;4;9;2mall${escape}[0;7;8mno${escape}[0m`, 1.001],
		[`${escape}[1;20Hedges`, 0.3],
		[`${escape}[2J${escape}[?25h${escape}[3;4Hend`, 2],
	];
	for (const [bytes, seconds] of steps) {
		await write(bytes);
		frames.push({screen: readScreen(), seconds});
	}
	return frames;
};

const startsOf = (frames: readonly Frame[]): readonly number[] =>
	frames.map((_, index) => frames.slice(0, index).reduce((sum, {seconds}) => sum + seconds, 0));

test('a cast leads a terminal through the same screens at the same times', async () => {
	const frames = await record();
	const [header, ...events] = writeCast(frames, 'mx')
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as unknown);
	assert.deepEqual(header, {version: 2, width: columns, height: rows, title: 'mx', env: {TERM: 'xterm-256color'}});
	const {readScreen, write} = openTerminal();
	// What was on the screen of the player before.
	await write(`${escape}[2;2Hrubbish`);
	assert.equal(events.length, frames.length + 1);
	const starts = startsOf(frames);
	for (const [index, {screen}] of frames.entries()) {
		const [time, kind, bytes] = events[index] as [number, string, string];
		assert.ok(Math.abs(time - (starts[index] ?? 0)) < 0.0005);
		assert.equal(kind, 'o');
		await write(bytes);
		assert.deepEqual(readScreen(), screen);
	}
	assert.deepEqual(events.at(-1), [5.176, 'o', '']);
});

suite('an animation', () => {
	/** Reads keyframes: from which share of the time on something is seen or not. */
	const isSeenAt = (style: string, element: Element, share: number): boolean => {
		const [state, name] = (element.attributes['class'] ?? '').split(' ');
		if (state === '' || state === undefined) return true;
		assert.match(style, new RegExp(`^\\.${name}\\{animation-name:${name}\\}$`, 'm'));
		const keyframes = new RegExp(`^@keyframes ${name}\\{(.*)\\}$`, 'm').exec(style)?.[1] ?? '';
		const steps = Array.from(keyframes.matchAll(/([\d.]+)%\{visibility:(\w+)\}/g));
		const step = steps.findLast(([, percent]) => Number(percent) <= share * 100);
		return step?.[2] === 'visible';
	};

	const readAt = (svg: string, isSeen: (style: string, row: Element) => boolean): readonly string[] => {
		const root = readXml(svg);
		const style = findAll(root, 'style').map(textOf).join('');
		const shared = new Map(
			findAll(root, 'defs')
				.flatMap(definitions => findAll(definitions, 'g'))
				.map(element => [`#${element.attributes['id']}`, element]),
		);
		const lines = Array.from({length: rows}, () => '');
		for (const row of findAll(root, 'g').filter(({attributes}) => attributes['transform'] !== undefined)) {
			if (!isSeen(style, row)) continue;
			const [use] = findAll(row, 'use');
			const drawn = use === undefined ? row : shared.get(use.attributes['href'] ?? '');
			assert.ok(drawn !== undefined);
			assert.equal(lines[rowOf(row)], '', 'two versions of a row are seen at once');
			lines[rowOf(row)] = layOut(drawn, columns).join('').trimEnd();
		}
		return lines;
	};

	const linesOf = ({screen}: Frame): readonly string[] => readLines(drawPicture(screen, caption), columns, rows);

	test('shows each screen for as long as it was there', async () => {
		const frames = await record();
		const svg = drawAnimation(frames, caption);
		const starts = startsOf(frames);
		const total = 5.176;
		assert.match(svg, new RegExp(`animation:${total}s step-end infinite`));
		for (const [index, frame] of frames.entries()) {
			for (const offset of [0.001, frame.seconds - 0.001]) {
				const share = ((starts[index] ?? 0) + offset) / total;
				const lines = readAt(svg, (style, row) => isSeenAt(style, row, share));
				assert.deepEqual(lines, linesOf(frame), `frame ${index}`);
			}
		}
	});

	test('stands still on its last screen where motion is unwanted', async () => {
		const frames = await record();
		const lines = readAt(
			drawAnimation(frames, caption),
			(_, row) => !(row.attributes['class'] ?? '').startsWith('gone'),
		);
		const [last] = frames.slice(-1);
		assert.ok(last !== undefined);
		assert.deepEqual(lines, linesOf(last));
	});
});
