/** What the person said in a room, from the newest on: for writing it again. */
import {asObject, parseJson, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** Where a sent message stands: on its way, or in the timeline. */
export type SentPlace =
	| {readonly kind: 'outbox'; readonly id: number}
	| {readonly kind: 'timeline'; readonly chunkOrder: number; readonly position: number};

export type SentMessage = {readonly place: SentPlace; readonly content: JsonObject};

/** Events of a chunk that are looked through for the next one. */
const mostRead = 3000;

/** Content of an event, or of the edit that is shown in its place. */
const contentOf = (row: Row): JsonObject => {
	const edit = optionalText(row, 'edit_json');
	const event = asObject(parseJson(optionalText(row, 'clear') ?? optionalText(row, 'raw') ?? '{}'));
	if (edit === undefined) return asObject(event['content']);
	return asObject(asObject(asObject(parseJson(edit))['content'])['m.new_content']);
};

/**
 * @param ownUserId the account's user id
 * @returns a function that reads the next older message of the account in a room; without a place the newest one
 */
export const createSentMessages = (
	database: Database,
	ownUserId: string,
): ((rid: number, before?: SentPlace) => SentMessage | undefined) => {
	const waiting = prepare(
		database,
		`SELECT id, content FROM outbox WHERE rid = ? AND id < ? AND type = 'm.room.message' AND (state <> 'sent' OR NOT EXISTS(
			SELECT 1 FROM event WHERE event.event_id = outbox.event_id AND chunk IS NOT NULL)) ORDER BY id DESC LIMIT 1`,
	);
	const chunks = prepare(database, 'SELECT chunk, chunk_order FROM chunk WHERE rid = ? ORDER BY chunk_order DESC');
	const said = prepare(
		database,
		`SELECT position, raw, clear, (SELECT coalesce(edited.clear, edited.raw) FROM event AS edited WHERE edited.pk = found.edit) AS edit_json
		FROM (SELECT * FROM event WHERE rid = ? AND chunk = ? AND position < ? ORDER BY position DESC LIMIT ${mostRead}) AS found
		WHERE sender = ? AND type = 'm.room.message' AND relation IS NOT 'm.replace' AND redacted_by IS NULL LIMIT 1`,
	);

	const inTimeline = (rid: number, before: SentPlace | undefined): SentMessage | undefined => {
		const start = before?.kind === 'timeline' ? before : undefined;
		for (const row of chunks.all(rid)) {
			const chunkOrder = integer(row, 'chunk_order');
			if (start !== undefined && chunkOrder > start.chunkOrder) continue;
			const bound = chunkOrder === start?.chunkOrder ? start.position : Number.MAX_SAFE_INTEGER;
			const found = said.get(rid, integer(row, 'chunk'), bound, ownUserId);
			if (found === undefined) continue;
			return {place: {kind: 'timeline', chunkOrder, position: integer(found, 'position')}, content: contentOf(found)};
		}
		return undefined;
	};

	return (rid, before) => {
		if (before?.kind === 'timeline') return inTimeline(rid, before);
		const row = waiting.get(rid, before?.id ?? Number.MAX_SAFE_INTEGER);
		if (row === undefined) return inTimeline(rid, undefined);
		return {
			place: {kind: 'outbox', id: integer(row, 'id')},
			content: asObject(parseJson(text(row, 'content'))),
		};
	};
};
