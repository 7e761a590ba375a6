/**
 * Runs of messages that were fetched around a single one, apart from what the sync brought: chunks with gaps on both sides,
 * which pages from either side fill. Where such a run belongs is known by what it has in common with its neighbours, until
 * then guessed by time; what the sync brings counts more than it.
 */
import {asObject, asString} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {createChunkOrder, type ChunkRow} from './chunk-order.ts';
import {integer, optionalText, text} from './columns.ts';
import type {EventWriter, Inserted, Insertion, Place} from './event-writer.ts';
import type {Database} from './open-database.ts';
import {createSavepoint} from './savepoint.ts';
import {isStorageFailure} from './storage-failure.ts';

/** An answer of GET /rooms/{id}/context. */
export type EventsAround = {
	readonly eventId: string;
	/** Oldest first. */
	readonly events: readonly unknown[];
	/** Tokens of the pages on either side. */
	readonly start: string | undefined;
	readonly end: string | undefined;
};

/** `unplaced`: the events lie beyond what the sync has brought so far, or where nothing can be put between; nothing was written. */
export type Placement = {readonly kind: 'placed' | 'unplaced'; readonly inserted: readonly Inserted[]};

/** What stands behind the newest event of a chunk that is apart. */
export type NewerEdge = {readonly chunk: number; readonly token: string};

/** An event that the sync has taken over. */
export type GivenUp = {
	readonly pk: number;
	readonly type: string;
	readonly timestamp: number;
	readonly redactedBy: string | undefined;
};

/** Told of a bug; it costs the event that met it alone. */
type OnError = (error: unknown) => void;

const unplaced: Placement = {kind: 'unplaced', inserted: []};

