/** Marks rooms as read: at once on this screen, and on the server as soon as it can be reached. */
import type {RoomRow} from '../domain/room.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';

export type ReadMarkerOptions = {
	readonly homeserver: Pick<Homeserver, 'markRead'>;
	readonly feed: ChangeFeed;
	readonly stores: Pick<AccountStores, 'account' | 'rooms'>;
	readonly log: Pick<Logger, 'info'>;
};

export type ReadMarker = {
	/** @param eventId the newest event that the person saw */
	readonly mark: (room: RoomRow, eventId: string) => void;
	/** Tells the server what it does not know yet. */
	readonly flush: () => void;
};

export const createReadMarker = ({homeserver, feed, stores, log}: ReadMarkerOptions): ReadMarker => {
	/** Newest event to be marked, by room; what failed waits here until the network is back. */
	const waiting = new Map<string, string>();
	let isRunning = false;

	const tellServer = async (): Promise<void> => {
		for (;;) {
			const [next] = waiting;
			if (next === undefined) return;
			const [roomId, eventId] = next;
			await homeserver.markRead(roomId, eventId);
			// While the server was told, somebody may have read on.
			if (waiting.get(roomId) === eventId) waiting.delete(roomId);
		}
	};

	const flush = (): void => {
		if (isRunning) return;
		isRunning = true;
		tellServer()
			.catch((error: unknown) => log.info('receipts', 'A read marker waits for the network', {error}))
			.finally(() => {
				isRunning = false;
			});
	};

	return {
		flush,
		mark(room, eventId) {
			stores.account.write(() => stores.rooms.markRead(room.rid, eventId));
			feed.changed([room.rid], true);
			waiting.set(room.roomId, eventId);
			flush();
		},
	};
};
