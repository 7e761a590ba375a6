/** Reads rooms of account.db: windows of the room list, single rooms by what they are called, and the totals. */
import type {InboxFilter} from '../domain/inbox-filter.ts';
import {inboxType, parseInboxLayout} from '../domain/inbox-layout.ts';
import {fixedSections, type InboxLayout, type InboxSection} from '../domain/inbox-section.ts';
import {isLetIn, isUnread, roomSections, type RoomRow} from '../domain/room.ts';
import {loginName} from '../domain/room-name.ts';
import {prepare} from './bind.ts';
import {flag, integer, json, optionalText, text} from './columns.ts';
import {asObject} from '../domain/json.ts';
import {createSectionReader} from './inbox-sections.ts';
import {createPersonRows, type PersonRows} from './person-rows.ts';
import {personNameSql, roomColumns, roomOf, sectionPlaceSql} from './room-row.ts';
import type {Database, Row} from './open-database.ts';
import {
	everyRoom,
	inboxSectionSql,
	inSections,
	isWaitingSql,
	listOrder,
	selections,
	type ListSelection,
} from './room-order.ts';

/** How the room list is asked for. */
export type RoomWindow = {
	readonly offset: number;
	readonly limit: number;
	/** A room that keeps the place of a read one: what comes in there is seen at once, and the list must not jump twice. */
	readonly asRead?: number | undefined;
	/** @default every room, archived ones and spaces too */
	readonly filter?: InboxFilter | undefined;
};

/** The rooms of an account. Every call reads what is committed now. */
export type RoomListReader = {
	/**
	 * Invitations; favourites, others, low priority; among those the unread ones first, then by the time of the last message. With a
	 * filter, a person is one row, which tells of all their rooms.
	 */
	readonly rooms: (window: RoomWindow) => readonly RoomRow[];
	readonly roomCount: (filter?: InboxFilter) => number;
	/** The sections of the inbox that have rooms. */
	readonly sections: () => readonly InboxSection[];
	/** Rooms that the account is in still, though others have taken their place; nothing in them is unread. */
	readonly replaced: () => readonly RoomRow[];
	/** How the person has laid out the inbox. */
	readonly inboxLayout: () => InboxLayout;
	/** Spaces that the account is in, by name. */
	readonly spaces: () => readonly SpaceNames[];
	/** Unread rooms and mentions over the whole account. */
	readonly totals: () => {readonly unread: number; readonly highlights: number};
	readonly room: (rid: number) => RoomRow | undefined;
	/** The row of a list in which a room stands: its own, or that of the person whose chat it is, as `rooms` has it with a filter. */
	readonly row: (rid: number) => RoomRow | undefined;
	readonly roomById: (roomId: string) => RoomRow | undefined;
	/**
	 * Rooms whose name is exactly `name`, with or without what a bridge puts behind it, ignoring case; those active last first. Of a
	 * person's several, the one that they are written to in by default. Requests and invitations only where no other is called so:
	 * a stranger takes any name.
	 */
	readonly roomsByName: (name: string) => readonly RoomRow[];
	readonly roomByAlias: (alias: string) => RoomRow | undefined;
	/** The direct chat with a person that was last active. */
	readonly directRoom: (userId: string) => RoomRow | undefined;
	/**
	 * What all rooms are called, in the order of `rooms`: for lists that are searched as a whole.
	 * @param isEveryRoom also where another room stands for the person @default false
	 */
	readonly roomNames: (limit: number, isEveryRoom?: boolean) => readonly RoomNames[];
	/** People of the rooms that were active last and are not too large, each once. */
	readonly people: () => readonly KnownPerson[];
	/** Names of the tags of a room (client-server API §Room Tagging). */
	readonly tags: (rid: number) => readonly string[];
};

/**
 * What a room is found by. Everything in it is untrusted text, but for the number. `others`: names of the rooms that it stands for.
 * `places`: where it is, and where those are; also the only team of a network.
 */
export type RoomNames = Pick<RoomRow, 'rid' | 'name' | 'roomId' | 'alias' | 'directUser' | 'inboxSection'> & {
	readonly others?: string;
	readonly places: ReadonlyArray<Pick<RoomRow, 'protocol' | 'place'>>;
};

