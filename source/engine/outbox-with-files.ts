/** The outbox as a whole: messages, the files that go before some of them, and the copies of these that mx keeps. */
import type {OutboxStore} from '../store/outbox-store.ts';
import type {OutgoingFiles} from '../store/outgoing-files.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {OutboxWorker} from './outbox-worker.ts';
import {createUploadWorker, type UploadWorkerOptions} from './upload-worker.ts';

export type OutboxWithFilesOptions = Omit<UploadWorkerOptions, 'onSettled'> & {
	readonly messages: OutboxWorker;
	readonly outbox: Pick<OutboxStore, 'attachments'>;
	readonly files: OutgoingFiles;
	readonly feed: Pick<ChangeFeed, 'subscribe'>;
};

/** Milliseconds behind a change after which copies are removed that nobody needs any more. */
const tidyPause = 1000;

/** @returns an outbox that uploads files too */
export const createOutboxWithFiles = (options: OutboxWithFilesOptions): OutboxWorker => {
	const {messages, outbox, files, feed} = options;
	const uploads = createUploadWorker({...options, onSettled: messages.noticeEchoes});
	let timer: NodeJS.Timeout | undefined;

	const tidy = async (): Promise<void> => {
		timer = undefined;
		if (files.hasAny()) await files.removeOthers(outbox.attachments.names());
	};

	// What is sent says so in the store only.
	const unsubscribe = feed.subscribe(notice => {
		if (notice.kind !== 'changed' || !files.hasAny()) return;
		timer ??= setTimeout(() => void tidy().catch(options.onStoreFailure), tidyPause);
		timer.unref();
	});

	return {
		...messages,
		wake() {
			messages.wake();
			uploads.wake();
		},
		online() {
			messages.online();
			uploads.online();
		},
		resume() {
			messages.resume();
			uploads.resume();
		},
		hold() {
			uploads.hold();
			messages.hold();
		},
		release() {
			messages.release();
			uploads.online();
		},
		async stop(timeout) {
			unsubscribe();
			clearTimeout(timer);
			await Promise.all([uploads.stop(), messages.stop(timeout)]);
			await tidy();
		},
	};
};
