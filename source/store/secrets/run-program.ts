/** Runs a program to its end with a time limit, without a shell; secrets go through its pipes only. */
import {spawn} from 'node:child_process';

/** What to run. */
export type Program = {
	/** Program and arguments. */
	readonly command: readonly string[];
	/** Text for its stdin; without one it has no input. */
	readonly input?: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Milliseconds until SIGKILL. */
	readonly timeout: number;
	/** Where its stderr goes: a password manager may ask there. */
	readonly stderr: 'ignore' | 'inherit';
};

/** How it ended. */
export type ProgramEnd =
	| {readonly kind: 'exited'; readonly code: number; readonly output: string}
	| {readonly kind: 'killed'; readonly signal: string}
	| {readonly kind: 'timeout'}
	| {readonly kind: 'not-started'; readonly reason: string};

/** More output than this is not a key. Bytes. */
const maximumOutput = 65_536;

/** A child has no use for mx's own secrets. */
const withoutSecrets = (environment: Program['environment']): NodeJS.ProcessEnv => {
	const {MX_KEY: _key, ...rest} = environment;
	return rest;
};

/** Runs the program. Never rejects. Its output is kept up to 64 KiB. */
export const runProgram = async (program: Program): Promise<ProgramEnd> => {
	const [file, ...parameters] = program.command;
	if (file === undefined) return {kind: 'not-started', reason: 'the command is empty'};
	return new Promise(resolve => {
		const child = spawn(file, parameters, {
			env: withoutSecrets(program.environment),
			stdio: [program.input === undefined ? 'ignore' : 'pipe', 'pipe', program.stderr],
		});
		let isTimeout = false;
		const timer = setTimeout(() => {
			isTimeout = true;
			child.kill('SIGKILL');
			// A grandchild may hold the pipe open: do not wait for its end.
			child.stdout?.destroy();
		}, program.timeout);
		const chunks: Buffer[] = [];
		let size = 0;
		child.stdout?.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size <= maximumOutput) chunks.push(chunk);
		});
		// It may end without reading its input; its exit code says why.
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(program.input);
		const end = (result: ProgramEnd): void => {
			clearTimeout(timer);
			resolve(isTimeout ? {kind: 'timeout'} : result);
		};
		child.on('error', error => end({kind: 'not-started', reason: error.message}));
		child.on('close', (code, signal) => {
			const output = Buffer.concat(chunks).toString('utf8');
			end(code === null ? {kind: 'killed', signal: signal ?? 'unknown'} : {kind: 'exited', code, output});
		});
	});
};
