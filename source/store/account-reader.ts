/** What the screen and the reading verbs ask of account.db: windows of rooms, windows of timelines. Read-only. */
import type {OutboxItem} from '../domain/outbox-item.ts';
import type {Membership, RoomRow} from '../domain/room.ts';
import {prepare} from './bind.ts';
import {createMessageReader, type TimelineWindow} from './message-reader.ts';
import type {Database, Row} from './open-database.ts';
import {createOutboxReader} from './outbox-store.ts';

export type {TimelineCursor, TimelineWindow} from './message-reader.ts';

/** How the room list is asked for. */
export type RoomWindow = {readonly offset: number; readonly limit: number};

/** The read side of an account. Every call reads what is committed now. */
export type AccountReader = {
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
	readonly timeline: (window: TimelineWindow) => ReturnType<ReturnType<typeof createMessageReader>['timeline']>;
	readonly outbox: (rid: number) => readonly OutboxItem[];
	readonly draft: (rid: number) => string;
	/** Display name of a member, untrusted. */
	readonly memberName: (rid: number, userId: string) => string | undefined;
	/** Milliseconds since the Unix epoch of the last completed sync. */
	readonly lastSync: () => number | undefined;
	/** The newest event of a room that a read receipt may point to. */
	readonly lastEventId: (rid: number) => string | undefined;
	/** Event id of the fully-read marker. */
	readonly fullyRead: (rid: number) => string | undefined;
};

const columns = `rid, room_id, membership, calculated_name, alias, topic, is_direct, direct_user, is_encrypted, unread_count,
	highlight_count, is_marked_unread, last_activity, joined_count, protocol,
	(SELECT body FROM event WHERE event.pk = room.last_event) AS preview`;

const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const roomOf = (row: Row): RoomRow => ({
	rid: Number(row['rid']),
	roomId: String(row['room_id']),
	membership: row['membership'] as Membership,
	name: optional(row['calculated_name']) ?? String(row['room_id']),
	alias: optional(row['alias']),
	topic: optional(row['topic']),
	isDirect: row['is_direct'] === 1,
	directUser: optional(row['direct_user']),
	isEncrypted: row['is_encrypted'] === 1,
	unreadCount: Number(row['unread_count']),
	highlightCount: Number(row['highlight_count']),
	isMarkedUnread: row['is_marked_unread'] === 1,
	lastActivity: Number(row['last_activity']),
	preview: optional(row['preview']),
	joinedCount: Number(row['joined_count']),
	protocol: optional(row['protocol']),
});

/** @param ownUserId the account's user id */
export const createAccountReader = (database: Database, ownUserId: string): AccountReader => {
	const messages = createMessageReader(database, ownUserId);
	const outbox = createOutboxReader(database);
	const window = prepare(
		database,
		`SELECT ${columns} FROM room WHERE membership IN ('join', 'invite')
		ORDER BY membership = 'invite' DESC, unread_count > 0 OR is_marked_unread DESC, last_activity DESC, rid LIMIT ? OFFSET ?`,
	);
	const count = prepare(database, `SELECT count(*) AS count FROM room WHERE membership IN ('join', 'invite')`);
	const totals = prepare(
		database,
		`SELECT count(*) AS unread, coalesce(sum(highlight_count), 0) AS highlights FROM room
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
	const draft = prepare(database, `SELECT text FROM draft WHERE rid = ? AND thread = ''`);
	const memberName = prepare(database, 'SELECT display_name FROM member WHERE rid = ? AND user_id = ?');
	const lastSync = prepare(database, `SELECT value FROM meta WHERE key = 'last_sync'`);
	const lastEvent = prepare(
		database,
		`SELECT event_id FROM event JOIN chunk ON chunk.chunk = event.chunk WHERE event.rid = ? AND is_live = 1 ORDER BY position DESC LIMIT 1`,
	);
	const fullyRead = prepare(database, 'SELECT fully_read FROM room WHERE rid = ?');

	const one = (row: Row | undefined): RoomRow | undefined => (row === undefined ? undefined : roomOf(row));

	return {
		rooms: ({offset, limit}) => window.all(limit, offset).map(roomOf),
		roomCount: () => Number(count.get()?.['count']),
		totals() {
			const row = totals.get();
			return {unread: Number(row?.['unread']), highlights: Number(row?.['highlights'])};
		},
		room: rid => one(byRid.get(rid)),
		roomById: roomId => one(byId.get(roomId)),
		roomsByName: name => byName.all(name).map(roomOf),
		roomByAlias: alias => one(byAlias.get(alias)),
		directRoom: userId => one(direct.get(userId)),
		timeline: messages.timeline,
		outbox,
		draft: rid => optional(draft.get(rid)?.['text']) ?? '',
		memberName: (rid, userId) => optional(memberName.get(rid, userId)?.['display_name']),
		lastSync() {
			const value = lastSync.get()?.['value'];
			return value === undefined || value === null ? undefined : Number(value);
		},
		lastEventId: rid => optional(lastEvent.get(rid)?.['event_id']),
		fullyRead: rid => optional(fullyRead.get(rid)?.['fully_read']),
	};
};
