/** Opening encrypted files: who may open them, what is refused, and that nothing is overwritten. */
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import test from 'node:test';
import {prepare} from '../../source/store/bind.ts';
import {
	chooseCipher,
	openDatabase,
	readCpuFlags,
	requireFreeSpace,
	setAside,
	type Database,
	type OpenOptions,
} from '../../source/store/open-database.ts';
import {DiskFull, StoreBusy, StoreCorrupt, StoreMissing, WrongKey} from '../../source/store/store-errors.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const key = new Uint8Array(32).fill(1);

const open = (file: string, options: Partial<OpenOptions> = {}): Database =>
	openDatabase({file, key, cipher: 'aegis', mode: 'owner', durability: 'full', ...options});

/** Makes a file with one table and some rows. */
const createFile = (file: string): void => {
	const database = open(file);
	database.exec('CREATE TABLE item(value TEXT)');
	const insert = prepare(database, 'INSERT INTO item VALUES(?)');
	for (let number = 0; number < 300; number++) insert.run('x'.repeat(100));
	database.close();
};

const countItems = (database: Database): unknown =>
	prepare(database, 'SELECT count(*) AS count FROM item').get()?.count;

test('a reader sees what an owner commits, and cannot write', context => {
	const file = `${temporaryDirectory(context)}/test.db`;
	createFile(file);
	const owner = open(file);
	const reader = open(file, {mode: 'reader'});
	owner.exec("BEGIN; INSERT INTO item VALUES('uncommitted')");
	assert.equal(countItems(reader), 300);
	owner.exec('COMMIT');
	assert.equal(countItems(reader), 301);
	assert.throws(() => reader.exec('DELETE FROM item'), /readonly/);
	owner.close();
	reader.close();
});

test('an exclusive owner shuts out everyone, at once for another exclusive one', context => {
	const file = `${temporaryDirectory(context)}/test.db`;
	const first = open(file, {mode: 'exclusive'});
	const started = performance.now();
	assert.throws(() => open(file, {mode: 'exclusive'}), StoreBusy);
	assert.ok(performance.now() - started < 500);
	first.close();
	open(file, {mode: 'exclusive'}).close();
});

test('the settings are those asked for', context => {
	const directory = temporaryDirectory(context);
	const cases = [
		[
			{mode: 'exclusive', durability: 'full'},
			{synchronous: 2, locking_mode: 'exclusive', timeout: 0},
		],
		[
			{mode: 'owner', durability: 'normal'},
			{synchronous: 1, locking_mode: 'normal', timeout: 5000},
		],
	] as const;
	for (const [options, expected] of cases) {
		const database = open(`${directory}/${options.mode}.db`, options);
		const read = (name: string): unknown => database.pragma(name, {simple: true});
		assert.equal(read('journal_mode'), 'wal');
		assert.equal(read('temp_store'), 2);
		assert.equal(read('foreign_keys'), 0);
		assert.equal(read('synchronous'), expected.synchronous);
		assert.equal(read('locking_mode'), expected.locking_mode);
		assert.equal(read('busy_timeout'), expected.timeout);
		database.close();
	}
});

test('the files are for their owner alone', context => {
	const before = process.umask(0o022);
	context.after(() => process.umask(before));
	const directory = temporaryDirectory(context);
	const database = open(`${directory}/test.db`);
	database.exec('CREATE TABLE item(value TEXT)');
	const names = readdirSync(directory).sort();
	assert.deepEqual(names, ['test.db', 'test.db-shm', 'test.db-wal']);
	for (const name of names) assert.equal(statSync(`${directory}/${name}`).mode & 0o777, 0o600);
	database.close();
});

