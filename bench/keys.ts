/** How many bytes a typed key and an incoming message cost on the wire, at 120×40. */
import {setTimeout as sleep} from 'node:timers/promises';
import {spawnMxInTerminal, type TerminalProgram} from '../test/helpers/program.ts';
import {atExit, openBenchAccount, sendText} from './account.ts';
import {median} from './figures.ts';
import type {Figures} from './run.ts';

const keys = 'the quick brown fox jumps over the lazy dog';
const messageCount = 21;
/** Alt-Down: opens the first room of the list, the one with the newest message. */
const nextRoom = '\u001B[1;3B';
/** Milliseconds without output after which a repaint is over. */
const quiet = 150;
/** Milliseconds after which what is waited for will not come. */
const patience = 30_000;

/** @returns the bytes written from now until nothing is written any more. */
const bytesAfter = async (
	program: TerminalProgram,
	action: () => Promise<void> | void,
	isDone: () => boolean,
): Promise<number> => {
	const before = program.bytesWritten();
	await action();
	for (const started = performance.now(); !isDone(); await sleep(5)) {
		if (performance.now() - started > patience) throw new Error(`Not seen:\n${program.lines().join('\n')}`);
	}
	for (let last = -1; last !== program.bytesWritten();) {
		last = program.bytesWritten();
		await sleep(quiet);
	}
	return program.bytesWritten() - before;
};

const shows = (program: TerminalProgram, text: string): boolean => program.lines().some(line => line.includes(text));

/** `typed_key_bytes`, `incoming_message_bytes` (medians) and their maxima. */
export const benchKeys = async (): Promise<Figures> => {
	const {home, roomIds, other} = await openBenchAccount(40);
	const program = spawnMxInTerminal(atExit, [], {home, columns: 120, rows: 40});
	await program.waitFor(/Room number 39/);
	program.press(nextRoom);
	await program.waitFor(/Enter sends/);
	// Until the engine is connected the status line may still change.
	await bytesAfter(
		program,
		() => sleep(3000),
		() => true,
	);
	const typed: number[] = [];
	for (let index = 0; index < keys.length; index++) {
		const text = keys.slice(0, index + 1);
		typed.push(
			await bytesAfter(
				program,
				() => program.type(keys[index] ?? ''),
				() => shows(program, text.trimEnd()),
			),
		);
	}
	const incoming: number[] = [];
	const open = roomIds.at(-1) ?? '';
	for (let index = 0; index < messageCount; index++) {
		const text = `incoming message number ${index} with a few words`;
		incoming.push(
			await bytesAfter(
				program,
				() => sendText(other, open, text),
				() => shows(program, `number ${index} with`),
			),
		);
	}
	await program.kill('SIGTERM');
	return {
		typed_key_bytes: median(typed),
		incoming_message_bytes: median(incoming),
		typed_key_bytes_max: Math.max(...typed),
		incoming_message_bytes_max: Math.max(...incoming),
	};
};
