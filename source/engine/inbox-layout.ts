/** Keeps how the inbox is laid out: here at once, on the server as soon as it can be reached. */
import {inboxLayoutContent, inboxType, parseInboxLayout} from '../domain/inbox-layout.ts';
import type {JsonObject} from '../domain/json.ts';
import type {TriageRequests} from '../domain/triage-requests.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';

export type InboxLayoutOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'setAccountData'>;
	readonly stores: Pick<AccountStores, 'account' | 'sdk'>;
	readonly feed: ChangeFeed;
	readonly log: Pick<Logger, 'info'>;
};

export const createInboxLayout = (options: InboxLayoutOptions): Pick<TriageRequests, 'setInboxLayout'> => {
	const {userId, homeserver, stores, feed, log} = options;
	/** What the server does not have yet. */
	let waiting: JsonObject | undefined;
	let isTelling = false;

	const tellServer = async (): Promise<void> => {
		while (waiting !== undefined) {
			const content = waiting;
			await homeserver.setAccountData(userId, inboxType, content);
			// Meanwhile it may have been laid out anew.
			if (waiting === content) waiting = undefined;
		}
	};

	const flush = (): void => {
		if (isTelling || waiting === undefined) return;
		isTelling = true;
		tellServer()
			.catch((error: unknown) => log.info('triage', 'the layout of the inbox waits for the network', {error}))
			.finally(() => {
				isTelling = false;
			});
	};

	feed.subscribe(notice => {
		if (notice.kind === 'net' && notice.net.state === 'online') flush();
	});
	return {
		async setInboxLayout({layout}) {
			waiting = inboxLayoutContent(parseInboxLayout(layout));
			const content = waiting;
			stores.account.write(() => stores.sdk.setAccountData(inboxType, content));
			feed.changed([], true);
			flush();
			return {};
		},
	};
};
