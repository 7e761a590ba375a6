/** Writes rooms of a sync response: state, members, timeline, receipts, counts, and what follows for the room list. */
import {asInteger, asObject, asString, type JsonObject} from '../domain/json.ts';
import {redactedState} from '../domain/redacted-state.ts';
import type {SyncRoom} from '../domain/sync-response.ts';
import type {AccountDatabase} from './account-database.ts';
import {createAttention} from './attention.ts';
import {prepare} from './bind.ts';
import {flag, integer, json} from './columns.ts';
import {createEventWriter} from './event-writer.ts';
import {createMemberWriter} from './member-writer.ts';
import {createReceiptWriter} from './receipt-writer.ts';
import {createDirectRooms} from './direct-rooms.ts';
import {createRoomNames} from './room-names.ts';
import {createRoomMarks} from './room-marks.ts';
import {parseState} from './state-event.ts';
import {createThreadCounts} from './thread-counts.ts';
import {createTimelineWriter} from './timeline-writer.ts';
import {createUnreadCorrection} from './unread-correction.ts';

/** What a room's part of a response did. */
export type RoomChange = {
	readonly rid: number;
	readonly roomId: string;
	/** Rows of encrypted events that came new. */
	readonly undecrypted: readonly number[];
	readonly typing: readonly string[] | undefined;
	/** Somebody else is no longer joined: a Megolm session must not go on. */
	readonly hasDeparture: boolean;
	/** Messages are missing between the new ones and those of before. */
	readonly hasGap: boolean;
	/** Events outside of the timeline that were none, and were left out. */
	readonly skipped: number;
};

/** Which column of the room an m.room.* event of the empty state key fills, and from what. */
const roomColumns: ReadonlyMap<string, readonly [column: string, read: (content: JsonObject) => string | undefined]> =
	new Map([
		['m.room.name', ['name', content => asString(content['name'])]],
		['m.room.topic', ['topic', content => asString(content['topic'])]],
		['m.room.avatar', ['avatar', content => asString(content['url'])]],
		['m.room.canonical_alias', ['alias', content => asString(content['alias'])]],
		['m.room.create', ['room_type', content => asString(content['type'])]],
		['m.room.tombstone', ['successor', content => asString(content['replacement_room'])]],
	]);

const emptyTimeline = {undecrypted: [], hasDeparture: false, hasGap: false};

export type RoomWriter = ReturnType<typeof createRoomWriter>;

/**
 * @param ownUserId the account's user id
 * @param now milliseconds since the Unix epoch. @default Date.now
 */
