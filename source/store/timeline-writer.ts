/** Writes timelines as chunks: a run of events without a gap. The newest chunk is live; older ones join it when the gap is filled. */
import type {SyncRoom} from '../domain/sync-response.ts';
import {prepare} from './bind.ts';
import {createChunkOrder, type ChunkRow} from './chunk-order.ts';
import {integer, text} from './columns.ts';
import type {EventWriter, Inserted, Place} from './event-writer.ts';
import {createIslandWriter, type GivenUp} from './island-writer.ts';
import type {Database} from './open-database.ts';
import {createOutboxMatcher} from './outbox-store.ts';
import {createSavepoint} from './savepoint.ts';
import {isStorageFailure} from './storage-failure.ts';
import {asObject, asString} from '../domain/json.ts';

/** What stands before the oldest event of a chunk. */
export type OlderEdge = {
	readonly chunk: number;
	/** `undefined` where the server named none. */
	readonly token: string | undefined;
	readonly kind: 'gap' | 'joined' | 'start';
};

/** What the timeline of a response did. */
export type Appended = {
	/** Events that are new, in order, each followed by an edit that came inside it. */
	readonly inserted: readonly Inserted[];
	/** Messages are missing between these events and those of before. */
	readonly hasGap: boolean;
};

/** A room with a hole between two runs of messages. */
export type RoomWithGap = {readonly rid: number; readonly roomId: string};

/** What became of one value of a timeline. */
type Written = {readonly isPlaced: boolean; readonly inserted: readonly Inserted[]};

const edgeKinds = ['gap', 'joined', 'start'] as const;

/** Event types that make a room rise in the list. */
const activityTypes: ReadonlySet<string> = new Set(['m.room.message', 'm.room.encrypted', 'm.sticker']);

