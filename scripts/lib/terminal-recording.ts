/** Runs mx in a terminal, presses keys, and keeps the screen that each of them led to. */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createOwner} from '../../test/helpers/owner.ts';
import {spawnMxInTerminal, type TerminalProgram} from '../../test/helpers/program.ts';
import type {Frame} from './terminal-animation.ts';
import type {Caption} from './terminal-picture.ts';
import {watchScreen, type Screen} from './terminal-screen.ts';

/** What is done, and what is then waited for. Without keys it waits for what happens by itself. */
export type Step = {
	/** Bytes that go in at once: one key. */
	readonly press?: string;
	/** Text that goes in character by character, each a frame; `until` is for the last. */
	readonly type?: string;
	/** What the whole screen (rows joined by line feeds) must show. All that may still change has to be in it. */
	readonly until: RegExp;
	/** How long the screen stays in a recording; of typed text the last one. */
	readonly seconds: number;
	/** The picture that is made of this screen. */
	readonly picture?: PictureOf;
};

/** Name of the file, without its ending, and what the picture says about itself. */
export type PictureOf = Caption & {readonly name: string};

export type Recording = {
	readonly columns: number;
	readonly rows: number;
	readonly steps: readonly Step[];
};

/** Milliseconds that one step may take. */
const patience = 20_000;
const secondsPerCharacter = 0.07;
const interrupt = '\u0003';

export type RecordedFrame = Frame & {readonly picture?: PictureOf};

/** mx while it runs, and how to read its screen. */
type Recorded = {readonly program: TerminalProgram; readonly readScreen: () => Screen};

/** Waits for the screen and keeps it at that moment, never in the middle of a frame of the program (mode 2026). */
const catchScreen = async (
	{program, readScreen}: Recorded,
	what: string,
	isReached: (lines: readonly string[]) => boolean,
): Promise<Screen> => {
	let screen: Screen | undefined;
	const look = (lines: readonly string[]): boolean => {
		const isWhole = !program.terminal.modes.synchronizedOutputMode;
		if (screen === undefined && isWhole && isReached(lines)) screen = readScreen();
		return screen !== undefined;
	};
	try {
		await program.waitFor(look, patience);
	} catch (error) {
		throw new Error(`No screen for a picture: ${what}`, {cause: error});
	}
	return screen ?? readScreen();
};

const takeStep = async (
	recorded: Recorded,
	{press, type, until, seconds, picture}: Step,
): Promise<readonly RecordedFrame[]> => {
	const {program} = recorded;
	const frames: RecordedFrame[] = [];
	const typed = Array.from(type ?? '');
	for (const [index, character] of typed.slice(0, -1).entries()) {
		const text = typed.slice(0, index + 1).join('');
		// By cells: beside it may be wide characters.
		const isTyped = (): boolean => {
			const {row, column} = program.cursor();
			const {active} = program.terminal.buffer;
			return (
				active
					.getLine(active.baseY + row)
					?.translateToString(false, 0, column)
					.endsWith(text) === true
			);
		};
		program.press(character);
		frames.push({screen: await catchScreen(recorded, `type ${text}`, isTyped), seconds: secondsPerCharacter});
	}
	const last = press ?? typed.at(-1);
	if (last !== undefined) program.press(last);
	const screen = await catchScreen(recorded, until.source, lines => until.test(lines.join('\n')));
	frames.push({screen, seconds, ...(picture === undefined ? {} : {picture})});
	return frames;
};

/**
 * @param words what mx is started with
 * @returns a frame a step, and one a typed character.
 * @throws Error that shows the screen, when a step does not lead where it should.
 */
export const recordTerminal = async (
	words: readonly string[],
	recording: Recording,
): Promise<readonly RecordedFrame[]> => {
	const owner = createOwner();
	const home = await mkdtemp(path.join(tmpdir(), 'mx-picture-'));
	try {
		const {columns, rows} = recording;
		const program = spawnMxInTerminal(owner, words, {
			home,
			columns,
			rows,
			env: {COLORTERM: 'truecolor'},
		});
		const readScreen = watchScreen(program.terminal);
		const frames: RecordedFrame[] = [];
		for (const step of recording.steps) frames.push(...(await takeStep({program, readScreen}, step)));
		program.press(interrupt);
		program.press(interrupt);
		await program.ended;
		return frames;
	} finally {
		await owner.end();
		await rm(home, {recursive: true, force: true});
	}
};
