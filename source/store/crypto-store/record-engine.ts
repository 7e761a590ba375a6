/** The synchronous half of the crypto store: records, index entries and transactions of its SQLite connection. */
import type {Database} from '../open-database.ts';
import {domError} from './dom-error.ts';
import {after, everyKey, type EncodedRange} from './indexed-db-key-range.ts';
import {encodeKey} from './indexed-db-keys.ts';
import {decodeValue, valueAt} from './indexed-db-values.ts';
import {RecordCatalogue, type DatabaseMeta, type IndexMeta, type StoreMeta} from './record-catalogue.ts';
import {
	bytesIn,
	countIn,
	entryIn,
	prepareRecordStatements,
	recordIn,
	type RecordStatements,
	type StoredEntry,
	type StoredRecord,
} from './record-statements.ts';
import {WriteTransactions} from './write-transactions.ts';

/** A LIMIT that limits nothing. */
export const noLimit = -1;

const largestGeneratedKey = 2 ** 53;

/** Records that are held in memory at a time while all of a store are walked through. */
const chunkSize = 256;

/** What is written: the encoded key and value, the value itself for the indexes, and whether the key must be new. */
export type RecordToSave = {
	readonly key: Uint8Array;
	readonly bytes: Uint8Array;
	/** The decoded value; needed when the store has indexes. */
	readonly value: unknown;
	readonly mustBeNew: boolean;
};

type Entry = {readonly index: IndexMeta; readonly key: Uint8Array};

const isEqual = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** @returns the encoded key, or nothing: a value without a valid key is not in the index. */
const keyOrNothing = (value: unknown): Uint8Array[] => {
	try {
		return [encodeKey(value)];
	} catch (error) {
		if (error instanceof DOMException) return [];
		throw error;
	}
};

const indexKeys = (index: IndexMeta, value: unknown): Uint8Array[] => {
	const key = valueAt(index.keyPath, value);
	if (key === undefined) return [];
	if (!index.isMultiEntry || !Array.isArray(key)) return keyOrNothing(key);
	const keys = key.flatMap(keyOrNothing);
	return keys.filter((one, position) => keys.findIndex(other => isEqual(one, other)) === position);
};

const entriesOf = (store: StoreMeta, value: unknown): Entry[] =>
	[...store.indexes.values()].flatMap(index => indexKeys(index, value).map(key => ({index, key})));

const without = (entries: readonly Entry[], others: readonly Entry[]): Entry[] =>
	entries.filter(({index, key}) => !others.some(other => other.index === index && isEqual(other.key, key)));

/**
 * Reads at any time; every write needs a transaction that has begun. Throws DOMExceptions for what the caller asked wrongly,
 * and the driver's errors when the storage fails.
 */
export class RecordEngine {
	readonly catalogue: RecordCatalogue;
	readonly transactions: WriteTransactions;
	readonly #statements: RecordStatements;

