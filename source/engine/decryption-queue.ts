/** Decrypts archived events in slices, newest first, and writes what came out. */
import {setImmediate} from 'node:timers/promises';
import type {Decryption, ArchivedEvent} from '../matrix/room-encryption.ts';
import type {UndecryptedEvent, UndecryptedStore} from '../store/undecrypted-store.ts';
import type {ChangeFeed} from './change-feed.ts';

export type DecryptionQueueOptions = {
	readonly store: UndecryptedStore;
	readonly feed: ChangeFeed;
	/** `undefined` while the crypto is not loaded: the queue waits. */
	readonly decrypt: () => ((event: ArchivedEvent) => Promise<Decryption>) | undefined;
	/** Told of bugs; each costs the rows that met it alone. */
	readonly onError: (error: unknown) => void;
};

export type DecryptionQueue = {
	/** Adds rows by number; those of one call are done before older calls'. */
	readonly add: (pks: readonly number[]) => void;
	/** Adds the rows that wait for these Megolm sessions. */
	readonly addSessions: (sessionIds: readonly string[]) => void;
	/** Checks anew what carries a warning, now that more is known of these people's devices. */
	readonly addSenders: (userIds: readonly string[]) => void;
	/** Checks anew messages of these rooms that a bridge may have encrypted, now that more is known of it. */
	readonly addBridged: (rids: readonly number[]) => void;
	/**
	 * Adds every row that was never tried (`untried`), one of each session that failed (`failed`), or every undecrypted one
	 * (`all`, after a restored backup).
	 */
	readonly addStored: (which: 'untried' | 'failed' | 'all') => void;
	/** Resolves when nothing is left to do. */
	readonly idle: () => Promise<void>;
	readonly stop: () => void;
};

/** Milliseconds of decryption between two turns of the event loop. */
const slice = 8;
/** Results written in one transaction. */
const batchSize = 50;

type Result = {readonly event: UndecryptedEvent; readonly decryption: Decryption};

export const createDecryptionQueue = (options: DecryptionQueueOptions): DecryptionQueue => {
	const {store, feed} = options;
	const waiting = new Set<number>();
	let stack: number[] = [];
	let isStopped = false;
	let running: Promise<void> | undefined;

	const write = (results: readonly Result[]): void => {
		if (results.length === 0) return;
		store.write(
			results.map(({event, decryption}) => ({pk: event.pk, decryption})),
			options.onError,
		);
		feed.changed(new Set(results.map(result => result.event.rid)), true);
		const found = results.filter(({decryption}) => decryption.kind === 'clear').map(({event}) => event.failedSession);
		add(store.bySessions([...new Set(found)].filter(session => session !== undefined)));
	};

	const tryOne = async (decrypt: (event: ArchivedEvent) => Promise<Decryption>, event: UndecryptedEvent) => {
		try {
			return await decrypt(event);
		} catch (error) {
			options.onError(error);
			return {kind: 'failed', reason: 'UNKNOWN_ERROR'} as const;
		}
	};

	const work = async (decrypt: (event: ArchivedEvent) => Promise<Decryption>): Promise<void> => {
		let started = performance.now();
		let results: Result[] = [];
		while (stack.length > 0 && !isStopped) {
			const pk = stack.pop() as number;
			waiting.delete(pk);
			const event = store.event(pk);
			if (event === undefined) continue;
			results.push({event, decryption: await tryOne(decrypt, event)});
			if (results.length >= batchSize) {
				write(results);
				results = [];
			}
			if (performance.now() - started > slice) {
				write(results);
				results = [];
				await setImmediate();
				started = performance.now();
			}
		}
		write(results);
	};

	const run = (): void => {
		const decrypt = options.decrypt();
		if (running !== undefined || decrypt === undefined || isStopped || stack.length === 0) return;
		running = work(decrypt)
			.catch(options.onError)
			.finally(() => {
				running = undefined;
				run();
			});
	};

	const add = (pks: readonly number[]): void => {
		for (const pk of pks) {
			if (waiting.has(pk)) continue;
			waiting.add(pk);
			stack.push(pk);
		}
		run();
	};

	return {
		add,
		addSessions: sessionIds => add(store.bySessions(sessionIds)),
		addBridged: rids => add(store.mismatchedIn(rids)),
		addSenders: userIds => add(store.shieldedBy(userIds)),
		addStored(which) {
			const rows = {all: store.all, failed: store.oneOfFailedSessions, untried: store.untried};
			add(rows[which]());
		},
		async idle() {
			while (running !== undefined) await running;
		},
		stop() {
			isStopped = true;
			stack = [];
		},
	};
};
