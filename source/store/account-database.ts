/** account.db: opening, migrating, transactions, and the small key-value part of it. */
import {existsSync} from 'node:fs';
import {ExpectedError} from '../domain/errors.ts';
import {prepare, type Bindable} from './bind.ts';
import {optionalText} from './columns.ts';
import {openDatabase, reportFailure, type Cipher, type Database} from './open-database.ts';
import {toStoreError} from './store-errors.ts';
import {migrations} from './schema.ts';

/** Keys of the `meta` table. */
export type MetaKey =
	| 'access_token'
	| 'next_batch'
	| 'last_sync'
	| 'own_user'
	| 'own_device'
	| 'versions'
	/** What became of a damaged archive before this one. */
	| 'replaced'
	| `filter:${string}`;

/** The owner's connection: the only writer. */
export type AccountDatabase = {
	readonly database: Database;
	/** Runs `action` in one transaction; survives the end of the process. */
	readonly write: <Result>(action: () => Result) => Result;
	/** Like `write`, and survives a power cut too: for what a person typed and for the sync token. */
	readonly writeDurably: <Result>(action: () => Result) => Result;
	readonly meta: (key: MetaKey) => string | undefined;
	readonly setMeta: (key: MetaKey, value: Bindable) => void;
	readonly close: () => void;
};

export type AccountFile = {readonly file: string; readonly key: Uint8Array; readonly cipher: Cipher};

const readVersion = (database: Database): number => Number(database.pragma('user_version', {simple: true}));

/** @throws ExpectedError when the file was written by a newer mx. */
const requireKnownVersion = (version: number, file: string): void => {
	if (version <= migrations.length) return;
	throw new ExpectedError({message: `${file} was written by a newer mx.`, next: 'Update mx.', reason: 'error'});
};

/** Brings the schema up to date, one transaction a step. */
export const migrate = (database: Database, file: string): void => {
	const version = readVersion(database);
	requireKnownVersion(version, file);
	for (const [index, sql] of migrations.entries()) {
		if (index < version) continue;
		database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
	}
};

const runTransaction = <Result>(database: Database, action: () => Result): Result => {
	// A transaction in a transaction is the outer one's.
	if (database.inTransaction) return action();
	database.exec('BEGIN IMMEDIATE');
	try {
		const result = action();
		database.exec('COMMIT');
		return result;
	} catch (error) {
		if (database.inTransaction) database.exec('ROLLBACK');
		throw error;
	}
};

/**
 * Opens account.db for its owner and migrates it.
 * @param onFailure told of each failure of the disk or the file, before its caller hears of it
 * @throws as `openDatabase`
 */
export const openAccountDatabase = (
	account: AccountFile,
	onFailure: (error: Error) => void = () => undefined,
): AccountDatabase => {
	const database = openDatabase({...account, mode: 'owner', durability: 'normal'});
	try {
		migrate(database, account.file);
	} catch (error) {
		database.close();
		throw toStoreError(error, account.file);
	}
	database.onFailure = onFailure;
	const orFail = <Result>(write: () => Result): Result => {
		try {
			return write();
		} catch (error) {
			throw reportFailure(database, error);
		}
	};
	const getMeta = prepare(database, 'SELECT value FROM meta WHERE key = ?');
	const putMeta = prepare(
		database,
		'INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value',
	);
	return {
		database,
		write: action => orFail(() => runTransaction(database, action)),
		writeDurably(action) {
			if (database.inTransaction) return action();
			return orFail(() => {
				database.exec('PRAGMA synchronous=FULL');
				try {
					return runTransaction(database, action);
				} finally {
					database.exec('PRAGMA synchronous=NORMAL');
				}
			});
		},
		meta(key) {
			return optionalText(getMeta.get(key), 'value');
		},
		setMeta: (key, value) => void putMeta.run(key, value),
		close: () => void database.close(),
	};
};

/** Where the archive is made that takes the place of a damaged one. */
export const replacementOf = (file: string): string => `${file}.new`;

/** Opens account.db beside its owner, to read. @throws as `openDatabase`, and when the owner has to make it ready first */
export const openAccountReader = (account: AccountFile): Database => {
	if (!existsSync(account.file) && existsSync(replacementOf(account.file)))
		throw new ExpectedError({
			message: `${account.file} is being replaced, for it was damaged.`,
			next: 'Start mx, or try again in a moment.',
			reason: 'notReady',
		});
	const database = openDatabase({...account, mode: 'reader', durability: 'normal'});
	try {
		const version = readVersion(database);
		requireKnownVersion(version, account.file);
		if (version < migrations.length)
			throw new ExpectedError({
				message: `${account.file} is being brought up to date.`,
				next: 'Try again in a moment.',
				reason: 'notReady',
			});
	} catch (error) {
		database.close();
		throw error;
	}
	return database;
};
