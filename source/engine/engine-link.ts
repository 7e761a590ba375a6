/**
 * The screen's way to the engine: the process that owns the account if there is one, else a worker thread of its own.
 * When the other side ends, the link finds or starts the next one; calls wait for it.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {ExpectedError, reportOf} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {sessionProxy} from '../domain/session-proxy.ts';
import type {EngineNotice, NetState, Session} from '../domain/session.ts';
import {connectSession, ConnectionLost} from '../instance/socket-client.ts';
import {EngineGone, EngineRefused, startWorker, type Connection, type WorkerOptions} from './worker-connection.ts';
import type {WorkerStart} from './worker-messages.ts';

export type EngineLink = {
	readonly session: Session;
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	/** Connects; does not wait. */
	readonly start: () => void;
	/** Stops an own engine, or lets the other process go. */
	readonly stop: () => Promise<void>;
};

const firstDelay = 100;
const longestDelay = 30_000;
/** Milliseconds after which an engine that ends has not failed at its start: the next one need not wait. */
const startTime = 30_000;
/** How often a request is made whose engine ends before it answers. Each may be repeated: `send` has its key. */
const tries = 3;

const noStorage = (cause: string | undefined): ExpectedError =>
	new ExpectedError({
		message: `mx cannot use its files: ${cause ?? 'the disk refuses'}.`,
		next: 'It goes on by itself when it can.',
		reason: 'error',
	});

const signedOut = (): ExpectedError =>
	new ExpectedError({
		message: 'This account was signed out.',
		next: 'Quit mx and run `mx login`.',
		reason: 'notSignedIn',
	});

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
		closed: connection.closed.then(() => ({kind: 'gone'}) as const),
	};
};

const isEngineLost = (error: unknown): boolean => error instanceof EngineGone || error instanceof ConnectionLost;

/** @param worker what thread is started, and how it is watched */
export const createEngineLink = (
	start: WorkerStart,
	worker: Pick<WorkerOptions, 'script' | 'patience' | 'memory'> = {},
): EngineLink => {
	const listeners = new Set<(notice: EngineNotice) => void>();
	let current = Promise.withResolvers<Connection>();
	let isStopped = false;
	let isBlocked = false;
	let connection: Connection | undefined;
	let net: NetState | undefined;
	/** What was said last of an engine that does not start; the next tries need not repeat it. */
	let alerted: string | undefined;
	let wake: () => void = () => undefined;
	let keeping: Promise<void> | undefined;

	const tell = (notice: EngineNotice): void => {
		if (notice.kind === 'net') ({net} = notice);
		for (const listener of listeners) listener(notice);
	};

	const connect = async (): Promise<Connection> => {
		for (let attempt = 0; ; attempt++) {
			if (isStopped) throw new EngineGone();
			const owner = await connectToOwner(start, tell);
			if (owner !== undefined) return owner;
			const own = await startWorker({...worker, start, onNotice: tell});
			if (own !== 'busy') return own;
			// The owner is starting or ending.
			await sleep(Math.min(firstDelay * 2 ** Math.min(attempt, 5), longestDelay), undefined, {ref: false});
		}
	};

	/** Until the next connection all calls are refused, also those that wait: a text must not hang on a full disk. */
	const block = (reason: ExpectedError): void => {
		if (isBlocked) current = Promise.withResolvers();
		isBlocked = true;
		current.promise.catch(() => undefined);
		current.reject(reason);
	};

	const end = (reason: ExpectedError): void => {
		isStopped = true;
		tell({kind: 'net', net: {state: 'logged-out', cause: 'this account was signed out'}});
		block(reason);
	};

	/** Answers through a connection until it ends. */
	const follow = async (opened: Connection): Promise<void> => {
		if (isStopped) return opened.stop();
		connection = opened;
		if (isBlocked) current = Promise.withResolvers();
		isBlocked = false;
		alerted = undefined;
		current.resolve(opened);
		const closing = await opened.closed;
		connection = undefined;
		current = Promise.withResolvers<Connection>();
		if (closing.kind === 'signed-out') return end(signedOut());
		if (isStopped) return;
		if (net?.state === 'no-storage') return block(noStorage(net.cause));
		tell({kind: 'net', net: {state: 'connecting', cause: 'the engine is being started again'}});
		if (closing.kind === 'failed') tell({kind: 'alert', message: `${closing.message} It is started again.`});
	};

	/** Says why there is no engine, once. */
	const refuse = (error: unknown): void => {
		const report = reportOf(error);
		const trouble = error instanceof EngineRefused ? error.trouble : undefined;
		if (trouble !== undefined) {
			tell({kind: 'net', net: {state: 'no-storage', cause: trouble}});
			block(noStorage(trouble));
			return;
		}
		if (report.message !== alerted) tell({kind: 'alert', message: report.message, next: report.next});
		alerted = report.message;
		if (report.reason === 'notSignedIn') end(new ExpectedError(report));
		else if (error instanceof EngineRefused) block(error);
	};

	/** Waits before the next try, the longer the more failed; `wake` ends it. */
	const pause = async (failures: number): Promise<void> => {
		// The first end of a connection is most often that of another mx, which was quit.
		if (isStopped || failures === 0 || (failures === 1 && !isBlocked)) return;
		const {promise, resolve} = Promise.withResolvers<void>();
		wake = resolve;
		setTimeout(resolve, Math.min(firstDelay * 2 ** failures, longestDelay)).unref();
		await promise;
	};

	/** Keeps a connection for as long as the link lives. */
	const keep = async (): Promise<void> => {
		for (let failures = 0; !isStopped; await pause(failures)) {
			try {
				const opened = await connect();
				const begun = performance.now();
				await follow(opened);
				failures = performance.now() - begun > startTime ? 0 : failures + 1;
			} catch (error) {
				failures += 1;
				if (!isStopped) refuse(error);
			}
		}
		if (!isBlocked) block(new EngineGone());
	};

	return {
		session: sessionProxy(async (method, params) => {
			if (method === 'retryNow' && isBlocked && !isStopped) {
				wake();
				return {};
			}
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
		start() {
			keeping = keep();
		},
		async stop() {
			isStopped = true;
			wake();
			await connection?.stop();
			await keeping;
		},
	};
};
