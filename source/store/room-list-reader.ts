/** Reads rooms of account.db: windows of the room list, single rooms by what they are called, and the totals. */
import type {Membership, RoomRow} from '../domain/room.ts';
import {prepare} from './bind.ts';
import {flag, integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** How the room list is asked for. */
export type RoomWindow = {
	readonly offset: number;
	readonly limit: number;
	/** A room that keeps the place of a read one: what comes in there is seen at once, and the list must not jump twice. */
	readonly asRead?: number | undefined;
};

/** The rooms of an account. Every call reads what is committed now. */
export type RoomListReader = {
	/** Invitations first, then unread rooms, then by the time of the last message. */
	readonly rooms: (window: RoomWindow) => readonly RoomRow[];
	readonly roomCount: () => number;
	/** Unread rooms and mentions over the whole account. */
	readonly totals: () => {readonly unread: number; readonly highlights: number};
	readonly room: (rid: number) => RoomRow | undefined;
	readonly roomById: (roomId: string) => RoomRow | undefined;
	/** Rooms whose name is exactly `name`, ignoring case, joined ones first. */
	readonly roomsByName: (name: string) => readonly RoomRow[];
	readonly roomByAlias: (alias: string) => RoomRow | undefined;
	/** The direct chat with a person that was last active. */
	readonly directRoom: (userId: string) => RoomRow | undefined;
	/** What all rooms are called, in the order of `rooms`: for lists that are searched as a whole. */
	readonly roomNames: (limit: number) => readonly RoomNames[];
	/** People of the rooms that were active last and are not too large, each once. */
	readonly people: () => readonly KnownPerson[];
};

/** What a room is found by. Everything in it is untrusted text, but for the number. */
export type RoomNames = Pick<RoomRow, 'rid' | 'name' | 'roomId' | 'alias' | 'directUser'>;

/** Somebody who shares a room. The name is untrusted, and that of one of the rooms. */
export type KnownPerson = {readonly userId: string; readonly displayName: string | undefined};

/** In how many rooms people are looked for, how many members those have at most, and how many rows are read at most. */
const peopleRooms = 300;
const peopleRoomSize = 100;
const mostPeople = 5000;

const columns = `rid, room_id, membership, calculated_name, alias, topic, is_direct, direct_user, is_encrypted, unread_count,
	highlight_count, is_marked_unread, last_activity, joined_count, protocol, successor,
	(SELECT body FROM event WHERE event.pk = room.last_event) AS preview`;

const roomOf = (row: Row): RoomRow => ({
	rid: integer(row, 'rid'),
	roomId: text(row, 'room_id'),
	membership: row['membership'] as Membership,
	name: optionalText(row, 'calculated_name') ?? text(row, 'room_id'),
	alias: optionalText(row, 'alias'),
	topic: optionalText(row, 'topic'),
	isDirect: flag(row, 'is_direct'),
	directUser: optionalText(row, 'direct_user'),
	isEncrypted: flag(row, 'is_encrypted'),
	unreadCount: integer(row, 'unread_count'),
	highlightCount: integer(row, 'highlight_count'),
	isMarkedUnread: flag(row, 'is_marked_unread'),
	lastActivity: integer(row, 'last_activity'),
	preview: optionalText(row, 'preview'),
	joinedCount: integer(row, 'joined_count'),
	protocol: optionalText(row, 'protocol'),
	successor: optionalText(row, 'successor'),
});

const isUnread = (room: RoomRow): boolean => room.unreadCount > 0 || room.isMarkedUnread;

/** Whether a joined room that counts as read comes before another one in the list; as the index has it. */
const comesBefore = (asRead: RoomRow, other: RoomRow): boolean => {
	if (other.membership === 'invite' || isUnread(other)) return false;
	return asRead.lastActivity === other.lastActivity ? asRead.rid < other.rid : asRead.lastActivity > other.lastActivity;
};

/**
 * Reads windows of the room list in the order of an index. What stands before a window is walked over, and read as well
 * while a room keeps the place of a read one; what stands behind it is not touched.
 */
const createRoomList = (database: Database): RoomListReader['rooms'] => {
	const window = prepare(
		database,
		`SELECT ${columns} FROM room INDEXED BY room_in_list WHERE membership IN ('join', 'invite') AND rid IS NOT ?
		ORDER BY membership = 'invite' DESC, (unread_count > 0 OR is_marked_unread) DESC, last_activity DESC, rid LIMIT ? OFFSET ?`,
	);
	const displaced = prepare(
		database,
		`SELECT ${columns} FROM room WHERE rid = ? AND membership = 'join' AND (unread_count > 0 OR is_marked_unread)`,
	);
	return ({offset, limit, asRead}) => {
		const row = asRead === undefined ? undefined : displaced.get(asRead);
		if (row === undefined) return window.all(undefined, limit, offset).map(roomOf);
		// The index has it among the unread ones: it is left out there and put where it belongs.
		const others = window.all(asRead, offset + limit, 0).map(roomOf);
		const room = roomOf(row);
		const place = others.findIndex(other => comesBefore(room, other));
		return others.toSpliced(place === -1 ? others.length : place, 0, room).slice(offset, offset + limit);
	};
};

/** @param ownUserId the account's user id */
export const createRoomListReader = (database: Database, ownUserId: string): RoomListReader => {
	const list = createRoomList(database);
	const count = prepare(database, `SELECT count(*) AS count FROM room WHERE membership IN ('join', 'invite')`);
	const totals = prepare(
		database,
		`SELECT count(*) AS unread, coalesce(sum(highlight_count), 0) AS highlights FROM room INDEXED BY room_waiting
		WHERE membership = 'join' AND (unread_count > 0 OR is_marked_unread)`,
	);
	const byRid = prepare(database, `SELECT ${columns} FROM room WHERE rid = ?`);
	const byId = prepare(database, `SELECT ${columns} FROM room WHERE room_id = ?`);
	const byName = prepare(
		database,
		`SELECT ${columns} FROM room WHERE calculated_name = ? COLLATE NOCASE AND membership IN ('join', 'invite') ORDER BY last_activity DESC`,
	);
	const byAlias = prepare(database, `SELECT ${columns} FROM room WHERE alias = ? AND membership IN ('join', 'invite')`);
	const direct = prepare(
		database,
		`SELECT ${columns} FROM room WHERE is_direct = 1 AND direct_user = ? AND membership IN ('join', 'invite')
		ORDER BY membership = 'join' DESC, last_activity DESC LIMIT 1`,
	);

	const names = prepare(
		database,
		`SELECT rid, room_id, calculated_name, alias, direct_user FROM room INDEXED BY room_in_list WHERE membership IN ('join', 'invite')
		ORDER BY membership = 'invite' DESC, (unread_count > 0 OR is_marked_unread) DESC, last_activity DESC, rid LIMIT ?`,
	);
	const people = prepare(
		database,
		`SELECT user_id, display_name FROM
			(SELECT rid FROM room INDEXED BY room_by_activity WHERE membership = 'join' AND joined_count <= ${peopleRoomSize}
				ORDER BY last_activity DESC LIMIT ${peopleRooms}) AS near
			CROSS JOIN member ON member.rid = near.rid WHERE member.membership = 'join' AND user_id <> ? LIMIT ${mostPeople}`,
	);

	const one = (row: Row | undefined): RoomRow | undefined => (row === undefined ? undefined : roomOf(row));

	return {
		rooms: list,
		roomCount: () => integer(count.get(), 'count'),
		totals() {
			const row = totals.get();
			return {unread: integer(row, 'unread'), highlights: integer(row, 'highlights')};
		},
		room: rid => one(byRid.get(rid)),
		roomById: roomId => one(byId.get(roomId)),
		roomsByName: name => byName.all(name).map(roomOf),
		roomByAlias: alias => one(byAlias.get(alias)),
		directRoom: userId => one(direct.get(userId)),
		roomNames: limit =>
			names.all(limit).map(row => ({
				rid: integer(row, 'rid'),
				roomId: text(row, 'room_id'),
				name: optionalText(row, 'calculated_name') ?? text(row, 'room_id'),
				alias: optionalText(row, 'alias'),
				directUser: optionalText(row, 'direct_user'),
			})),
		people() {
			const known = new Map<string, KnownPerson>();
			for (const row of people.all(ownUserId)) {
				const userId = text(row, 'user_id');
				if (!known.has(userId)) known.set(userId, {userId, displayName: optionalText(row, 'display_name')});
			}
			return [...known.values()];
		},
	};
};