export const createRoomWriter = (account: AccountDatabase, ownUserId: string, now?: () => number) => {
	const {database} = account;
	const events = createEventWriter(database, now);
	const timelines = createTimelineWriter(database, events);
	const members = createMemberWriter(database, ownUserId);
	const applyReceipts = createReceiptWriter(database);
	const attention = createAttention(database, ownUserId);
	const marks = createRoomMarks(database, rid => attention.settle(rid));
	const rename = createRoomNames(database, members, ownUserId);
	const directs = createDirectRooms(database, ownUserId);
	const threads = createThreadCounts(database);
	const correctUnread = createUnreadCorrection(database, ownUserId, threads);

	const insertRoom = prepare(
		database,
		`INSERT INTO room(room_id, membership) VALUES(?, 'leave') ON CONFLICT(room_id) DO NOTHING`,
	);
	const ridOf = prepare(database, 'SELECT rid, is_provisional FROM room WHERE room_id = ?');
	const setMembership = prepare(database, 'UPDATE room SET membership = ?, is_provisional = 0 WHERE rid = ?');
	const setEncrypted = prepare(database, 'UPDATE room SET is_encrypted = 1 WHERE rid = ?');
	const setRotation = prepare(database, 'UPDATE room SET must_rotate_session = ? WHERE rid = ?');
	const rotationOf = prepare(database, 'SELECT must_rotate_session FROM room WHERE room_id = ?');
	const encryptionOf = prepare(
		database,
		`SELECT is_encrypted, is_provisional, EXISTS(
			SELECT 1 FROM state WHERE state.rid = room.rid AND type = 'm.room.encryption' AND state_key = '') AS has_event FROM room WHERE room_id = ?`,
	);
	const markRead = prepare(
		database,
		`UPDATE room SET is_marked_unread = 0, fully_read = ?,
			unread_count = (SELECT coalesce(sum(unread), 0) FROM thread_unread WHERE thread_unread.rid = room.rid),
			highlight_count = (SELECT coalesce(sum(highlights), 0) FROM thread_unread WHERE thread_unread.rid = room.rid) WHERE rid = ?`,
	);
	const setFullyRead = prepare(database, 'UPDATE room SET fully_read = ? WHERE rid = ?');
	const putAccepted = prepare(database, 'INSERT OR REPLACE INTO accepted_invitation(rid, invited_at) VALUES(?, ?)');
	const dropAccepted = prepare(database, 'DELETE FROM accepted_invitation WHERE rid = ?');
	const setVersion = prepare(database, 'UPDATE room SET version = ? WHERE rid = ?');
	const setCounts = prepare(
		database,
		`UPDATE room SET unread_count = coalesce(?, unread_count), highlight_count = coalesce(?, highlight_count),
			heroes = coalesce(?, heroes), joined_count = coalesce(?, joined_count), invited_count = coalesce(?, invited_count) WHERE rid = ?`,
	);
	const putState = prepare(
		database,
		'INSERT INTO state(rid, type, state_key, json) VALUES(?, ?, ?, ?) ON CONFLICT(rid, type, state_key) DO UPDATE SET json = excluded.json',
	);
	const encryptionEvent = prepare(
		database,
		`SELECT json FROM state WHERE rid = ? AND type = 'm.room.encryption' AND state_key = ''`,
	);
	// Left to itself, SQLite goes through all members of the room.
	const stateOf = prepare(
		database,
		`SELECT json FROM state INDEXED BY state_by_event WHERE rid = ? AND json_extract(json, '$.event_id') = ?
		UNION ALL SELECT json FROM member INDEXED BY member_by_event WHERE rid = ? AND json_extract(json, '$.event_id') = ?`,
	);
	const notePortal = prepare(database, 'INSERT OR IGNORE INTO portal_due VALUES(?)');
	const columnStatements = new Map(
		[...roomColumns.values()].map(([column]) => [
			column,
			prepare(database, `UPDATE room SET ${column} = ? WHERE rid = ?`),
		]),
	);

	/** State was written of the room that is being applied. */
	let hasNewState = false;

	const ensureRoom = (roomId: string): number => {
		insertRoom.run(roomId);
		const row = ridOf.get(roomId);
		const rid = integer(row, 'rid');
		// What was shown for the time being has no place in the order of what follows.
		if (flag(row, 'is_provisional')) timelines.clear(rid);
		return rid;
	};

	/** A room is encrypted since the first event that said so, however often it is said again. */
	const withFirstTime = (rid: number, raw: JsonObject): JsonObject => {
		const known = asInteger(asObject(json(encryptionEvent.get(rid), 'json'))['origin_server_ts']);
		const time = asInteger(raw['origin_server_ts']);
		return known === undefined || (time !== undefined && time <= known) ? raw : {...raw, origin_server_ts: known};
	};

	/** @returns whether somebody else stopped being joined. */
	const applyState = (rid: number, raw: JsonObject, isOutOfBand = false): boolean => {
		const event = parseState(raw);
		if (event === undefined) return false;
		hasNewState = true;
		if (event.type === 'm.room.member') return members.apply(rid, event, isOutOfBand);
		const isEncryption = event.type === 'm.room.encryption' && event.stateKey === '';
		const kept = isEncryption ? withFirstTime(rid, event.raw) : event.raw;
		putState.run(rid, event.type, event.stateKey, JSON.stringify(kept));
		if (event.stateKey !== '') return false;
		// Sticky: whatever the event says later, nothing leaves this room in the clear again.
		if (isEncryption) setEncrypted.run(rid);
		if (event.type === 'm.room.create') setVersion.run(asString(event.content['room_version']) ?? '1', rid);
		const column = roomColumns.get(event.type);
		if (column !== undefined) columnStatements.get(column[0])?.run(column[1](event.content), rid);
		return false;
	};

	/** The content of a removed state event counts no longer: a name, a topic, the name of a person. */
	const redactState = (rid: number, eventId: string): void => {
		if (events.isMessage(eventId)) return;
		for (const row of stateOf.all(rid, eventId, rid, eventId)) {
			const event = asObject(json(row, 'json'));
			if (event['event_id'] === eventId) applyState(rid, redactedState(event));
		}
	};

	/** Writes the timeline of a joined or left room, and the state that is in it. */
	const applyTimeline = (rid: number, room: SyncRoom): Pick<RoomChange, 'undecrypted' | 'hasDeparture' | 'hasGap'> => {
		const {inserted, hasGap} = timelines.append(rid, room);
		let hasDeparture = false;
		const undecrypted: number[] = [];
		for (const {event, pk} of inserted) {
			const isRedacted = event.redactedBy !== undefined;
			if (event.type === 'm.room.encrypted' && !isRedacted) undecrypted.push(pk);
			if (event.stateKey !== undefined && room.stateAfter === undefined)
				hasDeparture = applyState(rid, isRedacted ? redactedState(event.raw) : event.raw) || hasDeparture;
			if (event.redacts !== undefined) redactState(rid, event.redacts);
		}
		// Even an event that is damaged otherwise says that nothing may leave in the clear.
		const isEncrypted = room.timeline.some(
			value => asObject(value)['type'] === 'm.room.encryption' && asObject(value)['state_key'] === '',
		);
		if (isEncrypted) setEncrypted.run(rid);
		return {undecrypted, hasDeparture, hasGap: hasGap && room.category === 'join'};
	};

	const applyRoomAccountData = (rid: number, event: JsonObject): void => {
		const type = asString(event['type']);
		if (type !== undefined) marks.applyAccountData(rid, type, asObject(event['content']));
	};

	/** What follows from what was written of a room: once for all of it, as it may be 50,000 members. */
	const settle = (rid: number): void => {
		rename(rid);
		attention.settle(rid);
		// Other state may make it one of a bridge.
		if (hasNewState) notePortal.run(rid);
		hasNewState = false;
	};

	const membershipOf = (rid: number, category: SyncRoom['category']): string => {
		if (category !== 'leave') return category;
		return members.membershipOf(rid, ownUserId) === 'ban' ? 'ban' : 'leave';
	};

	const applyDirectInvite = (rid: number, roomId: string): void => {
		const event = members.ownEvent(rid);
		if (asObject(event['content'])['is_direct'] === true) directs.applyInvite(roomId, asString(event['sender']));
	};

	return {
		events,
		timelines,
		members,
		marks,
		attention,
		ensureRoom,
		/** Calculates the name to show anew: of a bridged room it does not say the network. */
		rename,

		/** Writes one room of a response. Call inside a transaction; idempotent. */
		applyRoom(room: SyncRoom): RoomChange {
			const rid = ensureRoom(room.roomId);
			let hasDeparture = false;
			for (const event of room.state) hasDeparture = applyState(rid, event) || hasDeparture;
			const hasTimeline = room.category === 'join' || room.category === 'leave';
			const timeline = hasTimeline ? applyTimeline(rid, room) : emptyTimeline;
			hasDeparture = timeline.hasDeparture || hasDeparture;
			for (const event of room.stateAfter ?? []) hasDeparture = applyState(rid, event) || hasDeparture;
			setMembership.run(membershipOf(rid, room.category), rid);
			if (room.receipts !== undefined) applyReceipts(rid, room.receipts);
			for (const event of room.accountData) applyRoomAccountData(rid, event);
			const heroes = room.heroes === undefined ? null : JSON.stringify(room.heroes);
			setCounts.run(room.unreadCount, room.highlightCount, heroes, room.joinedCount, room.invitedCount, rid);
			if (room.threadCounts !== undefined) threads.replace(rid, room.threadCounts);
			correctUnread(rid, room.unreadCount !== undefined);
			if (room.category === 'invite') applyDirectInvite(rid, room.roomId);
			settle(rid);
			return {...timeline, rid, roomId: room.roomId, typing: room.typing, hasDeparture, skipped: room.skipped};
		},

		/** Writes the full state of a room that was asked for outside of sync (GET /rooms/{id}/state). */
		applyFullState(roomId: string, membership: string, state: readonly JsonObject[]): number {
			const rid = ensureRoom(roomId);
			for (const event of state) applyState(rid, event);
			setMembership.run(membership, rid);
			settle(rid);
			return rid;
		},

		/** Writes members that the SDK loaded by GET /members. */
		applyOutOfBandMembers(roomId: string, events: readonly JsonObject[]): void {
			const rid = ensureRoom(roomId);
			for (const event of events) applyState(rid, event, true);
			settle(rid);
		},

		/**
		 * Writes the list of all members as the server gave it (GET /members), and forgets who is not in it.
		 * @param before who came since is kept; milliseconds since the Unix epoch, server time
		 */
		applyAllMembers(roomId: string, list: readonly JsonObject[], before: number): number {
			const rid = ensureRoom(roomId);
			const users = new Set<string>();
			for (const event of list) {
				const userId = asString(event['state_key']) ?? '';
				users.add(userId);
				// The stream may be further than the list.
				if (members.timeOf(rid, userId) <= (asInteger(event['origin_server_ts']) ?? 0)) applyState(rid, event, true);
			}
			if (members.keepOnly(rid, users, before)) setRotation.run(true, rid);
			settle(rid);
			return rid;
		},

		/** Notes whether the room's Megolm session must be replaced before the next message. */
		setMustRotateSession(rid: number, mustRotate: boolean): void {
			setRotation.run(mustRotate, rid);
		},

		/** Whether the next message of a room must start a new Megolm session. */
		mustRotateSession: (roomId: string): boolean => flag(rotationOf.get(roomId), 'must_rotate_session'),

		/** What the store knows of a room's encryption; `undefined` for a room it does not know. */
		encryptionOf(roomId: string): {readonly isEncrypted: boolean; readonly isProvisional: boolean} | undefined {
			const row = encryptionOf.get(roomId);
			if (row === undefined) return undefined;
			// The state that encrypted the room counts even if the column was lost.
			const isEncrypted = flag(row, 'is_encrypted') || flag(row, 'has_event');
			return {isEncrypted, isProvisional: flag(row, 'is_provisional')};
		},

		/** Notes that a person has read up to an event: no unread count is left, but for those of threads. */
		markRead(rid: number, eventId: string): void {
			markRead.run(eventId, rid);
			dropAccepted.run(rid);
		},
		/** Notes that a person has read up to an event: what came later stays unread. */
		markReadUpTo(rid: number, eventId: string): void {
			setFullyRead.run(eventId, rid);
			correctUnread(rid);
		},
		/** Notes that an invitation is accepted without the person: what came since it is unread, until it is read. */
		noteAccepted(rid: number): void {
			const invitedAt = asInteger(members.ownEvent(rid)['origin_server_ts']);
			// Who does not know since when counts as the server does.
			if (invitedAt !== undefined) putAccepted.run(rid, invitedAt);
		},
		correctUnread,
		/** Notes that a person has read a thread. */
		markThreadRead: threads.markRead,

		/** Notes that a room is encrypted, for ever. */
		setEncrypted(roomId: string): void {
			setEncrypted.run(ensureRoom(roomId));
		},

		/** Writes m.direct. */
		applyDirectRooms(content: JsonObject): void {
			for (const rid of directs.apply(content)) attention.settle(rid);
		},
	};
};
