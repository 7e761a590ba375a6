/** What databases, object stores and indexes exist: rows of the crypto store's file, and their form in memory. */
import {prepare, type BoundStatement} from '../bind.ts';
import type {Database, Row} from '../open-database.ts';
import type {KeyPath} from './indexed-db-values.ts';

export type IndexMeta = {
	readonly id: number;
	readonly name: string;
	readonly keyPath: Exclude<KeyPath, null>;
	readonly isUnique: boolean;
	readonly isMultiEntry: boolean;
};

/** `nextKey` and `indexes` change with the transactions, and are loaded again when one rolls back. */
export type StoreMeta = {
	readonly id: number;
	readonly name: string;
	readonly keyPath: KeyPath;
	/** Whether keys are generated. */
	readonly isAutoIncrement: boolean;
	nextKey: number;
	indexes: Map<string, IndexMeta>;
};

/** One for all connections to the database; `version` 0 and `id` 0 mean that it does not exist. */
export type DatabaseMeta = {
	id: number;
	readonly name: string;
	version: number;
	stores: Map<string, StoreMeta>;
};

// AUTOINCREMENT: an id is never used twice, so that what is still done with a deleted store cannot reach a new one. idb_record has rowids although its key is (store_id, key): values above 1 KB would go to overflow pages in a
// table WITHOUT ROWID, which doubles the file.
const schema = `
CREATE TABLE IF NOT EXISTS idb_database(
	id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS idb_store(
	id INTEGER PRIMARY KEY AUTOINCREMENT, database_id INTEGER NOT NULL, name TEXT NOT NULL,
	key_path TEXT NOT NULL, auto INTEGER NOT NULL, next_key INTEGER NOT NULL DEFAULT 1,
	UNIQUE(database_id, name)
) STRICT;
CREATE TABLE IF NOT EXISTS idb_index(
	id INTEGER PRIMARY KEY AUTOINCREMENT, store_id INTEGER NOT NULL, name TEXT NOT NULL,
	key_path TEXT NOT NULL, is_unique INTEGER NOT NULL, multi INTEGER NOT NULL,
	UNIQUE(store_id, name)
) STRICT;
CREATE TABLE IF NOT EXISTS idb_record(
	id INTEGER PRIMARY KEY, store_id INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
	UNIQUE(store_id, key)
) STRICT;
CREATE TABLE IF NOT EXISTS idb_entry(
	index_id INTEGER NOT NULL, index_key BLOB NOT NULL, primary_key BLOB NOT NULL,
	PRIMARY KEY(index_id, index_key, primary_key)
) STRICT, WITHOUT ROWID;`;

const statements = {
	databases: 'SELECT name, version FROM idb_database ORDER BY name',
	database: 'SELECT id, version FROM idb_database WHERE name = ?',
	stores: 'SELECT id, name, key_path, auto, next_key FROM idb_store WHERE database_id = ?',
	indexes: 'SELECT id, name, key_path, is_unique, multi FROM idb_index WHERE store_id = ?',
	saveVersion: `INSERT INTO idb_database(name, version) VALUES(?, ?)
		ON CONFLICT(name) DO UPDATE SET version = excluded.version RETURNING id`,
	addStore: 'INSERT INTO idb_store(database_id, name, key_path, auto) VALUES(?, ?, ?, ?)',
	addIndex: 'INSERT INTO idb_index(store_id, name, key_path, is_unique, multi) VALUES(?, ?, ?, ?, ?)',
	saveNextKey: 'UPDATE idb_store SET next_key = ? WHERE id = ?',
	deleteDatabase: 'DELETE FROM idb_database WHERE id = ?',
	deleteStore: 'DELETE FROM idb_store WHERE id = ?',
	deleteIndexes: 'DELETE FROM idb_index WHERE store_id = ?',
	deleteIndex: 'DELETE FROM idb_index WHERE id = ?',
} as const;

type StatementName = keyof typeof statements;

const text = (row: Row, column: string): string => {
	const value = row[column];
	if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
	return value;
};

const integer = (row: Row, column: string): number => {
	const value = row[column];
	if (typeof value !== 'number') throw new TypeError(`${column} is no number`);
	return value;
};

const keyPathOf = (row: Row): KeyPath => JSON.parse(text(row, 'key_path')) as KeyPath;

