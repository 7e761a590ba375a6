/**
 * Reads the body of a /sync answer: it is cut by room while it streams, each room is written to the store, and what the SDK
 * needs is kept for it.
 */
import {setImmediate} from 'node:timers/promises';
import {isRoomId} from '../domain/identifiers.ts';
import type {JsonObject} from '../domain/json.ts';
import {parseSyncRoom, unreadableRoom, type SyncRoom} from '../domain/sync-response.ts';
import type {BodyWatchdog} from './body-watchdog.ts';
import {cleanRoom, cleanTop, countMalformed} from './sdk-input.ts';
import {createSyncSplitter, type RawRoom} from './sync-splitter.ts';

/** Where the rooms go. */
export type SyncSink = {
	/** Whether the SDK holds a Room of that id. */
	readonly isLoaded: (roomId: string) => boolean;
	/** Builds the SDK's Room from what is stored; called before the room's news is written. */
	readonly load: (roomId: string) => void;
	/** Gives the SDK's Room up, whether there is one or not: it does not get the room's news. */
	readonly drop: (roomId: string) => void;
	/** Writes rooms in one transaction. */
	readonly write: (rooms: readonly SyncRoom[]) => void;
};

export type SyncBodyOptions = {
	readonly sink: SyncSink;
	/** How many rooms of the first sync are written so far. */
	readonly onReceived: (rooms: number) => void;
	/** Told of what the SDK does not get: a room that cannot be built for it or read, events outside of rooms that are none. */
	readonly onProblem?: ((problem: string, details: Readonly<Record<string, unknown>>) => void) | undefined;
};

/**
 * Reads one body. @returns what the SDK is given
 * @throws NetworkError for a body that is no sync answer; SinkFailure
 */
export type SyncBodyReader = (
	body: ReadableStream<Uint8Array>,
	isFirst: boolean,
	watchdog: BodyWatchdog,
) => Promise<JsonObject>;

/** Above this many rooms in a response the SDK sees only those it already holds. */
const maximumPassed = 40;
/** Milliseconds that a transaction may take before the event loop gets a turn. */
const slice = 8;

/** A write that failed, which no other try of the request can mend. */
export class SinkFailure extends Error {}

const orSinkFailure = <Result>(write: () => Result): Result => {
	try {
		return write();
	} catch (error) {
		throw new SinkFailure('The store failed', {cause: error});
	}
};

export const createSyncBodyReader = (options: SyncBodyOptions): SyncBodyReader => {
	const {sink} = options;

	/** A room that the SDK trips over must not cost the others, nor the answer: it is written all the same. */
	const forSdk = (room: RawRoom, value: unknown): ReadonlyArray<readonly [RawRoom, JsonObject]> => {
		try {
			sink.load(room.roomId);
			return [[room, cleanRoom(value)]];
		} catch (error) {
			// Its members would be those of before, and the encryption would go on with them.
			sink.drop(room.roomId);
			options.onProblem?.('The SDK cannot take a room', {roomId: room.roomId, error});
			return [];
		}
	};

	/** A bug that one room meets must not cost the answer, which the server would repeat for ever. */
	const read = ({roomId, category}: RawRoom, value: unknown): SyncRoom => {
		try {
			return parseSyncRoom(roomId, category, value);
		} catch (error) {
			options.onProblem?.('A room could not be read', {roomId, error});
			return unreadableRoom(roomId, category, value);
		}
	};

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
				if (!isRoomId(room.roomId)) {
					options.onProblem?.('A room without a room id was left out', {});
					continue;
				}
				const value = JSON.parse(room.json) as unknown;
				if (isPassed(room.roomId)) passed.push(...forSdk(room, value));
				batch.push(read(room, value));
			}
			orSinkFailure(() => sink.write(batch));
			if (index < raw.length) await setImmediate();
		}
		return passed;
	};

	return async (body: ReadableStream<Uint8Array>, isFirst: boolean, watchdog: BodyWatchdog): Promise<JsonObject> => {
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
			if (isFirst) options.onReceived(count);
		}
		const dirty = splitter.end();
		const top = cleanTop(dirty);
		const malformed = countMalformed(dirty);
		if (malformed > 0) options.onProblem?.('Malformed events outside of rooms were left out', {count: malformed});
		passed.push(...(await writeRooms(waiting, roomId => !isLarge || sink.isLoaded(roomId))));
		const rooms: Record<string, Record<string, JsonObject>> = {join: {}, leave: {}, invite: {}, knock: {}};
		for (const [room, value] of passed) (rooms[room.category] as Record<string, JsonObject>)[room.roomId] = value;
		return {...top, rooms};
	};
};
