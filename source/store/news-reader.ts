/** What has come in since: events at the end of timelines, in the order in which they came. Read-only; for notifications. */
import {asObject, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {integer, json, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** An event that came in; `key` grows with each one. */
export type NewsItem = {readonly key: number; readonly rid: number; readonly eventId: string};

export type NewsReader = {
	/** @returns the key of what came in last, of all; 0 where there is nothing */
	readonly last: () => number;
	/**
	 * @returns what came in behind a key, at most `limit` of it, oldest first. History that was fetched later does not count: it
	 * stands above what was there.
	 */
	readonly since: (key: number, limit: number) => readonly NewsItem[];
	/** Content of m.push_rules; empty where the server gave none. */
	readonly pushRules: () => JsonObject;
};

export const createNewsReader = (database: Database): NewsReader => {
	const last = prepare(database, 'SELECT coalesce(max(pk), 0) AS pk FROM event');
	const since = prepare(
		database,
		`SELECT pk, event.rid, event_id FROM event JOIN chunk ON chunk.chunk = event.chunk AND is_live = 1
		WHERE pk > ? AND substr(event_id, 1, 1) = '$' AND redacted_by IS NULL
			AND NOT EXISTS (SELECT 1 FROM ignored WHERE user_id = sender) AND NOT EXISTS (
			SELECT 1 FROM event AS older WHERE older.rid = event.rid AND older.chunk = event.chunk
			AND older.position > event.position AND older.pk < event.pk)
		ORDER BY pk LIMIT ?`,
	);
	const accountData = prepare(database, 'SELECT json FROM account_data WHERE type = ?');
	return {
		last: () => integer(last.get(), 'pk'),
		since: (key, limit) =>
			since
				.all(key, limit)
				.map(row => ({key: integer(row, 'pk'), rid: integer(row, 'rid'), eventId: text(row, 'event_id')})),
		pushRules: () => asObject(json(accountData.get('m.push_rules'), 'json')),
	};
};
