/**
 * Stands between the homeserver and the SDK: a /sync body is bounded, checked and split by room while it streams, written
 * to the store, and the SDK gets only what it needs. Every other request goes through the guarded fetch.
 */
import {
	captivePortalFailure,
	classifyAnswer,
	classifyFailure,
	isSignInLost,
	NetworkError,
	type NetworkFailure,
} from './network-errors.ts';
import {createRetryLoop, type Failed, type Outcome} from './retry-loop.ts';
import {createBodyWatchdog, type BodyWatchdog} from './body-watchdog.ts';
import {createSyncBodyReader, SinkFailure, type SyncBodyOptions, type SyncSink} from './sync-body.ts';

/** Is told how the connection stands. An abort is no news. */
export type ConnectionListener = {
	/** A sync answer came, whole and good. */
	readonly answered: () => void;
	/** A try failed; also when the token is no longer good, and then there is no next one. */
	readonly failed: (failed: Failed) => void;
	/** The next try begins. */
	readonly trying: () => void;
	/** The answer to a long poll is much later than it should be. */
	readonly late: () => void;
	/** How many rooms of the first sync are written so far. */
	readonly received: (rooms: number) => void;
};

export type SyncGateOptions = {
	readonly sink: SyncSink;
	/** The guarded fetch; it hands a /sync answer on after the headers. */
	readonly fetch: typeof fetch;
	/** The storage fence: once a write failed, nothing goes out any more. */
	readonly failure: () => Error | undefined;
	/** Resolves when everything that the crypto has written so far is on disk: before that nothing made of it goes out. */
	readonly settled: () => Promise<void>;
	readonly connection: ConnectionListener;
	/** Told of what the SDK does not get, and of answers that fail for no known reason. */
	readonly onProblem?: SyncBodyOptions['onProblem'];
	readonly limits?: SyncLimits | undefined;
};

/** Times of the connection, in milliseconds. */
export type SyncLimits = {
	/** Without a byte of the body, or without an answer to a long poll, which has at most its own time and 15000. @default 45000 */
	readonly idle?: number | undefined;
	/** How much later than its poll's end an answer may come before that is told. @default 10000 */
	readonly late?: number | undefined;
	/** Over which the body is measured: less than 64 bytes a second is given up. @default 60000 */
	readonly drip?: number | undefined;
	/** The first pause after a failure; they double up to a minute. @default 1000 */
	readonly firstPause?: number | undefined;
};

export type SyncGate = {
	/** For the SDK's `fetchFn`. */
	readonly fetch: typeof fetch;
	/** Asks anew at once: after a key press, after sleep, when the network has changed. */
	readonly retryNow: () => void;
	/** Ends every request; nothing is asked any more. */
	readonly stop: () => void;
	/** Whether the SDK is being answered, or waits for its next try: if not for long, its loop has died. */
	readonly isAsking: () => boolean;
};

const defaultIdle = 45_000;
const pollGrace = 15_000;
const defaultLate = 10_000;
const defaultDrip = 60_000;
/** Milliseconds after its last byte in which a body counts as coming. */
const aliveFor = 5000;

const isJson = (response: Response): boolean => /\bjson\b/i.test(response.headers.get('content-type') ?? 'json');

/** What the SDK asks before its first sync: without an answer it would wait in its own ways. */
const isStartRequest = (path: string): boolean => /\/pushrules\/$|\/user\/[^/]+\/filter(?:\/|$)/.test(path);

/** Failures that another try may mend. */
const isPassing = ({kind}: NetworkFailure): boolean =>
	!['soft-logout', 'logged-out', 'forbidden', 'not-found', 'bad-request'].includes(kind);

/** An error answer, which the guarded fetch has made a small JSON object of, and what it means. */
const readFailure = async (response: Response): Promise<{failure: NetworkFailure; response: Response}> => {
	const body = (await response.json()) as unknown;
	return {
		failure: classifyAnswer({status: response.status, body, headers: response.headers}),
		response: Response.json(body, {status: response.status}),
	};
};

