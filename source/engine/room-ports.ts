/** What the requests on rooms work with. */
import type {Homeserver} from '../matrix/homeserver.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {RoomFinder} from './room-finder.ts';

export type RoomPorts = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Homeserver;
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'rooms'>;
	readonly finder: RoomFinder;
	readonly feed: ChangeFeed;
};
