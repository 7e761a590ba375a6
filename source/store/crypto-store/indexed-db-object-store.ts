/** Object stores of IndexedDB. */
import {domError} from './dom-error.ts';
import {directionOf, IDBCursor, IDBCursorWithValue, type CursorOptions} from './indexed-db-cursor.ts';
import {IDBIndex, limitOf} from './indexed-db-index.ts';
import {rangeOf, requiredRangeOf} from './indexed-db-key-range.ts';
import {decodeKey, encodeKey} from './indexed-db-keys.ts';
import {NameList} from './indexed-db-name-list.ts';
import type {IDBRequest} from './indexed-db-request.ts';
import type {TransactionPort} from './indexed-db-transaction-port.ts';
import {canPutKeyAt, decodeValue, encodeValue, putKeyAt, valueAt, type KeyPath} from './indexed-db-values.ts';
import type {StoreMeta} from './record-catalogue.ts';
import type {RecordEngine} from './record-engine.ts';

type SaveRequest = {readonly value: unknown; readonly key: unknown; readonly mustBeNew: boolean};

/** Indexed Database API 3.0 §4.5. */
export class IDBObjectStore {
	readonly transaction: TransactionPort;
	readonly meta: StoreMeta;
	readonly #indexes = new Map<string, IDBIndex>();

	constructor(transaction: TransactionPort, meta: StoreMeta) {
		this.transaction = transaction;
		this.meta = meta;
	}

	get name(): string {
		return this.meta.name;
	}

	get keyPath(): KeyPath {
		return this.meta.keyPath;
	}

	get autoIncrement(): boolean {
		return this.meta.isAutoIncrement;
	}

	get indexNames(): NameList {
		return NameList.sorted(this.meta.indexes.keys());
	}

	put(value: unknown, key?: unknown): IDBRequest {
		return this.#save({value, key, mustBeNew: false});
	}

	add(value: unknown, key?: unknown): IDBRequest {
		return this.#save({value, key, mustBeNew: true});
	}