/** A space and what it is called; untrusted text. */
export type SpaceNames = Pick<RoomRow, 'rid' | 'name'>;

/** Somebody who shares a room. The name is untrusted, and that of one of the rooms. */
export type KnownPerson = {readonly userId: string; readonly displayName: string | undefined};

/** In how many rooms people are looked for, how many members those have at most, and how many rows are read at most. */
const peopleRooms = 300;
const peopleRoomSize = 100;
const mostPeople = 5000;

/** Spaces that are filters. */
const mostSpaces = 50;

/** Whether a joined room that counts as read comes before another one in the list; as the index has it. */
const comesBefore = (asRead: RoomRow, other: RoomRow): boolean => {
	if (other.membership === 'invite') return false;
	const sections = roomSections.indexOf(asRead.section) - roomSections.indexOf(other.section);
	if (sections !== 0) return sections < 0;
	if (isUnread(other)) return false;
	return asRead.lastActivity === other.lastActivity ? asRead.rid < other.rid : asRead.lastActivity > other.lastActivity;
};

type ReadWindow = (
	window: {readonly leftOut: number | undefined; readonly limit: number; readonly offset: number},
	filter: InboxFilter | undefined,
) => readonly Row[];

const isChild = `type = 'm.space.child' AND json_type(json, '$.content.via') = 'array'`;

/** Which rooms of a space are in the list: those that the account is in or invited to, one of each person. The space is asked for twice. */
const ofSpace = `membership IN ('join', 'invite') AND room_id IN (SELECT state_key FROM state WHERE state.rid = ? AND ${isChild})
	AND NOT (is_behind AND EXISTS(SELECT 1 FROM room AS other CROSS JOIN state ON state_key = other.room_id
		WHERE other.person = room.person AND (NOT other.is_behind OR other.rid < room.rid) AND state.rid = ? AND ${isChild}))`;

const createWindows = (database: Database): ReadWindow => {
	const statementOf = ({index, where}: ListSelection) =>
		prepare(
			database,
			`SELECT ${roomColumns} FROM room INDEXED BY ${index} WHERE ${where} AND rid IS NOT ? ORDER BY ${listOrder} LIMIT ? OFFSET ?`,
		);
	const every = statementOf(everyRoom);
	const filtered = new Map(Object.entries(selections).map(([kind, selection]) => [kind, statementOf(selection)]));
	const section = statementOf({...inSections, where: `${inboxSectionSql} = ? AND ${inSections.where}`});
	const space = prepare(
		database,
		`SELECT ${roomColumns} FROM room WHERE ${ofSpace} AND rid IS NOT ? ORDER BY ${listOrder} LIMIT ? OFFSET ?`,
	);
	return ({leftOut, limit, offset}, filter) => {
		if (filter?.kind === 'space') return space.all(filter.rid, filter.rid, leftOut, limit, offset);
		if (filter?.kind === 'section') return section.all(filter.id, leftOut, limit, offset);
		return (filtered.get(filter?.kind ?? '') ?? every).all(leftOut, limit, offset);
	};
};

/**
 * Reads windows of the room list in the order of an index. What stands before a window is walked over, and read as well
 * while a room keeps the place of a read one; what stands behind it is not touched.
 */
const createRoomList = (database: Database, people: PersonRows): RoomListReader['rooms'] => {
	const windows = createWindows(database);
	const displaced = prepare(
		database,
		`SELECT ${roomColumns} FROM room WHERE rid = ? AND membership = 'join' AND ${isWaitingSql}`,
	);
	return ({offset, limit, asRead, filter}) => {
		const rowOf = filter === undefined ? roomOf : people.rowOf;
		const open = asRead === undefined || !keepsPlaces(filter) ? undefined : people.frontOf(asRead);
		const row = open === undefined ? undefined : displaced.get(open);
		if (row === undefined) return windows({leftOut: undefined, limit, offset}, filter).map(rowOf);
		// The index has it among the unread ones: it is left out there and put where it belongs.
		const read = windows({leftOut: open, limit: offset + limit, offset: 0}, filter).map(rowOf);
		const room = rowOf(row);
		if (!belongs(room, filter)) return read.slice(offset, offset + limit);
		const place = read.findIndex(other => comesBefore(room, other));
		return read.toSpliced(place === -1 ? read.length : place, 0, room).slice(offset, offset + limit);
	};
};

