/**
 * What the screen costs on the wire and how fast it answers, at 120×40 on the account of the demo: bytes of a typed key, an
 * incoming message, a scrolled line and a change of room; milliseconds from a key to the frame that shows it.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {startDemo, type Demo} from '../source/demo/demo.ts';
import {perform} from '../source/demo/people/perform.ts';
import {spawnMxInTerminal, type TerminalProgram} from '../test/helpers/program.ts';
import {atExit} from './account.ts';
import {median} from './figures.ts';
import {createFreshHome} from './fresh-home.ts';
import type {BenchOptions, Figures} from './run.ts';

const typedText = 'the quick brown fox jumps over the lazy dog';
const messageCount = 21;
const scrollCount = 21;
const roomCount = 12;
/** A busy room of the demo, and who speaks there. */
const [room, title, speaker] = ['lighthouse', '#lighthouse', 'pelle'];
const altDown = '\u001B[1;3B';
const altUp = '\u001B[1;3A';
const shiftUp = '\u001B[1;2A';
const showInbox = '\u001Bi';
/** The first gives it the keys, the second hides it. */
const hideInbox = showInbox + showInbox;
const clearLine = '\u0015';
/** Milliseconds without output after which a repaint is over. */
const quiet = 150;
/** Milliseconds after which what is waited for will not come. */
const patience = 60_000;
/** Messages a second, and for how many seconds. */
const [floodRate, floodTime] = [100, 6];

type Bench = {readonly demo: Demo; readonly program: TerminalProgram};

const untilShown = async (program: TerminalProgram, test: (lines: readonly string[]) => boolean): Promise<void> =>
	program.waitFor(test, patience);

/** Waits until nothing is written any more. */
const untilQuiet = async (program: TerminalProgram): Promise<void> => {
	for (let last = -1; last !== program.bytesWritten();) {
		last = program.bytesWritten();
		await sleep(quiet);
	}
};

/** @returns the bytes written from now until nothing is written any more. */
const bytesOf = async (
	program: TerminalProgram,
	action: () => void,
	isDone: (lines: readonly string[]) => boolean = () => true,
): Promise<number> => {
	const before = program.bytesWritten();
	action();
	await untilShown(program, isDone);
	await untilQuiet(program);
	return program.bytesWritten() - before;
};

const say = ({demo}: Bench, text: string): void =>
	perform(demo.stage, {say: text, from: speaker}, {room, time: Date.now()});

/** Opens mx on the demo in the busy room. */
const openBench = async (rooms: number | undefined): Promise<Bench> => {
	// With a script nobody speaks unasked.
	const demo = await startDemo({rooms, script: []});
	atExit.after(async () => demo.stop());
	const {home} = await createFreshHome({...demo.account, ...demo.signIn('bench'), homeserver: demo.url});
	const program = spawnMxInTerminal(atExit, [], {home, columns: 120, rows: 40});
	await program.waitFor('INBOX', patience);
	await untilShown(program, lines => lines.some(line => line.includes(title)));
	// The first sync of a large account, and the crypto, go on for a while.
	await untilShown(program, lines => (lines.at(-1) ?? '').includes('F1 help'));
	await sleep(rooms === undefined ? 4000 : 45_000);
	program.type(`/go #lighthouse`);
	program.press('\r');
	await untilShown(program, lines => (lines[1] ?? '').includes(`│ ${title}`));
	await untilQuiet(program);
	return {demo, program};
};

const composerHas = (text: string) => (lines: readonly string[]) =>
	lines.some(line => line.includes(`> ${text}`.trimEnd()));

const typedBytes = async ({program}: Bench): Promise<readonly number[]> => {
	const bytes: number[] = [];
	for (let index = 0; index < typedText.length; index++)
		bytes.push(
			await bytesOf(program, () => program.type(typedText[index] ?? ''), composerHas(typedText.slice(0, index + 1))),
		);
	program.press(clearLine);
	await untilQuiet(program);
	return bytes;
};

