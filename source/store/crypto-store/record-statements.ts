/** The SQL that reads and writes records and index entries of the crypto store, and its rows. */
import {prepare, type BoundStatement} from '../bind.ts';
import type {Database, Row} from '../open-database.ts';

/** A record: its encoded key and its encoded value. */
export type StoredRecord = {readonly key: Uint8Array; readonly value: Uint8Array};

/** An index entry with the record that it points to. */
export type StoredEntry = {readonly indexKey: Uint8Array; readonly primaryKey: Uint8Array; readonly value: Uint8Array};

// CROSS JOIN: the entries come first, always. With few rows the planner might choose otherwise.
const entryWithRecord = `SELECT e.index_key, e.primary_key, r.value FROM idb_entry e
	CROSS JOIN idb_record r ON r.store_id = ? AND r.key = e.primary_key WHERE e.index_id = ?`;
const recordsInRange = 'FROM idb_record WHERE store_id = ? AND key >= ? AND key < ?';
const entriesInRange = 'FROM idb_entry WHERE index_id = ? AND index_key >= ? AND index_key < ?';

const statements = {
	record: 'SELECT value FROM idb_record WHERE store_id = ? AND key = ?',
	records: `SELECT key, value ${recordsInRange} ORDER BY key LIMIT ?`,
	lastRecords: `SELECT key, value ${recordsInRange} ORDER BY key DESC LIMIT ?`,
	keys: `SELECT key ${recordsInRange} ORDER BY key LIMIT ?`,
	count: `SELECT count(*) AS count ${recordsInRange}`,
	save: `INSERT INTO idb_record(store_id, key, value) VALUES(?, ?, ?)
		ON CONFLICT(store_id, key) DO UPDATE SET value = excluded.value`,
	delete: `DELETE ${recordsInRange}`,
	clear: 'DELETE FROM idb_record WHERE store_id = ?',
	entries: `${entryWithRecord} AND e.index_key >= ? AND e.index_key < ? ORDER BY e.index_key, e.primary_key LIMIT ?`,
	lastEntries: `${entryWithRecord} AND e.index_key >= ? AND e.index_key < ?
		ORDER BY e.index_key DESC, e.primary_key DESC LIMIT ?`,
	entryAfter: `${entryWithRecord} AND (e.index_key, e.primary_key) > (?, ?) AND e.index_key < ?
		ORDER BY e.index_key, e.primary_key LIMIT 1`,
	entryBefore: `${entryWithRecord} AND (e.index_key, e.primary_key) < (?, ?) AND e.index_key >= ?
		ORDER BY e.index_key DESC, e.primary_key DESC LIMIT 1`,
	entryKeys: `SELECT primary_key ${entriesInRange} ORDER BY index_key, primary_key LIMIT ?`,
	countEntries: `SELECT count(*) AS count ${entriesInRange}`,
	holder: 'SELECT primary_key FROM idb_entry WHERE index_id = ? AND index_key = ? LIMIT 1',
	saveEntry: 'INSERT OR IGNORE INTO idb_entry(index_id, index_key, primary_key) VALUES(?, ?, ?)',
	deleteEntry: 'DELETE FROM idb_entry WHERE index_id = ? AND index_key = ? AND primary_key = ?',
	clearEntries: 'DELETE FROM idb_entry WHERE index_id = ?',
	begin: 'BEGIN IMMEDIATE',
	commit: 'COMMIT',
	rollback: 'ROLLBACK',
	savepoint: 'SAVEPOINT joined',
	release: 'RELEASE joined',
	undo: 'ROLLBACK TO joined',
} as const;

/** All statements, compiled. */
export type RecordStatements = Readonly<Record<keyof typeof statements, BoundStatement>>;

/** Compiles the statements; the tables must exist. */
export const prepareRecordStatements = (database: Database): RecordStatements =>
	Object.fromEntries(
		Object.entries(statements).map(([name, sql]) => [name, prepare(database, sql)]),
	) as RecordStatements;

/** @returns the bytes in a column. */
export const bytesIn = (row: Row, column: string): Uint8Array => {
	const value = row[column];
	if (!(value instanceof Uint8Array)) throw new TypeError(`${column} is no blob`);
	return value;
};

/** @returns the number of a `count` column. */
export const countIn = (row: Row | undefined): number => {
	if (typeof row?.count !== 'number') throw new TypeError('count is no number');
	return row.count;
};

export const recordIn = (row: Row): StoredRecord => ({key: bytesIn(row, 'key'), value: bytesIn(row, 'value')});

export const entryIn = (row: Row): StoredEntry => ({
	indexKey: bytesIn(row, 'index_key'),
	primaryKey: bytesIn(row, 'primary_key'),
	value: bytesIn(row, 'value'),
});
