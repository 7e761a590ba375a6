/** Cursors over object stores and indexes. */
import {domError} from './dom-error.ts';
import {after, onlyKey, type EncodedRange} from './indexed-db-key-range.ts';
import {decodeKey, encodeKey, type IndexedDBKey} from './indexed-db-keys.ts';
import type {IDBRequest} from './indexed-db-request.ts';
import type {TransactionPort} from './indexed-db-transaction-port.ts';
import {decodeValue, encodeValue, valueAt} from './indexed-db-values.ts';
import type {IndexMeta, StoreMeta} from './record-catalogue.ts';
import type {RecordEngine} from './record-engine.ts';
import type {StoredEntry, StoredRecord} from './record-statements.ts';

/** The directions that mx's callers use; the two `unique` ones are not implemented. */
export type CursorDirection = 'next' | 'prev';

/** What a cursor runs over. */
export type CursorOptions = {
	readonly transaction: TransactionPort;
	/** The object store or index that was asked. */
	readonly source: object;
	readonly store: StoreMeta;
	/** Set when the cursor runs over an index. */
	readonly index?: IndexMeta | undefined;
	readonly range: EncodedRange;
	readonly direction: CursorDirection;
};

/** @returns the direction. @throws TypeError when it is not implemented */
export const directionOf = (direction: string | undefined): CursorDirection => {
	if (direction === undefined || direction === 'next') return 'next';
	if (direction === 'prev') return 'prev';
	throw new TypeError(`The cursor direction ${direction} is not implemented`);
};

const entryOf = (record: StoredRecord | undefined): StoredEntry | undefined =>
	record && {indexKey: record.key, primaryKey: record.key, value: record.value};

/** @returns the first entry of the range in the cursor's direction */
const entryIn = (engine: RecordEngine, options: CursorOptions, range: EncodedRange): StoredEntry | undefined => {
	const {store, index, direction} = options;
	if (index)
		return direction === 'next' ? engine.entries(store, index, range, 1)[0] : engine.lastEntry(store, index, range);
	return entryOf(direction === 'next' ? engine.records(store, range, 1)[0] : engine.last(store, range));
};

/** @returns the entry that comes after `entry` in the cursor's direction */
const entryBeyond = (engine: RecordEngine, options: CursorOptions, entry: StoredEntry): StoredEntry | undefined => {
	const {store, index, direction, range} = options;
	if (!index) {
		const rest =
			direction === 'next' ? {from: after(entry.primaryKey), to: range.to} : {from: range.from, to: entry.primaryKey};
		return entryIn(engine, options, rest);
	}
	return direction === 'next'
		? engine.entryAfter(store, index, entry, range.to)
		: engine.entryBefore(store, index, entry, range.from);
};

/** Indexed Database API 3.0 §4.8: a cursor without values. */
export class IDBCursor {
	readonly source: object;
	readonly direction: CursorDirection;
	readonly request: IDBRequest;
	protected readonly options: CursorOptions;
	protected entry: StoredEntry | undefined;
	/** False while a step is under way and at the end. */
	protected hasEntry = false;

	/** Its request succeeds with the cursor, or with null at the end. */
	constructor(options: CursorOptions) {
		this.options = options;
		this.source = options.source;
		this.direction = options.direction;
		const run = (): unknown => this.#moveTo(entryIn(this.engine, options, options.range));
		this.request = options.transaction.add({source: options.source, run, isWrite: false});
	}

	get key(): IndexedDBKey | undefined {
		return this.entry && decodeKey(this.entry.indexKey);
	}

	get primaryKey(): IndexedDBKey | undefined {
		return this.entry && decodeKey(this.entry.primaryKey);
	}

	/** Goes to the next entry, or to the first one at or beyond `key`. */
	continue(key?: unknown): void {
		const entry = this.requireEntry();
		const target = key === undefined ? undefined : encodeKey(key);
		if (target) this.#requireAhead(target, entry);
		this.#step(() => {
			if (!target) return entryBeyond(this.engine, this.options, entry);
			const {from, to} = this.options.range;
			const rest = this.direction === 'next' ? {from: target, to} : {from, to: after(target)};
			return entryIn(this.engine, this.options, rest);
		});
	}

	advance(count: number): void {
		if (!(count >= 1)) throw new TypeError('A cursor advances by at least 1');
		let entry: StoredEntry | undefined = this.requireEntry();
		this.#step(() => {
			for (let left = count; left >= 1 && entry; left--) entry = entryBeyond(this.engine, this.options, entry);
			return entry;
		});
	}

	protected get engine(): RecordEngine {
		return this.options.transaction.context.engine;
	}

	protected requireEntry(): StoredEntry {
		if (!this.entry || !this.hasEntry) throw domError('InvalidStateError', 'The cursor is not at a record');
		return this.entry;
	}

	#requireAhead(target: Uint8Array, entry: StoredEntry): void {
		const order = Buffer.compare(target, entry.indexKey);
		if (this.direction === 'next' ? order <= 0 : order >= 0)
			throw domError('DataError', 'The key does not lie ahead of the cursor');
	}

	#step(next: () => StoredEntry | undefined): void {
		const {source, request} = this;
		this.options.transaction.add({source, run: () => this.#moveTo(next()), isWrite: false, request});
		this.hasEntry = false;
	}

	#moveTo(entry: StoredEntry | undefined): this | null {
		this.entry = entry;
		this.hasEntry = entry !== undefined;
		return entry ? this : null;
	}
}

/** Indexed Database API 3.0 §4.8. */
export class IDBCursorWithValue extends IDBCursor {
	#decoded: {readonly entry: StoredEntry; readonly value: unknown} | undefined;

	get value(): unknown {
		const {entry} = this;
		if (!entry) return undefined;
		if (this.#decoded?.entry !== entry) this.#decoded = {entry, value: decodeValue(entry.value)};
		return this.#decoded.value;
	}

	/** Replaces the record's value. */
	update(value: unknown): IDBRequest {
		const {store, transaction} = this.options;
		const {primaryKey} = this.requireEntry();
		const bytes = encodeValue(value);
		const copy = decodeValue(bytes);
		const inner = valueAt(store.keyPath, copy);
		if (store.keyPath !== null && Buffer.compare(encodeKey(inner), primaryKey) !== 0)
			throw domError('DataError', 'An update cannot change the key');
		const run = (): unknown => {
			this.engine.save(store, {key: primaryKey, bytes, value: copy, mustBeNew: false});
			return decodeKey(primaryKey);
		};
		return transaction.add({source: this, run, isWrite: true});
	}

	/** Deletes the record. */
	delete(): IDBRequest {
		const {store, transaction} = this.options;
		const {primaryKey} = this.requireEntry();
		const run = (): void => this.engine.delete(store, onlyKey(primaryKey));
		return transaction.add({source: this, run, isWrite: true});
	}
}
