/** What the archive knows about single messages, besides what a timeline shows of them. Read-only. */
import {prepare} from './bind.ts';
import {optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';

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
		`SELECT event_id FROM event WHERE thread = ? AND rid = ? AND redacted_by IS NULL ORDER BY timestamp DESC, pk DESC LIMIT 1`,
	);
	const recentReactions = prepare(
		database,
		`SELECT json_extract(content, '$."m.relates_to".key') AS key FROM outbox WHERE type = 'm.reaction'
		GROUP BY key ORDER BY max(id) DESC LIMIT ?`,
	);
	return {
		/** @returns keys that the account reacted with from this device in the last days, newest first. */
		recentReactions: (count: number): readonly string[] =>
			recentReactions.all(count).flatMap(row => optionalText(row, 'key') ?? []),
		/** @returns event id of the newest message in a thread, besides its root. */
		lastOfThread: (rid: number, root: string): string | undefined =>
			optionalText(lastOfThread.get(root, rid), 'event_id'),
		/** @returns event ids of own reactions of a key to an event. */
		ownReactions: (rid: number, eventId: string, key: string): readonly string[] =>
			ownReactions.all(eventId, rid, ownUserId, key).map(row => text(row, 'event_id')),
	};
};
