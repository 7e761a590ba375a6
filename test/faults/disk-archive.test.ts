/** A damaged archive is replaced: what only this machine has comes along, and nothing else, wherever mx is killed meanwhile. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {openAccountDatabase, openAccountReader, type AccountFile} from '../../source/store/account-database.ts';
import {prepare} from '../../source/store/bind.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import {finishReplacement, lastReplacement, replaceDamagedArchive} from '../../source/store/replace-archive.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, ownUser, roomId, syncRoom} from '../store/account-fixture.ts';
import {fileIn, fill, spoilTable, texts} from './archive-file.ts';
import {spoilPages} from './damage.ts';

test('of a damaged archive the sign-in, drafts and waiting messages are kept, and the file itself too', context => {
	const directory = temporaryDirectory(context);
	const file = fileIn(directory);
	fill(file, texts(300))();
	spoilTable(file, 'event');
	const bytes = readFileSync(file.file);
	const damage = replaceDamagedArchive(file, new Date('2026-01-02T03:04:05.678Z'));
	assert.deepEqual(damage, {asideName: `${file.file}.bad-2026-01-02T03-04-05.678Z`, waiting: 1, drafts: 1, left: 0});
	assert.deepEqual(readFileSync(damage.asideName), bytes);
	const account = openAccountDatabase(file);
	context.after(() => account.close());
	assert.equal(account.meta('access_token'), 'the token');
	assert.equal(account.meta('next_batch'), undefined);
	const rooms = prepare(account.database, 'SELECT room_id, is_provisional FROM room').all();
	assert.deepEqual(rooms, [{room_id: roomId, is_provisional: 1}]);
	assert.equal(createOutboxStore(account).heads()[0]?.content['body'], 'waits');
});

test('of a damaged archive only what has its room is kept: nothing goes to the room that gets the number next', context => {
	const file = fileIn(temporaryDirectory(context));
	fill(file, texts(3))();
	spoilTable(file, 'room');
	const damage = replaceDamagedArchive(file, new Date());
	assert.deepEqual([damage.waiting, damage.drafts, damage.left], [0, 0, 2]);
	const account = openAccountDatabase(file);
	context.after(() => account.close());
	const rooms = createRoomWriter(account, ownUser);
	account.write(() => rooms.applyRoom(syncRoom([message('hello')], {}, {id: '!stranger:example.org'})));
	assert.deepEqual(createOutboxStore(account).heads(), []);
	assert.deepEqual(prepare(account.database, 'SELECT * FROM draft').all(), []);
	assert.equal(account.meta('access_token'), 'the token');
});

test('of a damaged archive what has a readable room is kept, although rooms before it cannot be read', context => {
	const file = fileIn(temporaryDirectory(context));
	fill(file, texts(3))();
	const account = openAccountDatabase(file);
	const rooms = createRoomWriter(account, ownUser);
	const ids = Array.from({length: 200}, (_, number) => `!${number}${'x'.repeat(200)}:example.org`);
	account.write(() => {
		for (const id of ids) rooms.applyRoom(syncRoom([message('hello')], {}, {id}));
	});
	const {rid} = prepare(account.database, 'SELECT max(rid) AS rid FROM room').get() ?? {};
	createOutboxStore(account).add({rid: Number(rid), transactionId: 't2', type: 'm.room.message', content: {}});
	account.close();
	const readable = openAccountReader(file);
	const pages = prepare(
		readable,
		`SELECT pageno FROM dbstat WHERE name = 'room' AND pagetype = 'leaf' ORDER BY path`,
	).all();
	readable.close();
	assert.ok(pages.length > 1);
	spoilPages(file.file, Number(pages[0]?.['pageno']));
	const damage = replaceDamagedArchive(file, new Date());
	assert.deepEqual([damage.waiting, damage.drafts, damage.left], [1, 0, 2]);
	const next = openAccountDatabase(file);
	context.after(() => next.close());
	assert.deepEqual(
		createOutboxStore(next)
			.heads()
			.map(head => head.roomId),
		ids.slice(-1),
	);
});

test('of an archive that cannot be read at all the file is kept, and an empty one begun', context => {
	const file = fileIn(temporaryDirectory(context));
	writeFileSync(file.file, 'This is no database. '.repeat(1000));
	const damage = replaceDamagedArchive(file, new Date());
	assert.deepEqual([damage.waiting, damage.drafts], [0, 0]);
	assert.match(readFileSync(damage.asideName, 'utf8'), /^This is no database/);
	openAccountDatabase(file).close();
});

const program = path.join(import.meta.dirname, 'programs/replace-archive.ts');

/** A damaged archive as a process that was killed leaves it: with its log, and that of its shared memory. */
const leaveDamaged = (directory: string): AccountFile => {
	const file = fileIn(directory);
	const owned = fileIn(path.join(directory, 'owned'));
	mkdirSync(path.dirname(owned.file));
	fill(owned, texts(30))();
	spoilTable(owned, 'event');
	const account = openAccountDatabase(owned);
	account.write(() => account.setMeta('last_sync', 7));
	for (const suffix of ['', '-wal', '-shm']) copyFileSync(owned.file + suffix, file.file + suffix);
	account.close();
	return file;
};

