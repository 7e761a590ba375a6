/** Writes who read how far (client-server API §m.receipt). */
import {asInteger, asObject, asString, unsafeKeys, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import type {Database} from './open-database.ts';

/** @returns a function that writes the content of an m.receipt event; what is no receipt in it is left out */
export const createReceiptWriter = (database: Database) => {
	const putReceipt = prepare(
		database,
		`INSERT INTO receipt(rid, user_id, thread, type, event_id, time) VALUES(?, ?, ?, ?, ?, ?)
		ON CONFLICT(rid, user_id, thread, type) DO UPDATE SET event_id = excluded.event_id, time = excluded.time`,
	);
	return (rid: number, receipts: JsonObject): void => {
		for (const [eventId, byType] of Object.entries(receipts)) {
			for (const [type, byUser] of Object.entries(asObject(byType))) {
				for (const [user, receipt] of Object.entries(asObject(byUser))) {
					if (unsafeKeys.has(user)) continue;
					const thread = asString(asObject(receipt)['thread_id']) ?? '';
					putReceipt.run(rid, user, thread, type, eventId, asInteger(asObject(receipt)['ts']) ?? 0);
				}
			}
		}
	};
};