	get(query: unknown): IDBRequest {
		const range = requiredRangeOf(query);
		return this.#read(engine => {
			const value = engine.first(this.meta, range);
			return value && decodeValue(value);
		});
	}

	getKey(query: unknown): IDBRequest {
		const range = requiredRangeOf(query);
		return this.#read(engine => engine.keys(this.meta, range, 1).map(decodeKey)[0]);
	}

	getAll(query?: unknown, count?: number): IDBRequest {
		const range = rangeOf(query);
		const limit = limitOf(count);
		return this.#read(engine => engine.records(this.meta, range, limit).map(({value}) => decodeValue(value)));
	}

	getAllKeys(query?: unknown, count?: number): IDBRequest {
		const range = rangeOf(query);
		const limit = limitOf(count);
		return this.#read(engine => engine.keys(this.meta, range, limit).map(decodeKey));
	}

	count(query?: unknown): IDBRequest {
		const range = rangeOf(query);
		return this.#read(engine => engine.count(this.meta, range));
	}

	delete(query: unknown): IDBRequest {
		this.#requireWritable();
		const range = requiredRangeOf(query);
		return this.#write(engine => engine.delete(this.meta, range));
	}

	clear(): IDBRequest {
		return this.#write(engine => engine.clear(this.meta));
	}

	openCursor(query?: unknown, direction?: string): IDBRequest {
		return new IDBCursorWithValue(this.#cursorOptions(query, direction)).request;
	}

	openKeyCursor(query?: unknown, direction?: string): IDBRequest {
		return new IDBCursor(this.#cursorOptions(query, direction)).request;
	}

	index(name: string): IDBIndex {
		if (this.transaction.isFinished) throw domError('InvalidStateError', 'The transaction has ended');
		const meta = this.meta.indexes.get(name);
		if (!meta) throw domError('NotFoundError', `${this.name} has no index ${name}`);
		const known = this.#indexes.get(name);
		if (known?.meta === meta) return known;
		const index = new IDBIndex(this, meta);
		this.#indexes.set(name, index);
		return index;
	}

	/** The records that exist are indexed when the requests before this call have run. */
	createIndex(
		name: string,
		keyPath: string | readonly string[],
		options?: {readonly unique?: boolean; readonly multiEntry?: boolean} | null,
	): IDBIndex {
		this.#requireUpgrade();
		if (this.meta.indexes.has(name)) throw domError('ConstraintError', `${this.name} has an index ${name}`);
		const {engine} = this.transaction.context;
		const meta = this.transaction.writeNow(() =>
			engine.catalogue.addIndex(this.meta, {
				name,
				keyPath: typeof keyPath === 'string' ? keyPath : [...keyPath],
				isUnique: options?.unique ?? false,
				isMultiEntry: options?.multiEntry ?? false,
			}),
		);
		this.#write(() => engine.fillIndex(this.meta, meta));
		return this.index(name);
	}

	deleteIndex(name: string): void {
		this.#requireUpgrade();
		const index = this.meta.indexes.get(name);
		if (!index) throw domError('NotFoundError', `${this.name} has no index ${name}`);
		const {engine} = this.transaction.context;
		this.transaction.writeNow(() => engine.catalogue.deleteIndex(this.meta, index));
		this.#write(() => engine.clearIndex(index));
	}

	#save(request: SaveRequest): IDBRequest {
		this.#requireWritable();
		const {keyPath, isAutoIncrement, indexes} = this.meta;
		if (keyPath !== null && request.key !== undefined)
			throw domError('DataError', `The keys of ${this.name} lie inside of the values`);
		// The value is copied now; the caller may change it before the request runs.
		const bytes = encodeValue(request.value);
		const value = keyPath !== null || indexes.size > 0 ? decodeValue(bytes) : undefined;
		const key = keyPath === null ? request.key : valueAt(keyPath, value);
		const {mustBeNew} = request;
		if (key === undefined) {
			if (!isAutoIncrement || (typeof keyPath === 'string' && !canPutKeyAt(keyPath, value)))
				throw domError('DataError', 'The record has no key');
			return this.#write(engine => this.#saveWithGeneratedKey(engine, {bytes, value, mustBeNew}));
		}
		const record = {key: encodeKey(key), bytes, value, mustBeNew};
		return this.#write(engine => {
			if (isAutoIncrement) engine.skipGeneratedKey(this.meta, key);
			engine.save(this.meta, record);
			return key;
		});
	}

	#saveWithGeneratedKey(
		engine: RecordEngine,
		record: {readonly bytes: Uint8Array; readonly value: unknown; readonly mustBeNew: boolean},
	): number {
		const {keyPath} = this.meta;
		const generated = engine.generateKey(this.meta);
		const key = encodeKey(generated);
		if (typeof keyPath === 'string') {
			putKeyAt(keyPath, record.value, generated);
			engine.save(this.meta, {...record, key, bytes: encodeValue(record.value)});
		} else engine.save(this.meta, {...record, key});
		return generated;
	}

	#cursorOptions(query: unknown, direction: string | undefined): CursorOptions {
		const {transaction, meta: store} = this;
		return {transaction, source: this, store, range: rangeOf(query), direction: directionOf(direction)};
	}

	#read(read: (engine: RecordEngine) => unknown): IDBRequest {
		const {transaction} = this;
		return transaction.add({source: this, run: () => read(transaction.context.engine), isWrite: false});
	}

	#write(write: (engine: RecordEngine) => unknown): IDBRequest {
		const {transaction} = this;
		return transaction.add({source: this, run: () => write(transaction.context.engine), isWrite: true});
	}

	#requireWritable(): void {
		if (this.transaction.isFinished) throw domError('TransactionInactiveError', 'The transaction has ended');
		if (this.transaction.mode === 'readonly') throw domError('ReadOnlyError', 'The transaction only reads');
	}

	#requireUpgrade(): void {
		if (this.transaction.mode !== 'versionchange')
			throw domError('InvalidStateError', 'Indexes change in an upgrade only');
	}
}
