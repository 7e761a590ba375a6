/** A process that prints what it has done until it is killed without warning. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {TestContext} from 'node:test';

export type KilledProcess = {
	/** The lines that it has printed so far. */
	readonly lines: readonly string[];
	/** Resolves when there are this many lines. */
	waitFor(count: number): Promise<void>;
	/** Ends it as `kill -9` does. Resolves when its last line is read and the system has let go of its locks. */
	kill(): Promise<void>;
};

/** Starts a script with the file as its argument. */
export const startProcess = (context: TestContext, script: URL, file: string): KilledProcess => {
	const child = spawn(process.execPath, [fileURLToPath(script), file], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	context.after(() => child.kill('SIGKILL'));
	const lines: string[] = [];
	const reader = createInterface({input: child.stdout});
	const ended = Promise.all([once(reader, 'close'), once(child, 'exit')]);
	reader.on('line', line => lines.push(line));
	return {
		lines,
		waitFor: async count => {
			while (lines.length < count) {
				await Promise.race([once(reader, 'line'), ended]);
				assert.equal(child.exitCode, null, 'the process has ended by itself');
			}
		},
		kill: async () => {
			child.kill('SIGKILL');
			await ended;
		},
	};
};
