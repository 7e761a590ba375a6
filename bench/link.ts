/**
 * A link of 6 KB/s, at 120×40 on the account of the demo, with twenty messages a second in the open room: for how long the event
 * loop of the screen is blocked, how much is written, and how late the newest message is seen.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {startDemo} from '../source/demo/demo.ts';
import {perform} from '../source/demo/people/perform.ts';
import type {TerminalProgram} from '../test/helpers/program.ts';
import {atExit} from './account.ts';
import {createFreshHome} from './fresh-home.ts';
import {startMeasuredScreen} from './measured-process.ts';
import type {BenchOptions, Figures} from './run.ts';

/** A busy room of the demo, and who speaks there. */
const [room, title, speaker] = ['lighthouse', '#lighthouse', 'pelle'];
/** Bytes a second; messages a second, and for how many seconds. */
const [usualRate, messageRate, seconds] = [6000, 20, 8];
/** Milliseconds. */
const [step, patience] = [20, 60_000];

/** The terminal reads no more than so many bytes a second, until told otherwise. */
const limit = (program: TerminalProgram, rate: number): (() => void) => {
	const began = performance.now();
	const before = program.bytesWritten();
	const timer = setInterval(() => {
		const allowed = before + (rate * (performance.now() - began)) / 1000;
		program.setReading(program.bytesWritten() < allowed);
	}, step);
	return () => {
		clearInterval(timer);
		program.setReading(true);
	};
};

/** `--rate N`: bytes a second. */
export const benchLink = async ({rate = usualRate}: BenchOptions): Promise<Figures> => {
	const demo = await startDemo({script: []});
	atExit.after(async () => demo.stop());
	const {home} = await createFreshHome({...demo.account, ...demo.signIn('bench'), homeserver: demo.url});
	const measured = await startMeasuredScreen(home);
	const {program} = measured;
	const isShown = async (text: string): Promise<void> =>
		program.waitFor(lines => lines.some(line => line.includes(text)), patience);
	await isShown(title);
	await sleep(4000);
	program.type('/go #lighthouse');
	program.press('\r');
	await program.waitFor(lines => (lines[1] ?? '').includes(title), patience);
	await sleep(2000);

	const before = program.bytesWritten();
	const release = limit(program, rate);
	await measured.watch();
	const count = messageRate * seconds;
	for (let index = 1; index <= count; index++) {
		perform(
			demo.stage,
			{say: `message ${index} of many words that fill a line or so`, from: speaker},
			{room, time: Date.now()},
		);
		await sleep(1000 / messageRate);
	}
	const said = performance.now();
	await isShown(`message ${count} of`);
	const late = performance.now() - said;
	const {blockedMax, blockedP99} = await measured.measure();
	const bytes = program.bytesWritten() - before;
	release();
	await measured.stop();
	await demo.stop();
	return {link_blocked_ms_max: blockedMax, link_blocked_ms_p99: blockedP99, link_newest_ms: late, link_bytes: bytes};
};
