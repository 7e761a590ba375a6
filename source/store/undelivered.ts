/** What was sent from this device and did not arrive: the server refused it, or a bridge says that it did not pass it on. */
import type {LostMessage} from '../domain/outbox-item.ts';
import {prepare} from './bind.ts';
import {integer, optionalText} from './columns.ts';
import type {Database} from './open-database.ts';

/** Messages that are listed. */
const mostLost = 100;

/** Events of which the person was told that they did not arrive. */
const lostOf = (where: string): string =>
	`FROM send_care INDEXED BY send_care_told
		CROSS JOIN outbox AS lost INDEXED BY outbox_sent ON lost.rid = send_care.rid AND lost.state = 'sent' AND lost.event_id = send_care.event_id
		CROSS JOIN event ON event.event_id = send_care.event_id AND event.redacted_by IS NULL
	WHERE is_told AND resent_as IS NULL AND ${where}`;

/** Who sends something else into the room has seen it: the room is not marked any more. */
const isNewest = `send_care.rid = room.rid AND NOT EXISTS(
		SELECT 1 FROM outbox AS later INDEXED BY outbox_sent WHERE later.rid = lost.rid AND later.state = 'sent' AND later.id > lost.id)`;

/** Whether a message of `room` did not arrive. */
export const hasFailedSql = `(EXISTS(SELECT 1 FROM outbox INDEXED BY outbox_waiting WHERE outbox.rid = room.rid AND state <> 'sent' AND state = 'failed')
	OR EXISTS(SELECT 1 ${lostOf(isNewest)}))`;

/** @returns a function that reads what bridges did not pass on. */
export const createLostReader = (database: Database) => {
	const lost = prepare(
		database,
		`SELECT send_care.rid AS rid, send_care.event_id AS event_id, event.body AS body ${lostOf('true')}
		ORDER BY lost.id DESC LIMIT ${mostLost}`,
	);
	return (): readonly LostMessage[] =>
		lost.all().map(row => ({
			rid: integer(row, 'rid'),
			eventId: String(row['event_id']),
			body: optionalText(row, 'body'),
		}));
};
