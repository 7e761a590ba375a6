/** How far people have read, and what the account has not read yet. Read-only. */
import type {ReadPlace} from '../domain/message.ts';
import type {UnreadCounts} from '../domain/sync-response.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** Events from the newest on in which receipts are looked for, and receipts that are read at most. */
const nearEvents = 300;
const mostReceipts = 200;

/** What a receipt is of that names no thread: everything. With one: the main timeline (client-server API §Threaded read receipts). */
export const mainThread = 'main';

export type ReadState = ReturnType<typeof createReadState>;

/** @param ownUserId the account's user id */
export const createReadState = (database: Database, ownUserId: string) => {
	const last = prepare(
		database,
		`SELECT user_id, chunk_order, position,
			(SELECT display_name FROM member WHERE member.rid = receipt.rid AND member.user_id = receipt.user_id) AS name
		FROM (SELECT event_id, chunk_order, position FROM chunk JOIN event ON event.rid = chunk.rid AND event.chunk = chunk.chunk
				WHERE chunk.rid = ? AND is_live = 1 ORDER BY position DESC LIMIT ${nearEvents}) AS near
			CROSS JOIN receipt INDEXED BY receipt_of_event ON receipt.event_id = near.event_id
		WHERE receipt.rid = ? AND receipt.type = 'm.read' AND receipt.thread IN ('', ?) AND user_id <> ?
			AND NOT EXISTS(SELECT 1 FROM ignored WHERE ignored.user_id = receipt.user_id)
			AND NOT EXISTS(SELECT 1 FROM own_ghost WHERE own_ghost.user_id = receipt.user_id)
		ORDER BY position DESC LIMIT ${mostReceipts}`,
	);
	const own = prepare(
		database,
		`SELECT event_id FROM receipt WHERE rid = ? AND user_id = ? AND thread = ? AND type = 'm.read'`,
	);
	const threads = prepare(database, 'SELECT root, unread, highlights FROM thread_unread WHERE rid = ?');
	const lastMain = prepare(
		database,
		`SELECT event_id FROM chunk JOIN event ON event.rid = chunk.rid AND event.chunk = chunk.chunk
		WHERE chunk.rid = ? AND is_live = 1 AND pk <= ? AND substr(event_id, 1, 1) = '$' AND relation IS NOT 'm.thread'
			AND (related_to IS NULL OR NOT EXISTS(
				SELECT 1 FROM event AS target WHERE target.event_id = event.related_to AND target.relation = 'm.thread'))
		ORDER BY position DESC LIMIT 1`,
	);
	return {
		/**
		 * @param thread root of a thread; the main timeline without
		 * @returns how far others have read, as far as that is near the newest event; each once, who has read furthest first
		 */
		last(rid: number, thread = mainThread): readonly ReadPlace[] {
			const people = new Map<string, ReadPlace>();
			for (const row of last.all(rid, rid, thread, ownUserId)) {
				const userId = text(row, 'user_id');
				if (people.has(userId)) continue;
				const [chunkOrder, position] = [integer(row, 'chunk_order'), integer(row, 'position')];
				people.set(userId, {userId, name: optionalText(row, 'name'), chunkOrder, position});
			}
			return [...people.values()];
		},

		/** @returns the event up to which the account has read a thread, as the server knows it. */
		ownInThread: (rid: number, root: string): string | undefined =>
			optionalText(own.get(rid, ownUserId, root), 'event_id'),

		/** @returns the threads of a room in which something is not read. */
		threads: (rid: number): ReadonlyMap<string, UnreadCounts> =>
			new Map(
				threads
					.all(rid)
					.map(row => [text(row, 'root'), {unread: integer(row, 'unread'), highlights: integer(row, 'highlights')}]),
			),

		/**
		 * @param until row number of the last event that counts; all without
		 * @returns the newest event outside of threads, which a receipt of the main timeline may point to
		 */
		lastMainEvent: (rid: number, until = Number.MAX_SAFE_INTEGER): string | undefined =>
			optionalText(lastMain.get(rid, until), 'event_id'),
	};
};
