/** Brings pages of older messages from the server into the archive: for who scrolls, and for the gap filler. */
import type {Homeserver} from '../matrix/homeserver.ts';
import type {OlderEdge} from '../store/timeline-writer.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {DecryptionQueue} from './decryption-queue.ts';

export type HistoryOptions = {
	readonly homeserver: Pick<Homeserver, 'messages'>;
	readonly stores: Pick<AccountStores, 'account' | 'rooms'>;
	readonly decryption: Pick<DecryptionQueue, 'add'>;
	readonly feed: ChangeFeed;
	readonly log: Logger;
};

/** Where a page is asked for. */
export type HistoryRequest = {
	readonly rid: number;
	readonly roomId: string;
	readonly edge: OlderEdge;
	/** Messages; servers give fewer as they like. */
	readonly count: number;
};

export type History = {
	/**
	 * Loads the page before an edge; two who ask for the same one share it.
	 * @throws as the homeserver's call does; the store's error
	 */
	readonly loadPage: (request: HistoryRequest) => Promise<void>;
};

export const createHistory = (options: HistoryOptions): History => {
	const {stores, feed} = options;
	/** Pages that are being loaded, by chunk. */
	const loading = new Map<number, Promise<void>>();

	const load = async ({rid, roomId, edge, count}: HistoryRequest): Promise<void> => {
		const page = await options.homeserver.messages(roomId, edge.token, count);
		const inserted = stores.account.write(() => {
			stores.rooms.members.applyHistoric(rid, page.state);
			return stores.rooms.timelines.prepend(rid, edge, page, error =>
				options.log.error('history', 'A message of an older page could not be written; it is in quarantine', {
					error,
					roomId,
				}),
			);
		});
		const undecrypted = inserted.filter(
			({event}) => event.type === 'm.room.encrypted' && event.redactedBy === undefined,
		);
		options.decryption.add(undecrypted.map(({pk}) => pk));
		feed.changed([rid], false);
	};

	return {
		async loadPage(request) {
			const {chunk} = request.edge;
			const page = loading.get(chunk) ?? load(request).finally(() => loading.delete(chunk));
			loading.set(chunk, page);
			return page;
		},
	};
};