/** Lists that a room stays in when it is read; what is in a space only the database knows. */
const keepsPlaces = (filter: InboxFilter | undefined): boolean =>
	filter === undefined || ['all', 'section', 'people', 'archived'].includes(filter.kind);

/** Whether a joined room that waits is in such a list. */
const belongs = (room: RoomRow, filter: InboxFilter | undefined): boolean => {
	if (filter === undefined) return true;
	if (filter.kind === 'all') return !room.isSpace;
	if (filter.kind === 'section') return room.inboxSection === filter.id && !room.isSpace;
	if (filter.kind === 'people')
		return room.isDirect && room.section !== 'archived' && room.inboxSection !== fixedSections.bridges;
	return room.section === 'archived';
};

const createCounts = (database: Database): RoomListReader['roomCount'] => {
	const every = prepare(database, `SELECT count(*) AS count FROM room WHERE ${everyRoom.where}`);
	const filtered = new Map(
		Object.entries(selections).map(([kind, {index, where}]) => [
			kind,
			prepare(database, `SELECT count(*) AS count FROM room INDEXED BY ${index} WHERE ${where}`),
		]),
	);
	const space = prepare(database, `SELECT count(*) AS count FROM room WHERE ${ofSpace}`);
	const {index, where} = inSections;
	const section = prepare(
		database,
		`SELECT count(*) AS count FROM room INDEXED BY ${index} WHERE ${inboxSectionSql} = ? AND ${where}`,
	);
	const counted = (filter: InboxFilter | undefined): Row | undefined => {
		if (filter?.kind === 'space') return space.get(filter.rid, filter.rid);
		if (filter?.kind === 'section') return section.get(filter.id);
		return (filtered.get(filter?.kind ?? '') ?? every).get();
	};
	return filter => integer(counted(filter), 'count');
};

/** @param placeNames of the sections that have some besides their network */
const namesOf = (
	rows: readonly Row[],
	placeNames: ReadonlyMap<number, string | undefined>,
	isEveryRoom: boolean,
): readonly RoomNames[] => {
	const placeOf = (row: Row): RoomNames['places'][number] => ({
		protocol: optionalText(row, 'protocol'),
		place: placeNames.get(integer(row, 'of_network')),
	});
	const ofPerson = Map.groupBy(
		rows.filter(row => row['person'] !== null),
		row => integer(row, 'person'),
	);
	return rows
		.filter(row => isEveryRoom || !flag(row, 'is_behind'))
		.map(row => {
			const chats = row['person'] === null ? undefined : ofPerson.get(integer(row, 'person'));
			return {
				rid: integer(row, 'rid'),
				roomId: text(row, 'room_id'),
				name: optionalText(row, 'person_name') ?? optionalText(row, 'calculated_name') ?? text(row, 'room_id'),
				alias: optionalText(row, 'alias'),
				directUser: optionalText(row, 'direct_user'),
				inboxSection: integer(row, 'inbox_section'),
				...(chats === undefined ? {} : {others: chats.map(chat => text(chat, 'calculated_name')).join(' ')}),
				places: isEveryRoom || chats === undefined ? [placeOf(row)] : chats.map(placeOf),
			};
		});
};

