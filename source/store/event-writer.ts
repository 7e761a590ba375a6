/**
 * The one way into the archive: writes events and keeps what follows from them (edits, redactions, search index) right.
 * Idempotent and free of order: sync, back-pagination, late decryption and import all come through here.
 */
import {isValidEdit, relationOf, type EditParty} from '../domain/edits.ts';
import {asObject, asString, parseJson, type JsonObject, type JsonValue} from '../domain/json.ts';
import {unreadableType} from '../domain/message.ts';
import {parseRoomEvent, timeOf, type RoomEvent} from '../domain/room-event.ts';
import {prepare} from './bind.ts';
import {integer, text} from './columns.ts';
import {spaceCjk} from './full-text.ts';
import {messageKind, shownBody} from './message-kind.ts';
import type {Database} from './open-database.ts';
import {createQuarantine} from './quarantine.ts';

/** Where an event stands; `undefined` when it is known only because another event refers to it. */
export type Place = {readonly chunk: number; readonly position: number};

/** An event that is new in the archive. */
export type Inserted = {readonly pk: number; readonly event: RoomEvent};

/** What `insert` did. */
export type Insertion = {
	/** Whether the timeline gained a row at the place. */
	readonly isPlaced: boolean;
	/** The event, if it is new and one. */
	readonly own: Inserted | undefined;
	/** An edit that came inside the event, if that is new. */
	readonly bundled: Inserted | undefined;
};

const nothingNew: Insertion = {isPlaced: false, own: undefined, bundled: undefined};

/** What `decrypted` needs: the clear event and what is wrong with its authenticity (JSON of a Shield). */
export type ClearEvent = {readonly type: string; readonly content: JsonObject; readonly shield: string | undefined};

/** A row as it stands in the table. */
type EventRow = {
	readonly pk: number;
	readonly event_id: string;
	readonly rid: number;
	readonly sender: string;
	readonly timestamp: number;
	readonly type: string;
	readonly state_key: string | null;
	readonly relation: string | null;
	readonly related_to: string | null;
	readonly encryption: number;
	readonly edit: number | null;
	readonly redacted_by: string | null;
	readonly chunk: number | null;
	readonly raw: string | null;
	readonly clear: string | null;
};

const clearContent = (row: EventRow): JsonObject => {
	const source = asObject(parseJson(row.clear ?? row.raw ?? '{}'));
	return asObject(source['content']);
};

/** The relation of an encrypted event stands in the clear beside the ciphertext, with some senders only within it. */
const relatesTo = (row: EventRow): JsonValue | undefined => {
	const wire = asObject(asObject(parseJson(row.raw ?? '{}'))['content']);
	return (relationOf(wire).kind === undefined ? clearContent(row) : wire)['m.relates_to'];
};

const partyOf = (row: EventRow): EditParty => ({
	roomId: row.rid,
	eventId: row.event_id,
	sender: row.sender,
	type: row.type,
	isState: row.state_key !== null,
	isEncrypted: row.encryption !== 0,
	isRedacted: row.redacted_by !== null,
	content: {...clearContent(row), 'm.relates_to': relatesTo(row)},
});

/** A clock may be this much ahead, in milliseconds: messages of servers that agree keep their order. */
const clockTolerance = 10 * 60_000;

/** The number of the next row, above the one that is given. */
const nextPk = '1 + max(?, coalesce((SELECT max(pk) FROM event), 0))';

export type EventWriter = ReturnType<typeof createEventWriter>;

/**
 * @param database the owner's connection; call the functions inside a transaction.
 * @param now milliseconds since the Unix epoch. @default Date.now
 */
