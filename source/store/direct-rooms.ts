/** Which rooms are chats with one person, and with whom: by m.direct, and because a bridge keeps them so. */
import {asArray, asObject, unsafeKeys, type JsonObject} from '../domain/json.ts';
import {isGrouped, type Portal} from '../domain/portal.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText} from './columns.ts';
import type {Database} from './open-database.ts';

/** Each call writes: inside a transaction. @param ownUserId the account's user id */
export const createDirectRooms = (database: Database, ownUserId: string) => {
	const set = prepare(database, 'UPDATE room SET is_direct = 1, direct_user = ? WHERE room_id = ?');
	// Chats of other networks stay so, whether or not somebody lists them, and of an invitation it says so itself.
	const clear = prepare(
		database,
		`UPDATE room SET is_direct = 0, direct_user = NULL WHERE is_direct = 1 AND membership <> 'invite'
			AND NOT EXISTS(SELECT 1 FROM portal WHERE portal.rid = room.rid AND kind = 'direct' AND trust IN ('attested', 'inferred'))`,
	);
	const roomOf = prepare(database, 'SELECT room_id, is_direct FROM room WHERE rid = ?');
	const other = prepare(
		database,
		`SELECT user_id FROM member WHERE rid = ? AND membership IN ('join', 'invite') AND user_id NOT IN (?, ?, ?) LIMIT 2`,
	);
	const listed = prepare(database, `SELECT json FROM account_data WHERE type = 'm.direct'`);
	const direct = prepare(database, 'SELECT rid FROM room WHERE is_direct = 1');
	const unset = prepare(database, 'UPDATE room SET is_direct = 0, direct_user = NULL WHERE rid = ?');

	/** @returns who is listed for a room in m.direct */
	const listedFor = (roomId: string): string | undefined =>
		Object.entries(asObject(json(listed.get(), 'json'))).find(
			([user, rooms]) => !unsafeKeys.has(user) && asArray(rooms).includes(roomId),
		)?.[0];

	const directRooms = (): Set<number> => new Set(direct.all().map(row => integer(row, 'rid')));

	return {
		/** Writes m.direct (client-server API §Direct Messaging). @returns rooms that are direct chats now, or are none any more */
		apply: (content: JsonObject): readonly number[] => {
			const before = directRooms();
			clear.run();
			for (const [user, rooms] of Object.entries(content)) {
				if (!Array.isArray(rooms) || unsafeKeys.has(user)) continue;
				for (const roomId of rooms) if (typeof roomId === 'string') set.run(user, roomId);
			}
			const after = directRooms();
			return [...new Set([...before, ...after])].filter(rid => before.has(rid) !== after.has(rid));
		},
		/** An invitation says so itself. */
		applyInvite: (roomId: string, inviter: string | undefined): void => void set.run(inviter, roomId),
		/** A room was found to be one of a bridge, or not to be one. @param wasDirect as a portal, before */
		applyPortal(rid: number, portal: Portal | undefined, wasDirect: boolean): void {
			const roomId = optionalText(roomOf.get(rid), 'room_id') ?? '';
			if (portal !== undefined && portal.kind === 'direct' && isGrouped(portal)) {
				// The bot and the person's own ghost are there too.
				const [person, ...others] = other.all(rid, ownUserId, portal.bot ?? '', portal.ownGhost ?? '');
				const user = others.length > 0 ? undefined : optionalText(person, 'user_id');
				set.run(user ?? listedFor(roomId), roomId);
			} else if (wasDirect) {
				const user = listedFor(roomId);
				if (user === undefined) unset.run(rid);
				else set.run(user, roomId);
			}
		},
	};
};
