/** Runs the real mx (`dist/cli.js`, so build first): once through pipes, or in a terminal whose screen can be read. */

import {spawn as spawnProcess} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import path from 'node:path';
import {spawn as spawnInTerminal} from '@lydell/node-pty';
import headless from '@xterm/headless';
import type {Owner} from './synapse.ts';

const root = path.resolve(import.meta.dirname, '../..');
export const node = path.join(root, 'node_modules', '.bin', 'node');
const mx = path.join(root, 'dist', 'cli.js');

/** Where and how a program runs. */
export type ProgramOptions = {
	/** Becomes MX_HOME: every file of mx is below it. */
	readonly home: string;
	/** Further variables of the environment; `undefined` removes one. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** The script to run. @default dist/cli.js */
	readonly script?: string;
};

/** What came of a program that has ended. */
export type Finished = {
	/** Exit code, or 128 plus the number of the signal that ended it, as a shell tells it. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
};

/** A program in a terminal of its own (xterm). */
export type TerminalProgram = {
	readonly pid: number;
	/** The terminal's own model: cells with their colours, modes. */
	readonly terminal: headless.Terminal;
	/** Sends text as a keyboard would, each character by itself (a busy program may still read several at once). */
	readonly type: (text: string) => void;
	/** Sends these bytes in one piece, for example `'\r'`, `'\x1b[A'` or what a paste consists of. */
	readonly press: (bytes: string) => void;
	/** @returns the rows of the screen as text, without the blanks at their ends. */
	readonly lines: () => readonly string[];
	/** @returns row and column of the cursor, from 0. */
	readonly cursor: () => {readonly row: number; readonly column: number};
	/** Window title that the program has set last. */
	readonly title: () => string;
	/**
	 * Waits until the screen contains the text, matches the expression (over all rows, joined by line feeds) or passes the test.
	 *
	 * @param timeout milliseconds. @default 15000
	 * @throws Error that shows the screen, when it does not, and when the program ends before it does.
	 */
	readonly waitFor: (
		expected: string | RegExp | ((lines: readonly string[]) => boolean),
		timeout?: number,
	) => Promise<void>;
	readonly resize: (columns: number, rows: number) => void;
	/** The terminal reads nothing more that the program writes, as after Ctrl-S or on a stalled link, or does again. */
	readonly setReading: (isReading: boolean) => void;
	/** Closes the terminal, as a connection that breaks off does. */
	readonly hangUp: () => void;
	/** Ends it by a signal, SIGKILL by default, and waits until it is gone. Harmless when it is gone already. */
	readonly kill: (signal?: 'SIGKILL' | 'SIGTERM' | 'SIGHUP' | 'SIGINT' | 'SIGABRT') => Promise<Ended>;
	/** How many bytes it has written to the terminal so far. */
	readonly bytesWritten: () => number;
	/** All that it has written, escape codes included. */
	readonly output: () => string;
	/** Resolves when it has ended and all its output is on the screen. */
	readonly ended: Promise<Ended>;
};

/** How a program in a terminal has ended. */
export type Ended = {readonly code: number; readonly signal: number | undefined};

const defaultTimeout = 15_000;

export const scriptOf = ({script = mx}: ProgramOptions): string => {
	if (!existsSync(script)) {
		throw new Error(`${path.relative(root, script)} does not exist; run: npm run build`);
	}

	return script;
};

/**
 * What a developer's own environment must not decide: colours, the terminal around the test, the keyring of that person;
 * and CI (even empty) makes Ink draw nothing but its last frame.
 */
const removedVariables = new Set([
	'CI',
	'NO_COLOR',
	'FORCE_COLOR',
	'COLORTERM',
	'TERM_PROGRAM',
	'TMUX',
	'STY',
	'DBUS_SESSION_BUS_ADDRESS',
	'NODE_OPTIONS',
	'NODE_TEST_CONTEXT',
	'MX_PROFILE',
]);

export const environmentOf = ({home, env = {}}: ProgramOptions): Record<string, string> => {
	const inherited = Object.entries(process.env).filter(([name]) => !removedVariables.has(name));
	const all = {
		...Object.fromEntries(inherited),
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		MX_HOME: home,
		...env,
	};
	return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
};

/** mx at work, without a terminal. */
export type RunningProgram = {
	/** The last that it gets on stdin. */
	readonly endInput: (text?: string) => void;
	/** Writes to its stdin. Resolves when it has begun to read, if the text is longer than what a pipe holds. */
	readonly write: (text: string) => Promise<void>;
	readonly kill: (signal: NodeJS.Signals) => void;
	/** @throws Error with what it wrote so far, when it took too long. */
	readonly finished: Promise<Finished>;
};

/**
 * Starts mx without a terminal; its input stays open.
 *
 * @param options.timeout milliseconds after which it is killed. @default 60000
 */
export const startMx = (
	args: readonly string[],
	options: ProgramOptions & {readonly timeout?: number},
): RunningProgram => {
	const {timeout = 60_000} = options;
	const child = spawnProcess(node, [scriptOf(options), ...args], {env: environmentOf(options), cwd: options.home});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.on('error', () => {
		// EPIPE: it ended, or closed its input, without reading all of it; its exit code tells the rest.
	});
	const finished = new Promise<Finished>((resolve, reject) => {
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
			reject(new Error(`mx ${args.join(' ')} took more than ${timeout} ms.\n${stdout}\n${stderr}`));
		}, timeout);
		child.once('error', reject);
		child.once('close', (code, signal) => {
			clearTimeout(timer);
			resolve({code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout, stderr});
		});
	});
	return {
		endInput: (text = '') => void child.stdin.end(text),
		write: async text =>
			new Promise((resolve, reject) => {
				child.stdin.write(text, error => (error ? reject(error) : resolve()));
			}),
		kill: signal => void child.kill(signal),
		finished,
	};
};

