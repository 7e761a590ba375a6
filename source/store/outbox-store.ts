/** The outbox table: messages from the moment they are typed until the server has them. */
import {asObject, parseJson, type JsonObject} from '../domain/json.ts';
import type {OutboxItem, OutboxState} from '../domain/outbox-item.ts';
import type {AccountDatabase} from './account-database.ts';
import {createAttachmentStore, type NewAttachment} from './attachment-store.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** An outbox row with what only the sender needs. */
export type OutboxJob = OutboxItem & {
	readonly attempts: number;
	/** Milliseconds since the Unix epoch of the first request; `undefined` before it. */
	readonly firstTry: number | undefined;
	/** Milliseconds since the Unix epoch before which it is not tried (again). */
	readonly notBefore: number;
};

const columns =
	'outbox.id, outbox.rid, room_id, transaction_id, type, content, state, error, event_id, created, attempts, first_try, not_before';
const source = 'outbox JOIN room ON room.rid = outbox.rid';

const jobOf = (row: Row): OutboxJob => ({
	id: integer(row, 'id'),
	rid: integer(row, 'rid'),
	roomId: text(row, 'room_id'),
	transactionId: text(row, 'transaction_id'),
	type: text(row, 'type'),
	content: asObject(parseJson(text(row, 'content'))),
	state: row['state'] as OutboxState,
	error: optionalText(row, 'error'),
	eventId: optionalText(row, 'event_id'),
	createdAt: integer(row, 'created'),
	attempts: integer(row, 'attempts'),
	firstTry: row['first_try'] === null ? undefined : integer(row, 'first_try'),
	notBefore: integer(row, 'not_before'),
	...(row['state'] === 'scheduled' ? {sendAt: integer(row, 'not_before')} : {}),
});

/** @returns a function that marks the row of a transaction id as sent: the server's echo of it arrived. */
export const createOutboxMatcher = (database: Database) => {
	const markSent = prepare(
		database,
		`UPDATE outbox SET state = 'sent', error = NULL, event_id = ? WHERE transaction_id = ?`,
	);
	return (transactionId: string, eventId: string): void => void markSent.run(eventId, transactionId);
};

/** @returns a function that reads what a room's timeline shows below its events: what is not (yet) among them. */
export const createOutboxReader = (database: Database) => {
	// What was sent before the oldest message behind a gap is in the gap, not below the newest message.
	// An edit is not there before it can be read: the message would say for a moment what it said before.
	const shown = prepare(
		database,
		`SELECT ${columns} FROM ${source} WHERE outbox.rid = ? AND state <> 'scheduled' AND (state <> 'sent' OR NOT EXISTS(
			SELECT 1 FROM event WHERE event.event_id = outbox.event_id AND chunk IS NOT NULL
				AND NOT (encryption = 1 AND failure IS NULL AND relation IS 'm.replace'))
			AND coalesce(first_try, created) >= coalesce((SELECT timestamp FROM event JOIN chunk ON chunk.chunk = event.chunk
				WHERE chunk.rid = outbox.rid AND is_live = 1 AND older = 0 ORDER BY position LIMIT 1), 0)) ORDER BY outbox.id`,
	);
	return (rid: number): readonly OutboxItem[] => shown.all(rid).map(jobOf);
};

/** What a row is as that is to go: what has a file that is nowhere yet begins with that. */
const uploadedState = `CASE WHEN EXISTS(SELECT 1 FROM attachment
	WHERE attachment.outbox = outbox.id AND encrypted IS NULL AND clear IS NULL) THEN 'uploading' ELSE 'queued' END`;
/** @returns a function that reads what the server does not have yet, of all rooms: what waits for a time last. */
export const createWaitingReader = (database: Database) => {
	const waiting = prepare(
		database,
		`SELECT ${columns} FROM ${source} WHERE state <> 'sent' ORDER BY state = 'scheduled', not_before * (state = 'scheduled'), outbox.id`,
	);
	return (): readonly OutboxItem[] => waiting.all().map(jobOf);
};

/** How long a sent row is kept, so that a repeated transaction key finds it. */
const keptForDays = 7;
const millisecondsInDay = 86_400_000;

