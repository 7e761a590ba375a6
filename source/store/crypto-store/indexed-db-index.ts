/** Indexes of IndexedDB. */
import {directionOf, IDBCursor, IDBCursorWithValue, type CursorOptions} from './indexed-db-cursor.ts';
import {rangeOf, requiredRangeOf} from './indexed-db-key-range.ts';
import {decodeKey} from './indexed-db-keys.ts';
import type {IDBRequest} from './indexed-db-request.ts';
import type {TransactionPort} from './indexed-db-transaction-port.ts';
import {decodeValue, type KeyPath} from './indexed-db-values.ts';
import type {IndexMeta, StoreMeta} from './record-catalogue.ts';
import {noLimit, type RecordEngine} from './record-engine.ts';

/** The object store that an index belongs to. */
export type IndexOwner = {readonly meta: StoreMeta; readonly transaction: TransactionPort};

/** @returns the LIMIT for a count: none for undefined and 0 */
export const limitOf = (count: number | undefined): number =>
	count === undefined || count === 0 ? noLimit : Math.trunc(count);

/** Indexed Database API 3.0 §4.6. */
export class IDBIndex {
	readonly objectStore: IndexOwner;
	readonly meta: IndexMeta;

	constructor(objectStore: IndexOwner, meta: IndexMeta) {
		this.objectStore = objectStore;
		this.meta = meta;
	}

	get name(): string {
		return this.meta.name;
	}

	get keyPath(): KeyPath {
		return this.meta.keyPath;
	}

	get unique(): boolean {
		return this.meta.isUnique;
	}

	get multiEntry(): boolean {
		return this.meta.isMultiEntry;
	}

	get(query: unknown): IDBRequest {
		const range = requiredRangeOf(query);
		return this.#read((engine, store) => {
			const entry = engine.entries(store, this.meta, range, 1)[0];
			return entry && decodeValue(entry.value);
		});
	}

	getKey(query: unknown): IDBRequest {
		const range = requiredRangeOf(query);
		return this.#read(engine => engine.entryKeys(this.meta, range, 1).map(decodeKey)[0]);
	}

	getAll(query?: unknown, count?: number): IDBRequest {
		const range = rangeOf(query);
		const limit = limitOf(count);
		return this.#read((engine, store) =>
			engine.entries(store, this.meta, range, limit).map(({value}) => decodeValue(value)),
		);
	}

	getAllKeys(query?: unknown, count?: number): IDBRequest {
		const range = rangeOf(query);
		const limit = limitOf(count);
		return this.#read(engine => engine.entryKeys(this.meta, range, limit).map(decodeKey));
	}

	count(query?: unknown): IDBRequest {
		const range = rangeOf(query);
		return this.#read(engine => engine.countEntries(this.meta, range));
	}

	openCursor(query?: unknown, direction?: string): IDBRequest {
		return new IDBCursorWithValue(this.#cursorOptions(query, direction)).request;
	}

	openKeyCursor(query?: unknown, direction?: string): IDBRequest {
		return new IDBCursor(this.#cursorOptions(query, direction)).request;
	}

	#cursorOptions(query: unknown, direction: string | undefined): CursorOptions {
		const {transaction, meta: store} = this.objectStore;
		const range = rangeOf(query);
		return {transaction, source: this, store, index: this.meta, range, direction: directionOf(direction)};
	}

	#read(read: (engine: RecordEngine, store: StoreMeta) => unknown): IDBRequest {
		const {transaction, meta: store} = this.objectStore;
		return transaction.add({source: this, run: () => read(transaction.context.engine, store), isWrite: false});
	}
}
