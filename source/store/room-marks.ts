/** What the person has marked rooms with: tags, mutes, unread by hand, how far they have read. */
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import {mutedRooms} from '../domain/notification-level.ts';
import {replyType} from '../domain/needs-reply.ts';
import {snoozeType} from '../domain/snooze.ts';
import {prepare} from './bind.ts';
import {integer, json, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** @param settle works out again what a room asks for */
export const createRoomMarks = (database: Database, settle: (rid: number) => void) => {
	const putData = prepare(
		database,
		'INSERT INTO room_account_data(rid, type, json) VALUES(?, ?, ?) ON CONFLICT(rid, type) DO UPDATE SET json = excluded.json',
	);
	const setFullyRead = prepare(database, 'UPDATE room SET fully_read = coalesce(?, fully_read) WHERE rid = ?');
	const setTags = prepare(database, 'UPDATE room SET tags = ? WHERE rid = ?');
	const tagsOf = prepare(database, 'SELECT tags FROM room WHERE rid = ?');
	const setUnread = prepare(database, 'UPDATE room SET is_marked_unread = ? WHERE rid = ?');
	const muted = prepare(database, 'SELECT room_id FROM room WHERE is_silent');
	const silence = prepare(database, 'UPDATE room SET is_silent = 1, is_muted = 1 WHERE room_id = ?');
	const unmute = prepare(
		database,
		'UPDATE room SET is_silent = 0, is_muted = section > 2, muted_until = NULL WHERE room_id = ?',
	);
	const setMutedUntil = prepare(database, 'UPDATE room SET muted_until = ? WHERE rid = ?');
	const expiring = prepare(
		database,
		'SELECT room_id, muted_until FROM room INDEXED BY room_muted WHERE muted_until IS NOT NULL ORDER BY muted_until LIMIT 1',
	);

	const applyTags = (rid: number, tags: JsonObject): void => {
		setTags.run(JSON.stringify(tags), rid);
		settle(rid);
	};

	return {
		/** Keeps account data of a room, and what they say of it. */
		applyAccountData(rid: number, type: string, content: JsonObject): void {
			putData.run(rid, type, JSON.stringify(content));
			if (type === 'm.fully_read') setFullyRead.run(asString(content['event_id']), rid);
			if (type === 'm.tag') applyTags(rid, asObject(content['tags']));
			if (type === 'm.marked_unread') setUnread.run(content['unread'] === true, rid);
			if (type === snoozeType || type === replyType) settle(rid);
		},

		/** Writes m.push_rules: which rooms are silent (client-server API §Push Rules). */
		applyPushRules(content: JsonObject): void {
			const next = mutedRooms(content);
			const before = new Set(muted.all().map(row => text(row, 'room_id')));
			for (const roomId of before) if (!next.has(roomId)) unmute.run(roomId);
			for (const roomId of next) if (!before.has(roomId)) silence.run(roomId);
		},

		/** Notes a mute before the server's rules come back. @param until milliseconds since the Unix epoch */
		mute(room: {readonly rid: number; readonly roomId: string}, isMuted: boolean, until: number | undefined): void {
			(isMuted ? silence : unmute).run(room.roomId);
			if (isMuted) setMutedUntil.run(until, room.rid);
		},

		/** @returns the mute that ends first */
		nextUnmute(): {readonly roomId: string; readonly until: number} | undefined {
			const row = expiring.get();
			return row === undefined ? undefined : {roomId: text(row, 'room_id'), until: integer(row, 'muted_until')};
		},

		/** Notes a tag, or that it is gone, before the server's tags come back. */
		tag(rid: number, tag: string, content: JsonObject | undefined): void {
			const {[tag]: _, ...others} = asObject(json(tagsOf.get(rid), 'tags'));
			applyTags(rid, content === undefined ? others : {...others, [tag]: content});
		},

		markUnread: (rid: number, isUnread: boolean): void => void setUnread.run(isUnread, rid),
	};
};
