/** Rooms that are shown before the first sync has brought them: what sync writes takes their place whole. */
import {isRoomId} from '../domain/identifiers.ts';
import type {ProvisionalRoom} from '../domain/sliding-sync.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {flag} from './columns.ts';
import type {RoomChange, RoomWriter} from './room-writer.ts';

export const createProvisionalRooms = (account: AccountDatabase, rooms: RoomWriter) => {
	const {database} = account;
	const known = prepare(database, 'SELECT is_provisional FROM room WHERE room_id = ?');
	const mark = prepare(
		database,
		`UPDATE room SET is_provisional = 1, calculated_name = ?, is_direct = ?, direct_user = ? WHERE rid = ?`,
	);
	const drop = prepare(database, `UPDATE room SET membership = 'leave', is_provisional = 0 WHERE is_provisional = 1`);

	return {
		/** Writes rooms of which sync has told nothing yet. */
		write: (provisional: readonly ProvisionalRoom[]): readonly RoomChange[] =>
			account.write(() =>
				provisional.flatMap(({room, name, directUser}) => {
					const row = known.get(room.roomId);
					if (!isRoomId(room.roomId) || (row !== undefined && !flag(row, 'is_provisional'))) return [];
					const change = rooms.applyRoom(room);
					mark.run(name, directUser !== undefined, directUser, change.rid);
					return [change];
				}),
			),

		/** After the first sync: what it did not bring was left meanwhile. */
		dropRest: (): void => void account.write(() => drop.run()),
	};
};
