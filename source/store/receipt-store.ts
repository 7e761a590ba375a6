/** What the server is to be told of what was read, and what that is decided by. A newer receipt takes the place of an older one. */
import type {PlannedReceipt, ReadEvent, ReceiptType} from '../domain/receipt.ts';
import type {JsonObject} from '../domain/json.ts';
import {asObject} from '../domain/json.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {flag, integer, json, optionalText, text} from './columns.ts';
import type {Row} from './open-database.ts';

/** A receipt that waits to be sent, or to be repeated. */
export type ReceiptIntent = {
	readonly id: number;
	readonly rid: number;
	readonly roomId: string;
	readonly type: ReceiptType;
	readonly slot: string;
	readonly eventId: string;
	/** Milliseconds since the Unix epoch at which it was sent. */
	readonly sentAt: number | undefined;
};

/** Events that are looked through for one that can be read. */
const nearEvents = 300;

const intentOf = (row: Row): ReceiptIntent => ({
	id: integer(row, 'id'),
	rid: integer(row, 'rid'),
	roomId: text(row, 'room_id'),
	type: text(row, 'type') as ReceiptType,
	slot: text(row, 'slot'),
	eventId: text(row, 'event_id'),
	sentAt: row['sent_at'] === null ? undefined : integer(row, 'sent_at'),
});

const eventOf = (row: Row): ReadEvent => ({
	eventId: text(row, 'event_id'),
	sender: text(row, 'sender'),
	type: text(row, 'type'),
	isState: optionalText(row, 'state_key') !== undefined,
	relation: optionalText(row, 'relation'),
	isRedacted: optionalText(row, 'redacted_by') !== undefined,
	isOwnGhost: flag(row, 'is_own_ghost'),
});

export type ReceiptStore = ReturnType<typeof createReceiptStore>;

