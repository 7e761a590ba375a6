/** Which rooms are those of one person. Read-only. */
import {prepare} from './bind.ts';
import {integer, optionalInteger} from './columns.ts';
import type {Database} from './open-database.ts';

/** Events of a room among which the newest of the person is looked for. */
const nearEvents = 300;

export type PersonReader = {
	/**
	 * @returns the rooms of the person whose chat a room is, joined ones only: the one that the owner prefers, then by when the person
	 * wrote last, the newest first; the room alone where it is of nobody who is known as a person
	 */
	readonly personRooms: (rid: number) => readonly number[];
};

export const createPersonReader = (database: Database): PersonReader => {
	const personOf = prepare(database, 'SELECT person FROM room WHERE rid = ?');
	const rooms = prepare(
		database,
		`SELECT rid FROM room INDEXED BY room_of_people WHERE person = ?
		ORDER BY direct_user IS (SELECT prefers FROM person WHERE person.person = room.person) DESC,
			(SELECT timestamp FROM (SELECT sender, timestamp, type, state_key FROM event
				WHERE event.rid = room.rid AND chunk = (SELECT chunk FROM chunk WHERE chunk.rid = room.rid AND is_live = 1)
				ORDER BY position DESC LIMIT ${nearEvents}) AS near
			WHERE sender = direct_user AND state_key IS NULL AND type IN ('m.room.message', 'm.room.encrypted', 'm.sticker') LIMIT 1)
			DESC NULLS LAST, last_activity DESC, rid`,
	);
	return {
		personRooms(rid) {
			const person = optionalInteger(personOf.get(rid), 'person');
			return person === undefined ? [rid] : rooms.all(person).map(row => integer(row, 'rid'));
		},
	};
};