export const createEventWriter = (database: Database, now: () => number = Date.now) => {
	const insertRow = prepare(
		database,
		`INSERT INTO event(pk, event_id, rid, chunk, position, timestamp, sender, type, state_key, body, relation, related_to, reply_to,
			thread, encryption, session, redacted_by, raw, came_at) VALUES(${nextPk}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(event_id) DO UPDATE SET chunk = excluded.chunk, position = excluded.position
			WHERE event.chunk IS NULL AND excluded.chunk IS NOT NULL AND event.rid = excluded.rid`,
	);
	const byId = prepare(database, 'SELECT * FROM event WHERE event_id = ?');
	const byPk = prepare(database, 'SELECT * FROM event WHERE pk = ?');
	const editsOf = prepare(
		database,
		`SELECT * FROM event WHERE related_to = ? AND relation = 'm.replace' AND rid = ? AND redacted_by IS NULL ORDER BY timestamp DESC, event_id DESC`,
	);
	const setEdit = prepare(database, 'UPDATE event SET edit = ?, body = ?, kind = ? WHERE pk = ?');
	const setClear = prepare(
		database,
		`UPDATE event SET encryption = 2, failure = NULL, type = ?, clear = ?, body = ?, shield = ?,
			relation = coalesce(relation, ?), related_to = coalesce(related_to, ?), reply_to = coalesce(reply_to, ?),
			thread = coalesce(thread, ?) WHERE pk = ?`,
	);
	const setFailure = prepare(database, 'UPDATE event SET failure = ? WHERE pk = ? AND encryption = 1');
	const stripRow = prepare(
		database,
		'UPDATE event SET redacted_by = ?, raw = NULL, clear = NULL, body = NULL, kind = NULL, edit = NULL WHERE pk = ?',
	);
	const index = prepare(database, 'INSERT INTO full_text(rowid, body) VALUES(?, ?)');
	const unindex = prepare(database, 'DELETE FROM full_text WHERE rowid = ?');
	const keepRedaction = prepare(
		database,
		'INSERT OR IGNORE INTO waiting_redaction(target, rid, sender) VALUES(?, ?, ?)',
	);
	const takeRedaction = prepare(
		database,
		'DELETE FROM waiting_redaction WHERE target = ? AND rid = ? RETURNING sender',
	);
	const insertUnreadable = prepare(
		database,
		`INSERT INTO event(pk, event_id, rid, chunk, position, timestamp, sender, type)
		VALUES(${nextPk}, ?, ?, ?, ?, ?, '', '${unreadableType}')
		ON CONFLICT(event_id) DO NOTHING`,
	);
	const highestPk = prepare(database, 'SELECT coalesce(max(pk), 0) AS pk FROM event');
	const forgetting = [
		'DELETE FROM full_text WHERE rowid IN (SELECT pk FROM event WHERE rid = ?)',
		'DELETE FROM event WHERE rid = ?',
	].map(sql => prepare(database, sql));
	const roomIdOf = prepare(database, 'SELECT room_id FROM room WHERE rid = ?');
	const quarantine = createQuarantine(database);
	/**
	 * Row numbers up to this one are not given again while mx runs: a decryption that is under way knows its event by the
	 * number, and its cleartext must not go into another one.
	 */
	let usedPk = 0;

	const rowOf = (eventId: string): EventRow | undefined => byId.get(eventId) as EventRow | undefined;

	const reindex = (row: EventRow, body: string | undefined): void => {
		unindex.run(row.pk);
		const isSearchable = row.relation !== 'm.replace' && row.type !== 'm.reaction';
		if (isSearchable && body !== undefined && body !== '') index.run(row.pk, spaceCjk(body));
	};

	/** Shows the newest valid edit of `row`, or its own body. */
	const settleBody = (row: EventRow): void => {
		const target = partyOf(row);
		// Before decryption nothing can be said of either; what stands in the clear beside the ciphertext must not count.
		const edit = (editsOf.all(row.event_id, row.rid) as EventRow[]).find(
			candidate => row.encryption !== 1 && candidate.encryption !== 1 && isValidEdit(target, partyOf(candidate)),
		);
		const content = edit === undefined ? clearContent(row) : asObject(clearContent(edit)['m.new_content']);
		const body = row.encryption === 1 ? undefined : shownBody(row.type, content);
		setEdit.run(edit?.pk, body, body === undefined ? undefined : messageKind(row.type, content), row.pk);
		reindex(row, body);
	};

	const redact = (row: EventRow, sender: string): void => {
		stripRow.run(sender, row.pk);
		unindex.run(row.pk);
		if (row.relation === 'm.replace' && row.related_to !== null) {
			const target = rowOf(row.related_to);
			if (target !== undefined && target.rid === row.rid && target.redacted_by === null) settleBody(target);
		}
	};

	/** Applies what `row` does to others and what waited for it; runs when the row is new and again when it is decrypted. */
	const settle = (row: EventRow): void => {
		if (row.redacted_by !== null) return;
		settleBody(row);
		if (row.relation === 'm.replace' && row.related_to !== null) {
			const target = rowOf(row.related_to);
			if (target !== undefined && target.rid === row.rid && target.redacted_by === null) settleBody(target);
		}
	};

	/** @returns the event as it stands now, which a redaction may have waited for; `undefined` if it is known. */
	const insertParsed = (rid: number, place: Place | undefined, event: RoomEvent): Inserted | undefined => {
		// State relates to nothing: as an edit or a reaction it would not be shown.
		const relation = relationOf(event.stateKey === undefined ? event.content : {});
		const isEncrypted = event.type === 'm.room.encrypted' && event.stateKey === undefined;
		const known = rowOf(event.eventId);
		if (known !== undefined && (known.rid !== rid || known.chunk !== null || place === undefined)) return undefined;
		const isRedacted = event.redactedBy !== undefined;
		insertRow.run(
			usedPk,
			event.eventId,
			rid,
			place?.chunk ?? null,
			place?.position ?? null,
			event.timestamp,
			event.sender,
			event.type,
			event.stateKey ?? null,
			null,
			relation.kind ?? null,
			relation.eventId ?? null,
			relation.replyTo ?? null,
			relation.thread ?? null,
			isEncrypted && !isRedacted ? 1 : 0,
			isEncrypted ? (asString(event.content['session_id']) ?? null) : null,
			event.redactedBy ?? null,
			isRedacted ? null : JSON.stringify(event.raw),
			event.timestamp > now() + clockTolerance ? now() : null,
		);
		const row = rowOf(event.eventId);
		if (row === undefined) return undefined;
		const waiting = takeRedaction.get(event.eventId, rid) as {sender: string} | undefined;
		if (waiting !== undefined && row.redacted_by === null) redact(row, waiting.sender);
		else if (known === undefined) settle(row);
		if (event.redacts !== undefined) {
			const target = rowOf(event.redacts);
			if (target === undefined) keepRedaction.run(event.redacts, rid, event.sender);
			else if (target.rid === rid && target.redacted_by === null) redact(target, event.sender);
		}
		return {pk: row.pk, event: waiting === undefined ? event : {...event, redactedBy: waiting.sender}};
	};

	/** The server puts the newest edit into the event; it counts like one that came by itself. */
	const insertBundled = (
		rid: number,
		{eventId, stateKey, bundledEdit, redactedBy}: RoomEvent,
	): Inserted | undefined => {
		if (bundledEdit === undefined || redactedBy !== undefined || stateKey !== undefined) return undefined;
		const edit = parseRoomEvent(bundledEdit);
		if (typeof edit === 'string' || edit.stateKey !== undefined || edit.redacts !== undefined) return undefined;
		const {kind, eventId: target} = relationOf(edit.content);
		return kind === 'm.replace' && target === eventId ? insertParsed(rid, undefined, edit) : undefined;
	};

	/** What is no event keeps its place as a row that says nothing of it. */
	const insertUnreadableValue = (rid: number, place: Place, value: unknown, reason: string): Insertion => {
		const eventId = asString(asObject(value)['event_id']);
		// What came first under that id stays.
		if (eventId !== undefined && rowOf(eventId)?.rid === rid) return nothingNew;
		const id = quarantine.keep(text(roomIdOf.get(rid), 'room_id'), reason, value);
		const {changes} = insertUnreadable.run(usedPk, id, rid, place.chunk, place.position, timeOf(value));
		return {...nothingNew, isPlaced: changes > 0};
	};

	return {
		/** Writes one event of a timeline as received; what is no event goes into quarantine. */
		insert(rid: number, place: Place, value: unknown): Insertion {
			const event = parseRoomEvent(value);
			if (typeof event === 'string') return insertUnreadableValue(rid, place, value, event);
			const own = insertParsed(rid, place, event);
			return {isPlaced: own !== undefined, own, bundled: insertBundled(rid, event)};
		},

		/** Writes an event without a place in the timeline, which is known because others refer to it. @returns it, if it is new */
		insertLone(rid: number, value: unknown): Inserted | undefined {
			const event = parseRoomEvent(value);
			return typeof event === 'string' ? undefined : insertParsed(rid, undefined, event);
		},

		/** Forgets the events of a room. */
		forget(rid: number): void {
			usedPk = Math.max(usedPk, integer(highestPk.get(), 'pk'));
			for (const statement of forgetting) statement.run(rid);
		},

		/** Writes a value that a bug does not let be written as one that cannot be read. */
		insertUnreadable: (rid: number, place: Place, value: unknown): Insertion =>
			insertUnreadableValue(rid, place, value, 'could not be written'),

		/** Stores the cleartext of an encrypted event. */
		decrypted(pk: number, clear: ClearEvent): void {
			const before = byPk.get(pk) as EventRow | undefined;
			if (before === undefined || before.redacted_by !== null) return;
			const relation = relationOf(clear.content);
			setClear.run(
				clear.type,
				JSON.stringify({type: clear.type, content: clear.content}),
				null,
				clear.shield ?? null,
				relation.kind ?? null,
				relation.eventId ?? null,
				relation.replyTo ?? null,
				relation.thread ?? null,
				pk,
			);
			settle(byPk.get(pk) as EventRow);
		},

		/** @param reason the SDK's DecryptionFailureCode */
		undecryptable(pk: number, reason: string): void {
			setFailure.run(reason, pk);
		},

		/** @returns whether an event is known as a message: what becomes of it changes no state. */
		isMessage: (eventId: string): boolean => rowOf(eventId)?.state_key === null,

		/** @returns the chunk of the room in which the archive has the event. */
		chunkOf(rid: number, eventId: string): number | undefined {
			const row = eventId.startsWith('$') ? rowOf(eventId) : undefined;
			return row === undefined || row.rid !== rid ? undefined : (row.chunk ?? undefined);
		},
	};
};
