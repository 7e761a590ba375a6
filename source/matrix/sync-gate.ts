/**
 * Stands between the homeserver and the SDK: a /sync body is bounded, checked and split by room while it streams, written
 * to the store, and the SDK gets only what it needs. Every other request goes through the guarded fetch.
 */
import {setImmediate} from 'node:timers/promises';
import {parseJson, type JsonObject} from '../domain/json.ts';
import {parseSyncRoom, type SyncRoom} from '../domain/sync-response.ts';
import {
	captivePortalFailure,
	classifyAnswer,
	classifyFailure,
	NetworkError,
	type NetworkFailure,
} from './network-errors.ts';
import {createRetryLoop, type Failed, type Outcome} from './retry-loop.ts';
import {cleanRoom, cleanTop} from './sdk-input.ts';
import {createBodyWatchdog, type BodyWatchdog} from './body-watchdog.ts';
import {createSyncSplitter, type RawRoom} from './sync-splitter.ts';

/** Where the rooms go. */
export type SyncSink = {
	/** Whether the SDK holds a Room of that id. */
	readonly isLoaded: (roomId: string) => boolean;
	/** Builds the SDK's Room from what is stored; called before the room's news is written. */
	readonly load: (roomId: string) => void;
	/** Writes rooms in one transaction. */
	readonly write: (rooms: readonly SyncRoom[]) => void;
};

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
	readonly connection: ConnectionListener;
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

/** Above this many rooms in a response the SDK sees only those it already holds. */
const maximumPassed = 40;
/** Milliseconds that a transaction may take before the event loop gets a turn. */
const slice = 8;
const defaultIdle = 45_000;
const pollGrace = 15_000;
const defaultLate = 10_000;
const defaultDrip = 60_000;
const isJson = (response: Response): boolean => /\bjson\b/i.test(response.headers.get('content-type') ?? 'json');

/** What the SDK asks before its first sync: without an answer it would wait in its own ways. */
const isStartRequest = (path: string): boolean => /\/pushrules\/$|\/user\/[^/]+\/filter(?:\/|$)/.test(path);

/** Failures that another try may mend. */
const isPassing = ({kind}: NetworkFailure): boolean =>
	!['soft-logout', 'logged-out', 'forbidden', 'not-found', 'bad-request'].includes(kind);

const isSignedOut = ({kind}: NetworkFailure): boolean => kind === 'soft-logout' || kind === 'logged-out';

/** An error answer as the SDK can read it, and what it means. */
const readFailure = async (response: Response): Promise<{failure: NetworkFailure; response: Response}> => {
	const text = (await response.text()).slice(0, 65_536);
	// A proxy's page must not hide the status from the SDK.
	const body = parseJson(text) ?? {errcode: 'M_UNKNOWN', error: `status ${response.status}`};
	return {
		failure: classifyAnswer({status: response.status, body, headers: response.headers}),
		response: Response.json(body, {status: response.status}),
	};
};

/** A write that failed, which no other try of the request can mend. */
class SinkFailure extends Error {}

const orSinkFailure = <Result>(write: () => Result): Result => {
	try {
		return write();
	} catch (error) {
		throw new SinkFailure('The store failed', {cause: error});
	}
};

export const createSyncGate = (options: SyncGateOptions): SyncGate => {
	const {sink} = options;
	const {connection} = options;
	const {idle = defaultIdle, late = defaultLate, drip = defaultDrip, firstPause} = options.limits ?? {};
	const stopper = new AbortController();
	const loop = createRetryLoop({onFailed: connection.failed, onTrying: connection.trying, firstPause});
	let asking = 0;

	/** Writes rooms in slices. @returns their JSON for those that `isPassed`. */
	const writeRooms = async (
		raw: readonly RawRoom[],
		isPassed: (roomId: string) => boolean,
	): Promise<ReadonlyArray<readonly [RawRoom, JsonObject]>> => {
		const passed: Array<readonly [RawRoom, JsonObject]> = [];
		let index = 0;
		while (index < raw.length) {
			const started = performance.now();
			const batch: SyncRoom[] = [];
			while (index < raw.length && performance.now() - started < slice) {
				const room = raw[index++] as RawRoom;
				const value = JSON.parse(room.json) as unknown;
				if (isPassed(room.roomId)) {
					orSinkFailure(() => sink.load(room.roomId));
					passed.push([room, cleanRoom(value)]);
				}
				batch.push(parseSyncRoom(room.roomId, room.category, value));
			}
			orSinkFailure(() => sink.write(batch));
			if (index < raw.length) await setImmediate();
		}
		return passed;
	};

	const readBody = async (
		body: ReadableStream<Uint8Array>,
		isFirst: boolean,
		watchdog: BodyWatchdog,
	): Promise<JsonObject> => {
		const splitter = createSyncSplitter();
		const passed: Array<readonly [RawRoom, JsonObject]> = [];
		let waiting: RawRoom[] = [];
		let isLarge = isFirst;
		let count = 0;
		for await (const bytes of body) {
			watchdog.feed(bytes.length);
			waiting.push(...splitter.push(bytes));
			isLarge ||= waiting.length > maximumPassed;
			if (!isLarge) continue;
			const complete = waiting;
			waiting = [];
			passed.push(...(await writeRooms(complete, sink.isLoaded)));
			count += complete.length;
			if (isFirst) connection.received(count);
		}
		const top = cleanTop(splitter.end());
		passed.push(...(await writeRooms(waiting, roomId => !isLarge || sink.isLoaded(roomId))));
		const rooms: Record<string, Record<string, JsonObject>> = {join: {}, leave: {}, invite: {}, knock: {}};
		for (const [room, value] of passed) (rooms[room.category] as Record<string, JsonObject>)[room.roomId] = value;
		return {...top, rooms};
	};

	/** What an error answer means for the loop; the SDK is told of a lost sign-in only. */
	const judge = async (
		answer: Response,
		mayRetry: (failure: NetworkFailure) => boolean,
	): Promise<Outcome<Response>> => {
		const {failure, response} = await readFailure(answer);
		if (isSignedOut(failure)) connection.failed({failure, retryAt: 0, isQuiet: false});
		return mayRetry(failure) ? {kind: 'failed', failure} : {kind: 'answer', result: response};
	};

	/** A failure of the network is one of the loop; one of the store, or an abort, ends it. */
	const orThrow = (error: unknown, url: URL, signal: AbortSignal): Outcome<never> => {
		if (error instanceof SinkFailure) throw error.cause;
		if (signal.aborted || options.failure() !== undefined) throw error;
		return {kind: 'failed', failure: classifyFailure(error, url.host)};
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
			if (!response.ok) return await judge(response, failure => !isSignedOut(failure));
			if (!isJson(response) || response.body === null) throw new NetworkError(captivePortalFailure);
			watchdog.feed(0);
			const body = await readBody(response.body, isFirst, watchdog);
			connection.answered();
			return {kind: 'answer', result: Response.json(body)};
		} catch (error) {
			return orThrow(watchdog.signal.aborted ? watchdog.signal.reason : error, url, signal);
		} finally {
			clearTimeout(wait);
			clearTimeout(lateness);
			watchdog.stop();
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
			return signal => ask(url, init, {signal, mayRetry: failure => !isSignedOut(failure)});
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
		retryNow: loop.wake,
		stop: () => stopper.abort(new DOMException('The engine has stopped', 'AbortError')),
		isAsking: () => asking > 0,
	};
};
