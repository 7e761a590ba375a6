/** Says once to a person, on whatever device, that their contacts on other networks see what they have read. */
import {protocolOf} from '../bridges/protocols.ts';
import {receiptsType, receiptWords, withReceiptsTold} from '../domain/receipt-words.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';

export type ReceiptNoticeOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'accountData' | 'setAccountData'>;
	readonly stores: Pick<AccountStores, 'account' | 'sdk'>;
	readonly feed: Pick<ChangeFeed, 'tell'>;
	readonly log: Pick<Logger, 'info'>;
};

/** @returns a function that says it for a network by its id, if it was not said yet */
export const createReceiptNotice = (options: ReceiptNoticeOptions): ((network: string) => void) => {
	const {userId, homeserver, stores, feed, log} = options;
	let isTold = false;

	const keep = async (): Promise<void> => {
		try {
			const next = withReceiptsTold(await homeserver.accountData(userId, receiptsType));
			await homeserver.setAccountData(userId, receiptsType, next);
			stores.account.write(() => stores.sdk.setAccountData(receiptsType, next));
		} catch (error) {
			// Then it is said once more some time.
			log.info('receipts', 'That it was said could not be kept', {error});
		}
	};

	return network => {
		if (isTold || receiptWords(stores.sdk.accountDataOf(receiptsType)).isTold) return;
		isTold = true;
		feed.tell({
			kind: 'alert',
			message: `What you read here is read on ${protocolOf(network).name} too, and your contacts may see that, as from your phone.`,
			next: '/receipts changes it',
		});
		void keep();
	};
};
