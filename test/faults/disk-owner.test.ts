/** The stores of an account and their one owner, when a page turns out to be damaged while they are open. */
import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import {openAccountStores, type AccountStores, type StoresOptions} from '../../source/engine/account-stores.ts';
import {prepare} from '../../source/store/bind.ts';
import {StoreCorrupt} from '../../source/store/store-errors.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, ownUser, syncRoom} from '../store/account-fixture.ts';
import {spoilTable} from './archive-file.ts';
import {filesAt} from './damage.ts';

const record = {
	version: 1,
	userId: ownUser,
	deviceId: 'D',
	homeserver: 'https://example.org',
	cipher: 'aegis',
	secrets: {backend: 'file', check: 'unused'},
} as const;

/** Stores whose archive has a message that waits, and a damaged page that was not met yet. */
const openDamaged = async (context: TestContext): Promise<{options: StoresOptions; stores: AccountStores}> => {
	const files = filesAt(temporaryDirectory(context));
	mkdirSync(path.dirname(files.accountDatabase), {recursive: true});
	const keys = deriveKeys(new Uint8Array(32).fill(3));
	const options = {files, record, keys, isNewDevice: true};
	const first = openAccountStores(options);
	const {rid} = first.account.write(() => first.rooms.applyRoom(syncRoom([message('hello')])));
	first.outbox.add({rid, transactionId: 't1', type: 'm.room.message', content: {body: 'waits'}});
	await first.close();
	spoilTable({file: files.accountDatabase, key: keys.accountDatabase, cipher: 'aegis'}, 'event');
	const stores = openAccountStores(options);
	return {options: {...options, isNewDevice: false}, stores};
};

const meetDamage = ({account}: AccountStores): void => {
	assert.throws(() => prepare(account.database, 'SELECT * FROM event').all(), StoreCorrupt);
};

test('an archive that turns out to be damaged is replaced when it is closed, and the next engine tells of it until somebody heard', async context => {
	const {options, stores} = await openDamaged(context);
	meetDamage(stores);
	await stores.close();
	const next = openAccountStores(options);
	assert.deepEqual({...next.damage, asideName: ''}, {asideName: '', waiting: 1, drafts: 0, left: 0});
	assert.equal(next.outbox.heads()[0]?.content['body'], 'waits');
	await next.close();
	const told = openAccountStores(options);
	assert.equal(told.damage?.waiting, 1);
	told.forgetDamage();
	await told.close();
	const last = openAccountStores(options);
	context.after(() => last.close());
	assert.equal(last.damage, undefined);
	const aside = readdirSync(path.dirname(options.files.accountDatabase)).filter(name => /\.bad-.*Z$/.test(name));
	assert.equal(aside.length, 1);
});

test('when a damaged archive cannot be replaced, the account is free for the next owner, who replaces it', async context => {
	const {options, stores} = await openDamaged(context);
	meetDamage(stores);
	const blocked = `${options.files.accountDatabase}.new`;
	mkdirSync(blocked);
	await assert.rejects(stores.close());
	rmSync(blocked, {recursive: true});
	const next = openAccountStores(options);
	context.after(() => next.close());
	assert.equal(next.outbox.heads()[0]?.content['body'], 'waits');
});
