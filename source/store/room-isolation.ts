/** Writes each room of a response by itself: what fails on the data of one room, a bug then, costs neither the others nor the sync. */
import {parseSyncRoom, saysEncrypted, type SyncRoom} from '../domain/sync-response.ts';
import type {AccountDatabase} from './account-database.ts';
import type {RoomWriter} from './room-writer.ts';
import {createSavepoint} from './savepoint.ts';
import {isStorageFailure} from './storage-failure.ts';

/** The room as one value, for quarantine. It has no event id, so it stands in the timeline as what cannot be read. */
const asUnreadable = ({roomId, category, ...room}: SyncRoom): SyncRoom =>
	parseSyncRoom(roomId, category, {
		timeline: {events: [{room: {...room}}], limited: room.isLimited, prev_batch: room.previousToken},
	});

type IsolatedRooms = Pick<RoomWriter, 'applyRoom' | 'ensureRoom' | 'setEncrypted' | 'setMustRotateSession'>;

/** @returns a function to call inside a transaction */
export const createRoomIsolation = ({database}: AccountDatabase, rooms: IsolatedRooms) => {
	const alone = createSavepoint(database);

	/** Whatever is lost of a room, nothing may leave it in the clear, nor be readable for who left. */
	const keepSecrecy = (room: SyncRoom): void => {
		if (saysEncrypted(room)) rooms.setEncrypted(room.roomId);
		rooms.setMustRotateSession(rooms.ensureRoom(room.roomId), true);
	};

	/**
	 * Runs `write` for a room. If that throws, what came for it is in quarantine, and the room is as it was, except that what
	 * is said in it from now on is at least as secret as the response wants it.
	 * @param onFailure told of the error
	 * @returns what `write` returned, or `undefined` after a failure
	 * @throws what `write` threw when the disk is the reason
	 */
	return <Result>(room: SyncRoom, write: () => Result, onFailure: (error: unknown) => void): Result | undefined => {
		const attempt = <Value>(action: () => Value): {readonly value: Value} | undefined => {
			try {
				return {value: alone(action)};
			} catch (error) {
				if (isStorageFailure(error)) throw error;
				onFailure(error);
				return undefined;
			}
		};
		const written = attempt(write);
		if (written !== undefined) return written.value;
		attempt(() => keepSecrecy(room));
		attempt(() => rooms.applyRoom(asUnreadable(room)));
		return undefined;
	};
};