export type OutboxStore = ReturnType<typeof createOutboxStore>;

/** @param now milliseconds since the Unix epoch */
export const createOutboxStore = (account: AccountDatabase, now: () => number = Date.now) => {
	const {database} = account;
	const attachments = createAttachmentStore(account);
	const insert = prepare(
		database,
		`INSERT INTO outbox(rid, transaction_id, type, content, state, not_before, created) VALUES(?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(transaction_id) DO NOTHING`,
	);
	const endDraft = prepare(database, 'DELETE FROM draft WHERE rid = ? AND thread = ?');
	const byTransaction = prepare(database, `SELECT ${columns} FROM ${source} WHERE transaction_id = ?`);
	const byId = prepare(database, `SELECT ${columns} FROM ${source} WHERE outbox.id = ?`);
	const heads = prepare(
		database,
		`SELECT ${columns} FROM ${source} WHERE outbox.id IN (SELECT min(id) FROM outbox WHERE state NOT IN ('sent', 'failed', 'uploading', 'scheduled') GROUP BY rid)`,
	);
	const setState = prepare(
		database,
		'UPDATE outbox SET state = ?, error = ?, event_id = coalesce(?, event_id) WHERE id = ?',
	);
	const setInflight = prepare(
		database,
		`UPDATE outbox SET state = 'inflight', attempts = attempts + 1, first_try = coalesce(first_try, ?) WHERE id = ?`,
	);
	const setDelay = prepare(database, `UPDATE outbox SET state = 'queued', not_before = ?, error = ? WHERE id = ?`);
	const release = prepare(
		database,
		`UPDATE outbox SET state = 'queued', not_before = 0, error = NULL WHERE state = 'held'`,
	);
	// What was written for later is as new as if it were written now.
	const queueScheduled = `UPDATE outbox SET state = 'queued', not_before = 0, created = ? WHERE state = 'scheduled'`;
	const releaseDue = prepare(database, `${queueScheduled} AND not_before <= ?`);
	const sendScheduled = prepare(database, `${queueScheduled} AND id = ?`);
	const due = prepare(database, `SELECT DISTINCT rid FROM outbox WHERE state = 'scheduled' AND not_before <= ?`);
	const nextDue = prepare(database, `SELECT min(not_before) AS time FROM outbox WHERE state = 'scheduled'`);
	const revive = prepare(
		database,
		`UPDATE outbox SET state = ${uploadedState}, not_before = 0, attempts = 0, error = NULL
			WHERE id = ? AND state IN ('failed', 'held', 'doubt', 'queued', 'uploading')`,
	);
	const remove = prepare(
		database,
		`DELETE FROM outbox WHERE id = ? AND state IN ('failed', 'held', 'doubt', 'queued', 'uploading', 'scheduled')`,
	);
	const uploads = prepare(database, `SELECT ${columns} FROM ${source} WHERE state = 'uploading' ORDER BY outbox.id`);
	const byEvent = prepare(database, `SELECT ${columns} FROM ${source} WHERE outbox.rid = ? AND event_id = ?`);
	const removeAny = prepare(database, 'DELETE FROM outbox WHERE id = ?');
	const reactionsTo = prepare(
		database,
		`SELECT ${columns} FROM ${source} WHERE outbox.rid = ? AND type = 'm.reaction'
			AND json_extract(content, '$."m.relates_to".event_id') = ? AND json_extract(content, '$."m.relates_to".key') = ?`,
	);
	const prune = prepare(
		database,
		`DELETE FROM outbox WHERE state = 'sent' AND created < ? AND EXISTS(SELECT 1 FROM event WHERE event.event_id = outbox.event_id)`,
	);
	const interrupted = prepare(database, `SELECT ${columns} FROM ${source} WHERE state IN ('inflight', 'doubt')`);

	const read = (row: Row | undefined): OutboxJob | undefined => (row === undefined ? undefined : jobOf(row));

	return {
		/**
		 * Stores a message, durably. A transaction id that is there already makes no second row. In the same transaction the
		 * room's draft ends where the message was one: else a crash would bring a text back that is already sent.
		 * @returns the row of the transaction id
		 */
		add(message: {
			readonly rid: number;
			readonly transactionId: string;
			readonly type: string;
			readonly content: JsonObject;
			readonly endsDraft?: boolean | undefined;
			/** Root of the thread whose draft it was. */
			readonly thread?: string | undefined;
			/** Files that are uploaded before it is sent. */
			readonly files?: readonly NewAttachment[] | undefined;
			/** Milliseconds since the Unix epoch before which it waits. */
			readonly sendAt?: number | undefined;
		}): OutboxJob {
			const {rid, transactionId, type, content, endsDraft = false, thread = '', files = [], sendAt} = message;
			const waits = sendAt === undefined ? 'queued' : 'scheduled';
			const state = files.length === 0 ? waits : 'uploading';
			const json = JSON.stringify(content);
			return account.writeDurably(() => {
				const {changes} = insert.run(rid, transactionId, type, json, state, sendAt ?? 0, now());
				if (endsDraft) endDraft.run(rid, thread);
				const job = jobOf(byTransaction.get(transactionId) as Row);
				if (changes > 0) for (const file of files) attachments.add(job.id, file);
				return job;
			});
		},

		/** What belongs to files that are sent. */
		attachments,
		/** @returns rows whose files are not on the server yet, oldest first. */
		uploads: (): readonly OutboxJob[] => uploads.all().map(jobOf),

		byTransaction: (transactionId: string): OutboxJob | undefined => read(byTransaction.get(transactionId)),
		byId: (id: number): OutboxJob | undefined => read(byId.get(id)),

		/** @returns the first row of each room that has to go; a failed one does not stop those behind it. */
		heads: (): readonly OutboxJob[] => heads.all().map(jobOf),

		/** @returns rows whose request was out when the program ended. */
		interrupted: (): readonly OutboxJob[] => interrupted.all().map(jobOf),

		setState(
			id: number,
			state: OutboxState,
			details: {readonly error?: string | undefined; readonly eventId?: string | undefined} = {},
		): void {
			account.writeDurably(() => setState.run(state, details.error, details.eventId, id));
		},

		/** Notes that a request is about to leave. @param now milliseconds since the Unix epoch */
		setInflight(id: number, now: number): void {
			account.writeDurably(() => setInflight.run(now, id));
		},

		/** Back to the queue. @param notBefore milliseconds since the Unix epoch */
		delay(id: number, notBefore: number, error: string | undefined): void {
			account.write(() => setDelay.run(notBefore, error, id));
		},

		/** Queues what was held for a sign-in. */
		release(): void {
			account.write(() => release.run());
		},

		/** @returns whether there was something to retry; what waits for its time is sent now. */
		retry: (id: number): boolean =>
			account.writeDurably(() => sendScheduled.run(now(), id).changes + revive.run(id).changes > 0),

		/** Queues what waited for its time. @param now milliseconds since the Unix epoch @returns its rooms */
		releaseDue(now: number): readonly number[] {
			const rids = due.all(now).map(row => integer(row, 'rid'));
			if (rids.length > 0) account.writeDurably(() => releaseDue.run(now, now));
			return rids;
		},
		/** @returns when the next row is due, milliseconds since the Unix epoch */
		nextDue(): number {
			const row = nextDue.get();
			return row?.['time'] === null || row === undefined ? Number.POSITIVE_INFINITY : integer(row, 'time');
		},
		/** @returns whether there was something to drop. */
		discard: (id: number): boolean => account.writeDurably(() => remove.run(id).changes > 0),

		/** @returns the row that became an event. */
		byEvent: (rid: number, eventId: string): OutboxJob | undefined => read(byEvent.get(rid, eventId)),

		/** Drops a row that turned out to be needless. */
		remove: (id: number): void => void account.writeDurably(() => removeAny.run(id)),

		/** @returns own reactions of a key to an event, whatever became of them. */
		reactions: (rid: number, eventId: string, key: string): readonly OutboxJob[] =>
			reactionsTo.all(rid, eventId, key).map(jobOf),

		/** Forgets old rows whose event is in the archive. @param now milliseconds since the Unix epoch */
		prune(now: number): void {
			account.write(() => prune.run(now - keptForDays * millisecondsInDay));
		},
	};
};
