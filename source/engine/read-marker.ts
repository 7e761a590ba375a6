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

/** What the server is to be told. */
type Mark = {readonly roomId: string; readonly eventId: string; readonly thread: string | undefined};

export type ReadMarker = {
	/**
	 * @param eventId the newest event that the person saw
	 * @param thread root of the thread in which it is; what is outside of threads without
	 */
	readonly mark: (room: RoomRow, eventId: string, thread?: string) => void;
	/** Tells the server what it does not know yet. */
	readonly flush: () => void;
};

export const createReadMarker = ({homeserver, feed, stores, log}: ReadMarkerOptions): ReadMarker => {
	/** Newest events to be marked, by room and thread; what failed waits here until the network is back. */
	const waiting = new Map<string, Mark>();
	let isRunning = false;

	const tellServer = async (): Promise<void> => {
		for (;;) {
			const [next] = waiting;
			if (next === undefined) return;
			const [key, mark] = next;
			await homeserver.markRead(mark.roomId, mark.eventId, mark.thread);
			// While the server was told, somebody may have read on.
			if (waiting.get(key) === mark) waiting.delete(key);
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
		mark({rid, roomId}, eventId, thread) {
			stores.account.write(() =>
				thread === undefined ? stores.rooms.markRead(rid, eventId) : stores.rooms.markThreadRead(rid, thread),
			);
			feed.changed([rid], true);
			waiting.set(`${roomId} ${thread ?? ''}`, {roomId, eventId, thread});
			flush();
		},
	};
};
