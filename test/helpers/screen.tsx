/** Runs the real screen into a terminal in memory (xterm), with a real store and a session that only remembers. */
import {EventEmitter} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import headless from '@xterm/headless';
import type {EngineNotice, Session} from '../../source/domain/session.ts';
import {sessionMethods, type SessionMethod} from '../../source/domain/session.ts';
import type {ScreenOptions} from '../../source/ui/screen-options.ts';
import {silenceBehindPaste} from '../../source/terminal/input-source.ts';
import {startScreen, type ScreenEnd} from '../../source/ui/start.tsx';
import type {AccountReader} from '../../source/store/account-reader.ts';

/** A request that the screen made. */
export type SessionCall = {readonly method: SessionMethod; readonly params: Readonly<Record<string, unknown>>};

type Answers = Partial<{readonly [Method in SessionMethod]: (params: never) => Promise<unknown>}>;

/** Answers that the screen reads, whatever the test is about. */
const usualAnswers: Answers = {
	devicesOf: async () => ({identity: 'none', devices: []}),
	devices: async () => ({devices: []}),
	verifications: async () => ({verifications: []}),
};

/** A session that notes each request; what it does not know, it answers with an empty object. */
export const createFakeSession = (special: Answers = {}) => {
	const answers: Answers = {...usualAnswers, ...special};
	const calls: SessionCall[] = [];
	const methods = sessionMethods.map(method => [
		method,
		async (params: never) => {
			calls.push({method, params});
			const answer = answers[method];
			return answer === undefined ? {} : answer(params);
		},
	]);
	return {
		calls,
		session: Object.fromEntries(methods) as unknown as Session,
		/** @returns the parameters of all requests of one method. */
		of: (method: SessionMethod) => calls.filter(call => call.method === method).map(call => call.params),
	};
};

const silentLog = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined};

export type OpenScreenOptions = {
	readonly reader: AccountReader;
	readonly session: Session;
	readonly now?: () => number;
	readonly columns?: number;
	readonly rows?: number;
	readonly environment?: Readonly<Record<string, string>>;
	readonly onQuit?: () => Promise<void>;
	readonly openLink?: (href: string) => Promise<void>;
	readonly openFile?: (path: string) => Promise<void>;
	readonly pictures?: ScreenOptions['pictures'];
	readonly keepSetting?: ScreenOptions['keepSetting'];
	readonly settings?: ScreenOptions['settings'];
	readonly settingsProblems?: ScreenOptions['settingsProblems'];
	readonly watchSettings?: ScreenOptions['watchSettings'];
};

const createFakeInput = () =>
	Object.assign(new EventEmitter(), {
		isRaw: false,
		setRawMode(this: {isRaw: boolean}, isRaw: boolean) {
			this.isRaw = isRaw;
		},
		resume: () => undefined,
		pause: () => undefined,
	});

/** Milliseconds between two looks at the screen, and until a wait fails. */
const lookEvery = 5;
const patience = 20_000;

