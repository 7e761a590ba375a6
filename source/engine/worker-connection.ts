/** An engine in a worker thread of this process: starts it, asks it, and ends it when its heart stops beating. */
import {setTimeout as sleep} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {ExpectedError} from '../domain/errors.ts';
import {sessionProxy} from '../domain/session-proxy.ts';
import type {EngineNotice, Session} from '../domain/session.ts';
import {createHeartbeat, watchHeartbeat} from './heartbeat.ts';
import type {EngineEnd} from './session.ts';
import type {FromWorker, ToWorker, WorkerStart} from './worker-messages.ts';

/** Why a connection ended: after a sign-out there is nothing to connect to, and of a failure a person is told. */
export type Closing =
	| {readonly kind: 'gone'}
	| {readonly kind: 'signed-out'}
	| {readonly kind: 'failed'; readonly message: string};

/** One connection to an engine, of whichever kind. */
export type Connection = {
	readonly session: Session;
	readonly stop: () => Promise<void>;
	/** Resolves when the other side is gone. */
	readonly closed: Promise<Closing>;
};

export type WorkerOptions = {
	readonly start: WorkerStart;
	readonly onNotice: (notice: EngineNotice) => void;
	/** The module that the thread runs. @default the engine */
	readonly script?: URL | undefined;
	/** Milliseconds without a beat after which the thread is ended. @default 30000 */
	readonly patience?: number | undefined;
	/** Megabytes that the thread's objects may take. @default 1024 */
	readonly memory?: number | undefined;
};

/** Milliseconds after which a worker that does not stop is ended. */
const stopPatience = 2500;
const defaultPatience = 30_000;
const defaultMemory = 1024;

const engineScript = (): URL => {
	const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return new URL(`./worker.${ending}`, import.meta.url);
};

/** The worker ended before it answered. */
export class EngineGone extends ExpectedError {
	constructor() {
		super({
			message: 'The engine ended while it was working.',
			next: 'It is being started again; try once more.',
			reason: 'error',
		});
	}
}

/** The worker could not open the account. `trouble`: why the disk takes nothing, in a few words. */
export class EngineRefused extends ExpectedError {
	readonly trouble: string | undefined;

	constructor({error, trouble}: Extract<FromWorker, {readonly kind: 'refused'}>) {
		super(error);
		this.trouble = trouble;
	}
}

const isOutOfMemory = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const closingOf = (how: EngineEnd): Closing => {
	switch (how) {
		case 'signed-out':
			return {kind: 'signed-out'};
		case 'renewed':
		case 'storage-failed':
			return {kind: 'gone'};
		case 'stalled':
			return {kind: 'failed', message: 'The connection had stopped by itself.'};
		case 'failed':
			return {kind: 'failed', message: 'The engine met an error of its own.'};
	}
};

/** Requests that wait for their answers. */
const createCalls = (post: (message: ToWorker) => void) => {
	const waiting = new Map<number, {resolve: (result: unknown) => void; reject: (error: Error) => void}>();
	let lastId = 0;
	let isEnded = false;
	return {
		session: sessionProxy(
			async (method, params) =>
				new Promise((resolve, reject) => {
					if (isEnded) return reject(new EngineGone());
					const id = ++lastId;
					waiting.set(id, {resolve, reject});
					post({kind: 'request', request: {id, method, params}});
				}),
		),
		answer({reply}: FromWorker & {readonly kind: 'reply'}): void {
			const caller = waiting.get(reply.id);
			waiting.delete(reply.id);
			if (reply.ok) caller?.resolve(reply.result);
			else caller?.reject(new ExpectedError(reply.error));
		},
		end(): void {
			isEnded = true;
			for (const caller of waiting.values()) caller.reject(new EngineGone());
			waiting.clear();
		},
	};
};

/** Starts a worker and waits until it owns the account. @throws the refusal */
export const startWorker = async (options: WorkerOptions): Promise<Connection | 'busy'> => {
	const {patience = defaultPatience} = options;
	const heartbeat = createHeartbeat();
	const worker = new Worker(options.script ?? engineScript(), {
		workerData: {...options.start, heartbeat, patience},
		stdout: true,
		stderr: true,
		// A first sync makes garbage by the hundred megabytes: with a larger young generation the process keeps 50 MB more of it.
		resourceLimits: {maxOldGenerationSizeMb: options.memory ?? defaultMemory, maxYoungGenerationSizeMb: 12},
	});
	const post = (message: ToWorker): void => worker.postMessage(message);
	const calls = createCalls(post);
	const ready = Promise.withResolvers<'ready' | 'busy'>();
	const closed = Promise.withResolvers<Closing>();
	let closing: Closing | undefined;
	let endWatch = (): void => undefined;
	// Nobody reads what a library prints past the captured console; unread it would be kept.
	worker.stdout.resume();
	worker.stderr.resume();

	const stop = async (): Promise<void> => {
		closing ??= {kind: 'gone'};
		post({kind: 'stop'});
		await Promise.race([closed.promise, sleep(stopPatience, undefined, {ref: false})]);
		await worker.terminate();
	};
	worker.on('message', (message: FromWorker) => {
		switch (message.kind) {
			case 'ready':
				ready.resolve('ready');
				break;
			case 'refused':
				if (message.isBusy) ready.resolve('busy');
				else ready.reject(new EngineRefused(message));
				break;
			case 'reply':
				calls.answer(message);
				break;
			case 'notice':
				options.onNotice(message.notice);
				break;
			case 'ended':
				closing = closingOf(message.how);
				void stop();
		}
	});
	worker.on('error', error => {
		if (isOutOfMemory(error)) closing = {kind: 'failed', message: 'The engine ran out of memory.'};
		ready.reject(error);
	});
	worker.on('exit', () => {
		endWatch();
		ready.reject(new EngineGone());
		calls.end();
		closed.resolve(closing ?? {kind: 'failed', message: 'The engine ended unexpectedly.'});
	});
	if ((await ready.promise) === 'busy') return 'busy';
	// Opening may take its time: a new version may have to rebuild an index.
	endWatch = watchHeartbeat(heartbeat, {
		patience,
		onDead() {
			closing = {kind: 'failed', message: 'The engine no longer answered.'};
			void worker.terminate();
		},
	});
	return {session: calls.session, stop, closed: closed.promise};
};
