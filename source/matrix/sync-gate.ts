/**
 * Stands between the homeserver and the SDK: a /sync body is bounded, checked and split by room while it streams, written
 * to the store, and the SDK gets only what it needs. Every other request goes through the guarded fetch.
 */
import {setImmediate} from 'node:timers/promises';
import type {JsonObject} from '../domain/json.ts';
import {parseSyncRoom, type SyncRoom} from '../domain/sync-response.ts';
import {classifyAnswer, classifyFailure, NetworkError, type NetworkFailure} from './network-errors.ts';
import {cleanRoom, cleanTop} from './sdk-input.ts';
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

export type SyncGateOptions = {
	readonly sink: SyncSink;
	/** The guarded fetch; it hands a /sync answer on after the headers. */
	readonly fetch: typeof fetch;
	/** The storage fence: once a write failed, nothing goes out any more. */
	readonly failure: () => Error | undefined;
	/** Told after each sync answer: `undefined` for success. An abort is no answer. */
	readonly onSync: (failure: NetworkFailure | undefined) => void;
	/** Milliseconds without a byte after which a body is given up. @default 45000 */
	readonly idleLimit?: number | undefined;
};

export type SyncGate = {
	/** For the SDK's `fetchFn`. */
	readonly fetch: typeof fetch;
	/** Aborts the running /sync; with `isFinal` every other request too, and nothing is asked any more. */
	readonly abort: (isFinal: boolean) => void;
};

/** Above this many rooms in a response the SDK sees only those it already holds. */
const maximumPassed = 40;
/** Milliseconds that a transaction may take before the event loop gets a turn. */
const slice = 8;
const defaultIdleLimit = 45_000;
/** Milliseconds of a rate limit whose length the server does not tell. */
const defaultWait = 5000;

type Watchdog = {readonly signal: AbortSignal; readonly feed: () => void; readonly stop: () => void};

const createWatchdog = (outer: AbortSignal, idleLimit: number): Watchdog => {
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const feed = (): void => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			controller.abort(new NetworkError({kind: 'timeout', message: 'the server does not answer in time'}));
		}, idleLimit);
	};
	return {signal: AbortSignal.any([controller.signal, outer]), feed, stop: () => clearTimeout(timer)};
};

const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
	await new Promise<void>(resolve => {
		const timer = setTimeout(resolve, milliseconds);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
};

const isJson = (response: Response): boolean => /\bjson\b/i.test(response.headers.get('content-type') ?? 'json');

export const createSyncGate = (options: SyncGateOptions): SyncGate => {
	const {sink} = options;
	let stopper = new AbortController();
	const finalStopper = new AbortController();

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
					sink.load(room.roomId);
					passed.push([room, cleanRoom(value)]);
				}
				batch.push(parseSyncRoom(room.roomId, room.category, value));
			}
			sink.write(batch);
			if (index < raw.length) await setImmediate();
		}
		return passed;
	};

	const readBody = async (
		body: ReadableStream<Uint8Array>,
		isFirst: boolean,
		watchdog: Watchdog,
	): Promise<JsonObject> => {
		const splitter = createSyncSplitter();
		const passed: Array<readonly [RawRoom, JsonObject]> = [];
		let waiting: RawRoom[] = [];
		let isLarge = isFirst;
		for await (const bytes of body) {
			watchdog.feed();
			waiting.push(...splitter.push(bytes));
			isLarge ||= waiting.length > maximumPassed;
			if (!isLarge) continue;
			const complete = waiting;
			waiting = [];
			passed.push(...(await writeRooms(complete, sink.isLoaded)));
		}
		const top = cleanTop(splitter.end());
		passed.push(...(await writeRooms(waiting, roomId => !isLarge || sink.isLoaded(roomId))));
		const rooms: Record<string, Record<string, JsonObject>> = {join: {}, leave: {}, invite: {}, knock: {}};
		for (const [room, value] of passed) (rooms[room.category] as Record<string, JsonObject>)[room.roomId] = value;
		return {...top, rooms};
	};

	const handleFailure = async (response: Response, signal: AbortSignal): Promise<Response> => {
		const text = (await response.text()).slice(0, 65_536);
		let body: unknown;
		try {
			body = JSON.parse(text);
		} catch {
			// A proxy's page must not hide the status from the SDK.
			body = {errcode: 'M_UNKNOWN', error: `status ${response.status}`};
		}
		const failure = classifyAnswer({status: response.status, body, headers: response.headers});
		options.onSync(failure);
		if (failure.kind === 'rate-limited') await sleep(failure.retryAfter ?? defaultWait, signal);
		return Response.json(body, {status: response.status});
	};

	const sync = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
		const isFirst = !url.searchParams.has('since');
		const stopSignal = stopper.signal;
		const watchdog = createWatchdog(stopSignal, options.idleLimit ?? defaultIdleLimit);
		try {
			const response = await options.fetch(url, {...init, signal: watchdog.signal});
			if (!response.ok) return await handleFailure(response, watchdog.signal);
			if (!isJson(response) || response.body === null) {
				throw new NetworkError({kind: 'captive-portal', message: 'a web page answered instead of the homeserver'});
			}
			watchdog.feed();
			const body = await readBody(response.body, isFirst, watchdog);
			options.onSync(undefined);
			return Response.json(body);
		} catch (error) {
			const cause: unknown = watchdog.signal.aborted ? watchdog.signal.reason : error;
			if (!stopSignal.aborted) options.onSync(classifyFailure(cause, url.host));
			throw cause;
		} finally {
			watchdog.stop();
		}
	};

	/** What the SDK asks before its first sync and while it waits for the network: its failure is that of the sync. */
	const probe = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
		try {
			const response = await options.fetch(url, init);
			if (!response.ok) options.onSync(classifyAnswer({status: response.status, body: undefined}));
			return response;
		} catch (error) {
			if (!finalStopper.signal.aborted) options.onSync(classifyFailure(error, url.host));
			throw error;
		}
	};

	return {
		async fetch(input, init) {
			const failure = options.failure();
			if (failure !== undefined) throw failure;
			const url = new URL(input instanceof Request ? input.url : input);
			const isSync = url.pathname.endsWith('/sync') && (init?.method ?? 'GET') === 'GET';
			finalStopper.signal.throwIfAborted();
			if (isSync) return sync(url, init);
			const {signal: final} = finalStopper;
			const bound = {...init, signal: init?.signal ? AbortSignal.any([init.signal, final]) : final};
			return url.pathname.endsWith('/client/versions') ? probe(url, bound) : options.fetch(input, bound);
		},
		abort(isFinal) {
			const reason = new DOMException('The engine has stopped', 'AbortError');
			if (isFinal) finalStopper.abort(reason);
			stopper.abort(reason);
			stopper = new AbortController();
		},
	};
};
