/** An archive of a test's own, filled without a server. */
import path from 'node:path';
import {openAccountDatabase, openAccountReader, type AccountFile} from '../../source/store/account-database.ts';
import {prepare} from '../../source/store/bind.ts';
import {createDraftStore} from '../../source/store/draft-store.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {message, ownUser, syncRoom} from '../store/account-fixture.ts';
import {spoilPages} from './damage.ts';

export const fileIn = (directory: string, name = 'account.db'): AccountFile => ({
	file: path.join(directory, name),
	key: new Uint8Array(32).fill(7),
	cipher: 'aegis',
});

/** An archive with a room, its messages, a draft and a message that waits. @returns what closes it */
export const fill = (file: AccountFile, bodies: readonly string[]): (() => void) => {
	const account = openAccountDatabase(file);
	const rooms = createRoomWriter(account, ownUser);
	account.write(() => rooms.applyRoom(syncRoom(bodies.map(body => message(body)))));
	const rid = Number(prepare(account.database, 'SELECT rid FROM room').get()?.['rid']);
	createDraftStore(account).save(rid, 'half a thought');
	createOutboxStore(account).add({rid, transactionId: 't1', type: 'm.room.message', content: {body: 'waits'}});
	account.writeDurably(() => account.setMeta('access_token', 'the token'));
	return account.close;
};

/** Messages of many lengths. */
export const texts = (count: number): readonly string[] =>
	Array.from({length: count}, (_, number) => `text ${number} ${'lorem ipsum '.repeat(number % 40)}`);

/** Overwrites the first page of a table of a closed archive. */
export const spoilTable = (file: AccountFile, name: string): void => {
	const reader = openAccountReader(file);
	const row = prepare(reader, 'SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
	reader.close();
	spoilPages(file.file, Number(row?.['rootpage']));
};
