/** Opens mx's encrypted SQLite files: cipher, key, locking and durability in the one order that works. */
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	statfsSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import Driver from 'better-sqlite3-multiple-ciphers';
import {ExpectedError} from '../domain/errors.ts';
import {DiskFull, StoreBusy, StoreMissing, StoreUnusable, toStoreError} from './store-errors.ts';

/** Page ciphers that authenticate: a flipped bit on disk is an error, not a wrong row. */
export type Cipher = 'aegis' | 'chacha20';

/** What a write statement did. */
export type RunResult = {readonly changes: number; readonly lastInsertRowid: number};

/** A row as SQLite gave it; readers narrow it. Integers above 2^53 lose precision. */
export type Row = Readonly<Record<string, unknown>>;

/** A compiled statement of the driver. It binds what it is given: prepare through `prepare` of bind.ts instead. */
export type Statement = {
	run(...parameters: readonly unknown[]): unknown;
	get(...parameters: readonly unknown[]): unknown;
	all(...parameters: readonly unknown[]): unknown[];
	iterate(...parameters: readonly unknown[]): IterableIterator<unknown>;
};

/** An open database: the part of the driver that the store uses. */
export type Database = {
	readonly open: boolean;
	/** The path that it was opened with. */
	readonly name: string;
	/** Told of every failure of the disk or the file that a statement meets; whoever opened it sets it. */
	onFailure?: (error: Error) => void;
	/** Whether a BEGIN is not yet ended. */
	readonly inTransaction: boolean;
	exec(sql: string): unknown;
	prepare(sql: string): Statement;
	/** @returns the rows of the pragma, or with `simple` the first column of the first row. */
	pragma(source: string, options?: {readonly simple?: boolean}): unknown;
	close(): unknown;
};

export type OpenOptions = {
	readonly file: string;
	/** 32 random bytes; used as they are, without a key derivation. */
	readonly key: Uint8Array;
	/** The cipher that the file was made with. */
	readonly cipher: Cipher;
	/**
	 * `owner`: reads and writes beside readers. `exclusive`: nobody else can open the file until it is closed or the
	 * process ends, and a second opener gets StoreBusy at once. `reader`: reads beside an owner, and never writes.
	 */
	readonly mode: 'owner' | 'exclusive' | 'reader';
	/** `full`: a commit survives a power cut. `normal`: it survives the end of the process. */
	readonly durability: 'full' | 'normal';
	/** Refuses a missing or empty file instead of making a new one; a reader always does. @default false */
	readonly mustExist?: boolean | undefined;
};

const bytesInMegabyte = 1_048_576;
const minimumFreeBytes = 50 * bytesInMegabyte;
const keyLength = 32;
const secondsToWait = 5;

/**
 * @param path an existing file or directory
 * @param minimum bytes; by default 50 MB
 * @throws DiskFull when less than that is free for this user where `path` lies
 */
export const requireFreeSpace = (path: string, minimum: number = minimumFreeBytes): void => {
	const {bavail, bsize} = statfsSync(path);
	if (bavail * bsize < minimum) throw new DiskFull(path);
};

/**
 * @returns the `flags` (x86) or `Features` (Arm) of the first processor, or `undefined` where the system does not list
 * them in a file (macOS, Windows).
 */
export const readCpuFlags = (): string | undefined => {
	if (!existsSync('/proc/cpuinfo')) return undefined;
	return /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
};

/**
 * @param cpuFlags as `readCpuFlags` gives them; without a list (macOS, Windows) every machine that Node runs on has AES.
 * @returns aegis where the processor has AES instructions, else chacha20, which is the faster one without them.
 * Record the answer beside the file: it cannot be opened with another cipher.
 */
export const chooseCipher = (cpuFlags: string | undefined): Cipher =>
	cpuFlags === undefined || /(?:^|\s)aes(?:\s|$)/.test(cpuFlags) ? 'aegis' : 'chacha20';

/** @returns the error to throw for what a statement threw, after the one who opened the database was told. */
export const reportFailure = (database: Database, error: unknown): Error => {
	const failure = toStoreError(error, database.name);
	// A bug is no failure of the store, and a file that is busy may be tried again.
	if (failure !== error && !(failure instanceof StoreBusy)) database.onFailure?.(failure);
	return failure;
};

const isMissing = (file: string): boolean => (statSync(file, {throwIfNoEntry: false})?.size ?? 0) === 0;

const applyKey = (database: Database, {key, cipher}: OpenOptions): void => {
	if (key.length !== keyLength) throw new RangeError(`The key has ${key.length} bytes instead of ${keyLength}`);
	database.pragma(`cipher='${cipher}'`);
	database.pragma(`key='raw:${Buffer.from(key).toString('hex')}'`);
};

