/** Writes each room of a response by itself: what fails on the data of one room, a bug then, costs neither the others nor the sync. */
import {parseSyncRoom, type SyncRoom} from '../domain/sync-response.ts';
import type {AccountDatabase} from './account-database.ts';
import type {RoomWriter} from './room-writer.ts';
import {createSavepoint} from './savepoint.ts';
import {isStorageFailure} from './storage-failure.ts';

/** The room as one value, for quarantine. It has no event id, so it stands in the timeline as what cannot be read. */
const asUnreadable = ({roomId, category, ...room}: SyncRoom): SyncRoom =>
	parseSyncRoom(roomId, category, {timeline: {events: [{room: {...room}}]}});

/** @returns a function to call inside a transaction */
export const createRoomIsolation = ({database}: AccountDatabase, rooms: Pick<RoomWriter, 'applyRoom'>) => {
	const alone = createSavepoint(database);

	/**
	 * Runs `write` for a room. If that throws, the room is as it was, and what came for it is in quarantine.
	 * @param onFailure told of the error
	 * @returns what `write` returned, or `undefined` after a failure
	 * @throws what `write` threw when the disk is the reason
	 */
	return <Result>(room: SyncRoom, write: () => Result, onFailure: (error: unknown) => void): Result | undefined => {
		try {
			return alone(write);
		} catch (error) {
			if (isStorageFailure(error)) throw error;
			onFailure(error);
		}
		try {
			alone(() => rooms.applyRoom(asUnreadable(room)));
		} catch (error) {
			if (isStorageFailure(error)) throw error;
			onFailure(error);
		}
		return undefined;
	};
};