/** @param ownUserId the account's user id */
export const createRoomListReader = (database: Database, ownUserId: string): RoomListReader => {
	const persons = createPersonRows(database);
	const list = createRoomList(database, persons);
	const count = createCounts(database);
	const totals = prepare(
		database,
		`SELECT coalesce(sum(NOT is_behind), 0) AS unread, coalesce(sum(CASE WHEN is_muted THEN 0 ELSE highlight_count END), 0) AS highlights
		FROM room INDEXED BY room_waiting WHERE membership = 'join' AND ${isWaitingSql}`,
	);
	const byRid = prepare(database, `SELECT ${roomColumns} FROM room WHERE rid = ?`);
	const byId = prepare(database, `SELECT ${roomColumns} FROM room WHERE room_id = ?`);
	const byName = prepare(
		database,
		`SELECT ${roomColumns} FROM room WHERE (calculated_name = ? COLLATE NOCASE OR name = ? COLLATE NOCASE
			OR person IN (SELECT person FROM person WHERE name = ? COLLATE NOCASE)) AND membership IN ('join', 'invite') ORDER BY last_activity DESC`,
	);
	const byAlias = prepare(
		database,
		`SELECT ${roomColumns} FROM room WHERE alias = ? AND membership IN ('join', 'invite')`,
	);
	const direct = prepare(
		database,
		`SELECT ${roomColumns} FROM room WHERE is_direct = 1 AND direct_user = ? AND membership IN ('join', 'invite')
		ORDER BY membership = 'join' DESC, last_activity DESC LIMIT 1`,
	);

	const names = prepare(
		database,
		`SELECT rid, room_id, calculated_name, alias, direct_user, is_behind, person, protocol, inbox_section AS of_network, ${personNameSql} AS person_name,
			${inboxSectionSql} AS inbox_section
		FROM room INDEXED BY ${everyRoom.index} WHERE ${everyRoom.where} ORDER BY ${listOrder} LIMIT ?`,
	);
	const placeNames = prepare(
		database,
		`SELECT id, ${sectionPlaceSql} AS place FROM inbox_section AS own WHERE protocol <> ''`,
	);
	const spaces = prepare(
		database,
		`SELECT rid, room_id, calculated_name FROM room INDEXED BY room_space WHERE membership = 'join' AND room_type = 'm.space'
		ORDER BY calculated_name COLLATE NOCASE LIMIT ${mostSpaces}`,
	);
	const people = prepare(
		database,
		`SELECT user_id, display_name FROM
			(SELECT rid FROM room INDEXED BY room_by_activity WHERE membership = 'join' AND joined_count <= ${peopleRoomSize}
				ORDER BY last_activity DESC LIMIT ${peopleRooms}) AS near
			CROSS JOIN member ON member.rid = near.rid WHERE member.membership = 'join' AND user_id <> ? LIMIT ${mostPeople}`,
	);

	const replaced = prepare(
		database,
		`SELECT ${roomColumns} FROM room INDEXED BY room_replaced WHERE membership = 'join' AND is_replaced AND NOT ${isWaitingSql} ORDER BY rid`,
	);
	const layout = prepare(database, 'SELECT json FROM account_data WHERE type = ?');
	const tags = prepare(database, 'SELECT tags FROM room WHERE rid = ?');

	const one = (row: Row | undefined): RoomRow | undefined => (row === undefined ? undefined : roomOf(row));

	return {
		rooms: list,
		roomCount: count,
		sections: createSectionReader(database),
		replaced: () => replaced.all().map(roomOf),
		inboxLayout: () => parseInboxLayout(asObject(json(layout.get(inboxType), 'json'))),
		spaces: () =>
			spaces
				.all()
				.map(row => ({rid: integer(row, 'rid'), name: optionalText(row, 'calculated_name') ?? text(row, 'room_id')})),
		totals() {
			const row = totals.get();
			return {unread: integer(row, 'unread'), highlights: integer(row, 'highlights')};
		},
		room: rid => one(byRid.get(rid)),
		row(rid) {
			const row = byRid.get(persons.frontOf(rid));
			return row === undefined ? undefined : persons.rowOf(row);
		},
		roomById: roomId => one(byId.get(roomId)),
		roomsByName(name) {
			const called = persons.oneOfEach(byName.all(name, name, name)).map(roomOf);
			const letIn = called.filter(isLetIn);
			return letIn.length > 0 ? letIn : called;
		},
		roomByAlias: alias => one(byAlias.get(alias)),
		directRoom: userId => one(direct.get(userId)),
		roomNames: (limit, isEveryRoom = false) => {
			const places = placeNames.all().map(row => [integer(row, 'id'), loginName(optionalText(row, 'place'))] as const);
			return namesOf(names.all(limit), new Map(places), isEveryRoom);
		},
		tags: rid => Object.keys(asObject(json(tags.get(rid), 'tags'))),
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