/**
 * Runs mx to its end, without a terminal.
 *
 * @param options.stdin all of its input; without it the input is empty.
 * @param options.timeout milliseconds after which it is killed. @default 60000
 * @throws Error with what it wrote so far, when it took too long.
 */
export const runMx = async (
	args: readonly string[],
	{stdin = '', ...options}: ProgramOptions & {readonly stdin?: string; readonly timeout?: number},
): Promise<Finished> => {
	const running = startMx(args, options);
	running.endInput(stdin);
	return running.finished;
};

const readLines = (terminal: headless.Terminal): readonly string[] => {
	const {active} = terminal.buffer;
	return Array.from({length: terminal.rows}, (_, row) =>
		(active.getLine(active.baseY + row)?.translateToString() ?? '').trimEnd(),
	);
};

type Screen = {
	readonly terminal: headless.Terminal;
	readonly lines: () => readonly string[];
	readonly feed: (bytes: Buffer) => void;
	/** Calls back whenever the screen has changed, and at the end of the program. @returns how to stop that. */
	readonly watch: (look: () => void) => () => void;
	/** Resolves when all that was fed is on the screen. */
	readonly settle: () => Promise<void>;
	readonly chunks: readonly Buffer[];
};

const createScreen = (columns: number, rows: number): Screen => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
	const watchers = new Set<() => void>();
	const chunks: Buffer[] = [];
	const notify = () => watchers.forEach(look => look());
	return {
		terminal,
		lines: () => readLines(terminal),
		feed(bytes) {
			chunks.push(bytes);
			terminal.write(bytes, notify);
		},
		watch(look) {
			watchers.add(look);
			return () => watchers.delete(look);
		},
		settle: () =>
			new Promise(resolve => {
				terminal.write('', () => {
					notify();
					resolve();
				});
			}),
		chunks,
	};
};

const picture = (lines: readonly string[]): string => {
	const width = Math.max(...lines.map(line => line.length));
	return ['┌', ...lines.map(line => `│${line.padEnd(width)}│`), '└'].join('\n');
};

