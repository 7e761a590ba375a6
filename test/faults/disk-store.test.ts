/** The archive on a bad disk, without a server: flipped bits, cut files, lost logs, and a disk that is full at each write. */
import assert from 'node:assert/strict';
import {copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test, type TestContext} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {openAccountDatabase, openAccountReader, type AccountFile} from '../../source/store/account-database.ts';
import {writeAccountRecord} from '../../source/store/account-record.ts';
import {prepare} from '../../source/store/bind.ts';
import {createDraftStore} from '../../source/store/draft-store.ts';
import type {Database} from '../../source/store/open-database.ts';
import {DiskFull, isDamaged} from '../../source/store/store-errors.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {openSettings} from '../../source/store/settings.ts';
import {createRandom} from '../helpers/random.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, ownUser, syncRoom} from '../store/account-fixture.ts';
import {fileIn, fill, texts} from './archive-file.ts';
import {createSmallDisk, needsSmallDisk} from './small-disk.ts';

const seed = Number(process.env['MX_FLIP_SEED'] ?? 1);
const flips = Number(process.env['MX_FLIPS'] ?? 300);
const cuts = Number(process.env['MX_CUTS'] ?? 40);

const tables = ['meta', 'room', 'state', 'member', 'chunk', 'event', 'outbox', 'draft'];

const readAll = (database: Database): string =>
	JSON.stringify(tables.map(table => prepare(database, `SELECT * FROM ${table}`).all()));

/** Goes through the indexes too, which the rows of a table do not need. */
const checkAll = (database: Database): string => JSON.stringify(prepare(database, 'PRAGMA integrity_check').all());

/** @returns what is read of the file, or that it is damaged. @throws what is neither */
const readOrRefuse = (file: AccountFile, read = readAll): string | undefined => {
	let database: Database | undefined;
	try {
		database = openAccountReader(file);
		return read(database);
	} catch (error) {
		assert.ok(isDamaged(error), String(error));
		return undefined;
	} finally {
		database?.close();
	}
};

test(`${flips} flipped bits and ${cuts} cuts give the right rows or none (MX_FLIP_SEED=${seed})`, context => {
	const directory = temporaryDirectory(context);
	const file = fileIn(directory);
	fill(file, texts(300))();
	const intact = readFileSync(file.file);
	const expected = readOrRefuse(file);
	assert.ok(expected);
	const whole = readOrRefuse(file, checkAll);
	const random = createRandom(seed);
	const copy = fileIn(directory, 'copy.db');
	const look = (): boolean => {
		const found = readOrRefuse(copy);
		if (found !== undefined) assert.ok(found === expected, 'wrong rows');
		const isNoticed = found === undefined || readOrRefuse(copy, checkAll) !== whole;
		for (const suffix of ['', '-wal', '-shm']) rmSync(copy.file + suffix, {force: true});
		return isNoticed;
	};
	let refused = 0;
	for (let flip = 0; flip < flips; flip++) {
		const damaged = Buffer.from(intact);
		const offset = random.below(damaged.length);
		damaged[offset] = (damaged[offset] ?? 0) ^ (1 << random.below(8));
		writeFileSync(copy.file, damaged);
		if (look()) refused += 1;
	}
	assert.ok(refused >= flips * 0.95, `${refused} of ${flips} noticed; the others lie on pages that nobody uses`);
	context.diagnostic(`${refused} of ${flips} flipped bits noticed`);
	for (let cut = 0; cut < cuts; cut++) {
		copyFileSync(file.file, copy.file);
		truncateSync(copy.file, 1 + random.below(intact.length - 1));
		look();
	}
});

/** A file and its log while an owner has both open: as a crash leaves them. */
const crashed = (file: AccountFile, to: string, bodies: readonly string[]): string => {
	const close = fill(file, bodies);
	for (const suffix of ['', '-wal']) copyFileSync(file.file + suffix, to + suffix);
	const reader = openAccountReader(file);
	const rows = readAll(reader);
	reader.close();
	close();
	return rows;
};

test('without its log, or with that of another account, an archive opens as an older state of itself or not at all', context => {
	const directory = temporaryDirectory(context);
	const file = fileIn(directory, 'crashed.db');
	const other = {...fileIn(directory, 'other.db'), key: new Uint8Array(32).fill(8)};
	const rows = crashed(fileIn(directory, 'first.db'), file.file, texts(5));
	const otherRows = crashed({...other, file: path.join(directory, 'second.db')}, other.file, texts(50));
	assert.notEqual(rows, otherRows);
	for (const wal of [undefined, `${other.file}-wal`]) {
		rmSync(`${file.file}-wal`, {force: true});
		rmSync(`${file.file}-shm`, {force: true});
		if (wal !== undefined) copyFileSync(wal, `${file.file}-wal`);
		try {
			const account = openAccountDatabase(file);
			const found = JSON.parse(readAll(account.database)) as unknown[][];
			account.close();
			assert.ok(found.every(table => table.length <= 6));
			assert.doesNotMatch(JSON.stringify(found), /text 49/);
		} catch (error) {
			if (!isDamaged(error)) throw error;
		}
	}
});