/** @param events the writer of the same connection */
export const createTimelineWriter = (database: Database, events: EventWriter) => {
	const matchOutbox = createOutboxMatcher(database);
	const order = createChunkOrder(database);
	const islands = createIslandWriter(database, events);
	const alone = createSavepoint(database);
	const liveChunk = prepare(database, 'SELECT * FROM chunk WHERE rid = ? AND is_live = 1');
	const unlive = prepare(database, 'UPDATE chunk SET is_live = 0 WHERE rid = ? AND is_live = 1');
	const insertChunk = prepare(
		database,
		`INSERT INTO chunk(rid, chunk_order, is_live, previous_token, older)
		VALUES(?, (SELECT coalesce(max(chunk_order), 0) + 1 FROM chunk WHERE rid = ?), 1, ?, ?)`,
	);
	const setHighest = prepare(database, 'UPDATE chunk SET highest = ? WHERE chunk = ?');
	const setStart = prepare(database, 'UPDATE chunk SET older = 2 WHERE chunk = ?');
	const setLowest = prepare(database, 'UPDATE chunk SET lowest = ?, previous_token = ?, older = ? WHERE chunk = ?');
	const setActivity = prepare(
		database,
		'UPDATE room SET last_event = ?, last_activity = max(last_activity, ?) WHERE rid = ?',
	);

	const roomsWithGap = prepare(
		database,
		`SELECT DISTINCT room.rid, room_id FROM chunk JOIN room ON room.rid = chunk.rid
		WHERE older = 0 AND membership = 'join' AND EXISTS(
			SELECT 1 FROM chunk AS below WHERE below.rid = chunk.rid AND below.chunk_order < chunk.chunk_order AND below.is_apart = 0)`,
	);

	const clearing = ['DELETE FROM chunk WHERE rid = ?', 'UPDATE room SET last_event = NULL WHERE rid = ?'].map(sql =>
		prepare(database, sql),
	);

	const openChunk = (rid: number, previousToken: string | undefined): ChunkRow => {
		unlive.run(rid);
		insertChunk.run(rid, rid, previousToken, previousToken === undefined ? 2 : 0);
		return liveChunk.get(rid) as ChunkRow;
	};

	const chunkOf = (rid: number, value: unknown): number | undefined => {
		const eventId = asString(asObject(value)['event_id']);
		return eventId === undefined ? undefined : events.chunkOf(rid, eventId);
	};

	/** A replayed response must not open a second chunk for events that are already there; who looked them up does not count. */
	const chunkFor = (rid: number, room: SyncRoom, apart: ReadonlySet<number>): ChunkRow => {
		const live = liveChunk.get(rid) as ChunkRow | undefined;
		if (live === undefined) return openChunk(rid, room.previousToken);
		if (!room.isLimited || room.timeline.length === 0) return live;
		const isReplayed = room.timeline.some(value => {
			const known = chunkOf(rid, value);
			return known !== undefined && !apart.has(known);
		});
		return isReplayed ? live : openChunk(rid, room.previousToken);
	};

	const raise = (rid: number, pk: number, {type, timestamp, redactedBy}: Omit<GivenUp, 'pk'>): void => {
		if (activityTypes.has(type) && redactedBy === undefined) setActivity.run(pk, timestamp, rid);
	};

	/** What somebody looked up stands where the sync has it from now on. */
	const takeOver = (rid: number, place: Place, value: unknown): void => {
		const eventId = asString(asObject(value)['event_id']) ?? '';
		const {pk, ...event} = islands.giveUp(rid, eventId, place);
		raise(rid, pk, event);
		const transactionId = asString(asObject(asObject(value)['unsigned'])['transaction_id']);
		if (transactionId !== undefined) matchOutbox(transactionId, eventId);
	};

	/** Writes one value of a timeline. @returns whether it took its place, and what is new */
	const insert = (rid: number, place: Place, value: unknown): Written => {
		const {isPlaced, own, bundled} = events.insert(rid, place, value);
		const transactionId = own?.event.transactionId;
		if (own !== undefined && transactionId !== undefined) matchOutbox(transactionId, own.event.eventId);
		return {isPlaced, inserted: [own, bundled].filter(event => event !== undefined)};
	};

	return {
		/** Forgets the timeline of a room. */
		clear(rid: number): void {
			events.forget(rid);
			for (const statement of clearing) statement.run(rid);
		},

		/** Appends the timeline of a response. */
		append(rid: number, room: SyncRoom): Appended {
			if (room.timeline.length === 0 && !room.isLimited) return {inserted: [], hasGap: false};
			const before = liveChunk.get(rid) as ChunkRow | undefined;
			const apart = islands.chunks(rid);
			const chunk = chunkFor(rid, room, apart);
			const inserted: Inserted[] = [];
			let position = chunk.highest;
			for (const value of room.timeline) {
				if (apart.has(chunkOf(rid, value) ?? 0)) {
					position += 1;
					takeOver(rid, {chunk: chunk.chunk, position}, value);
					continue;
				}
				const result = insert(rid, {chunk: chunk.chunk, position: position + 1}, value);
				inserted.push(...result.inserted);
				if (!result.isPlaced) continue;
				position += 1;
				const [own] = result.inserted;
				if (own === undefined) continue;
				raise(rid, own.pk, own.event);
				if (own.event.type === 'm.room.create') setStart.run(chunk.chunk);
			}
			setHighest.run(position, chunk.chunk);
			return {inserted, hasGap: before !== undefined && before.chunk !== chunk.chunk};
		},

		/**
		 * Prepends a page of GET /messages?dir=b, newest first as the server sends it.
		 * @param end the token for the next page; `undefined` at the room's start
		 * @param onError told of a bug; it costs the event that met it alone
		 * @returns the events that are new
		 */
		prepend(
			rid: number,
			edge: OlderEdge,
			page: {readonly events: readonly unknown[]; readonly end: string | undefined},
			onError: (error: unknown) => void = () => undefined,
		): readonly Inserted[] {
			const all = order.all(rid);
			const chunk = all.find(row => row.chunk === edge.chunk);
			// Another page of the same place may have been written meanwhile.
			if (chunk === undefined || chunk.older !== 0 || (chunk.previous_token ?? undefined) !== edge.token) return [];
			const isOlder = (row: ChunkRow): boolean => row.chunk_order < chunk.chunk_order;
			// A run that was looked up may have been put in the wrong place.
			const olderChunks = new Set(all.filter(row => isOlder(row) || row.is_apart === 1).map(row => row.chunk));
			olderChunks.delete(chunk.chunk);
			let reached: number | undefined;
			const inserted: Inserted[] = [];
			let position = chunk.lowest;
			// A server that names the same token again has nothing more either.
			const isLast = page.end === undefined || page.end === edge.token;
			let older = isLast ? (all.some(isOlder) ? 1 : 2) : 0;
			for (const value of page.events) {
				const known = chunkOf(rid, value);
				if (known !== undefined && olderChunks.has(known)) {
					// The page reached an older chunk: no gap is left between the two.
					older = 1;
					reached = known;
					break;
				}
				if (known !== undefined) continue;
				const place = {chunk: chunk.chunk, position};
				let result: Written;
				try {
					result = alone(() => insert(rid, place, value));
				} catch (error) {
					// The same page would be asked for, and fail, for ever.
					if (isStorageFailure(error)) throw error;
					onError(error);
					result = {isPlaced: events.insertUnreadable(rid, place, value).isPlaced, inserted: []};
				}
				if (result.isPlaced) position -= 1;
				inserted.push(...result.inserted);
			}
			setLowest.run(position, page.end ?? null, older, chunk.chunk);
			if (reached !== undefined) order.join(rid, chunk.chunk, reached);
			return inserted;
		},

		islands,

		/** @returns the edge before a chunk, if the server has more behind it. */
		edgeOf(rid: number, chunkOrder: number): OlderEdge | undefined {
			const row = order.all(rid).find(each => each.chunk_order === chunkOrder);
			return row?.older === 0 ? {chunk: row.chunk, token: row.previous_token ?? undefined, kind: 'gap'} : undefined;
		},

		/** @returns the newest edge behind which the server has more: a gap or the end of what was loaded. */
		olderEdge(rid: number): OlderEdge | undefined {
			for (const row of order.all(rid)) {
				const kind = edgeKinds[row.older] ?? 'gap';
				if (kind !== 'joined') return {chunk: row.chunk, token: row.previous_token ?? undefined, kind};
			}
			return undefined;
		},

		/** @returns the newest hole between two runs of messages. */
		gap(rid: number): OlderEdge | undefined {
			const all = order.all(rid);
			// Below what was looked up, nobody has asked for the rest.
			const lowest = all.findLastIndex(row => row.is_apart === 0);
			const row = all.slice(0, Math.max(0, lowest)).find(({older}) => older === 0);
			return row === undefined ? undefined : {chunk: row.chunk, token: row.previous_token ?? undefined, kind: 'gap'};
		},

		/** @returns the joined rooms in which messages are missing between others. */
		roomsWithGap: (): readonly RoomWithGap[] =>
			roomsWithGap.all().map(row => ({rid: integer(row, 'rid'), roomId: text(row, 'room_id')})),
	};
};