const isNotReady = (error: unknown): boolean => error instanceof ExpectedError && error.report.reason === 'notReady';

for (const [moment, when] of [
	['0', 'before the damaged file is set aside'],
	['1', 'when it is, and its log is not'],
	['3', 'before the new one takes its place'],
	['end', 'right after'],
] as const) {
	test(`mx is killed while it replaces a damaged archive, ${when}: nothing is lost, and the next start has it`, context => {
		const directory = temporaryDirectory(context);
		const file = leaveDamaged(directory);
		const {signal, stderr} = spawnSync(process.execPath, [program, directory, moment], {encoding: 'utf8'});
		assert.equal(signal, 'SIGKILL', stderr);
		// Meanwhile nobody is told that the account is not there.
		if (!existsSync(file.file)) assert.throws(() => openAccountReader(file), isNotReady);
		finishReplacement(file, new Date());
		// Before the first renaming all is as it was, and the damage is met again.
		if (moment === '0') replaceDamagedArchive(file, new Date('2026-01-02T03:04:05.678Z'));
		const account = openAccountDatabase(file);
		context.after(() => account.close());
		const asideName = `${file.file}.bad-2026-01-02T03-04-05.678Z`;
		assert.equal(account.meta('access_token'), 'the token');
		assert.deepEqual(lastReplacement(account), {asideName, waiting: 1, drafts: 1, left: 0});
		assert.equal(createOutboxStore(account).heads()[0]?.content['body'], 'waits');
		const left = readdirSync(directory).filter(name => name.includes('.bad-') || name.includes('.new'));
		const aside = path.basename(asideName);
		assert.deepEqual(left.toSorted(), [aside, `${aside}-shm`, `${aside}-wal`]);
		const old = openAccountReader({...file, file: asideName});
		context.after(() => old.close());
		assert.equal(prepare(old, `SELECT value FROM meta WHERE key = 'last_sync'`).get()?.['value'], 7);
	});
}

test('a new archive that is damaged itself, and the only one, is kept, and the account can be opened', context => {
	const file = fileIn(temporaryDirectory(context));
	writeFileSync(`${file.file}.new`, 'This is no database. '.repeat(1000));
	finishReplacement(file, new Date('2026-01-02T03:04:05.678Z'));
	assert.match(readFileSync(`${file.file}.new.bad-2026-01-02T03-04-05.678Z`, 'utf8'), /^This is no database/);
	openAccountDatabase(file).close();
});

test('where the disk refuses a new archive, the damaged one stays in its place', context => {
	const directory = temporaryDirectory(context);
	const file = leaveDamaged(directory);
	const bytes = readFileSync(file.file);
	mkdirSync(`${file.file}.new`);
	assert.throws(() => replaceDamagedArchive(file, new Date()), ExpectedError);
	assert.deepEqual(readFileSync(file.file), bytes);
	assert.ok(existsSync(`${file.file}-wal`));
});
