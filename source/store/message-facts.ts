/** What the archive knows about single messages, besides what a timeline shows of them. Read-only. */
import {asObject, isObject, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import type {SendStatus} from '../domain/send-status.ts';
import {integer, json, optionalInteger, optionalText, text} from './columns.ts';
import {lossTime} from './irc-losses.ts';
import {createSendStatusReader} from './send-status-reader.ts';
import type {Database, Row} from './open-database.ts';
import {mainThread} from './read-state.ts';

/** What a message said at a time; the first one is what was sent. */
export type MessageVersion = {readonly timestamp: number; readonly content: JsonObject};

/** Somebody who reacted. The names are untrusted. */
export type Reactor = {readonly key: string; readonly userId: string; readonly name: string | undefined};

/** Somebody who read up to a message or further. `time`: milliseconds since the Unix epoch. */
export type MessageRead = {readonly userId: string; readonly name: string | undefined; readonly time: number};

/** What the server sent, and what was in it. */
export type EventSource = {readonly received: unknown; readonly decrypted: unknown};

/** What became of an own event behind a bridge. */
export type DeliveryFacts = {
	readonly status: SendStatus;
	/** Id of the network. */
	readonly protocol: string;
	/** Milliseconds since it was sent in which the bridge may still say that it did not arrive, though it was bridged. */
	readonly lossTime: number;
};

/** People that a list of readers has at most. */
const mostReaders = 500;

const contentOf = (row: Row): JsonObject => asObject(asObject(json(row, 'clear') ?? json(row, 'raw'))['content']);

export type MessageFacts = ReturnType<typeof createMessageFacts>;

/** @param ownUserId the account's user id */
export const createMessageFacts = (database: Database, ownUserId: string) => {
	const ownReactions = prepare(
		database,
		`SELECT event_id FROM event WHERE related_to = ? AND relation = 'm.annotation' AND type = 'm.reaction' AND rid = ?
			AND sender = ? AND body = ? AND redacted_by IS NULL`,
	);
	const lastOfThread = prepare(
		database,
		`SELECT event_id FROM event WHERE thread = ? AND rid = ? AND pk <= ? AND redacted_by IS NULL ORDER BY timestamp DESC, pk DESC LIMIT 1`,
	);
	const one = prepare(
		database,
		'SELECT event.*, chunk_order FROM event LEFT JOIN chunk ON chunk.chunk = event.chunk WHERE event_id = ? AND event.rid = ?',
	);
	const edits = prepare(
		database,
		`SELECT timestamp, raw, clear FROM event WHERE related_to = ? AND relation = 'm.replace' AND rid = ? AND sender = ? AND type = ?
			AND encryption <> 1 AND encryption >= ? AND redacted_by IS NULL ORDER BY timestamp, event_id`,
	);
	const memberName =
		'(SELECT display_name FROM member WHERE member.rid = people.rid AND member.user_id = people.user_id) AS name';
	const reactors = prepare(
		database,
		`SELECT key, user_id, ${memberName} FROM (SELECT rid, body AS key, sender AS user_id, min(pk) AS first FROM event
			WHERE related_to = ? AND relation = 'm.annotation' AND type = 'm.reaction' AND rid = ? AND redacted_by IS NULL
				AND body IS NOT NULL AND NOT EXISTS(SELECT 1 FROM ignored WHERE user_id = sender) GROUP BY body, sender) AS people ORDER BY first`,
	);
	const readers = prepare(
		database,
		`SELECT user_id, time, ${memberName} FROM (SELECT receipt.rid, user_id, max(time) AS time FROM receipt
			JOIN event ON event.event_id = receipt.event_id AND event.rid = receipt.rid JOIN chunk ON chunk.chunk = event.chunk
			WHERE receipt.rid = ? AND receipt.type = 'm.read' AND user_id <> ? AND receipt.thread IN ('', ?)
				AND (chunk_order, position) >= (?, ?) AND NOT EXISTS(SELECT 1 FROM ignored WHERE ignored.user_id = receipt.user_id)
				AND NOT EXISTS(SELECT 1 FROM own_ghost WHERE own_ghost.user_id = receipt.user_id)
			GROUP BY user_id) AS people ORDER BY time DESC LIMIT ${mostReaders}`,
	);
	const threads = prepare(
		database,
		`SELECT thread, max(timestamp) AS last FROM event INDEXED BY event_thread_of_room
		WHERE rid = ? AND thread IS NOT NULL AND relation = 'm.thread' AND redacted_by IS NULL
			AND NOT EXISTS(SELECT 1 FROM ignored WHERE user_id = sender) GROUP BY thread ORDER BY last DESC LIMIT ?`,
	);
	const recentReactions = prepare(
		database,
		`SELECT json_extract(content, '$."m.relates_to".key') AS key FROM outbox WHERE type = 'm.reaction'
		GROUP BY key ORDER BY max(id) DESC LIMIT ?`,
	);
	const sends = createSendStatusReader(database, ownUserId);
	return {
		/** @returns what became of an own event behind the bridge of its room, as a whole story */
		delivery(rid: number, eventId: string): DeliveryFacts | undefined {
			const room = sends.roomOf(rid);
			if (room === undefined) return undefined;
			const row = one.get(eventId, rid);
			const [chunkOrder, position] = [optionalInteger(row, 'chunk_order') ?? 0, optionalInteger(row, 'position') ?? 0];
			const status = sends.statusOf(room, {eventId, chunkOrder, position}, true);
			return {status, protocol: room.protocol, lossTime: room.irc === undefined ? 0 : lossTime};
		},

		/** @returns what a message said, oldest first; nothing of what cannot be read or was removed. */
		versions(rid: number, eventId: string): readonly MessageVersion[] {
			const row = one.get(eventId, rid);
			if (row === undefined || integer(row, 'encryption') === 1 || optionalText(row, 'redacted_by') !== undefined)
				return [];
			const isEncrypted = integer(row, 'encryption') === 2;
			const later = edits.all(eventId, rid, text(row, 'sender'), text(row, 'type'), isEncrypted ? 2 : 0);
			return [
				{timestamp: integer(row, 'timestamp'), content: contentOf(row)},
				...later.flatMap(edit => {
					const content = contentOf(edit)['m.new_content'];
					return isObject(content) ? [{timestamp: integer(edit, 'timestamp'), content}] : [];
				}),
			];
		},

		/** @returns who reacted with what, in the order in which they did. */
		reactors: (rid: number, eventId: string): readonly Reactor[] =>
			reactors
				.all(eventId, rid)
				.map(row => ({key: text(row, 'key'), userId: text(row, 'user_id'), name: optionalText(row, 'name')})),

		/** @returns who has read up to a message, besides who sent it, last ones first. */
		readers(rid: number, eventId: string): readonly MessageRead[] {
			const row = one.get(eventId, rid);
			if (row?.['chunk_order'] === undefined || row['chunk_order'] === null) return [];
			const place = [integer(row, 'chunk_order'), integer(row, 'position')];
			const thread = optionalText(row, 'thread') ?? mainThread;
			return readers.all(rid, text(row, 'sender'), thread, ...place).map(read => ({
				userId: text(read, 'user_id'),
				name: optionalText(read, 'name'),
				time: integer(read, 'time'),
			}));
		},

		/** @returns an event as it came. */
		source(rid: number, eventId: string): EventSource | undefined {
			const row = one.get(eventId, rid);
			return row === undefined ? undefined : {received: json(row, 'raw'), decrypted: json(row, 'clear')};
		},

		/** @returns event ids of the roots of a room's threads, the one that was last written in first. */
		threads: (rid: number, limit: number): readonly string[] => threads.all(rid, limit).map(row => text(row, 'thread')),

		/** @returns keys that the account reacted with from this device in the last days, newest first. */
		recentReactions: (count: number): readonly string[] =>
			recentReactions.all(count).flatMap(row => optionalText(row, 'key') ?? []),
		/**
		 * @param until row number of the last event that counts; all without
		 * @returns event id of the newest message in a thread, besides its root
		 */
		lastOfThread: (rid: number, root: string, until = Number.MAX_SAFE_INTEGER): string | undefined =>
			optionalText(lastOfThread.get(root, rid, until), 'event_id'),
		/** @returns event ids of own reactions of a key to an event. */
		ownReactions: (rid: number, eventId: string, key: string): readonly string[] =>
			ownReactions.all(eventId, rid, ownUserId, key).map(row => text(row, 'event_id')),
	};
};
