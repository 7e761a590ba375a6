/** Runs the linear view in the process of a test, with a real store and a session of the test's: lines in, lines out. */
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {afterEach, beforeEach} from 'node:test';
import type {EngineNotice, Session} from '../../source/domain/session.ts';
import type {AccountReader} from '../../source/store/account-reader.ts';
import {startPlain} from '../../source/ui/start-plain.ts';
import {createFakeSession} from '../helpers/screen.tsx';
import {storingAnswers} from './message-session.ts';
import {me, now, openSampleAccount, type SampleAccount} from './sample-account.ts';

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

/** Gives each test of a file an empty account and the linear view on it; both are closed after it. */
export const setUpPlain = () => {
	let account: SampleAccount;
	let opened: OpenedPlain | undefined;
	beforeEach(() => {
		account = openSampleAccount();
	});
	afterEach(async () => {
		await opened?.close();
		assert.deepEqual(opened?.problems ?? [], []);
		opened = undefined;
		account.close();
	});
	const open = async (
		options: {readonly isEchoed?: boolean; readonly answers?: Parameters<typeof createFakeSession>[0]} = {},
	) => {
		const {answers, ...rest} = options;
		const loadOlder = async () => ({hasMore: false});
		const fake = createFakeSession({loadOlder, ...storingAnswers(account), ...answers});
		const plain = await openPlain({reader: account.reader, session: fake.session, ...rest});
		opened = plain;
		return {plain, fake};
	};
	return {
		get account(): SampleAccount {
			return account;
		},
		open,
		/** Opens the lunch. */
		openLunch: async (options: Parameters<typeof open>[0] = {}) => {
			const both = await open(options);
			await both.plain.say('/go Sunday lunch', 'the salad, please');
			return both;
		},
	};
};
