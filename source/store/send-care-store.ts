/** What mx has done about own messages that failed behind a bridge: told the person, or sent them again. */
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {flag, integer, optionalText, text} from './columns.ts';

/** An own event that was sent from this device. */
export type SentEvent = {
	/** Number of its row in the outbox. */
	readonly outboxId: number;
	readonly eventId: string;
	/** Milliseconds since the Unix epoch. */
	readonly sentAt: number;
};

/** Events of a room that are looked at. */
const mostEvents = 100;

export type SendCareStore = ReturnType<typeof createSendCareStore>;

export const createSendCareStore = (account: AccountDatabase) => {
	const {database} = account;
	const one = prepare(database, 'SELECT is_told, resent_as FROM send_care WHERE event_id = ?');
	const setTold = prepare(
		database,
		`INSERT INTO send_care(event_id, rid, is_told) VALUES(?, ?, 1) ON CONFLICT(event_id) DO UPDATE SET is_told = 1`,
	);
	const setResent = prepare(
		database,
		`INSERT INTO send_care(event_id, rid, resent_as) VALUES(?, ?, ?)
		ON CONFLICT(event_id) DO UPDATE SET resent_as = excluded.resent_as`,
	);
	const forget = prepare(database, 'DELETE FROM send_care WHERE event_id = ? AND resent_as IS NULL');
	const recent = prepare(
		database,
		`SELECT id, event_id, coalesce(first_try, created) AS sent_at FROM outbox INDEXED BY outbox_sent
		WHERE rid = ? AND state = 'sent' AND event_id IS NOT NULL AND coalesce(first_try, created) > ?
		ORDER BY id DESC LIMIT ${mostEvents}`,
	);
	const rooms = prepare(
		database,
		`SELECT DISTINCT rid, bot FROM outbox JOIN portal USING(rid) WHERE state = 'sent' AND trust IN ('attested', 'inferred')
			AND coalesce(first_try, created) > ?`,
	);
	const consoleBots = prepare(
		database,
		`SELECT bot FROM portal INDEXED BY portal_console WHERE rid = ? AND kind = 'console' AND bot IS NOT NULL`,
	);
	return {
		/** @returns what was sent from this device into a room, newest first. @param since milliseconds since the Unix epoch */
		recent: (rid: number, since: number): readonly SentEvent[] =>
			recent
				.all(rid, since)
				.map(row => ({outboxId: integer(row, 'id'), eventId: text(row, 'event_id'), sentAt: integer(row, 'sent_at')})),
		/** @returns bridged rooms into which something was sent. @param since milliseconds since the Unix epoch */
		rooms: (since: number): readonly number[] => rooms.all(since).map(row => integer(row, 'rid')),
		/** @returns the same of one bridge. @param rid of a room with its bot; nothing for another one */
		roomsOfConsole(rid: number, since: number): readonly number[] {
			const bot = optionalText(consoleBots.get(rid), 'bot');
			return bot === undefined
				? []
				: rooms.all(since).flatMap(row => (row['bot'] === bot ? [integer(row, 'rid')] : []));
		},
		isTold(eventId: string): boolean {
			const row = one.get(eventId);
			return row !== undefined && flag(row, 'is_told');
		},
		/** @returns transaction id of what took the place of an event */
		resentAs: (eventId: string): string | undefined => optionalText(one.get(eventId), 'resent_as'),
		setTold: (rid: number, eventId: string): void => account.write(() => void setTold.run(eventId, rid)),
		/** It arrived after all. */
		forget: (eventId: string): void => account.write(() => void forget.run(eventId)),
		setResent: (rid: number, eventId: string, transactionId: string): void =>
			account.writeDurably(() => void setResent.run(eventId, rid, transactionId)),
	};
};
