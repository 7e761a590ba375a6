/**
 * Sends what is in the outbox: in order within a room, rooms side by side, each row until the server has it or refuses it.
 * The row is stored before the first request, and its transaction id never changes, so a repeat is harmless.
 */
import {ExpectedError} from '../domain/errors.ts';
import {classifyFailure} from '../matrix/network-errors.ts';
import type {OutboxJob, OutboxStore} from '../store/outbox-store.ts';
import type {ChangeFeed} from './change-feed.ts';
import {judge, longestDelay} from './send-verdict.ts';

export type OutboxWorkerOptions = {
	readonly outbox: OutboxStore;
	readonly feed: ChangeFeed;
	/** Sends one event. @returns its event id; `undefined` where nothing is left to be sent: the row goes */
	readonly send: (job: OutboxJob) => Promise<string | undefined>;
	/** Looks whether the server has an event of that transaction id already. @returns its event id */
	readonly find: (job: OutboxJob) => Promise<string | undefined>;
	/** Told when the store cannot be written; nothing is sent afterwards. */
	readonly onStoreFailure: (error: unknown) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export type OutboxWorker = {
	/** Looks for work now. */
	readonly wake: () => void;
	/** The store has changed: the server's echo may have told of messages whose answer is still out. */
	readonly noticeEchoes: () => void;
	/** The network is back: what waited for its next try is tried now. */
	readonly online: () => void;
	/** Begins; until then nothing is sent. Requests that were out when the program ended: repeats young ones, looks up old ones. */
	readonly resume: () => void;
	/** Holds everything until `release`: the account is signed out. */
	readonly hold: () => void;
	readonly release: () => void;
	/** Resolves when the row is sent or failed, after `timeout` milliseconds or on the signal, with the row as it is then. */
	readonly settled: (id: number, timeout: number, signal?: AbortSignal) => Promise<OutboxJob | undefined>;
	/** Starts nothing new and waits for requests that are out, at most `timeout` milliseconds. */
	readonly stop: (timeout: number) => Promise<void>;
};

const maximumParallel = 4;
/** Milliseconds: the longest wish of a server to wait, five minutes, and a tenth. */
const longestWait = 330_000;
/** Milliseconds between two look-ups of a message. */
const lookUpPause = 15_000;
/** Milliseconds for which servers surely know a transaction id; Synapse forgets after 24 h. */
const repeatableFor = 20 * 3_600_000;

/** A time that lies further ahead than anything waits was noted before the clock was set back: it is over. */
const dueTime = (time: number, now: number): number => (time - now > longestWait ? now : time);

export const createOutboxWorker = (options: OutboxWorkerOptions): OutboxWorker => {
	const {outbox, feed} = options;
	const busyRooms = new Map<number, Promise<void>>();
	/** Ids of messages whose request is out. */
	const onWay = new Set<number>();
	const waiters = new Map<number, Array<() => void>>();
	let timer: NodeJS.Timeout | undefined;
	let isBegun = false;
	let isHeld = false;
	let isStopped = false;
	/** The server asked the whole account to wait until then; milliseconds since the Unix epoch. */
	let pausedUntil = 0;
	/** When a message whose look-up failed is looked up again, by id; milliseconds since the Unix epoch. */
	const lookUpTimes = new Map<number, number>();

	const settle = (id: number): void => {
		for (const resolve of waiters.get(id) ?? []) resolve();
		waiters.delete(id);
	};

	const isSettled = (id: number): boolean => {
		const state = outbox.byId(id)?.state;
		return state === undefined || state === 'sent' || state === 'failed';
	};

	const finish = (job: OutboxJob, error: unknown): void => {
		// Its echo came before the failure of the request: the server has it.
		if (outbox.byId(job.id)?.state === 'sent') return settle(job.id);
		const verdict = judge(error, job.attempts + 1);
		switch (verdict.kind) {
			case 'fail':
				outbox.setState(job.id, 'failed', {error: verdict.error});
				settle(job.id);
				break;
			case 'hold':
				isHeld = true;
				outbox.setState(job.id, 'held', {error: verdict.error});
				break;
			case 'retry': {
				const until = options.now() + verdict.delay;
				if (!(error instanceof ExpectedError) && classifyFailure(error).kind === 'rate-limited') pausedUntil = until;
				outbox.delay(job.id, until, verdict.error);
				if (isHeld) settle(job.id);
			}
		}
		feed.changed([job.rid], false);
	};

	/** What the store throws is no refusal of the message: it goes to who watches over the store. */
	const sendOne = async (job: OutboxJob): Promise<void> => {
		outbox.setInflight(job.id, options.now());
		feed.changed([job.rid], false);
		let eventId: string | undefined;
		try {
			eventId = await options.send(job);
		} catch (error) {
			finish(job, error);
			return;
		}
		if (eventId === undefined) outbox.remove(job.id);
		else outbox.setState(job.id, 'sent', {eventId});
		feed.changed([job.rid], false);
		settle(job.id);
	};

	/** An old request whose answer was lost: only the server knows. */
	const lookUp = async (job: OutboxJob): Promise<void> => {
		try {
			const eventId = await options.find(job);
			if (eventId === undefined) {
				const error = 'it is not known whether this arrived; sending it again may double it';
				outbox.setState(job.id, 'failed', {error});
			} else outbox.setState(job.id, 'sent', {eventId});
			settle(job.id);
		} catch (error) {
			const {message, retryAfter} = classifyFailure(error);
			outbox.setState(job.id, 'doubt', {error: message});
			lookUpTimes.set(job.id, options.now() + (retryAfter ?? lookUpPause));
		}
		feed.changed([job.rid], false);
	};

	const run = (job: OutboxJob, task: (job: OutboxJob) => Promise<void>): void => {
		const done = task(job)
			.catch((error: unknown) => {
				isHeld = true;
				options.onStoreFailure(error);
				settle(job.id);
			})
			.finally(() => {
				onWay.delete(job.id);
				busyRooms.delete(job.rid);
				wake();
			});
		busyRooms.set(job.rid, done);
		onWay.add(job.id);
	};

	/** @returns when the next message is to be looked up again. */
	const lookUpAgain = (now: number): number => {
		let next = Number.POSITIVE_INFINITY;
		for (const [id, time] of lookUpTimes) {
			const job = outbox.byId(id);
			const due = Math.max(dueTime(time, now), dueTime(pausedUntil, now));
			if (job?.state !== 'doubt') lookUpTimes.delete(id);
			else if (due > now) next = Math.min(next, due);
			else if (!busyRooms.has(job.rid)) run(job, lookUp);
		}
		return next;
	};

	/** Queues what waited for its time. @returns when the next one is due */
	const takeDue = (now: number): number => {
		try {
			const rids = outbox.releaseDue(now);
			if (rids.length > 0) feed.changed(rids, false);
			return outbox.nextDue();
		} catch (error) {
			isHeld = true;
			options.onStoreFailure(error);
			return Number.POSITIVE_INFINITY;
		}
	};

	const wake = (): void => {
		clearTimeout(timer);
		if (!isBegun || isStopped || isHeld) return;
		const now = options.now();
		let next = takeDue(now);
		if (isHeld) return;
		for (const job of outbox.heads()) {
			if (busyRooms.has(job.rid) || job.state !== 'queued') continue;
			const due = Math.max(dueTime(job.notBefore, now), dueTime(pausedUntil, now));
			if (due > now) next = Math.min(next, due);
			else if (busyRooms.size < maximumParallel) run(job, sendOne);
		}
		next = Math.min(next, lookUpAgain(now));
		if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(next - now, longestDelay));
	};

	/** Takes up rows whose request was out when the program ended, or whose look-up failed. */
	const takeUp = (states: readonly OutboxJob['state'][]): void => {
		for (const job of outbox.interrupted()) {
			if (busyRooms.has(job.rid) || !states.includes(job.state)) continue;
			const isYoung = job.state === 'inflight' && options.now() - (job.firstTry ?? 0) < repeatableFor;
			if (isYoung) outbox.delay(job.id, 0, undefined);
			else run(job, lookUp);
		}
	};

	return {
		wake,
		noticeEchoes() {
			for (const id of waiters.keys()) if (isSettled(id)) settle(id);
			wake();
		},
		online() {
			// The wish of a server that answers is not void because the network is back.
			if (options.now() < dueTime(pausedUntil, options.now())) return;
			if (isBegun && !isHeld) takeUp(['doubt']);
			for (const job of outbox.heads())
				if (job.state === 'queued' && job.notBefore > 0) outbox.delay(job.id, 0, undefined);
			wake();
		},
		resume() {
			isBegun = true;
			// What was held for a sign-in has one now; if not, it is held again.
			outbox.release();
			takeUp(['inflight', 'doubt']);
			wake();
		},
		hold() {
			isHeld = true;
			// Nothing more will become of them for now; a request that is out says why when it fails.
			for (const id of waiters.keys()) if (!onWay.has(id)) settle(id);
		},
		release() {
			isHeld = false;
			outbox.release();
			wake();
		},
		async settled(id, timeout, signal) {
			if (!isSettled(id) && signal?.aborted !== true) {
				await new Promise<void>(resolve => {
					const limit = setTimeout(resolve, timeout);
					const done = (): void => {
						clearTimeout(limit);
						resolve();
					};
					signal?.addEventListener('abort', done, {once: true});
					waiters.set(id, [...(waiters.get(id) ?? []), done]);
				});
			}
			return outbox.byId(id);
		},
		async stop(timeout) {
			isStopped = true;
			clearTimeout(timer);
			let limit: NodeJS.Timeout | undefined;
			const expired = new Promise<void>(resolve => {
				limit = setTimeout(resolve, timeout);
			});
			await Promise.race([Promise.all(busyRooms.values()), expired]);
			clearTimeout(limit);
		},
	};
};
