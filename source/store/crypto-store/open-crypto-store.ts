/** Opens the crypto store of an account: the SDK's IndexedDB on one encrypted file, which is also the account's lock. */
import {existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {openDatabase, requireFreeSpace, type Cipher, type Database} from '../open-database.ts';
import {toStoreError} from '../store-errors.ts';
import {IDBFactory} from './indexed-db-factory.ts';
import {RecordEngine} from './record-engine.ts';
import {TransactionScheduler} from './transaction-scheduler.ts';

export type CryptoStore = {
	/** For `installIndexedDB`. */
	readonly factory: IDBFactory;
	/**
	 * The first failure of the storage, set before the crypto hears of it. From then on nothing is written, and the
	 * crypto's memory is ahead of the disk: stop every request to the server, and start again from the disk.
	 */
	readonly failed: Error | undefined;
	/** Calls back once, at the first failure; at once if there was one. */
	onFailure(callback: (error: Error) => void): void;
	/**
	 * Keeps together what is written while the work goes on: after a crash all of it is on disk, or nothing. Until it ends
	 * `flush` waits, and nothing may go out that was made of it.
	 * @returns what the work returns, once all is on disk. Rejects with what the work throws, or with `failed`
	 */
	together<Result>(work: () => Promise<Result>): Promise<Result>;
	/** Resolves when every write transaction queued so far is on disk (or aborted). Rejects with `failed`. */
	flush(): Promise<void>;
	/** Lets transactions end, then closes the file, which frees the lock; a work that goes on is undone. May be called twice. */
	close(): Promise<void>;
};

/**
 * Makes a crypto store on a connection that nobody else uses: its transactions stay open across turns of the event loop.
 * @param sliceMilliseconds how long events are dispatched before timers and I/O get a turn
 * @throws StoreCorrupt, DiskFull
 */
export const createCryptoStore = (
	database: Database,
	{file, sliceMilliseconds}: {readonly file: string; readonly sliceMilliseconds?: number},
): CryptoStore => {
	const toError = (error: unknown): Error => toStoreError(error, file);
	const scheduler = new TransactionScheduler({toError, ...(sliceMilliseconds !== undefined && {sliceMilliseconds})});
	const engine = openEngine(database, toError);
	const {transactions} = engine;
	scheduler.onFailure(() => transactions.giveUp());
	const factory = new IDBFactory({engine, scheduler});
	const underWay = new Set<Promise<void>>();
	/** What was not on disk when the file was closed is undone. */
	const requireOpen = (): void => {
		if (!database.open) throw new Error('The crypto store was closed before all was written');
	};
	const endTogether = async (): Promise<void> => {
		requireOpen();
		try {
			transactions.part();
		} catch (error) {
			throw scheduler.fail(error);
		}
		// Another transaction may be half written; it ends first.
		while (transactions.isEnding) await scheduler.flush();
		if (scheduler.failure) throw scheduler.failure;
	};
	const together = async <Result>(work: () => Promise<Result>): Promise<Result> => {
		const {promise, resolve} = Promise.withResolvers<void>();
		underWay.add(promise);
		transactions.join();
		try {
			return await work().finally(endTogether);
		} finally {
			underWay.delete(promise);
			resolve();
		}
	};
	const flush = async (): Promise<void> => {
		await scheduler.flush();
		while (underWay.size > 0) {
			await Promise.all(underWay);
			requireOpen();
			await scheduler.flush();
		}
	};
	let closing: Promise<void> | undefined;
	const close = async (): Promise<void> => {
		factory.closeAll();
		await scheduler.drain();
		database.close();
	};
	return {
		factory,
		get failed() {
			return scheduler.failure;
		},
		onFailure: callback => scheduler.onFailure(callback),
		together,
		flush,
		close: () => (closing ??= close()),
	};
};

const openEngine = (database: Database, toError: (error: unknown) => Error): RecordEngine => {
	try {
		return new RecordEngine(database);
	} catch (error) {
		throw toError(error);
	}
};

/**
 * Opens the file, or makes it unless it must exist, and holds it exclusively until it is closed or the process ends.
 * @throws StoreBusy at once when another process has it; WrongKey, StoreCorrupt, StoreMissing, DiskFull (also when less
 * than 50 MB are free: keys that cannot be saved are lost)
 */
export const openCryptoStore = (options: {
	readonly file: string;
	/** 32 bytes. */
	readonly key: Uint8Array;
	readonly cipher: Cipher;
	/** Set it when the account has signed in before: a new, empty store would be a different device. @default false */
	readonly mustExist?: boolean;
}): CryptoStore => {
	const directory = dirname(options.file);
	if (existsSync(directory)) requireFreeSpace(directory);
	const database = openDatabase({...options, mode: 'exclusive', durability: 'full'});
	try {
		return createCryptoStore(database, {file: options.file});
	} catch (error) {
		database.close();
		throw error;
	}
};
