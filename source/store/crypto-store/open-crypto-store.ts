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
	/** Resolves when every write transaction queued so far is on disk (or aborted). Rejects with `failed`. */
	flush(): Promise<void>;
	/** Lets transactions end, then closes the file, which frees the lock. May be called twice. */
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
	const factory = new IDBFactory({engine: openEngine(database, toError), scheduler});
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
		flush: () => scheduler.flush(),
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
