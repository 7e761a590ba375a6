/** Reads the messages of several rooms as one timeline, by the time of their servers: the chats with one person on several networks. */
import type {TimelineHole} from '../domain/history-requests.ts';
import {timeAmongRooms, type Message} from '../domain/message.ts';
import {prepare} from './bind.ts';
import {integer, optionalInteger} from './columns.ts';
import {isRow, type createMessageReader} from './message-reader.ts';
import type {Database} from './open-database.ts';

/** A place among the messages of several rooms. What has no row number stands below all of the same time and position. */
export type MixedPlace = {
	/** Milliseconds since the Unix epoch. */
	readonly chunkOrder: number;
	readonly position: number;
	readonly pk?: number | undefined;
};

export type MixedWindow = {
	/** Row numbers of rooms, each once. */
	readonly rids: readonly number[];
	readonly limit: number;
	/** The newest ones before (older than) this place. */
	readonly before?: MixedPlace | undefined;
	/** Else the oldest ones behind this one; without either, the newest of all. */
	readonly after?: MixedPlace | undefined;
};

/** Messages oldest first; their places are such as `MixedPlace`, that in their own room is `home`. */
export type MixedPage = {
	readonly messages: readonly Message[];
	readonly holes: readonly TimelineHole[];
	/** Whether the archive reaches back to the first event of each of the rooms. */
	readonly isStartKnown: boolean;
};

type Key = {readonly time: number; readonly position: number; readonly pk: number};

/** As the index has it, and `timeAmongRooms`. */
const time = 'coalesce(came_at, timestamp)';

/** What stands in threads is shown by itself; what could not be read as an event has no time. */
const isMain = `chunk IS NOT NULL AND sender <> '' AND ${isRow} AND relation IS NOT 'm.thread'`;

const compareKeys = (first: Key, second: Key): number =>
	first.time - second.time || first.position - second.position || first.pk - second.pk;

/** Where nothing is said of the row number: above, or below, all of them. */
const lowest = -1;
const highest = Number.MAX_SAFE_INTEGER;

/** @param messages reader of the same connection */
export const createMixedTimeline = (
	database: Database,
	messages: Pick<ReturnType<typeof createMessageReader>, 'numbered'>,
) => {
	const older = prepare(
		database,
		`SELECT pk, ${time} AS time, position FROM event INDEXED BY event_by_time_of_room
		WHERE rid = ? AND ${time} <= ? AND (${time}, position, pk) < (?, ?, ?) AND ${isMain}
		ORDER BY ${time} DESC, position DESC, pk DESC LIMIT ?`,
	);
	const newer = prepare(
		database,
		`SELECT pk, ${time} AS time, position FROM event INDEXED BY event_by_time_of_room
		WHERE rid = ? AND ${time} >= ? AND (${time}, position, pk) > (?, ?, ?) AND ${isMain}
		ORDER BY ${time}, position, pk LIMIT ?`,
	);
	const holes = prepare(
		database,
		`SELECT chunk_order, (SELECT pk FROM event WHERE event.rid = chunk.rid AND event.chunk = chunk.chunk AND ${isMain}
			ORDER BY position LIMIT 1) AS pk
		FROM chunk WHERE rid = ? AND older = 0 ORDER BY chunk_order`,
	);
	const oldest = prepare(database, 'SELECT older FROM chunk WHERE rid = ? ORDER BY chunk_order LIMIT 1');

	/** What the messages are is read only of those that are wanted of all rooms together. */
	const keysOf = ({rids, limit, before, after}: MixedWindow): readonly Key[] => {
		const isNewer = before === undefined && after !== undefined;
		const {chunkOrder, position, pk} = before ?? after ?? {chunkOrder: highest, position: highest};
		const place = [chunkOrder, chunkOrder, position, pk ?? (isNewer ? highest : lowest)] as const;
		const found = rids.flatMap(rid =>
			(isNewer ? newer : older).all(rid, ...place, limit).map(row => ({
				time: integer(row, 'time'),
				position: integer(row, 'position'),
				pk: integer(row, 'pk'),
			})),
		);
		const ordered = found.toSorted(compareKeys);
		return isNewer ? ordered.slice(0, limit) : ordered.slice(Math.max(0, ordered.length - limit));
	};

	return (window: MixedWindow): MixedPage => ({
		messages: messages.numbered(keysOf(window).map(({pk}) => pk)).map(message => ({
			...message,
			chunkOrder: timeAmongRooms(message),
			home: {chunkOrder: message.chunkOrder, position: message.position},
		})),
		holes: window.rids.flatMap(rid =>
			holes.all(rid).map(row => ({rid, chunkOrder: integer(row, 'chunk_order'), pk: optionalInteger(row, 'pk')})),
		),
		isStartKnown: window.rids.every(rid => integer(oldest.get(rid), 'older') === 2),
	});
};