	constructor(database: Database) {
		this.catalogue = new RecordCatalogue(database);
		this.#statements = prepareRecordStatements(database);
		this.transactions = new WriteTransactions(database, this.#statements);
	}

	/** Takes the next generated key. @throws ConstraintError when they are used up */
	generateKey(store: StoreMeta): number {
		const key = store.nextKey;
		if (key > largestGeneratedKey) throw domError('ConstraintError', `${store.name} has no generated key left`);
		this.catalogue.saveNextKey(store, key + 1);
		return key;
	}

	/** Moves the key generator past a key that the caller chose. */
	skipGeneratedKey(store: StoreMeta, key: unknown): void {
		if (typeof key !== 'number' || key < store.nextKey) return;
		this.catalogue.saveNextKey(store, Math.floor(Math.min(key, largestGeneratedKey)) + 1);
	}

	/** @returns the encoded value of the first record in the range */
	first(store: StoreMeta, range: EncodedRange): Uint8Array | undefined {
		if (range.only === undefined) return this.records(store, range, 1)[0]?.value;
		const row = this.#statements.record.get(store.id, range.only);
		return row && bytesIn(row, 'value');
	}

	/** @returns records in the order of their keys */
	records(store: StoreMeta, {from, to}: EncodedRange, limit: number): StoredRecord[] {
		return this.#statements.records.all(store.id, from, to, limit).map(recordIn);
	}

	/** @returns the last record in the range */
	last(store: StoreMeta, {from, to}: EncodedRange): StoredRecord | undefined {
		return this.#statements.lastRecords.all(store.id, from, to, 1).map(recordIn)[0];
	}

	keys(store: StoreMeta, {from, to}: EncodedRange, limit: number): Uint8Array[] {
		return this.#statements.keys.all(store.id, from, to, limit).map(row => bytesIn(row, 'key'));
	}

	count(store: StoreMeta, {from, to}: EncodedRange): number {
		return countIn(this.#statements.count.get(store.id, from, to));
	}

	/** @returns entries of the index in the order of their keys, equal ones in the order of the records' keys */
	entries(store: StoreMeta, index: IndexMeta, {from, to}: EncodedRange, limit = noLimit): StoredEntry[] {
		return this.#statements.entries.all(store.id, index.id, from, to, limit).map(entryIn);
	}

	lastEntry(store: StoreMeta, index: IndexMeta, {from, to}: EncodedRange): StoredEntry | undefined {
		return this.#statements.lastEntries.all(store.id, index.id, from, to, 1).map(entryIn)[0];
	}

	/** @returns the entry that follows `entry` and lies below `to` */
	entryAfter(store: StoreMeta, index: IndexMeta, entry: StoredEntry, to: Uint8Array): StoredEntry | undefined {
		const row = this.#statements.entryAfter.get(store.id, index.id, entry.indexKey, entry.primaryKey, to);
		return row && entryIn(row);
	}

	/** @returns the entry that precedes `entry` and does not lie below `from` */
	entryBefore(store: StoreMeta, index: IndexMeta, entry: StoredEntry, from: Uint8Array): StoredEntry | undefined {
		const row = this.#statements.entryBefore.get(store.id, index.id, entry.indexKey, entry.primaryKey, from);
		return row && entryIn(row);
	}

	/** @returns the keys of the records, in the order of the index */
	entryKeys(index: IndexMeta, {from, to}: EncodedRange, limit: number): Uint8Array[] {
		return this.#statements.entryKeys.all(index.id, from, to, limit).map(row => bytesIn(row, 'primary_key'));
	}

	countEntries(index: IndexMeta, {from, to}: EncodedRange): number {
		return countIn(this.#statements.countEntries.get(index.id, from, to));
	}

	/** Writes a record and its index entries, or nothing. @throws ConstraintError */
	save(store: StoreMeta, record: RecordToSave): void {
		const {key, bytes, value, mustBeNew} = record;
		const hasIndexes = store.indexes.size > 0;
		const old = mustBeNew || hasIndexes ? this.#statements.record.get(store.id, key) : undefined;
		if (mustBeNew && old) throw domError('ConstraintError', `${store.name} has a record with this key`);
		if (hasIndexes) {
			const before = old ? entriesOf(store, decodeValue(bytesIn(old, 'value'))) : [];
			const now = entriesOf(store, value);
			const added = without(now, before);
			// All checks come before the first write.
			for (const entry of added) this.#requireUnique(entry, key);
			for (const entry of without(before, now)) this.#statements.deleteEntry.run(entry.index.id, entry.key, key);
			for (const entry of added) this.#statements.saveEntry.run(entry.index.id, entry.key, key);
		}
		this.#statements.save.run(store.id, key, bytes);
	}

	delete(store: StoreMeta, range: EncodedRange): void {
		if (store.indexes.size > 0) {
			for (const {key, value} of this.#eachRecord(store, range)) {
				for (const entry of entriesOf(store, decodeValue(value)))
					this.#statements.deleteEntry.run(entry.index.id, entry.key, key);
			}
		}
		this.#statements.delete.run(store.id, range.from, range.to);
	}

	/** Deletes all records of a store, and the entries of the given indexes. */
	clear(store: StoreMeta, indexes: Iterable<IndexMeta> = store.indexes.values()): void {
		for (const index of indexes) this.clearIndex(index);
		this.#statements.clear.run(store.id);
	}

	clearIndex(index: IndexMeta): void {
		this.#statements.clearEntries.run(index.id);
	}

	/** Makes the entries of a new index. @throws ConstraintError when the records do not fit a unique one */
	fillIndex(store: StoreMeta, index: IndexMeta): void {
		for (const {key, value} of this.#eachRecord(store, everyKey)) {
			for (const entryKey of indexKeys(index, decodeValue(value))) {
				this.#requireUnique({index, key: entryKey}, key);
				this.#statements.saveEntry.run(index.id, entryKey, key);
			}
		}
	}

	/** Deletes a database with all that is in it. */
	deleteDatabase(meta: DatabaseMeta): void {
		for (const store of meta.stores.values()) {
			this.clear(store);
			this.catalogue.deleteStore(meta, store);
		}
		this.catalogue.deleteDatabase(meta);
	}

	#requireUnique({index, key}: Entry, primaryKey: Uint8Array): void {
		if (!index.isUnique) return;
		const holder = this.#statements.holder.get(index.id, key);
		if (holder && !isEqual(bytesIn(holder, 'primary_key'), primaryKey))
			throw domError('ConstraintError', `Another record has this key in the unique index ${index.name}`);
	}

	*#eachRecord(store: StoreMeta, range: EncodedRange): Generator<StoredRecord> {
		let {from} = range;
		for (;;) {
			const records = this.records(store, {from, to: range.to}, chunkSize);
			yield* records;
			const last = records.at(-1);
			if (!last || records.length < chunkSize) return;
			from = after(last.key);
		}
	}
}
