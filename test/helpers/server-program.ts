/** Programs that run beside a test: IRC servers, bridges. They end with the test, and with its process. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import type {Owner} from './synapse.ts';

/** Milliseconds; a start takes a second or two. */
const startLimit = 60_000;

/** Its stdin is ours: it closes when our process ends, however that may be, and takes the program along. */
const launcher = '"$@" & child=$!; cat >/dev/null; kill $child; wait $child';

/**
 * Starts a program, and waits until it says that it is ready; it is stopped when its owner ends.
 * @param command the program and its arguments
 * @param isReady whether what it has printed so far says so
 * @throws Error with what it printed, where it does not within a minute
 * @returns what it has printed so far
 */
export const startProgram = async (
	owner: Owner,
	command: readonly string[],
	isReady: (output: string) => boolean,
): Promise<() => string> => {
	const child = spawn('sh', ['-c', launcher, 'sh', ...command], {stdio: ['pipe', 'pipe', 'pipe']});
	let output = '';
	const ready = Promise.withResolvers<void>();
	const fail = (reason: string): void =>
		ready.reject(new Error(`${command[0]} did not start: ${reason}.\n${output.slice(-3000)}`));
	const collect = (chunk: Buffer): void => {
		output += chunk.toString();
		if (isReady(output)) ready.resolve();
	};
	child.stdout.on('data', collect);
	child.stderr.on('data', collect);
	child.on('error', error => fail(error.message));
	const ended = once(child, 'close');
	owner.after(async () => {
		child.stdin.end();
		await ended;
	});
	const timer = setTimeout(() => fail('it did not get ready'), startLimit);
	try {
		await ready.promise;
	} finally {
		clearTimeout(timer);
	}
	return () => output;
};

/** @returns whether this process is root, from which a server has to step down. */
export const isRoot = (): boolean => process.getuid?.() === 0;
