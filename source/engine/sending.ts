/** Everything on the way out of an account: messages through the guarded send, and their files before them. */
import {ExpectedError} from '../domain/errors.ts';
import {createOutgoingFiles, type OutgoingFiles} from '../store/outgoing-files.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import {waitsForStore} from './damage.ts';
import {createFileUploads} from './file-uploads.ts';
import {createMessageSender, type MessageSender, type MessageSenderOptions} from './message-sender.ts';
import {createOutboxWithFiles} from './outbox-with-files.ts';
import {createOutboxWorker, type OutboxWorker} from './outbox-worker.ts';

export type SendingOptions = Omit<MessageSenderOptions, 'uploads'> & {
	readonly stores: AccountStores;
	readonly feed: ChangeFeed;
	/** Directory of the copies of files. */
	readonly outgoing: string;
	/** What the store has failed with. */
	readonly failure: () => Error | undefined;
	readonly onStoreFailure: (error: unknown) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export const createSending = (
	options: SendingOptions,
): {readonly outbox: OutboxWorker; readonly outgoing: OutgoingFiles; readonly sendNow: MessageSender['sendNow']} => {
	const {homeserver, stores, feed, failure, onStoreFailure} = options;
	const outgoing = createOutgoingFiles(options.outgoing);
	const steady = (): number => performance.now();
	const uploads = createFileUploads({
		outbox: stores.outbox,
		files: outgoing,
		media: homeserver.media,
		tell: transfer => feed.tell({kind: 'transfer', transfer}),
		now: steady,
	});
	const sender = createMessageSender({...options, uploads});
	/** While the store fails everything waits for it, whatever was thrown. */
	const orWait = async <Result>(request: () => Promise<Result>): Promise<Result> => {
		try {
			return await request();
		} catch (error) {
			const cause = failure();
			throw cause instanceof ExpectedError ? waitsForStore(cause) : error;
		}
	};
	const messages = createOutboxWorker({
		outbox: stores.outbox,
		feed,
		send: async job => orWait(async () => sender.send(job)),
		find: sender.find,
		onStoreFailure,
		now: options.now,
	});
	const outbox = createOutboxWithFiles({
		messages,
		outbox: stores.outbox,
		uploads: {bring: async (...request) => orWait(async () => uploads.bring(...request))},
		files: outgoing,
		feed,
		mustEncrypt: sender.mustEncrypt,
		onStoreFailure,
		now: steady,
	});
	return {outbox, outgoing, sendNow: sender.sendNow};
};
