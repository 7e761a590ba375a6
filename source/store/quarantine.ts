/** Keeps what the server sent and mx cannot read: for whoever looks for the reason, never for the screen. Bounded. */
import {createHash} from 'node:crypto';
import {asObject, asString} from '../domain/json.ts';
import {unreadablePrefix} from '../domain/message.ts';
import {isNestedDeeper} from '../domain/nesting.ts';
import {prepare} from './bind.ts';
import type {Database} from './open-database.ts';

/** UTF-16 units of one value that are kept; an event has at most 64 KiB. */
const maximumJson = 65_536;
/** Values that are kept, the newest; checked each time so many were added. */
const maximumValues = 1000;
const checkEvery = 250;
/** Deepest nesting that is put into words. */
const maximumDepth = 500;

const jsonOf = (value: unknown): string =>
	isNestedDeeper(value, maximumDepth) ? '"nested too deeply"' : (JSON.stringify(value) ?? 'null');

/** The same value again has the same identity; what a server says of an event in `unsigned` changes with time. */
const identityOf = (value: unknown, json: string): string => {
	const eventId = asString(asObject(value)['event_id']);
	return eventId === undefined ? json : `event ${eventId}`;
};

const hashOf = (roomId: string, identity: string): Buffer =>
	createHash('sha256').update(`${roomId}\0${identity.toWellFormed()}`).digest();

/** @param database the owner's connection; call the functions inside a transaction. */
export const createQuarantine = (database: Database) => {
	const insert = prepare(
		database,
		'INSERT OR IGNORE INTO quarantine(id, room_id, reason, json, time) VALUES(?, ?, ?, ?, ?)',
	);
	const prune = prepare(
		database,
		`DELETE FROM quarantine WHERE id IN (
			SELECT id FROM quarantine ORDER BY time DESC, id LIMIT -1 OFFSET ${maximumValues})`,
	);
	let added = 0;

	return {
		/**
		 * Keeps a value; the same one of the same room is kept once.
		 * @returns an id for the row that stands in its place. No event can have it: those of servers begin with a `$`.
		 */
		keep(roomId: string, reason: string, value: unknown): string {
			const json = jsonOf(value);
			const hash = hashOf(roomId, identityOf(value, json));
			insert.run(hash.readBigInt64BE(), roomId, reason, json.slice(0, maximumJson), Date.now());
			added += 1;
			if (added % checkEvery === 1) prune.run();
			return `${unreadablePrefix}${hash.toString('base64url')}`;
		},
	};
};