export const createSyncGate = (options: SyncGateOptions): SyncGate => {
	const {connection, sink, onProblem} = options;
	const {idle = defaultIdle, late = defaultLate, drip = defaultDrip, firstPause} = options.limits ?? {};
	const stopper = new AbortController();
	const loop = createRetryLoop({onFailed: connection.failed, onTrying: connection.trying, firstPause});
	const readBody = createSyncBodyReader({sink, onReceived: connection.received, onProblem});
	/** The body that comes in just now. */
	let streaming: BodyWatchdog | undefined;
	let asking = 0;

	/** What an error answer means for the loop; the SDK is told of a lost sign-in only. */
	const judge = async (
		answer: Response,
		mayRetry: (failure: NetworkFailure) => boolean,
	): Promise<Outcome<Response>> => {
		const {failure, response} = await readFailure(answer);
		return mayRetry(failure) ? {kind: 'failed', failure} : {kind: 'answer', result: response};
	};

	/** A failure of the network is one of the loop; one of the store, or an abort, ends it. */
	const orThrow = (error: unknown, url: URL, signal: AbortSignal): Outcome<never> => {
		if (error instanceof SinkFailure) throw error.cause;
		if (signal.aborted || options.failure() !== undefined) throw error;
		const failure = classifyFailure(error, url.host);
		// A bug, most likely: the same answer is asked for again, and meets it again.
		if (failure.kind === 'unknown') onProblem?.('The answer could not be read', {error});
		return {kind: 'failed', failure};
	};

	const sync = async (url: URL, init: RequestInit | undefined, signal: AbortSignal): Promise<Outcome<Response>> => {
		const isFirst = !url.searchParams.has('since');
		const poll = Number(url.searchParams.get('timeout') ?? 0) || 0;
		const watchdog = createBodyWatchdog(signal, {idle, drip});
		// Without a poll there is much to compute: then the guarded fetch bounds the time until the headers.
		const wait = poll === 0 ? undefined : setTimeout(watchdog.giveUp, Math.min(idle, poll + pollGrace));
		const lateness = isFirst ? undefined : setTimeout(connection.late, poll + late);
		try {
			const response = await options.fetch(url, {...init, signal: watchdog.signal});
			clearTimeout(wait);
			clearTimeout(lateness);
			if (!response.ok) return await judge(response, failure => !isSignInLost(failure));
			if (!isJson(response) || response.body === null) throw new NetworkError(captivePortalFailure);
			watchdog.feed(0);
			streaming = watchdog;
			const body = await readBody(response.body, isFirst, watchdog);
			connection.answered();
			return {kind: 'answer', result: Response.json(body)};
		} catch (error) {
			return orThrow(watchdog.signal.aborted ? watchdog.signal.reason : error, url, signal);
		} finally {
			clearTimeout(wait);
			clearTimeout(lateness);
			watchdog.stop();
			streaming = undefined;
		}
	};

	const ask = async (
		url: URL,
		init: RequestInit | undefined,
		{signal, mayRetry}: {readonly signal: AbortSignal; readonly mayRetry: (failure: NetworkFailure) => boolean},
	): Promise<Outcome<Response>> => {
		try {
			const response = await options.fetch(url, {...init, signal});
			return response.ok ? {kind: 'answer', result: response} : await judge(response, mayRetry);
		} catch (error) {
			return orThrow(error, url, signal);
		}
	};

	/** The requests that keep the connection: the SDK waits until they are answered, whatever the network does. */
	const patient = (
		url: URL,
		init: RequestInit | undefined,
	): ((signal: AbortSignal) => Promise<Outcome<Response>>) | undefined => {
		const {pathname: path} = url;
		const method = init?.method ?? 'GET';
		if (path.endsWith('/sync') && method === 'GET') return signal => sync(url, init, signal);
		if (path.endsWith('/client/versions'))
			return signal => ask(url, init, {signal, mayRetry: failure => !isSignInLost(failure)});
		return isStartRequest(path) ? signal => ask(url, init, {signal, mayRetry: isPassing}) : undefined;
	};

	return {
		async fetch(input, init) {
			const failure = options.failure();
			if (failure !== undefined) throw failure;
			const url = new URL(input instanceof Request ? input.url : input);
			const {signal: stopped} = stopper;
			stopped.throwIfAborted();
			const attempt = patient(url, init);
			if (attempt === undefined) {
				if ((init?.method ?? 'GET') !== 'GET') await options.settled();
				return options.fetch(input, {
					...init,
					signal: init?.signal ? AbortSignal.any([init.signal, stopped]) : stopped,
				});
			}
			asking += 1;
			try {
				// The SDK's own limit would cut a first sync off that a large account needs minutes for.
				return await loop.run(attempt, stopped);
			} finally {
				asking -= 1;
			}
		},
		retryNow() {
			// An answer that is coming in is the best that can be had: a first sync takes minutes.
			const pause = performance.now() - (streaming?.lastFed() ?? Number.NEGATIVE_INFINITY);
			if (pause > aliveFor) loop.wake();
		},
		stop: () => stopper.abort(new DOMException('The engine has stopped', 'AbortError')),
		isAsking: () => asking > 0,
	};
};