/** Reads and writes what exists; the records themselves are RecordEngine's. Every write needs an open transaction. */
export class RecordCatalogue {
	readonly #statements: Readonly<Record<StatementName, BoundStatement>>;

	/** Makes the tables of an empty file. */
	constructor(database: Database) {
		database.exec(schema);
		this.#statements = Object.fromEntries(
			Object.entries(statements).map(([name, sql]) => [name, prepare(database, sql)]),
		) as Record<StatementName, BoundStatement>;
	}

	/** @returns the databases that exist, by name. */
	list(): {readonly name: string; readonly version: number}[] {
		return this.#statements.databases.all().map(row => ({name: text(row, 'name'), version: integer(row, 'version')}));
	}

	/** @returns the database as it is on disk; with version 0 when there is none of that name. */
	load(name: string): DatabaseMeta {
		const row = this.#statements.database.get(name);
		if (!row) return {id: 0, name, version: 0, stores: new Map()};
		const id = integer(row, 'id');
		const stores = this.#statements.stores.all(id).map(store => this.#storeOf(store));
		return {id, name, version: integer(row, 'version'), stores: new Map(stores.map(store => [store.name, store]))};
	}

	/** Makes `meta` what is on disk, after a rollback. */
	reload(meta: DatabaseMeta): void {
		const {id, version, stores} = this.load(meta.name);
		for (const [name, store] of stores) {
			const known = meta.stores.get(name);
			if (known?.id === store.id) stores.set(name, Object.assign(known, store));
		}
		Object.assign(meta, {id, version, stores});
	}

	saveVersion(meta: DatabaseMeta, version: number): void {
		const row = this.#statements.saveVersion.get(meta.name, version);
		if (!row) throw new Error('The version was not saved');
		meta.id = integer(row, 'id');
		meta.version = version;
	}

	addStore(database: DatabaseMeta, store: Pick<StoreMeta, 'name' | 'keyPath' | 'isAutoIncrement'>): StoreMeta {
		const {name, keyPath, isAutoIncrement} = store;
		const {lastInsertRowid} = this.#statements.addStore.run(
			database.id,
			name,
			JSON.stringify(keyPath),
			isAutoIncrement,
		);
		const added: StoreMeta = {...store, id: lastInsertRowid, nextKey: 1, indexes: new Map()};
		database.stores.set(name, added);
		return added;
	}

	/** Forgets the store and its indexes; their records and entries are deleted by RecordEngine. */
	deleteStore(database: DatabaseMeta, store: StoreMeta): void {
		this.#statements.deleteIndexes.run(store.id);
		this.#statements.deleteStore.run(store.id);
		database.stores.delete(store.name);
	}

	addIndex(store: StoreMeta, index: Omit<IndexMeta, 'id'>): IndexMeta {
		const {name, keyPath, isUnique, isMultiEntry} = index;
		const {lastInsertRowid} = this.#statements.addIndex.run(
			store.id,
			name,
			JSON.stringify(keyPath),
			isUnique,
			isMultiEntry,
		);
		const added: IndexMeta = {...index, id: lastInsertRowid};
		store.indexes.set(name, added);
		return added;
	}

	/** Forgets the index; its entries are deleted by RecordEngine. */
	deleteIndex(store: StoreMeta, index: IndexMeta): void {
		this.#statements.deleteIndex.run(index.id);
		store.indexes.delete(index.name);
	}

	/** Forgets a database whose stores are deleted. */
	deleteDatabase(meta: DatabaseMeta): void {
		this.#statements.deleteDatabase.run(meta.id);
		Object.assign(meta, {id: 0, version: 0});
	}

	saveNextKey(store: StoreMeta, nextKey: number): void {
		this.#statements.saveNextKey.run(nextKey, store.id);
		store.nextKey = nextKey;
	}

	#storeOf(row: Row): StoreMeta {
		const id = integer(row, 'id');
		const indexes = this.#statements.indexes.all(id).map(index => ({
			id: integer(index, 'id'),
			name: text(index, 'name'),
			keyPath: keyPathOf(index) ?? '',
			isUnique: integer(index, 'is_unique') === 1,
			isMultiEntry: integer(index, 'multi') === 1,
		}));
		return {
			id,
			name: text(row, 'name'),
			keyPath: keyPathOf(row),
			isAutoIncrement: integer(row, 'auto') === 1,
			nextKey: integer(row, 'next_key'),
			indexes: new Map(indexes.map(index => [index.name, index])),
		};
	}
}
