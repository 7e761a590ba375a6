/** A real tmux with a shell in it: keys go in as tmux sends them, and the screen comes out as tmux shows it. */
import {execFileSync, spawnSync} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {needsProgram} from './needs-program.ts';
import type {Owner} from './synapse.ts';

const root = path.resolve(import.meta.dirname, '../..');
const node = path.join(root, 'node_modules', '.bin', 'node');
const mx = path.join(root, 'dist', 'cli.js');

/** @returns options of a test that needs tmux. */
export const needsTmux = () => needsProgram('tmux', '-V', 'the tests in a real multiplexer are');

export type TmuxOptions = {
	/** Becomes MX_HOME. */
	readonly home: string;
	readonly columns: number;
	readonly rows: number;
};

const patience = 20_000;
const lookEvery = 50;
let count = 0;

/** Starts tmux and a shell, and ends both with the owner. */
export const openTmux = (owner: Owner, {home, columns, rows}: TmuxOptions) => {
	count += 1;
	const socket = `mx-test-${process.pid}-${count}`;
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		MX_HOME: home,
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		TERM: 'xterm-256color',
		TMUX_TMPDIR: home,
	};
	const tmux = (...args: readonly string[]): string =>
		execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], {env, encoding: 'utf8'});
	tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '/bin/sh');
	owner.after(async () => {
		spawnSync('tmux', ['-L', socket, 'kill-server'], {env});
	});
	// The shell sets its own prompt when it starts.
	tmux('send-keys', "PS1='shell> '; clear", 'Enter');

	const lines = (): readonly string[] =>
		tmux('capture-pane', '-p')
			.split('\n')
			.map(line => line.trimEnd());
	const waitFor = async (expected: string | RegExp | ((lines: readonly string[]) => boolean)): Promise<void> => {
		const matches = (): boolean => {
			const shown = lines();
			if (typeof expected === 'function') return expected(shown);
			return typeof expected === 'string' ? shown.join('\n').includes(expected) : expected.test(shown.join('\n'));
		};
		for (const end = Date.now() + patience; !matches(); await sleep(lookEvery))
			if (Date.now() > end) throw new Error(`tmux never showed ${String(expected)}:\n${lines().join('\n')}`);
	};
	return {
		tmux,
		lines,
		waitFor,
		/** Keys by the names of tmux, or text; in one write. */
		press: (...keys: readonly string[]): void => void tmux('send-keys', ...keys),
		/** Bytes as they are. */
		send: (bytes: string): void =>
			void tmux('send-keys', '-H', ...Array.from(Buffer.from(bytes), byte => byte.toString(16))),
		/** @returns a variable of the pane or window, e.g. `pane_title`. */
		value: (name: string): string => tmux('display-message', '-p', `#{${name}}`).trim(),
		startMx: (): void => void tmux('send-keys', `${node} ${mx}`, 'Enter'),
	};
};