/** Starts the screen and waits for the first frame. */
export const openScreen = async (options: OpenScreenOptions) => {
	const {columns = 80, rows = 24, environment = {TERM: 'xterm-256color', COLORTERM: 'truecolor'}} = options;
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 100});
	terminal.write('$ mx\r\n');
	let bytes = 0;
	let output = '';
	const restored: string[] = [];
	/** What a slow link has not carried yet. */
	let isHeld = false;
	const waiting: {
		readonly chunk: string;
		left: number;
		readonly callback: ((error?: Error | null) => void) | undefined;
	}[] = [];
	const problems: unknown[] = [];
	const stdout = Object.assign(new EventEmitter(), {
		columns,
		rows,
		writableLength: 0,
		write(chunk: string, callback?: (error?: Error | null) => void) {
			bytes += Buffer.byteLength(chunk);
			output += chunk;
			if (isHeld && chunk !== '') {
				waiting.push({chunk, left: Buffer.byteLength(chunk), callback});
				stdout.writableLength += Buffer.byteLength(chunk);
				return false;
			}
			// A terminal turns a line feed into a carriage return and a line feed.
			terminal.write(chunk.replaceAll('\n', '\r\n'), () => callback?.());
			return true;
		},
	});
	const stdin = createFakeInput();
	const kills: string[] = [];
	const process = Object.assign(new EventEmitter(), {
		pid: 1,
		exit: () => undefined,
		kill: (_: number, signal: string) => kills.push(signal),
	});
	const listeners = new Set<(notice: EngineNotice) => void>();
	const firstFrame = Promise.withResolvers<void>();
	const ended: Promise<ScreenEnd> = startScreen({
		reader: options.reader,
		session: options.session,
		subscribe: listener => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		account: {userId: '@alice:one.test', homeserver: 'https://one.test'},
		environment,
		stdin,
		stdout,
		onFirstFrame: firstFrame.resolve,
		keepSetting: options.keepSetting,
		settings: options.settings,
		settingsProblems: options.settingsProblems,
		watchSettings: options.watchSettings,
		onQuit: options.onQuit ?? (async () => undefined),
		openLink: options.openLink,
		openFile: options.openFile,
		pictures: options.pictures,
		log: {...silentLog, error: (area, message, fields) => void problems.push({area, message, fields})},
		now: options.now ?? Date.now,
		writeSync: chunk => {
			restored.push(Buffer.from(chunk).toString());
			terminal.write(chunk);
			return chunk.length;
		},
		process,
		report: sentence => problems.push(sentence),
	});
	await firstFrame.promise;
	const flushed = async () =>
		new Promise<void>(resolve => {
			terminal.write('', resolve);
		});
	await flushed();

	/** Carries so many bytes. */
	const carry = async (count: number): Promise<void> => {
		let left = count;
		for (let [first] = waiting; first !== undefined && left > 0; [first] = waiting) {
			const part = Math.min(left, first.left);
			left -= part;
			first.left -= part;
			stdout.writableLength -= part;
			if (first.left > 0) break;
			waiting.shift();
			terminal.write(first.chunk.replaceAll('\n', '\r\n'));
			first.callback?.();
		}
		await flushed();
	};

	const lines = (): readonly string[] => {
		const {active} = terminal.buffer;
		return Array.from(
			{length: terminal.rows},
			(_, row) =>
				active
					.getLine(active.viewportY + row)
					?.translateToString(true)
					.trimEnd() ?? '',
		);
	};

	const waitFor = async (expected: string | RegExp | ((lines: readonly string[]) => boolean)): Promise<void> => {
		const matches = (): boolean => {
			const shown = lines();
			if (typeof expected === 'function') return expected(shown);
			const all = shown.join('\n');
			return typeof expected === 'string' ? all.includes(expected) : expected.test(all);
		};
		const end = Date.now() + patience;
		while (!matches()) {
			if (Date.now() > end) throw new Error(`Waited in vain for ${String(expected)}:\n${lines().join('\n')}`);
			await new Promise(resolve => void setTimeout(resolve, lookEvery));
		}
		await flushed();
	};

	return {
		lines,
		waitFor,
		ended: ended.then(async end => {
			await flushed();
			return end;
		}),
		kills,
		process,
		stdin,
		/** Errors that were logged or reported. */
		problems,
		/** What was written around the stream, to restore the terminal. */
		restored,
		output: () => output,
		/** Writes to the terminal past the screen. */
		scribble: (text: string) => terminal.write(text),
		/** @returns the column of the last occurrence of a character in each row that has it, in cells. */
		columnsOf(character: string): readonly number[] {
			const {active} = terminal.buffer;
			return Array.from({length: terminal.rows}, (_, row) => {
				const line = active.getLine(active.viewportY + row);
				const cells = Array.from({length: terminal.cols}, (_, column) => line?.getCell(column)?.getChars());
				return cells.lastIndexOf(character);
			}).filter(column => column !== -1);
		},
		bytesWritten: () => bytes,
		/** From now on the link carries only what `carry` lets it, or all again. */
		hold(isNowHeld: boolean) {
			isHeld = isNowHeld;
		},
		carry,
		/** Bytes that the link has not carried yet. */
		backlog: () => stdout.writableLength,
		cursor: () => ({row: terminal.buffer.active.cursorY, column: terminal.buffer.active.cursorX}),
		isAlternate: () => terminal.buffer.active.type === 'alternate',
		/** Bytes as one read of the terminal. */
		press: (keys: string) => void stdin.emit('data', Buffer.from(keys)),
		/** Pastes a text, and comes back when keys are keys again. */
		async paste(text: string) {
			stdin.emit('data', Buffer.from(`\u001B[200~${text}\u001B[201~`));
			// Timers of the same length end in the order in which they began.
			await sleep(silenceBehindPaste);
		},
		notify(notice: EngineNotice) {
			for (const listener of listeners) listener(notice);
		},
		resize(nextColumns: number, nextRows: number) {
			terminal.resize(nextColumns, nextRows);
			Object.assign(stdout, {columns: nextColumns, rows: nextRows});
			stdout.emit('resize');
		},
		/** Leaves by `/quit`'s way, for the end of a test. */
		async close() {
			process.emit('SIGTERM');
			await ended;
		},
	};
};

export type OpenedScreen = Awaited<ReturnType<typeof openScreen>>;
