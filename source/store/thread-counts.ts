/** Writes how much of each thread of a room is not read; the counts of the room include them. */
import type {UnreadCounts} from '../domain/sync-response.ts';
import {prepare} from './bind.ts';
import type {Database} from './open-database.ts';

export type ThreadCounts = {
	/** Takes the counts of all threads of a room as the server gave them. */
	readonly replace: (rid: number, counts: ReadonlyMap<string, UnreadCounts>) => void;
	/** Notes that a person has read a thread. */
	readonly markRead: (rid: number, root: string) => void;
};

export const createThreadCounts = (database: Database): ThreadCounts => {
	const clear = prepare(database, 'DELETE FROM thread_unread WHERE rid = ?');
	const put = prepare(
		database,
		`INSERT INTO thread_unread(rid, root, unread, highlights) VALUES(?, ?, ?, ?)
		ON CONFLICT(rid, root) DO UPDATE SET unread = excluded.unread, highlights = excluded.highlights`,
	);
	const takeFromRoom = prepare(
		database,
		`UPDATE room SET unread_count = max(0, unread_count - thread_unread.unread),
			highlight_count = max(0, highlight_count - thread_unread.highlights)
		FROM thread_unread WHERE room.rid = ? AND thread_unread.rid = room.rid AND root = ?`,
	);
	const remove = prepare(database, 'DELETE FROM thread_unread WHERE rid = ? AND root = ?');
	return {
		replace(rid, counts) {
			clear.run(rid);
			for (const [root, {unread, highlights}] of counts) {
				if (unread > 0 || highlights > 0) put.run(rid, root, unread, highlights);
			}
		},
		markRead(rid, root) {
			takeFromRoom.run(rid, root);
			remove.run(rid, root);
		},
	};
};
