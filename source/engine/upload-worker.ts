/** Uploads the files of the outbox, two at a time and beside the messages; a row whose files are there is queued to be sent. */
import type {OutboxJob, OutboxStore} from '../store/outbox-store.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {FileUploads} from './file-uploads.ts';
import {judge, longestDelay} from './send-verdict.ts';

export type UploadWorkerOptions = {
	readonly outbox: Pick<OutboxStore, 'uploads' | 'setState' | 'byId'>;
	readonly uploads: FileUploads;
	readonly feed: Pick<ChangeFeed, 'changed'>;
	/** @returns whether what goes into a room is encrypted @throws as `sendEvent` */
	readonly mustEncrypt: (roomId: string) => Promise<boolean>;
	/** A row is uploaded, or has failed. */
	readonly onSettled: () => void;
	/** Told when the store cannot be written. */
	readonly onStoreFailure: (error: unknown) => void;
	/** Milliseconds that only move forward. */
	readonly now: () => number;
};

export type UploadWorker = {
	/** Looks for work now: what was discarded meanwhile is given up. */
	readonly wake: () => void;
	/** The network is back, or the account is signed in again. */
	readonly online: () => void;
	/** Begins nothing new until `online`. */
	readonly hold: () => void;
	/** Begins; until then nothing is uploaded. */
	readonly resume: () => void;
	/** Gives up what is on its way; it begins anew the next time. */
	readonly stop: () => Promise<void>;
};

const mostAtOnce = 2;

export const createUploadWorker = (options: UploadWorkerOptions): UploadWorker => {
	const {outbox, uploads, feed, now} = options;
	const running = new Map<
		number,
		{readonly job: OutboxJob; readonly ending: AbortController; readonly done: Promise<void>}
	>();
	const waiting = new Map<number, {readonly attempts: number; readonly until: number}>();
	let timer: NodeJS.Timeout | undefined;
	let isBegun = false;
	let isHeld = false;
	let isStopped = false;

	const isThere = ({id, transactionId}: OutboxJob): boolean => {
		const row = outbox.byId(id);
		return row?.transactionId === transactionId && row.state === 'uploading';
	};

	const fail = (job: OutboxJob, error: unknown): void => {
		const attempts = (waiting.get(job.id)?.attempts ?? 0) + 1;
		const verdict = judge(error, attempts);
		if (verdict.kind === 'fail') {
			outbox.setState(job.id, 'failed', {error: verdict.error});
			waiting.delete(job.id);
			return;
		}
		// A lost sign-in holds what is to be sent as well: once that is back, `online` is called.
		const delay = verdict.kind === 'hold' ? Number.POSITIVE_INFINITY : verdict.delay;
		waiting.set(job.id, {attempts, until: now() + delay});
		outbox.setState(job.id, 'uploading', {error: verdict.error});
	};

	const bring = async (job: OutboxJob, signal: AbortSignal): Promise<void> => {
		try {
			await uploads.bring(job, await options.mustEncrypt(job.roomId), signal);
		} catch (error) {
			if (signal.aborted || !isThere(job)) return;
			fail(job, error);
			return;
		}
		if (signal.aborted || !isThere(job)) return;
		waiting.delete(job.id);
		outbox.setState(job.id, 'queued');
	};

	const run = (job: OutboxJob): void => {
		const ending = new AbortController();
		const done = bring(job, ending.signal)
			.catch((error: unknown) => options.onStoreFailure(error))
			.finally(() => {
				running.delete(job.id);
				if (isStopped) return;
				feed.changed([job.rid], false);
				options.onSettled();
				wake();
			});
		running.set(job.id, {job, ending, done});
	};

	const wake = (): void => {
		clearTimeout(timer);
		for (const {job, ending} of running.values()) if (!isThere(job)) ending.abort();
		if (!isBegun || isHeld || isStopped) return;
		let next = Number.POSITIVE_INFINITY;
		for (const job of outbox.uploads()) {
			const until = waiting.get(job.id)?.until ?? 0;
			// A row with an error that nobody waits for was retried by the person.
			if (job.error !== undefined && until > now()) next = Math.min(next, until);
			else if (!running.has(job.id) && running.size < mostAtOnce) run(job);
		}
		if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(Math.max(0, next - now()), longestDelay));
	};

	return {
		wake,
		hold() {
			isHeld = true;
		},
		online() {
			isHeld = false;
			waiting.clear();
			wake();
		},
		resume() {
			isBegun = true;
			wake();
		},
		async stop() {
			isStopped = true;
			clearTimeout(timer);
			for (const {ending} of running.values()) ending.abort();
			await Promise.all([...running.values()].map(async ({done}) => done));
		},
	};
};
