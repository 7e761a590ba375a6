/** Puts IndexedDB's names on the global object, where the Rust crypto looks for them. */
import {IDBCursor, IDBCursorWithValue} from './indexed-db-cursor.ts';
import {IDBDatabase} from './indexed-db-database.ts';
import {IDBVersionChangeEvent} from './indexed-db-events.ts';
import {IDBFactory} from './indexed-db-factory.ts';
import {IDBIndex} from './indexed-db-index.ts';
import {IDBKeyRange} from './indexed-db-key-range.ts';
import {IDBObjectStore} from './indexed-db-object-store.ts';
import {IDBOpenDBRequest, IDBRequest} from './indexed-db-request.ts';
import {IDBTransaction} from './indexed-db-transaction.ts';

/**
 * Makes the factory the `indexedDB` of this thread. Call it before the crypto starts: it tells its objects apart by
 * `instanceof` with these classes. There is one per thread.
 */
export const installIndexedDB = (factory: IDBFactory): void => {
	Object.assign(globalThis, {
		indexedDB: factory,
		IDBCursor,
		IDBCursorWithValue,
		IDBDatabase,
		IDBFactory,
		IDBIndex,
		IDBKeyRange,
		IDBObjectStore,
		IDBOpenDBRequest,
		IDBRequest,
		IDBTransaction,
		IDBVersionChangeEvent,
	});
};
