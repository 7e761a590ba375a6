/** The screen's reader over the fate of its file: opened anew where it is the same archive, kept where it is another one. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {EngineNotice, NetState} from '../../source/domain/session.ts';
import {createLastingReader} from '../../source/shell/lasting-reader.ts';
import {openAccountDatabase, openAccountReader, type AccountFile} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {replaceDamagedArchive} from '../../source/store/replace-archive.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, ownUser, roomId, syncRoom} from '../store/account-fixture.ts';
import {fileIn, fill, spoilTable} from './archive-file.ts';
import {createSmallDisk} from './small-disk.ts';

const net = (state: NetState['state']): EngineNotice => ({kind: 'net', net: {state}});

/** The reader of a screen on an archive with one room. */
const openReader = (context: TestContext, file: AccountFile) => {
	let opened = 0;
	const lasting = createLastingReader(file.file, () => {
		const database = openAccountReader(file);
		opened += 1;
		let isOpen = true;
		const close = (): void => {
			if (isOpen) opened -= 1;
			isOpen = false;
			database.close();
		};
		context.after(close);
		return {reader: createAccountReader(database, ownUser), close};
	});
	return {...lasting, open: () => opened};
};

const writeRoom = (file: AccountFile, id: string): void => {
	const account = openAccountDatabase(file);
	account.write(() => createRoomWriter(account, ownUser).applyRoom(syncRoom([message('hello')], {}, {id})));
	account.close();
};

test('a screen whose archive was replaced goes on reading the old one: the number of its room is that of another room there', context => {
	const file = fileIn(temporaryDirectory(context));
	fill(file, [])();
	const lasting = openReader(context, file);
	const [room] = lasting.reader.rooms({offset: 0, limit: 1});
	assert.equal(room?.roomId, roomId);
	assert.deepEqual(lasting.reader.about.recentReactions(1), []);
	lasting.heed(net('no-storage'));
	const {asideName} = replaceDamagedArchive(file, new Date());
	const account = openAccountDatabase(file);
	account.write(() => account.database.exec('DELETE FROM room'));
	account.close();
	writeRoom(file, '!stranger:example.org');
	assert.equal(lasting.heed(net('connecting')), false);
	assert.equal(lasting.reader.room(room.rid)?.roomId, roomId);
	assert.equal(lasting.open(), 1);
	// What cannot be read of it is there after a restart.
	spoilTable({...file, file: asideName}, 'thread_unread');
	assert.throws(() => lasting.reader.reads.threads(room.rid), /damaged and is replaced by now/);
});

for (const [fate, isReplaced] of [
	['is opened anew when it is written again: what comes later is seen', false],
	['is not left for an archive that has taken its place', true],
] as const) {
	test(`a screen that began on a read-only disk has a copy of its archive, and that ${fate}`, context => {
		const disk = createSmallDisk({after: cleanUp => context.after(cleanUp)});
		const file = fileIn(disk.path);
		fill(file, [])();
		disk.setReadOnly(true);
		const lasting = openReader(context, file);
		disk.setReadOnly(false);
		lasting.heed(net('no-storage'));
		if (isReplaced) replaceDamagedArchive(file, new Date());
		writeRoom(file, '!later:example.org');
		const seen = (): string | undefined => lasting.reader.roomById('!later:example.org')?.roomId;
		assert.equal(seen(), undefined);
		assert.equal(lasting.heed(net('connecting')), !isReplaced);
		assert.equal(seen(), isReplaced ? undefined : '!later:example.org');
		assert.equal(lasting.open(), 1);
	});
}