/** @param events the writer of the same connection */
export const createIslandWriter = (database: Database, events: EventWriter) => {
	const order = createChunkOrder(database);
	const alone = createSavepoint(database);
	const insertChunk = prepare(
		database,
		`INSERT INTO chunk(rid, chunk_order, is_apart, previous_token, next_token, older) VALUES(?, ?, 1, ?, ?, ?)`,
	);
	const newestChunk = prepare(database, 'SELECT max(chunk) AS chunk FROM chunk WHERE rid = ?');
	const setHighest = prepare(database, 'UPDATE chunk SET highest = ?, next_token = ? WHERE chunk = ?');
	const oldestTime = prepare(
		database,
		'SELECT timestamp FROM event WHERE rid = ? AND chunk = ? AND timestamp > 0 ORDER BY position LIMIT 1',
	);
	const newestTime = prepare(
		database,
		'SELECT timestamp FROM event WHERE rid = ? AND chunk = ? AND timestamp > 0 ORDER BY position DESC LIMIT 1',
	);

	const move = prepare(
		database,
		'UPDATE event SET chunk = ?, position = ? WHERE event_id = ? AND rid = ? RETURNING pk, type, timestamp, redacted_by',
	);
	const apartOf = prepare(database, 'SELECT chunk FROM chunk WHERE rid = ? AND is_apart = 1');

	const chunkOf = (rid: number, value: unknown): number | undefined => {
		const eventId = asString(asObject(value)['event_id']);
		return eventId === undefined ? undefined : events.chunkOf(rid, eventId);
	};

	/** @returns after how many chunks, newest first, a time is; `undefined` beyond what the sync has brought */
	const placeByTime = (rid: number, chunks: readonly ChunkRow[], time: number): number | undefined => {
		const [live] = chunks;
		if (live === undefined || time > integer(newestTime.get(rid, live.chunk), 'timestamp')) return undefined;
		const lower = chunks.findIndex(
			({chunk}, index) => index > 0 && time >= integer(oldestTime.get(rid, chunk), 'timestamp'),
		);
		return lower === -1 ? chunks.length : lower;
	};

	/** Between two chunks that join, nothing can be. @returns the nearest place that is free, the older ones first */
	const freePlace = (chunks: readonly ChunkRow[], wanted: number): number | undefined => {
		const isFree = (place: number): boolean => place > 0 && chunks[place - 1]?.older === 0;
		for (let place = wanted; place <= chunks.length; place += 1) if (isFree(place)) return place;
		for (let place = wanted - 1; place > 0; place -= 1) if (isFree(place)) return place;
		return undefined;
	};

	/** @returns the index in the list before which the run belongs */
	const placeOf = (
		rid: number,
		chunks: readonly ChunkRow[],
		{
			time,
			newer,
			older,
		}: {readonly time: number; readonly newer: number | undefined; readonly older: number | undefined},
	): number | undefined => {
		const indexOf = (chunk: number): number => chunks.findIndex(each => each.chunk === chunk);
		const isFree = (place: number): boolean => place > 0 && chunks[place - 1]?.older === 0;
		if (newer !== undefined) return isFree(indexOf(newer) + 1) ? indexOf(newer) + 1 : undefined;
		if (older !== undefined) return isFree(indexOf(older)) ? indexOf(older) : undefined;
		const wanted = placeByTime(rid, chunks, time);
		return wanted === undefined ? undefined : freePlace(chunks, wanted);
	};

	/** Writes events behind the newest one of a chunk; one that a bug does not let be written is an unreadable row. */
	const write = (rid: number, {chunk, highest}: ChunkRow, run: readonly unknown[], onError: OnError) => {
		const inserted: Inserted[] = [];
		let position = highest;
		for (const value of run) {
			const place = {chunk, position: position + 1};
			let result: Insertion;
			try {
				result = alone(() => events.insert(rid, place, value));
			} catch (error) {
				if (isStorageFailure(error)) throw error;
				onError(error);
				result = events.insertUnreadable(rid, place, value);
			}
			if (result.isPlaced) position += 1;
			inserted.push(...[result.own, result.bundled].filter(event => event !== undefined));
		}
		return {inserted, position};
	};

	return {
		/** Writes a run of events as a chunk of its own; where it reaches others, it joins them. */
		insert(rid: number, {eventId, events: all, start, end}: EventsAround, onError: OnError): Placement {
			const target = all.findIndex(value => asObject(value)['event_id'] === eventId);
			const chunks = order.all(rid);
			if (target === -1 || chunks[0]?.is_live !== 1) return unplaced;
			const known = all.map(value => chunkOf(rid, value));
			if (known[target] !== undefined) return {kind: 'placed', inserted: []};
			const before = known.findLastIndex((chunk, index) => index < target && chunk !== undefined);
			const after = known.findIndex((chunk, index) => index > target && chunk !== undefined);
			const older = known[before];
			const newer = after === -1 ? undefined : known[after];
			if (older !== undefined && older === newer) return unplaced;
			const time = Number(asObject(all[target])['origin_server_ts']) || 0;
			const place = placeOf(rid, chunks, {time, newer, older});
			if (place === undefined) return unplaced;

			const upper = chunks[place - 1];
			insertChunk.run(
				rid,
				(upper?.chunk_order ?? 0) - 1 || -1,
				start,
				newer === undefined ? end : undefined,
				start === undefined ? 2 : 0,
			);
			const chunk = integer(newestChunk.get(rid), 'chunk');
			const row = order.all(rid).find(each => each.chunk === chunk);
			if (row === undefined) return unplaced;
			order.arrange(chunks.toSpliced(place, 0, row));
			const run = all.slice(before + 1, after === -1 ? undefined : after);
			const {inserted, position} = write(rid, row, run, onError);
			setHighest.run(position, newer === undefined ? end : undefined, chunk);
			if (newer !== undefined) order.join(rid, newer, chunk);
			if (older !== undefined) order.join(rid, chunk, older);
			return {kind: 'placed', inserted};
		},

		/** @returns the chunks of a room that are apart. */
		chunks: (rid: number): ReadonlySet<number> => new Set(apartOf.all(rid).map(row => integer(row, 'chunk'))),

		/** Gives an event of a chunk that is apart to the one in which the sync has it. */
		giveUp(rid: number, eventId: string, {chunk, position}: Place): GivenUp {
			const row = move.get(chunk, position, eventId, rid);
			return {
				pk: integer(row, 'pk'),
				type: text(row, 'type'),
				timestamp: integer(row, 'timestamp'),
				redactedBy: optionalText(row, 'redacted_by'),
			};
		},

		/** @returns where the page behind a chunk is asked for; `undefined` where nothing is missing behind it, or it is no chunk that is apart */
		newerEdge(rid: number, chunkOrder: number): NewerEdge | undefined {
			const row = order.all(rid).find(each => each.chunk_order === chunkOrder);
			return row?.next_token == null ? undefined : {chunk: row.chunk, token: row.next_token};
		},

		/**
		 * Appends a page of GET /messages?dir=f, oldest first.
		 * @param end the token of the next page; `undefined` where there is none
		 * @returns the events that are new
		 */
		append(
			rid: number,
			edge: NewerEdge,
			{events: page, end}: {readonly events: readonly unknown[]; readonly end: string | undefined},
			onError: OnError,
		): readonly Inserted[] {
			const chunks = order.all(rid);
			const at = chunks.findIndex(({chunk}) => chunk === edge.chunk);
			const row = chunks[at];
			// Another page of the same place may have been written meanwhile.
			if (row?.next_token !== edge.token) return [];
			const known = page.map(value => chunkOf(rid, value));
			const reached = known.findIndex(chunk => chunk !== undefined && chunk !== edge.chunk);
			const other = known[reached];
			const run = reached === -1 ? page : page.slice(0, reached);
			const {inserted, position} = write(rid, row, run, onError);
			const isLast = end === undefined || end === edge.token || page.length === 0;
			setHighest.run(position, other !== undefined || isLast ? undefined : end, edge.chunk);
			const upper = other ?? (isLast ? chunks[at - 1]?.chunk : undefined);
			if (upper !== undefined) order.join(rid, upper, edge.chunk);
			return inserted;
		},
	};
};