test('another key, another cipher, a plain database and any other file are refused and left as they are', context => {
	const directory = temporaryDirectory(context);
	const file = `${directory}/test.db`;
	createFile(file);
	const before = readFileSync(file);
	for (const mode of ['owner', 'exclusive', 'reader'] as const) {
		assert.throws(() => open(file, {mode, key: new Uint8Array(32)}), WrongKey);
		assert.throws(() => open(file, {mode, cipher: 'chacha20'}), WrongKey);
	}
	assert.deepEqual(readFileSync(file), before);
	const other = `${directory}/other.db`;
	writeFileSync(other, 'This is no database. '.repeat(1000));
	assert.throws(() => open(other), WrongKey);
	assert.equal(readFileSync(other, 'utf8'), 'This is no database. '.repeat(1000));
});

test('both ciphers open what they have written', context => {
	const directory = temporaryDirectory(context);
	for (const cipher of ['aegis', 'chacha20'] as const) {
		const file = `${directory}/${cipher}.db`;
		const database = open(file, {cipher});
		database.exec('CREATE TABLE item(value TEXT)');
		database.close();
		const again = open(file, {cipher});
		assert.equal(countItems(again), 0);
		again.close();
	}
});

test('a key of another length is a bug', context => {
	const file = `${temporaryDirectory(context)}/test.db`;
	assert.throws(() => open(file, {key: new Uint8Array(31)}), RangeError);
});

test('a file that is cut off is reported as damaged', context => {
	const file = `${temporaryDirectory(context)}/test.db`;
	createFile(file);
	truncateSync(file, 5000);
	assert.throws(() => {
		const database = open(file);
		context.after(() => void database.close());
		countItems(database);
	}, StoreCorrupt);
});

test('a missing or empty file is made, unless it must exist or is to be read', context => {
	const directory = temporaryDirectory(context);
	const empty = `${directory}/empty.db`;
	writeFileSync(empty, '');
	for (const file of [empty, `${directory}/missing.db`]) {
		assert.throws(() => open(file, {mustExist: true}), StoreMissing);
		assert.throws(() => open(file, {mode: 'reader'}), StoreMissing);
		open(file).close();
		assert.ok(statSync(file).size > 0);
	}
});

test('a path that cannot be a file is an error with a next step', context => {
	const directory = temporaryDirectory(context);
	mkdirSync(`${directory}/folder.db`);
	for (const file of [`${directory}/folder.db`, `${directory}/no/such/test.db`])
		assert.throws(
			() => open(file),
			(error: unknown) => error instanceof ExpectedError && error.report.next !== undefined,
		);
});

test('a file that is set aside keeps its log and never replaces another one', context => {
	const directory = temporaryDirectory(context);
	const file = `${directory}/test.db`;
	const now = new Date('2026-01-02T03:04:05.678Z');
	const write = (content: string): void => {
		for (const suffix of ['', '-wal', '-shm']) writeFileSync(file + suffix, content + suffix);
	};
	write('first');
	assert.equal(setAside(file, now), `${file}.bad-2026-01-02T03-04-05.678Z`);
	write('second');
	const second = setAside(file, now);
	assert.equal(second, `${file}.bad-2026-01-02T03-04-05.678Z-2`);
	assert.ok(!existsSync(file) && !existsSync(`${file}-wal`));
	assert.equal(readFileSync(`${file}.bad-2026-01-02T03-04-05.678Z-wal`, 'utf8'), 'first-wal');
	assert.equal(readFileSync(`${second}-wal`, 'utf8'), 'second-wal');
});

test('the cipher is chosen by the AES instructions of the processor', () => {
	assert.equal(chooseCipher(' fpu vme aes avx'), 'aegis');
	assert.equal(chooseCipher(' fp asimd evtstrm crc32 cpuid'), 'chacha20');
	assert.equal(chooseCipher(' fpu aesni-like'), 'chacha20');
	assert.equal(chooseCipher(undefined), 'aegis');
	const flags = readCpuFlags();
	assert.ok(flags === undefined || typeof flags === 'string');
});

test('too little free space is an error', context => {
	const directory = temporaryDirectory(context);
	assert.doesNotThrow(() => requireFreeSpace(directory, 1));
	assert.throws(() => requireFreeSpace(directory, Number.MAX_SAFE_INTEGER), DiskFull);
});
