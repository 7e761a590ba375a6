/** Runs the linear view in the process of a test, with a real store and a session of the test's: lines in, lines out. */
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import type {EngineNotice, Session} from '../../source/domain/session.ts';
import type {AccountReader} from '../../source/store/account-reader.ts';
import {startPlain} from '../../source/ui/start-plain.ts';
import {me, now} from './sample-account.ts';

export type OpenPlainOptions = {
	readonly reader: AccountReader;
	readonly session: Session;
	/** What is typed is seen where it is typed. @default false */
	readonly isEchoed?: boolean;
	readonly startRoom?: string;
};

/** Milliseconds between two looks, and until a wait fails. */
const lookEvery = 5;
const patience = 8000;

const silentLog = {debug: () => undefined, info: () => undefined, warn: () => undefined};

export const openPlain = async ({reader, session, isEchoed = false, startRoom}: OpenPlainOptions) => {
	const stdin = new PassThrough();
	const problems: unknown[] = [];
	let output = '';
	const stdout = Object.assign(new EventEmitter(), {
		columns: 80,
		rows: 24,
		writableLength: 0,
		write(chunk: string) {
			output += chunk;
			return true;
		},
	});
	const listeners = new Set<(notice: EngineNotice) => void>();
	const started = Promise.withResolvers<void>();
	const process = Object.assign(new EventEmitter(), {pid: 1, exit: () => undefined, kill: () => undefined});
	const ended = startPlain({
		reader,
		session,
		isEchoed,
		startRoom,
		subscribe: listener => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		account: {userId: me, homeserver: 'https://one.test'},
		environment: {},
		stdin,
		stdout,
		onFirstFrame: started.resolve,
		onQuit: async () => undefined,
		log: {...silentLog, error: (area, message, fields) => void problems.push({area, message, fields})},
		now: () => now,
		process,
		report: sentence => problems.push(sentence),
	});
	await started.promise;
	let seen = 0;

	const said = (): string => output.slice(seen);

	const waitFor = async (expected: string | RegExp): Promise<void> => {
		const end = Date.now() + patience;
		const matches = (): boolean => (typeof expected === 'string' ? said().includes(expected) : expected.test(said()));
		while (!matches()) {
			if (Date.now() > end) throw new Error(`Waited in vain for ${String(expected)}:\n${output}`);
			await new Promise(resolve => void setTimeout(resolve, lookEvery));
		}
	};

	return {
		problems,
		ended,
		/** Everything that was said. */
		output: () => output,
		/** What was said since the last line that was typed. */
		said,
		waitFor,
		/** Types a line. */
		type(line: string): void {
			seen = output.length;
			stdin.write(`${line}\n`);
		},
		/** Types a line, and waits until this is said. */
		async say(line: string, expected: string | RegExp): Promise<void> {
			seen = output.length;
			stdin.write(`${line}\n`);
			await waitFor(expected);
		},
		/** The input ends; @param rest what stands in it without a line break */
		end: (rest = '') => void stdin.end(rest),
		notify(notice: EngineNotice) {
			for (const listener of listeners) listener(notice);
		},
		/** Rows of the store changed. */
		tell() {
			seen = output.length;
			for (const listener of listeners) listener({kind: 'changed', rids: 'all', isListChanged: true});
		},
		async close() {
			process.emit('SIGTERM');
			await ended;
		},
	};
};

export type OpenedPlain = Awaited<ReturnType<typeof openPlain>>;
