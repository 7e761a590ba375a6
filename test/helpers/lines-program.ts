/** Runs the real mx (`dist/cli.js`, so build first) through pipes, line by line: what it says is waited for before the next line is typed. */
import {spawn} from 'node:child_process';
import {environmentOf, node, scriptOf, type ProgramOptions} from './program.ts';
import type {Owner} from './synapse.ts';

export type LinesProgram = {
	/** Types a line. */
	readonly type: (line: string) => void;
	/**
	 * Types a line, and waits until this is said after it.
	 * @throws Error with all that was said, when it is not, and when the program ends before
	 */
	readonly say: (line: string, expected: string | RegExp) => Promise<void>;
	/** As `say`, for what comes by itself behind what was waited for last. */
	readonly waitFor: (expected: string | RegExp) => Promise<void>;
	/** Everything on stdout. */
	readonly output: () => string;
	/** The same, with what was typed where it was typed, behind `> `. */
	readonly transcript: () => string;
	/** The input ends; @param rest what stands in it without a line break */
	readonly end: (rest?: string) => void;
	/** Exit code. */
	readonly ended: Promise<number>;
};

/** Milliseconds until a wait fails. */
const patience = 60_000;

/** It is killed when its owner ends. */
export const spawnMxLines = (owner: Owner, args: readonly string[], options: ProgramOptions): LinesProgram => {
	const child = spawn(node, [scriptOf(options), ...args], {env: environmentOf(options), cwd: options.home});
	let output = '';
	let transcript = '';
	let errors = '';
	let seen = 0;
	const watchers = new Set<() => void>();
	const notify = (): void => watchers.forEach(look => look());
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		transcript += text;
		notify();
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errors += text;
	});
	child.stdin.on('error', () => {
		// It ended without reading all of it; its exit code tells the rest.
	});
	const {promise: ended, resolve, reject} = Promise.withResolvers<number>();
	let isOver = false;
	child.once('error', reject);
	child.once('close', code => {
		isOver = true;
		notify();
		resolve(code ?? -1);
	});
	owner.after(async () => {
		child.kill('SIGKILL');
		await ended;
	});

	const waitFor = (expected: string | RegExp): Promise<void> => {
		const done = Promise.withResolvers<void>();
		const give = (why: string): void =>
			done.reject(new Error(`${why} in vain for ${String(expected)}:\n${output}\n${errors}`));
		const look = (): void => {
			const said = output.slice(seen);
			const at = typeof expected === 'string' ? said.indexOf(expected) : said.search(expected);
			if (at !== -1) done.resolve();
			else if (isOver) give('It ended, and was waited for');
		};
		const timer = setTimeout(give, patience, 'Waited');
		watchers.add(look);
		look();
		return done.promise.finally(() => {
			clearTimeout(timer);
			watchers.delete(look);
		});
	};

	const type = (line: string): void => {
		seen = output.length;
		transcript += `> ${line}\n`;
		child.stdin.write(`${line}\n`);
	};

	return {
		type,
		waitFor,
		say: async (line, expected) => {
			type(line);
			await waitFor(expected);
		},
		output: () => output,
		transcript: () => transcript,
		end: (rest = '') => void child.stdin.end(rest),
		ended,
	};
};