/** Opens the archive and runs one write on it while the disk is full. */
type Write = (context: {readonly file: AccountFile; readonly onFailure: (error: Error) => void}) => () => void;

const writes: Readonly<Record<string, Write>> = {
	'a message that is sent': ({file, onFailure}) => {
		const account = openAccountDatabase(file, onFailure);
		const add = () => createOutboxStore(account).add({rid: 1, transactionId: 't2', type: 'm', content: {}});
		return closing(account, add);
	},
	'a draft': ({file, onFailure}) => {
		const account = openAccountDatabase(file, onFailure);
		return closing(account, () => createDraftStore(account).save(1, 'x'.repeat(9000)));
	},
	'what comes from the server': ({file, onFailure}) => {
		const account = openAccountDatabase(file, onFailure);
		const rooms = createRoomWriter(account, ownUser);
		return closing(account, () => account.write(() => rooms.applyRoom(syncRoom([message('new')]))));
	},
	'the sync token': ({file, onFailure}) => {
		const account = openAccountDatabase(file, onFailure);
		return closing(account, () => account.writeDurably(() => account.setMeta('next_batch', 's2')));
	},
};

const closing = (account: {readonly close: () => void}, write: () => unknown) => () => {
	try {
		write();
	} finally {
		account.close();
	}
};

const isDiskError = (error: unknown): boolean => error instanceof DiskFull || error instanceof ExpectedError;

const prepareDisk = (context: TestContext) => {
	const disk = createSmallDisk({after: cleanUp => context.after(cleanUp)});
	const file = fileIn(disk.path);
	fill(file, texts(20))();
	return {disk, file};
};

for (const [name, open] of Object.entries(writes)) {
	test(
		`on a full disk ${name} is refused whole, the engine hears of it, and with space it is written`,
		needsSmallDisk(),
		context => {
			const {disk, file} = prepareDisk(context);
			const before = readOrRefuse(file);
			const failures: Error[] = [];
			const write = open({file, onFailure: error => void failures.push(error)});
			disk.fill();
			try {
				assert.throws(write, isDiskError);
			} finally {
				disk.free();
			}
			assert.ok(failures.length > 0);
			assert.equal(readOrRefuse(file), before);
			open({file, onFailure: error => assert.fail(error)})();
			assert.notEqual(readOrRefuse(file), before);
		},
	);
}

test(
	'on a full disk settings and account record stay as they were, and nothing is left beside them',
	needsSmallDisk(),
	async context => {
		const {disk} = prepareDisk(context);
		const directory = path.join(disk.path, 'config');
		mkdirSync(directory);
		const config = path.join(directory, 'config.json');
		const record = path.join(directory, 'account.json');
		const account = {
			version: 1,
			userId: '@a:b',
			deviceId: 'D',
			homeserver: 'https://b',
			cipher: 'aegis',
			secrets: {backend: 'file', check: '0123456789abcdef'},
		} as const;
		const settings = openSettings(config, Date.now);
		await settings.set('theme', 'nord');
		writeAccountRecord(record, account);
		const before = [readFileSync(config, 'utf8'), readFileSync(record, 'utf8')];
		disk.fill();
		try {
			await assert.rejects(settings.set('bindings', {a: 'x'.repeat(20_000)}), ExpectedError);
			assert.throws(() => writeAccountRecord(record, {...account, deviceId: 'x'.repeat(20_000)}), ExpectedError);
		} finally {
			disk.free();
		}
		assert.deepEqual([readFileSync(config, 'utf8'), readFileSync(record, 'utf8')], before);
		assert.deepEqual(readdirSync(directory).toSorted(), ['account.json', 'config.json']);
		assert.equal(settings.get('theme'), 'nord');
	},
);

for (const [name, content] of [
	['binary', Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80, 0x7b])],
	['of 100 MB', Buffer.alloc(100 * 1_048_576, 0x20)],
] as const) {
	test(`settings that are ${name} are set aside, and the defaults hold`, context => {
		const config = path.join(temporaryDirectory(context), 'config.json');
		writeFileSync(config, content);
		const settings = openSettings(config, () => Date.UTC(2026, 10, 25));
		assert.equal(settings.get('theme'), 'auto');
		assert.equal(settings.notices.length, 1);
		assert.equal(readFileSync(`${config}.bad-2026-11-25T00-00-00-000Z`).length, content.length);
	});
}

test(
	'a closed archive on a read-only disk can be read, and no copy of it is left anywhere',
	needsSmallDisk(),
	context => {
		const {disk, file} = prepareDisk(context);
		const expected = readOrRefuse(file);
		const temporary = temporaryDirectory(context);
		const before = process.env['TMPDIR'];
		process.env['TMPDIR'] = temporary;
		disk.setReadOnly(true);
		try {
			assert.equal(readOrRefuse(file), expected);
			assert.deepEqual(readdirSync(temporary), []);
		} finally {
			disk.setReadOnly(false);
			if (before === undefined) delete process.env['TMPDIR'];
			else process.env['TMPDIR'] = before;
		}
	},
);
