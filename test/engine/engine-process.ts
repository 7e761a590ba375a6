/** Runs an engine in a process of its own, which can be killed without warning. */
import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {isObject, type JsonObject} from '../../source/domain/json.ts';
import {sessionProxy} from '../../source/domain/session-proxy.ts';
import type {EngineNotice, Session} from '../../source/domain/session.ts';
import type {EngineHome} from '../helpers/engine.ts';
import type {Owner} from '../helpers/synapse.ts';
import type {Crash} from './crash-trigger.ts';

const program = path.resolve(import.meta.dirname, '../end-to-end/programs/engine-process.ts');

export type EngineProcess = {
	readonly pid: number;
	readonly session: Session;
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	readonly notices: readonly EngineNotice[];
	/** Resolves when it owns the account; rejects with the refusal, or when it ended before. */
	readonly opened: Promise<void>;
	/** Resolves when it is in step with the server. */
	readonly caughtUp: Promise<void>;
	/** Resolves when it is gone. */
	readonly ended: Promise<void>;
	/** `kill -9`; resolves when it is gone. */
	readonly kill: () => Promise<void>;
	/** What its memory holds after garbage was collected. */
	readonly measureMemory: () => Promise<NodeJS.MemoryUsage>;
	/** Ends it in order; resolves when it is gone. */
	readonly stop: () => Promise<void>;
	/** Changes a preference, as the screen does. */
	readonly setTheme: (theme: string) => void;
};

export type ProcessOptions = {
	readonly mode?: 'live' | 'one-shot';
	readonly isNew?: boolean;
	/** Where it is to kill itself. */
	readonly crash?: Crash;
	/** Whether it waits for the keys of messages half a second instead of five minutes. @default false */
	readonly isHastened?: boolean;
};

const ignoreLater = <Promised extends Promise<unknown>>(promise: Promised): Promised => {
	// Who does not wait for it must not end by its failure.
	promise.catch(() => undefined);
	return promise;
};

const receiveOver = (child: ChildProcess) => {
	const opened = Promise.withResolvers<void>();
	const caughtUp = Promise.withResolvers<void>();
	const listeners = new Set<(notice: EngineNotice) => void>();
	const notices: EngineNotice[] = [];
	let memory = Promise.withResolvers<NodeJS.MemoryUsage>();
	const waiting = new Map<number, {resolve: (value: unknown) => void; reject: (error: Error) => void}>();

	const settle = (reply: JsonObject): void => {
		const caller = waiting.get(Number(reply['id']));
		waiting.delete(Number(reply['id']));
		if (reply['ok'] === true) caller?.resolve(reply['result']);
		else caller?.reject(new Error(JSON.stringify(reply['error'])));
	};

	child.on('message', message => {
		if (!isObject(message)) return;
		if (message['notice'] !== undefined) {
			const notice = message['notice'] as EngineNotice;
			notices.push(notice);
			for (const listener of listeners) listener(notice);
		} else if (message['state'] === 'open') opened.resolve();
		else if (message['state'] === 'caught-up') caughtUp.resolve();
		else if (message['state'] === 'refused') opened.reject(new Error(JSON.stringify(message)));
		else if (message['memory'] !== undefined) memory.resolve(message['memory'] as unknown as NodeJS.MemoryUsage);
		else settle(message);
	});
	child.once('exit', () => {
		const gone = new Error('The engine process has ended.');
		opened.reject(gone);
		caughtUp.reject(gone);
		for (const caller of waiting.values()) caller.reject(gone);
		for (const listener of listeners) listener({kind: 'changed', rids: 'all', isListChanged: true});
	});

	let lastId = 0;
	return {
		notices,
		async nextMemory(): Promise<NodeJS.MemoryUsage> {
			memory = Promise.withResolvers();
			return memory.promise;
		},
		opened: ignoreLater(opened.promise),
		caughtUp: ignoreLater(caughtUp.promise),
		subscribe: (listener: (notice: EngineNotice) => void) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		session: sessionProxy(
			async (method, params) =>
				new Promise((resolve, reject) => {
					const id = ++lastId;
					waiting.set(id, {resolve, reject});
					child.send({id, method, params}, error => error && reject(error));
				}),
		),
	};
};

/** Loads the program, which takes the most time of a start, and waits for a home. */
const loadProgram = (owner: Owner): ((home: EngineHome, options: ProcessOptions) => EngineProcess) => {
	const child = fork(program, [], {
		execArgv: ['--expose-gc'],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const exit = once(child, 'exit').then(() => undefined);
	const kill = async (): Promise<void> => {
		child.kill('SIGKILL');
		await exit;
	};
	owner.after(kill);
	return (home, {mode = 'live', isNew = false, crash, isHastened}) => {
		const received = receiveOver(child);
		child.send({home, mode, isNew, crash, isHastened});
		return {
			pid: child.pid ?? 0,
			...received,
			ended: exit,
			kill,
			async measureMemory() {
				child.send({measure: true}, () => undefined);
				return received.nextMemory();
			},
			async stop() {
				child.send({stop: true}, () => undefined);
				await exit;
			},
			setTheme: theme => child.send({theme}, () => undefined),
		};
	};
};

/** Starts it; it is killed when its owner ends. */
export const startEngineProcess = (owner: Owner, home: EngineHome, options: ProcessOptions = {}): EngineProcess =>
	loadProgram(owner)(home, options);

/** @returns like `startEngineProcess`, but the next process is always loaded already: for those who kill many. */
export const createProcessStarter = (owner: Owner): ((home: EngineHome, options?: ProcessOptions) => EngineProcess) => {
	let next = loadProgram(owner);
	return (home, options = {}) => {
		const engine = next(home, options);
		next = loadProgram(owner);
		return engine;
	};
};
