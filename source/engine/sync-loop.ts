/** Begins the sync loop, shows the newest rooms before its first answer has come, and watches over it. */
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import {createConnectionWatch} from './connection-watch.ts';
import {showFirstRooms} from './first-rooms.ts';
import type {SdkHost} from './sdk-host.ts';

export type SyncLoopOptions = {
	readonly homeserver: Homeserver;
	readonly stores: AccountStores;
	readonly sdk: SdkHost;
	readonly feed: ChangeFeed;
	readonly log: Logger;
	readonly retryNow: () => void;
	/** Whether the engine has ended. */
	readonly isOver: () => boolean;
	/** Whether nothing is to be asked: the store failed, or the sign-in is lost. */
	readonly isAtRest: () => boolean;
	/** The loop could not begin, or asks for nothing any more. */
	readonly onStalled: () => void;
};

export type SyncLoop = {
	/** Does not wait. */
	readonly start: () => void;
	/** Ends the watch; the loop itself ends with the SDK. */
	readonly stop: () => void;
};

export const createSyncLoop = (options: SyncLoopOptions): SyncLoop => {
	const {homeserver, stores, sdk, feed, log} = options;
	const watch = createConnectionWatch({
		onWake(cause) {
			log.info('net', 'The machine has slept, or its network has changed', {cause});
			options.retryNow();
		},
		isAsking: () => sdk.loaded()?.isAsking() ?? false,
		onStalled() {
			if (options.isAtRest()) return;
			log.error('sync', 'The sync loop asks for nothing any more');
			options.onStalled();
		},
	});

	const showFirst = async (): Promise<void> => {
		try {
			await showFirstRooms({
				homeserver,
				stores,
				onWritten(changes) {
					sdk.decryption.add(changes.flatMap(({undecrypted}) => undecrypted));
					feed.changed(
						changes.map(({rid}) => rid),
						true,
					);
				},
			});
		} catch (error) {
			// They come by the first sync anyway.
			log.info('sync', 'The newest rooms could not be shown before the first sync', {error});
		}
	};

	const begin = async (): Promise<void> => {
		try {
			const client = await sdk.load();
			if (options.isOver()) return;
			watch.start();
			await client.start();
		} catch (error) {
			if (options.isOver()) return;
			log.error('sync', 'The sync loop could not start', {error});
			// A store that failed has been told of.
			if (options.isAtRest()) return;
			feed.tell({
				kind: 'alert',
				message: 'The connection could not be started.',
				next: 'See the log; `mx doctor` checks the account.',
				isEnd: true,
			});
			// The next engine may find what this one missed, as after an update of the program.
			options.onStalled();
		}
	};

	return {
		start() {
			void showFirst();
			void begin();
		},
		stop: watch.stop,
	};
};
