/** What is asked of a room beside its messages: members, settings, power, spaces. Read-only. */
import {asArray, asInteger, asObject, asString, type JsonObject} from '../domain/json.ts';
import {notificationLevelOf} from '../domain/notification-level.ts';
import {noteOf, noteType} from '../domain/room-note.ts';
import {readRoomPower, type RoomPower} from '../domain/room-power.ts';
import type {NotificationLevel} from '../domain/room-requests.ts';
import type {Membership} from '../domain/room.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** A member as the list shows them. The name is untrusted. */
export type MemberRow = {
	readonly userId: string;
	readonly displayName: string | undefined;
	readonly membership: Membership;
};

/** A room of a space as the space's own state has it. */
export type SpaceChild = {
	readonly roomId: string;
	readonly order: string | undefined;
	readonly servers: readonly string[];
	readonly isSuggested: boolean;
};

export type RoomDetails = {
	/** All but those who have left, as far as they are known: `loadMembers` of the Session brings the rest. */
	readonly members: (rid: number) => readonly MemberRow[];
	readonly member: (rid: number, userId: string) => MemberRow | undefined;
	/** @returns the content of a state event; `undefined` where there is none */
	readonly state: (rid: number, type: string, stateKey?: string) => JsonObject | undefined;
	readonly power: (rid: number) => RoomPower;
	readonly version: (rid: number) => string | undefined;
	/** Room id of what replaces the room. */
	readonly successor: (rid: number) => string | undefined;
	/** @returns the sender of a state event */
	readonly stateSender: (rid: number, type: string) => string | undefined;
	/** Up to three servers that many members are from: for links, and to join by. */
	readonly servers: (rid: number) => readonly string[];
	/** Numbers of the rooms that somebody is in too, last active first. */
	readonly commonRooms: (userId: string) => readonly number[];
	/** Numbers of the spaces that the person is in. */
	readonly spaces: () => readonly number[];
	readonly isSpace: (rid: number) => boolean;
	/** In the order of the specification (client-server API §Ordering of children within a space). */
	readonly children: (rid: number) => readonly SpaceChild[];
	readonly notificationLevel: (roomId: string) => NotificationLevel;
	readonly isIgnored: (userId: string) => boolean;
	/** What the person has noted of a room; empty where that is nothing. */
	readonly note: (rid: number) => string;
};

const isValidOrder = (order: string | undefined): order is string => order !== undefined && /^[ -~]{1,50}$/.test(order);

type TimedChild = SpaceChild & {readonly time: number};

const childOf = (event: JsonObject): TimedChild | undefined => {
	const content = asObject(event['content']);
	const roomId = asString(event['state_key']);
	// Without servers to ask it is not part of the space any more.
	if (roomId === undefined || !Array.isArray(content['via'])) return undefined;
	const order = asString(content['order']);
	return {
		roomId,
		order: isValidOrder(order) ? order : undefined,
		servers: asArray(content['via']).filter(server => typeof server === 'string'),
		isSuggested: content['suggested'] === true,
		time: asInteger(event['origin_server_ts']) ?? 0,
	};
};

const compareText = (first: string, second: string): number => (first < second ? -1 : Number(first > second));

const compareChildren = (first: TimedChild, second: TimedChild): number => {
	if (first.order !== second.order) {
		if (first.order === undefined) return 1;
		if (second.order === undefined) return -1;
		return compareText(first.order, second.order);
	}
	return first.time - second.time || compareText(first.roomId, second.roomId);
};

const commonServers = 3;

export const createRoomDetails = (database: Database): RoomDetails => {
	const members = prepare(
		database,
		`SELECT user_id, display_name, membership FROM member WHERE rid = ? AND membership <> 'leave'`,
	);
	const member = prepare(
		database,
		'SELECT user_id, display_name, membership FROM member WHERE rid = ? AND user_id = ?',
	);
	const state = prepare(database, 'SELECT json FROM state WHERE rid = ? AND type = ? AND state_key = ?');
	const room = prepare(database, 'SELECT version, successor, room_type FROM room WHERE rid = ?');
	const servers = prepare(
		database,
		`SELECT substr(user_id, instr(user_id, ':') + 1) AS server, count(*) AS people FROM member
		WHERE rid = ? AND membership = 'join' AND instr(user_id, ':') > 0 GROUP BY server ORDER BY people DESC, server LIMIT ?`,
	);
	const common = prepare(
		database,
		`SELECT room.rid FROM room JOIN member ON member.rid = room.rid AND member.user_id = ?
		WHERE room.membership = 'join' AND member.membership = 'join' ORDER BY last_activity DESC`,
	);
	const spaces = prepare(
		database,
		`SELECT rid FROM room WHERE membership = 'join' AND room_type = 'm.space' ORDER BY calculated_name COLLATE NOCASE, rid`,
	);
	const children = prepare(database, `SELECT json FROM state WHERE rid = ? AND type = 'm.space.child'`);
	const accountData = prepare(database, 'SELECT json FROM account_data WHERE type = ?');

	const roomData = prepare(database, 'SELECT json FROM room_account_data WHERE rid = ? AND type = ?');

	const stateEvent = (rid: number, type: string, stateKey = ''): JsonObject | undefined => {
		const row = state.get(rid, type, stateKey);
		return row === undefined ? undefined : asObject(json(row, 'json'));
	};
	const content = (rid: number, type: string, stateKey = ''): JsonObject | undefined => {
		const event = stateEvent(rid, type, stateKey);
		return event === undefined ? undefined : asObject(event['content']);
	};
	const memberOf = (row: ReturnType<typeof member.get>): MemberRow => ({
		userId: text(row, 'user_id'),
		displayName: optionalText(row, 'display_name'),
		membership: text(row, 'membership') as Membership,
	});

	return {
		members: rid => members.all(rid).map(memberOf),
		member(rid, userId) {
			const row = member.get(rid, userId);
			return row === undefined ? undefined : memberOf(row);
		},
		state: content,
		power: rid => readRoomPower(content(rid, 'm.room.power_levels'), stateEvent(rid, 'm.room.create') ?? {}),
		version: rid => optionalText(room.get(rid), 'version'),
		successor: rid => optionalText(room.get(rid), 'successor'),
		stateSender: (rid, type) => asString(stateEvent(rid, type)?.['sender']),
		servers: rid => servers.all(rid, commonServers).map(row => text(row, 'server')),
		commonRooms: userId => common.all(userId).map(row => integer(row, 'rid')),
		spaces: () => spaces.all().map(row => integer(row, 'rid')),
		isSpace: rid => optionalText(room.get(rid), 'room_type') === 'm.space',
		children: rid =>
			children
				.all(rid)
				.flatMap(row => childOf(asObject(json(row, 'json'))) ?? [])
				.toSorted(compareChildren),
		notificationLevel: roomId => notificationLevelOf(asObject(json(accountData.get('m.push_rules'), 'json')), roomId),
		isIgnored(userId) {
			const ignored = asObject(asObject(json(accountData.get('m.ignored_user_list'), 'json'))['ignored_users']);
			return Object.hasOwn(ignored, userId);
		},
		note: rid => noteOf(asObject(json(roomData.get(rid, noteType), 'json'))),
	};
};
