/** The row of a person in the lists: one of their rooms stands there, and tells of all of them. */
import type {RoomRow} from '../domain/room.ts';
import {prepare} from './bind.ts';
import {integer, optionalInteger} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {createPersonReader} from './person-reader.ts';
import {roomColumns, roomOf} from './room-row.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What is silent counts only where all is. */
const counted = (rooms: readonly RoomRow[]): readonly RoomRow[] => {
	const loud = rooms.filter(({isMuted, section}) => !isMuted && section !== 'snoozed' && section !== 'archived');
	return loud.length > 0 ? loud : rooms;
};

/** @param rooms all of a person, the one that stands for them first; not empty */
const merge = (number: number, front: RoomRow, rooms: readonly RoomRow[]): RoomRow => {
	const newest = rooms.reduce((first, second) => (second.lastActivity > first.lastActivity ? second : first), front);
	const asked = counted(rooms);
	return {
		...front,
		unreadCount: sum(asked.map(({unreadCount}) => unreadCount)),
		highlightCount: sum(asked.map(({highlightCount}) => highlightCount)),
		isMarkedUnread: rooms.some(({isMarkedUnread}) => isMarkedUnread),
		isMuted: rooms.every(({isMuted}) => isMuted),
		lastActivity: newest.lastActivity,
		preview: newest.preview,
		hasFailed: rooms.some(({hasFailed}) => hasFailed === true),
		hasDraft: rooms.some(({hasDraft}) => hasDraft),
		isReminder: rooms.some(({isReminder}) => isReminder),
		person: {
			number,
			rids: rooms.map(({rid}) => rid),
			protocols: [...new Set(rooms.map(({protocol}) => protocol))],
		},
	};
};

export const createPersonRows = (database: Database) => {
	const rooms = prepare(
		database,
		`SELECT ${roomColumns} FROM room INDEXED BY room_of_people WHERE person = ? ORDER BY is_behind, last_activity DESC, rid`,
	);
	const front = prepare(
		database,
		`SELECT front.rid AS rid FROM room CROSS JOIN room AS front INDEXED BY room_of_people ON front.person = room.person
		WHERE room.rid = ? AND NOT front.is_behind`,
	);
	const {personRooms} = createPersonReader(database);

	const rowOf = (row: Row): RoomRow => {
		const room = roomOf(row);
		const person = optionalInteger(row, 'person');
		if (person === undefined) return room;
		// In a space, it may be another room than elsewhere.
		const all = rooms.all(person).map(roomOf);
		return merge(person, room, [room, ...all.filter(({rid}) => rid !== room.rid)]);
	};

	return {
		/** @returns a row of a list; of a person's room, with what there is of the others */
		rowOf,

		/** @returns the room that stands for the person whose chat a room is; for others, that room itself */
		frontOf(rid: number): number {
			const row = front.get(rid);
			return row === undefined ? rid : integer(row, 'rid');
		},

		/** @returns the rows, but of each person the one alone that they are written to in by default */
		oneOfEach(rows: readonly Row[]): readonly Row[] {
			const first = new Map<number, number | undefined>();
			for (const row of rows) {
				const person = optionalInteger(row, 'person');
				if (person === undefined || first.has(person)) continue;
				const known = new Set(rows.map(each => integer(each, 'rid')));
				first.set(
					person,
					personRooms(integer(row, 'rid')).find(rid => known.has(rid)),
				);
			}
			return rows.filter(row => {
				const person = optionalInteger(row, 'person');
				return person === undefined || first.get(person) === integer(row, 'rid');
			});
		},
	};
};

export type PersonRows = ReturnType<typeof createPersonRows>;
