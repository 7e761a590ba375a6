/** Brings messages from the server into the archive: for who scrolls or jumps, and for the gap filler. */
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Inserted} from '../store/event-writer.ts';
import type {NewerEdge} from '../store/island-writer.ts';
import type {Logger} from '../store/log-file.ts';
import type {OlderEdge} from '../store/timeline-writer.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {DecryptionQueue} from './decryption-queue.ts';

export type HistoryOptions = {
	readonly homeserver: Pick<Homeserver, 'messages' | 'history'>;
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

/** A message that is looked up. */
export type AroundRequest = {readonly rid: number; readonly roomId: string; readonly eventId: string};

export type History = {
	/**
	 * Loads the page before an edge; two who ask for the same one share it.
	 * @throws as the homeserver's call does; the store's error
	 */
	readonly loadPage: (request: HistoryRequest) => Promise<void>;
	/** As `loadPage`, for the page behind the newest message of a run that was looked up. */
	readonly loadNewer: (request: Omit<HistoryRequest, 'edge'> & {readonly edge: NewerEdge}) => Promise<void>;
	/** Loads a message with those around it. @returns `missing`: the server does not have it for this account */
	readonly loadAround: (request: AroundRequest) => Promise<'placed' | 'unplaced' | 'missing'>;
};

/** Events on both sides of one that is looked up, together. */
const aroundCount = 60;

export const createHistory = (options: HistoryOptions): History => {
	const {stores, feed, homeserver} = options;
	const {members, timelines} = stores.rooms;
	/** Pages that are being loaded, by chunk and side. */
	const loading = new Map<string, Promise<void>>();

	const onError = (roomId: string) => (error: unknown) =>
		options.log.error('history', 'A message of an older page could not be written; it is in quarantine', {
			error,
			roomId,
		});

	const accept = (rid: number, inserted: readonly Inserted[]): void => {
		const undecrypted = inserted.filter(
			({event}) => event.type === 'm.room.encrypted' && event.redactedBy === undefined,
		);
		options.decryption.add(undecrypted.map(({pk}) => pk));
		feed.changed([rid], false);
	};

	const load = async ({rid, roomId, edge, count}: HistoryRequest): Promise<void> => {
		const page = await homeserver.messages(roomId, edge.token, count);
		const inserted = stores.account.write(() => {
			members.applyHistoric(rid, page.state);
			return timelines.prepend(rid, edge, page, onError(roomId));
		});
		accept(rid, inserted);
	};

	const loadNewer: History['loadNewer'] = async ({rid, roomId, edge, count}) => {
		const page = await homeserver.history.newer(roomId, edge.token, count);
		const inserted = stores.account.write(() => {
			members.applyHistoric(rid, page.state);
			return timelines.islands.append(rid, edge, page, onError(roomId));
		});
		accept(rid, inserted);
	};

	const once = async (key: string, start: () => Promise<void>): Promise<void> => {
		const page = loading.get(key) ?? start().finally(() => loading.delete(key));
		loading.set(key, page);
		return page;
	};

	return {
		loadPage: async request => once(`before ${request.edge.chunk}`, async () => load(request)),
		loadNewer: async request => once(`behind ${request.edge.chunk}`, async () => loadNewer(request)),
		async loadAround({rid, roomId, eventId}) {
			const answer = await homeserver.history.around(roomId, eventId, aroundCount);
			if (answer === undefined) return 'missing';
			const {kind, inserted} = stores.account.write(() => {
				members.applyHistoric(rid, answer.state);
				return timelines.islands.insert(rid, {...answer, eventId}, onError(roomId));
			});
			accept(rid, inserted);
			return kind;
		},
	};
};