/** Each call that writes: inside a transaction. @param ownUserId the account's user id */
export const createReceiptStore = ({database}: AccountDatabase, ownUserId: string) => {
	const columns = `event_id, sender, type, state_key, relation, redacted_by,
		EXISTS(SELECT 1 FROM own_ghost WHERE user_id = sender) AS is_own_ghost`;
	const place = prepare(
		database,
		`SELECT position, chunk_order, event.chunk AS chunk FROM event JOIN chunk ON chunk.chunk = event.chunk
		WHERE event_id = ? AND event.rid = ?`,
	);
	const before = prepare(
		database,
		`SELECT ${columns} FROM event WHERE rid = ? AND chunk = ? AND position <= ? AND substr(event_id, 1, 1) = '$'
		ORDER BY position DESC LIMIT ${nearEvents}`,
	);
	const oldest = prepare(
		database,
		`SELECT ${columns} FROM event WHERE rid = ? AND chunk = ? AND substr(event_id, 1, 1) = '$' ORDER BY position LIMIT ${nearEvents}`,
	);
	const inThread = prepare(
		database,
		`SELECT ${columns} FROM event WHERE rid = ? AND thread = ? AND substr(event_id, 1, 1) = '$'
			AND timestamp <= coalesce((SELECT timestamp FROM event WHERE event_id = ?), 9e15)
		ORDER BY timestamp DESC, pk DESC LIMIT ${nearEvents}`,
	);
	const ownReceipt = prepare(
		database,
		`SELECT 1 FROM receipt WHERE rid = ? AND user_id = ? AND type = 'm.read' AND thread IN ('', 'main')
		UNION ALL SELECT 1 FROM receipt_intent WHERE rid = ? AND type = 'm.read' AND sent_at IS NOT NULL LIMIT 1`,
	);
	const unreadThread = prepare(database, 'SELECT 1 FROM thread_unread WHERE rid = ? AND unread > 0 LIMIT 1');
	const features = prepare(
		database,
		`SELECT json FROM state WHERE rid = ? AND type = 'com.beeper.room_features' LIMIT 1`,
	);
	const known = prepare(
		database,
		'SELECT event_id, sent_at FROM receipt_intent WHERE rid = ? AND type = ? AND slot = ?',
	);
	const put = prepare(
		database,
		`INSERT OR REPLACE INTO receipt_intent(id, rid, type, slot, event_id, at, sent_at, healed_at)
		VALUES((SELECT coalesce(max(id), 0) + 1 FROM receipt_intent), ?, ?, ?, ?, ?, ?, ?)`,
	);
	const dropLocal = prepare(database, `DELETE FROM receipt_intent WHERE rid = ? AND type = 'local' AND slot = ?`);
	const intent = `SELECT id, receipt_intent.rid AS rid, room_id, type, slot, event_id, sent_at
		FROM receipt_intent CROSS JOIN room ON room.rid = receipt_intent.rid`;
	const waitingRooms = prepare(database, 'SELECT DISTINCT rid FROM receipt_intent WHERE sent_at IS NULL ORDER BY rid');
	const waiting = prepare(
		database,
		`${intent} WHERE receipt_intent.rid = ? AND sent_at IS NULL ORDER BY receipt_intent.id LIMIT 1`,
	);
	const setSent = prepare(database, 'UPDATE receipt_intent SET sent_at = ? WHERE id = ?');
	const setHealed = prepare(database, 'UPDATE receipt_intent SET healed_at = ? WHERE id = ?');
	const remove = prepare(database, 'DELETE FROM receipt_intent WHERE id = ?');
	const healing = prepare(
		database,
		`${intent} WHERE sent_at BETWEEN ? AND ? AND healed_at IS NULL AND NOT EXISTS(
			SELECT 1 FROM portal CROSS JOIN json_each(?) AS login WHERE portal.rid = receipt_intent.rid AND bot = login.value ->> 'bot'
				AND (login.value ->> 'account' = '' OR account IS login.value ->> 'account'))
		ORDER BY sent_at LIMIT ?`,
	);
	const nextHealing = prepare(
		database,
		'SELECT min(sent_at) AS time FROM receipt_intent WHERE sent_at >= ? AND healed_at IS NULL',
	);
	const ofBot = prepare(
		database,
		`${intent} CROSS JOIN portal ON portal.rid = receipt_intent.rid WHERE bot = ? AND sent_at >= ? AND healed_at IS NULL ORDER BY sent_at`,
	);
	const prune = prepare(
		database,
		`DELETE FROM receipt_intent WHERE type <> 'local' AND sent_at < ? OR NOT EXISTS(SELECT 1 FROM room WHERE room.rid = receipt_intent.rid)`,
	);

	type Place = {readonly order: number; readonly position: number; readonly chunk: number};

	const placeOf = (rid: number, eventId: string): Place | undefined => {
		const row = place.get(eventId, rid);
		if (row === undefined) return undefined;
		return {order: integer(row, 'chunk_order'), position: integer(row, 'position'), chunk: integer(row, 'chunk')};
	};

	/** An event that is not in the archive is taken to be new. */
	const isOlder = (rid: number, eventId: string, than: string): boolean => {
		const [first, second] = [placeOf(rid, eventId), placeOf(rid, than)];
		if (first === undefined || second === undefined) return false;
		return first.order === second.order ? first.position < second.position : first.order < second.order;
	};

	return {
		/** @returns what stands at an event and above it, newest first; of a thread by its root what is in it. */
		upTo(rid: number, eventId: string, thread: string | undefined): readonly ReadEvent[] {
			if (thread !== undefined) return inThread.all(rid, thread, eventId).map(eventOf);
			const at = placeOf(rid, eventId);
			return at === undefined ? [] : before.all(rid, at.chunk, at.position).map(eventOf);
		},
		/** @returns the oldest that joins what stands at an event without a gap, oldest first. */
		oldest(rid: number, eventId: string): readonly ReadEvent[] {
			const at = placeOf(rid, eventId);
			return at === undefined ? [] : oldest.all(rid, at.chunk).map(eventOf);
		},
		/** @returns whether the account has no public receipt in a room, as far as is known. */
		isFirst: (rid: number): boolean => ownReceipt.get(rid, ownUserId, rid) === undefined,
		/** Which of two events of a room is older. */
		isOlder,
		hasUnreadThreads: (rid: number): boolean => unreadThread.get(rid) !== undefined,
		/** @returns what the bridge says that the network can (`com.beeper.room_features`). */
		features: (rid: number): JsonObject => asObject(asObject(json(features.get(rid), 'json'))['content']),

		/** Keeps what is to be sent. @param at milliseconds since the Unix epoch */
		put(rid: number, receipts: readonly PlannedReceipt[], at: number): void {
			for (const {type, slot, eventId, mustHeal} of receipts) {
				if (type !== 'local') dropLocal.run(rid, slot);
				const row = known.get(rid, type, slot);
				const last = optionalText(row, 'event_id');
				if (last === eventId || (last !== undefined && isOlder(rid, eventId, last))) continue;
				put.run(rid, type, slot, eventId, at, type === 'local' ? at : null, mustHeal ? null : at);
			}
		},
		/** @returns rooms in which something waits to be sent */
		waitingRooms: (): readonly number[] => waitingRooms.all().map(row => integer(row, 'rid')),
		/** @returns what is to be sent next in a room */
		next(rid: number): ReceiptIntent | undefined {
			const row = waiting.get(rid);
			return row === undefined ? undefined : intentOf(row);
		},
		/** Something newer may have taken its place meanwhile: that waits still. @param at milliseconds since the Unix epoch */
		sent: (id: number, at: number): void => void setSent.run(at, id),
		healed: (id: number, at: number): void => void setHealed.run(at, id),
		remove: (id: number): void => void remove.run(id),
		/**
		 * @param troubled whose chats wait, by login; empty: all of the bot; `null`: those of no login
		 * @returns what was sent in a span of time and not repeated, oldest first
		 */
		toHeal: (
			[from, to]: readonly [number, number],
			troubled: readonly {readonly bot: string; readonly account: string | null}[],
			limit: number,
		): readonly ReceiptIntent[] => healing.all(from, to, JSON.stringify(troubled), limit).map(intentOf),
		/** @returns when the oldest of them since a time was sent */
		nextToHeal(from: number): number | undefined {
			const row = nextHealing.get(from);
			return row === undefined || row['time'] === null ? undefined : integer(row, 'time');
		},
		/** @returns what was sent in rooms of a bridge since a time and not repeated */
		toHealOf: (bot: string, from: number): readonly ReceiptIntent[] => ofBot.all(bot, from).map(intentOf),
		/** Forgets what was sent before a time, and what is of rooms that are gone. */
		prune: (before: number): void => void prune.run(before),
	};
};