const matches = (lines: readonly string[], expected: Parameters<TerminalProgram['waitFor']>[0]): boolean => {
	if (typeof expected === 'function') {
		return expected(lines);
	}

	const text = lines.join('\n');
	return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
};

/** `waitFor` of a program; `state.ended` is set once the program is gone and its last output is drawn. */
const waitForScreen =
	(screen: Screen, state: {ended: Ended | undefined}): TerminalProgram['waitFor'] =>
	(expected, timeout = defaultTimeout) =>
		new Promise((resolve, reject) => {
			const what = typeof expected === 'function' ? 'what the test looks for' : String(expected);
			const finish = (settle: () => void) => {
				clearTimeout(timer);
				stopWatching();
				settle();
			};
			const fail = (reason: string) =>
				finish(() => reject(new Error(`The screen never showed ${what}: ${reason}.\n${picture(screen.lines())}`)));
			const look = () => {
				if (matches(screen.lines(), expected)) {
					finish(resolve);
				} else if (state.ended !== undefined) {
					const {code, signal = 0} = state.ended;
					fail(`the program has ended with code ${code}, signal ${signal}`);
				}
			};
			const timer = setTimeout(() => fail(`waited ${timeout} ms`), timeout);
			const stopWatching = screen.watch(look);
			look();
		});

/**
 * Starts mx in a terminal of its own, which answers the questions that programs ask a terminal. It is killed when its
 * owner ends.
 *
 * @param options.columns @default 80
 * @param options.rows @default 24
 */
export const spawnMxInTerminal = (
	owner: Owner,
	args: readonly string[],
	options: ProgramOptions & {readonly columns?: number; readonly rows?: number},
): TerminalProgram => {
	const {columns = 80, rows = 24} = options;
	const screen = createScreen(columns, rows);
	const state: {ended: Ended | undefined} = {ended: undefined};
	const pty = spawnInTerminal(node, [scriptOf(options), ...args], {
		name: 'xterm-256color',
		cols: columns,
		rows,
		cwd: options.home,
		env: environmentOf(options),
		encoding: null,
	});
	// With `encoding: null` the data are bytes, which the types of node-pty do not know.
	pty.onData(data => screen.feed(data as unknown as Buffer));
	screen.terminal.onData(reply => pty.write(reply));
	let title = '';
	screen.terminal.onTitleChange(newTitle => {
		title = newTitle;
	});
	const ended = new Promise<Ended>(resolve => {
		pty.onExit(async ({exitCode, signal}) => {
			// The last output is drawn first, so that a test sees what a person would.
			await screen.settle();
			state.ended = {code: exitCode, signal: signal || undefined};
			await screen.settle();
			resolve(state.ended);
		});
	});
	const kill: TerminalProgram['kill'] = async (signal = 'SIGKILL') => {
		if (state.ended === undefined) {
			pty.kill(signal);
		}

		return ended;
	};
	owner.after(async () => {
		await kill();
	});

	return {
		pid: pty.pid,
		terminal: screen.terminal,
		type(text) {
			for (const character of text) {
				pty.write(character);
			}
		},
		press: bytes => pty.write(bytes),
		lines: screen.lines,
		cursor: () => ({row: screen.terminal.buffer.active.cursorY, column: screen.terminal.buffer.active.cursorX}),
		title: () => title,
		waitFor: waitForScreen(screen, state),
		resize(newColumns, newRows) {
			screen.terminal.resize(newColumns, newRows);
			pty.resize(newColumns, newRows);
		},
		setReading: isReading => (isReading ? pty.resume() : pty.pause()),
		hangUp: () => (pty as unknown as {readonly destroy: () => void}).destroy(),
		kill,
		bytesWritten: () => screen.chunks.reduce((sum, chunk) => sum + chunk.length, 0),
		output: () => Buffer.concat(screen.chunks).toString('utf8'),
		ended,
	};
};
