/** What the whole screen writes: within the budgets of a slow link, and always what a full repaint would show. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {OpenedScreen} from '../helpers/screen.tsx';
import {createRandom} from '../helpers/random.ts';
import {at, text} from './sample-account.ts';
import {addLunch, addRooms, altDown, altUp, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const {open} = sample;

const shiftUp = '\u001B[1;2A';
const redraw = '\f';
const escape = '\u001B';

const longTalk = (count: number) =>
	Array.from({length: count}, (_, index) =>
		text(anna, `message ${index} ${'of some length '.repeat((index * 7) % 9)}`, {
			origin_server_ts: at('09:00') + index * 61_000,
		}),
	);

/** Waits until nothing was written for so many milliseconds. */
const untilQuiet = async (screen: OpenedScreen, quiet: number): Promise<void> => {
	for (let last = -1; last !== screen.bytesWritten();) {
		last = screen.bytesWritten();
		await new Promise(resolve => void setTimeout(resolve, quiet));
	}
};

/** @returns the bytes that are written until all is done */
const bytesOf = async (screen: OpenedScreen, act: () => void, isDone: (lines: readonly string[]) => boolean) => {
	const before = screen.bytesWritten();
	act();
	await screen.waitFor(isDone);
	for (let last = -1; last !== screen.bytesWritten();) {
		last = screen.bytesWritten();
		await new Promise(resolve => void setTimeout(resolve, 60));
	}
	return screen.bytesWritten() - before;
};

const middle = (values: readonly number[]): number =>
	values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

suite('at 120 by 40', () => {
	const openLunch = async (): Promise<OpenedScreen> => {
		addRooms(sample.account, 30);
		addLunch(sample.account, {timeline: longTalk(80)});
		const {screen} = await open({columns: 120, rows: 40});
		screen.press(altDown);
		await screen.waitFor('message 79');
		// The window is named a moment later.
		await screen.waitFor(() => screen.output().includes('mx · Sunday lunch\u001B'));
		return screen;
	};

	test('a typed letter costs at most 60 bytes', async () => {
		const screen = await openLunch();
		const bytes: number[] = [];
		const sentence = 'are you coming';
		for (let index = 0; index < sentence.length; index++) {
			const typed = sentence.slice(0, index + 1).trimEnd();
			bytes.push(
				await bytesOf(
					screen,
					() => screen.press(sentence[index] ?? ''),
					lines => lines.some(line => line.includes(`> ${typed}`)),
				),
			);
		}
		assert.ok(middle(bytes) <= 60, `${middle(bytes)} bytes`);
	});

	test('an incoming message costs at most 2,500 bytes, a scrolled line too, and 300 without the inbox', async () => {
		const screen = await openLunch();
		const incoming: number[] = [];
		for (let index = 0; index < 9; index++) {
			const [rid = 0] = sample.account.sync({id: lunch, timeline: [text(anna, `news ${index} of a few words`)]});
			incoming.push(
				await bytesOf(
					screen,
					() => screen.notify({kind: 'changed', rids: [rid], isListChanged: true}),
					lines => lines.some(line => line.includes(`news ${index} of`)),
				),
			);
		}
		const scroll = async (): Promise<number> => {
			const bytes: number[] = [];
			for (let index = 0; index < 9; index++)
				bytes.push(
					await bytesOf(
						screen,
						() => screen.press(shiftUp),
						() => true,
					),
				);
			screen.press(escape);
			await screen.waitFor('news 8 of');
			return middle(bytes);
		};
		const beside = await scroll();
		await bytesOf(
			screen,
			() => screen.press('\u001Bi\u001Bi'),
			lines => !lines.some(line => line.includes('INBOX')),
		);
		const alone = await scroll();
		assert.ok(middle(incoming) <= 2500 && beside <= 2500, `${middle(incoming)} and ${beside} bytes`);
		assert.ok(alone <= 300, `${alone} bytes`);
	});

	test('nothing is written when nothing has changed', async () => {
		const screen = await openLunch();
		await bytesOf(
			screen,
			() => undefined,
			() => true,
		);
		const bytes = await bytesOf(
			screen,
			() => screen.notify({kind: 'changed', rids: 'all', isListChanged: true}),
			() => true,
		);
		assert.equal(bytes, 0);
	});
});

