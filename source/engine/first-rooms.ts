/**
 * Shows the newest rooms of an account before its first sync is there, which a large account waits minutes for: one small
 * request, where the server has sliding sync.
 */
import {newestRoomsRequest, parseSlidingRooms} from '../domain/sliding-sync.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {RoomChange} from '../store/room-writer.ts';
import type {AccountStores} from './account-stores.ts';

export type FirstRoomsOptions = {
	readonly homeserver: Pick<Homeserver, 'unstableFeatures' | 'slidingSync'>;
	readonly stores: Pick<AccountStores, 'provisional' | 'sdk'>;
	readonly onWritten: (changes: readonly RoomChange[]) => void;
};

const feature = 'org.matrix.simplified_msc3575';
const roomCount = 50;
const messageCount = 10;

/** Does nothing when the account has synced before. @throws as the homeserver's calls do */
export const showFirstRooms = async ({homeserver, stores, onWritten}: FirstRoomsOptions): Promise<void> => {
	if (stores.sdk.nextBatch() !== undefined) return;
	if (!(await homeserver.unstableFeatures()).has(feature)) return;
	const rooms = parseSlidingRooms(await homeserver.slidingSync(newestRoomsRequest(roomCount, messageCount)));
	// The first sync may have come meanwhile, and with it all that there is.
	if (stores.sdk.nextBatch() === undefined) onWritten(stores.provisional.write(rooms));
};