/** The order matters: cipher, key, locking mode, and only then what reads or writes the file. */
const configure = (database: Database, options: OpenOptions): void => {
	const {mode, durability, file} = options;
	applyKey(database, options);
	if (mode === 'exclusive') database.pragma('locking_mode=EXCLUSIVE');
	// What a sort spills to disk would not be encrypted.
	database.pragma('temp_store=MEMORY');
	database.pragma('cache_size=-8000');
	database.pragma('foreign_keys=OFF');
	if (mode === 'reader') {
		database.prepare('SELECT count(*) FROM sqlite_schema').get();
		return;
	}
	const journal = database.pragma('journal_mode=WAL', {simple: true});
	if (journal !== 'wal') {
		const message = `The file system that holds ${file} does not support a write-ahead log.`;
		throw new ExpectedError({message, next: 'Put the account on a local disk.', reason: 'error'});
	}
	database.pragma(`synchronous=${durability === 'full' ? 'FULL' : 'NORMAL'}`);
	if (mode === 'exclusive') database.exec('BEGIN IMMEDIATE; COMMIT');
	else database.prepare('SELECT count(*) FROM sqlite_schema').get();
};

const open = (options: OpenOptions): Database => {
	const {file, mode} = options;
	const isReader = mode === 'reader';
	let database: Database | undefined;
	try {
		const timeout = mode === 'exclusive' ? 0 : secondsToWait * 1000;
		database = new Driver(file, {readonly: isReader, fileMustExist: options.mustExist === true, timeout});
		// Nothing is written yet; the log and the shared memory take their mode from this file.
		if (!isReader) chmodSync(file, 0o600);
		configure(database, options);
		return database;
	} catch (error) {
		database?.close();
		throw toStoreError(error, file);
	}
};

/**
 * A write-ahead log needs a place to write even to be read. On a read-only disk a copy is read, as encrypted and private as
 * the file; its names are gone at once, so that nothing is left of it when it is closed.
 * @throws the given error where there is no place for a copy either
 */
const openCopy = (options: OpenOptions, error: StoreUnusable): Database => {
	let directory: string | undefined;
	try {
		directory = mkdtempSync(join(tmpdir(), 'mx-read-'));
		const file = join(directory, basename(options.file));
		for (const suffix of ['', '-wal'])
			if (existsSync(options.file + suffix)) copyFileSync(options.file + suffix, file + suffix);
		return open({...options, file});
	} catch {
		throw error;
	} finally {
		if (directory !== undefined) rmSync(directory, {recursive: true, force: true});
	}
};

/**
 * Opens an encrypted database, and makes the file (mode 0600) when it is missing, unless it must exist. An existing file
 * is never replaced: what cannot be opened stays as it is.
 *
 * Do not open a database file by other means in the same process while it is open here: closing such a descriptor
 * drops SQLite's locks (https://sqlite.org/howtocorrupt.html §2.2).
 * @throws StoreBusy, WrongKey, StoreCorrupt, StoreMissing, DiskFull, or an ExpectedError for other causes outside of mx
 */
export const openDatabase = (options: OpenOptions): Database => {
	const {file, mode} = options;
	const isReader = mode === 'reader';
	if ((isReader || options.mustExist === true) && isMissing(file)) throw new StoreMissing(file);
	if (!existsSync(dirname(file))) {
		const message = `The directory of ${file} does not exist.`;
		throw new ExpectedError({message, next: 'Run `mx doctor`.', reason: 'error'});
	}
	try {
		return open(options);
	} catch (error) {
		if (isReader && error instanceof StoreUnusable) return openCopy(options, error);
		throw error;
	}
};

/** @returns where a file that cannot be used would be set aside: `NAME.bad-<ISO time, - for :>`. */
export const asideNameFor = (file: string, now: Date): string => {
	const base = `${file}.bad-${now.toISOString().replaceAll(':', '-')}`;
	let name = base;
	for (let count = 2; existsSync(name); count++) name = `${base}-${count}`;
	return name;
};

/** Renames a database with its log and its shared memory, as far as they are there. */
export const moveAside = (file: string, name: string): void => {
	// The database first: if the machine stops in between, SQLite drops a log that lies beside a new, empty file,
	// whereas a database without its log would open as an older state of itself.
	for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, name + suffix);
};

/**
 * Renames a file that cannot be used, with its log and its shared memory.
 * @returns the new name of the database file
 */
export const setAside = (file: string, now: Date): string => {
	const name = asideNameFor(file, now);
	moveAside(file, name);
	return name;
};