const incomingBytes = async (bench: Bench): Promise<readonly number[]> => {
	const bytes: number[] = [];
	for (let index = 0; index < messageCount; index++) {
		const text = `incoming message number ${index} with a few words`;
		bytes.push(
			await bytesOf(
				bench.program,
				() => say(bench, text),
				lines => lines.some(line => line.includes(text)),
			),
		);
	}
	return bytes;
};

const scrolledBytes = async ({program}: Bench): Promise<readonly number[]> => {
	const bytes: number[] = [];
	for (let index = 0; index < scrollCount; index++) bytes.push(await bytesOf(program, () => program.press(shiftUp)));
	program.press('\u001B');
	await untilQuiet(program);
	return bytes;
};

/** Between two rooms that are in view, so that the list does not scroll. */
const roomBytes = async ({program}: Bench): Promise<readonly number[]> => {
	const bytes: number[] = [];
	for (let index = 0; index < roomCount; index++)
		bytes.push(await bytesOf(program, () => program.press(index % 2 === 0 ? altDown : altUp)));
	return bytes;
};

/** @returns milliseconds from each key to the frame that shows it. */
const keyTimes = async ({program}: Bench, pause: number): Promise<readonly number[]> => {
	const times: number[] = [];
	for (let round = 0; round < 2; round++) {
		for (let index = 0; index < typedText.length; index++) {
			const started = performance.now();
			program.type(typedText[index] ?? '');
			await untilShown(program, composerHas(typedText.slice(0, index + 1)));
			times.push(performance.now() - started);
			await sleep(pause);
		}
		program.press(clearLine);
		await untilShown(program, lines => !composerHas('t')(lines));
	}
	return times;
};

const keyTimesInFlood = async (bench: Bench): Promise<readonly number[]> => {
	let count = 0;
	const flood = setInterval(() => {
		if (count < floodRate * floodTime * 2) say(bench, `flood ${(count += 1)} of many words that fill a line or so`);
	}, 1000 / floodRate);
	try {
		await sleep(1000);
		return await keyTimes(bench, 20);
	} finally {
		clearInterval(flood);
	}
};

const percentile = (values: readonly number[], share: number): number =>
	values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN;

const timeFigures = (name: string, times: readonly number[]): Figures => ({
	[`${name}_ms_p50`]: percentile(times, 0.5),
	[`${name}_ms_p95`]: percentile(times, 0.95),
});

/** Bytes are medians. `--rooms N`: also with so many rooms (5,000 take two minutes). */
export const benchKeys = async ({rooms}: BenchOptions): Promise<Figures> => {
	const bench = await openBench(undefined);
	const {program} = bench;
	const [typed, incoming, scrolled] = [await typedBytes(bench), await incomingBytes(bench), await scrolledBytes(bench)];
	await bytesOf(program, () => program.press(hideInbox));
	const alone = await scrolledBytes(bench);
	await bytesOf(program, () => program.press(showInbox));
	const changed = await roomBytes(bench);
	const times = await keyTimes(bench, 60);
	const flooded = await keyTimesInFlood(bench);
	await program.kill('SIGTERM');
	await bench.demo.stop();
	const figures = {
		typed_key_bytes: median(typed),
		incoming_message_bytes: median(incoming),
		scrolled_line_bytes: median(scrolled),
		scrolled_line_bytes_one_pane: median(alone),
		next_room_bytes: median(changed),
		...timeFigures('key_to_frame', times),
		...timeFigures('key_to_frame_flood', flooded),
	};
	if (rooms === undefined) return figures;
	const large = await openBench(rooms);
	const largeTimes = await keyTimes(large, 60);
	const largeFlood = await keyTimesInFlood(large);
	await large.program.kill('SIGTERM');
	await large.demo.stop();
	return {
		...figures,
		...timeFigures('key_to_frame_large', largeTimes),
		...timeFigures('key_to_frame_large_flood', largeFlood),
	};
};
