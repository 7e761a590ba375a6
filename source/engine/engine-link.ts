/**
 * The screen's way to the engine: the process that owns the account if there is one, else a worker thread of its own.
 * When the other side ends, the link finds or starts the next one; calls wait for it.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {ExpectedError, reportOf, type ErrorReport} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {sessionProxy} from '../domain/session-proxy.ts';
import type {EngineNotice, Session} from '../domain/session.ts';
import {connectSession, ConnectionLost} from '../instance/socket-client.ts';
import type {FromWorker, ToWorker, WorkerStart} from './worker-messages.ts';

export type EngineLink = {
	readonly session: Session;
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	/** Connects; does not wait. */
	readonly start: () => void;
	/** Stops an own engine, or lets the other process go. */
	readonly stop: () => Promise<void>;
};

/** Why a connection ended; after a sign-out there is nothing to connect to. */
type Closing = 'gone' | 'signed-out';

/** One connection to an engine, of whichever kind. */
type Connection = {
	readonly session: Session;
	readonly stop: () => Promise<void>;
	/** Resolves when the other side is gone. */
	readonly closed: Promise<Closing>;
};

const firstDelay = 100;
const longestDelay = 10_000;
/** How often a request is made whose engine ends before it answers. Each may be repeated: `send` has its key. */
const tries = 3;
/** Milliseconds after which a worker that does not stop is ended. */
const stopPatience = 2500;

const workerScript = (): URL => {
	const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return new URL(`./worker.${ending}`, import.meta.url);
};

/** The worker ended before it answered. */
class EngineGone extends ExpectedError {
	constructor() {
		super({
			message: 'The engine ended while it was working.',
			next: 'It is being started again; try once more.',
			reason: 'error',
		});
	}
}

const signedOut = (): ExpectedError =>
	new ExpectedError({
		message: 'This account was signed out.',
		next: 'Quit mx and run `mx login`.',
		reason: 'notSignedIn',
	});

/** Starts a worker and waits until it owns the account. @throws the refusal */
const startWorker = async (
	start: WorkerStart,
	onNotice: (notice: EngineNotice) => void,
): Promise<Connection | 'busy'> => {
	const worker = new Worker(workerScript(), {
		workerData: start,
		stdout: true,
		stderr: true,
		resourceLimits: {maxOldGenerationSizeMb: 1024},
	});
	const post = (message: ToWorker): void => worker.postMessage(message);
	const waiting = new Map<number, {resolve: (result: unknown) => void; reject: (error: Error) => void}>();
	const ready = Promise.withResolvers<'ready' | 'busy'>();
	const closed = Promise.withResolvers<Closing>();
	let closing: Closing = 'gone';
	let lastId = 0;
	// Nobody reads what a library prints past the captured console; unread it would be kept.
	worker.stdout.resume();
	worker.stderr.resume();

	const stop = async (): Promise<void> => {
		post({kind: 'stop'});
		await Promise.race([closed.promise, sleep(stopPatience, undefined, {ref: false})]);
		await worker.terminate();
	};
	const refuse = (error: ErrorReport, isBusy: boolean): void => {
		if (isBusy) ready.resolve('busy');
		else ready.reject(new ExpectedError(error));
	};
	worker.on('message', (message: FromWorker) => {
		switch (message.kind) {
			case 'ready':
				ready.resolve('ready');
				break;
			case 'refused':
				refuse(message.error, message.isBusy);
				break;
			case 'reply': {
				const {reply} = message;
				const caller = waiting.get(reply.id);
				waiting.delete(reply.id);
				if (reply.ok) caller?.resolve(reply.result);
				else caller?.reject(new ExpectedError(reply.error));
				break;
			}
			case 'notice':
				onNotice(message.notice);
				break;
			case 'ended':
				if (message.how === 'signed-out') closing = 'signed-out';
				void stop();
		}
	});
	worker.on('error', error => ready.reject(error));
	worker.on('exit', () => {
		ready.reject(new EngineGone());
		for (const caller of waiting.values()) caller.reject(new EngineGone());
		waiting.clear();
		closed.resolve(closing);
	});
	if ((await ready.promise) === 'busy') return 'busy';
	return {
		session: sessionProxy(
			async (method, params) =>
				new Promise((resolve, reject) => {
					const id = ++lastId;
					waiting.set(id, {resolve, reject});
					post({kind: 'request', request: {id, method, params}});
				}),
		),
		stop,
		closed: closed.promise,
	};
};

/** @returns a connection to the process that owns the account, `undefined` if none answers. */
const connectToOwner = async (
	start: WorkerStart,
	onNotice: (notice: EngineNotice) => void,
): Promise<Connection | undefined> => {
	const connection = await connectSession(start.files);
	if (connection === undefined) return undefined;
	connection.subscribe(onNotice);
	return {
		session: connection.session,
		stop: async () => connection.close(),
		closed: connection.closed.then(() => 'gone' as const),
	};
};

const isEngineLost = (error: unknown): boolean => error instanceof EngineGone || error instanceof ConnectionLost;

export const createEngineLink = (start: WorkerStart): EngineLink => {
	const listeners = new Set<(notice: EngineNotice) => void>();
	let current = Promise.withResolvers<Connection>();
	let isStopped = false;
	let connection: Connection | undefined;

	const tell = (notice: EngineNotice): void => {
		for (const listener of listeners) listener(notice);
	};

	const connect = async (): Promise<Connection> => {
		for (let attempt = 0; ; attempt++) {
			const owner = await connectToOwner(start, tell);
			if (owner !== undefined) return owner;
			const own = await startWorker(start, tell);
			if (own !== 'busy') return own;
			// The owner is starting or ending.
			await sleep(Math.min(firstDelay * 2 ** Math.min(attempt, 5), longestDelay));
		}
	};

	const end = (reason: ExpectedError): void => {
		isStopped = true;
		tell({kind: 'net', net: {state: 'logged-out', cause: 'this account was signed out'}});
		current.promise.catch(() => undefined);
		current.reject(reason);
	};

	/** Answers through a connection until it ends. */
	const follow = async (opened: Connection): Promise<void> => {
		connection = opened;
		current.resolve(opened);
		const closing = await opened.closed;
		connection = undefined;
		current = Promise.withResolvers<Connection>();
		if (closing === 'signed-out') end(signedOut());
		else if (!isStopped) tell({kind: 'net', net: {state: 'connecting', cause: 'the engine is being started again'}});
	};

	/** Keeps a connection for as long as the link lives. */
	const keep = async (): Promise<void> => {
		for (let failures = 0; !isStopped;) {
			try {
				const opened = await connect();
				failures = 0;
				await follow(opened);
			} catch (error) {
				failures += 1;
				const report = reportOf(error);
				tell({kind: 'alert', message: report.message, next: report.next});
				if (report.reason === 'notSignedIn') end(new ExpectedError(report));
				else await sleep(Math.min(firstDelay * 2 ** failures, longestDelay), undefined, {ref: false});
			}
		}
	};

	return {
		session: sessionProxy(async (method, params) => {
			for (let attempt = 1; ; attempt += 1) {
				const {session, closed} = await current.promise;
				try {
					return await (session[method] as (params: JsonObject) => Promise<unknown>)(params);
				} catch (error) {
					if (!isEngineLost(error) || isStopped || attempt === tries) throw error;
					await closed;
				}
			}
		}),
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		start: () => void keep(),
		async stop() {
			isStopped = true;
			await connection?.stop();
		},
	};
};
