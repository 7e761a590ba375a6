/** A damaged archive is replaced: what only this machine has comes along, and nothing else, wherever mx is killed meanwhile. */
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {openAccountDatabase, openAccountReader} from '../../source/store/account-database.ts';
import {prepare} from '../../source/store/bind.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import {replaceDamagedArchive} from '../../source/store/replace-archive.ts';
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