test('after each of 150 random actions the screen shows what a full repaint shows', async () => {
	const random = createRandom(20_261_126);
	addRooms(sample.account, 60);
	const lunchRid = addLunch(sample.account, {timeline: longTalk(60)});
	const {screen} = await open({columns: 100, rows: 30});
	screen.press(altDown);
	await screen.waitFor('message 59');
	let [count, known] = [0, 0];
	const actions: readonly (() => void)[] = [
		() => screen.press(random.pick(['a', 'b ', 'é', '漢', '👍🏽', '\u007F', '\n', '\u0017'])),
		() => screen.press(random.pick([altDown, altUp])),
		() => screen.press(random.pick([shiftUp, '\u001B[1;2B', '\u001B[5~', '\u001B[6~'])),
		() => screen.press(random.pick(['\u001Bi', '\u001Bk', '\u001BOP', '\u001Bl', escape])),
		// A click, and a notch of the wheel.
		() => screen.press(`\u001B[<${random.pick([0, 64, 65])};${1 + random.below(100)};${1 + random.below(30)}M`),
		() => {
			count += 1;
			const body = random.pick(['plain words', '漢字かな交じり文', '❤️ and 👨‍👩‍👧‍👦', 'a long one '.repeat(20)]);
			const [rid = lunchRid] = sample.account.sync({id: lunch, timeline: [text(anna, `${count} ${body}`)]});
			screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		},
	];
	for (let step = 0; step < 150; step++) {
		random.pick(actions)();
		// What the engine tells is read after a tenth of a second.
		await untilQuiet(screen, count > known ? 150 : 40);
		known = count;
		const shown = screen.lines();
		const before = screen.output().length;
		screen.press(redraw);
		await screen.waitFor(() => screen.output().includes('\u001B[2J', before));
		await untilQuiet(screen, 40);
		assert.deepEqual(screen.lines(), shown, `step ${step}`);
	}
	assert.deepEqual(screen.problems, []);
});

test('on a link of 6 KB/s never more than one frame waits, and in the end the newest is seen', async () => {
	addRooms(sample.account, 30);
	addLunch(sample.account, {timeline: longTalk(80)});
	const {screen} = await open({columns: 120, rows: 40});
	screen.press(altDown);
	await screen.waitFor('message 79');
	await untilQuiet(screen, 60);
	const before = screen.bytesWritten();
	screen.press(redraw);
	await untilQuiet(screen, 60);
	const frame = screen.bytesWritten() - before;
	assert.ok(frame > 1000);
	screen.hold(true);
	const [step, rate] = [50, 6000];
	let most = 0;
	for (let index = 0; index < 80; index++) {
		const [rid = 0] = sample.account.sync({
			id: lunch,
			timeline: [text(anna, `news ${index} ${'of some length '.repeat(index % 7)}`)],
		});
		screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
		// The clock of the link: what it carries in a step.
		await new Promise(resolve => void setTimeout(resolve, step));
		most = Math.max(most, screen.backlog());
		await screen.carry((rate * step) / 1000);
	}
	assert.ok(most > 0 && most <= frame, `${most} bytes waited, a frame has ${frame}`);
	// So slow a link has the inbox go with the next room, and says so.
	screen.press(altDown);
	while (screen.backlog() > 0) await screen.carry(rate);
	screen.hold(false);
	await screen.waitFor('The link is slow');
	await screen.waitFor(lines => !lines.join('\n').includes('INBOX'));
	assert.deepEqual(screen.problems, []);
});

test('a storm of resizes, with keys and messages between them, ends in the right frame', async () => {
	const random = createRandom(77);
	const sizes = [
		[80, 24],
		[120, 40],
		[40, 12],
		[97, 31],
	] as const;
	addRooms(sample.account, 40);
	addLunch(sample.account, {timeline: longTalk(60)});
	const {screen} = await open({columns: 100, rows: 30});
	screen.press(altDown);
	await screen.waitFor('message 59');
	for (let round = 0; round < 6; round++) {
		for (let index = 0; index < 40; index++) {
			screen.resize(1 + random.below(200), 1 + random.below(60));
			if (index % 5 === 0) screen.press(random.pick(['a', altDown, shiftUp, '\u001Bk', escape, '\u001Bi', '\u001Bl']));
			if (index % 7 === 0) {
				const [rid = 0] = sample.account.sync({id: lunch, timeline: [text(anna, `storm ${round} ${index} 漢字 👨‍👩‍👧‍👦`)]});
				screen.notify({kind: 'changed', rids: [rid], isListChanged: true});
			}
			if (index % 3 === 0) await new Promise(resolve => void setImmediate(resolve));
		}
		const [columns, rows] = sizes[round % sizes.length] ?? [80, 24];
		screen.resize(columns, rows);
		await untilQuiet(screen, 150);
		const shown = screen.lines();
		const since = screen.output().length;
		screen.press(redraw);
		await screen.waitFor(() => screen.output().includes('\u001B[2J', since));
		await untilQuiet(screen, 60);
		assert.deepEqual(screen.lines(), shown, `round ${round}`);
	}
	assert.deepEqual(screen.problems, []);
});
