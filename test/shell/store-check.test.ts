/** What mx makes of a database file that it finds: missing, emptied, damaged, or open elsewhere. */
import assert from 'node:assert/strict';
import {readdirSync, readlinkSync, statSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test, {type TestContext} from 'node:test';
import {createAccountAccess} from '../../source/shell/account-access.ts';
import {checkDatabase} from '../../source/shell/store-check.ts';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import type {AccountRecord} from '../../source/store/account-record.ts';
import {prepare} from '../../source/store/bind.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {deriveKeys, keyCheck, keyToText} from '../../source/store/secrets/derived-keys.ts';
import {pageCount, spoilPages} from '../faults/damage.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const key = new Uint8Array(32).fill(1);

/** A closed store with a table, and how it is opened. */
const createStore = (context: TestContext) => {
	const file = join(temporaryDirectory(context), 'crypto.db');
	const options = {file, key, cipher: 'aegis', mode: 'exclusive'} as const;
	const database = openDatabase({...options, durability: 'full'});
	database.exec('CREATE TABLE item(value TEXT)');
	database.close();
	return {file, options};
};

/** Files below a directory that this process has open; Linux alone tells. */
const openFilesIn = (directory: string): readonly string[] =>
	readdirSync('/proc/self/fd').flatMap(name => {
		try {
			const target = readlinkSync(`/proc/self/fd/${name}`);
			return target.startsWith(directory) ? [target] : [];
		} catch {
			// The one that the list was read with.
			return [];
		}
	});

test('a whole file is sound, a missing one is missing', async context => {
	const {file, options} = createStore(context);
	assert.equal(await checkDatabase(options), 'sound');
	assert.equal(await checkDatabase({...options, file: `${file}-other`}), 'missing');
	assert.deepEqual(readdirSync(join(file, '..')), ['crypto.db']);
});

test('a file that lost all its bytes is missing, and is not made a new store', async context => {
	const {file, options} = createStore(context);
	truncateSync(file, 0);
	assert.equal(await checkDatabase(options), 'missing');
	assert.equal(statSync(file).size, 0);
});

test('a damaged page is damage, be it the first one or a later one', async context => {
	const {file, options} = createStore(context);
	spoilPages(file, 2);
	assert.equal(await checkDatabase(options), 'damaged');
	spoilPages(file, 1);
	await assert.rejects(checkDatabase(options), {name: 'WrongKey'});
});

test('a schema that cannot be read is damage, and the file is free afterwards', async context => {
	const {file, options} = createStore(context);
	const database = openDatabase({...options, durability: 'full'});
	// So many that the list of them does not fit on the first page.
	const tables = Array.from({length: 100}, (_, number) => `CREATE TABLE ${'x'.repeat(100)}${number}(value TEXT);`);
	database.exec(`BEGIN; ${tables.join(' ')} COMMIT`);
	database.close();
	spoilPages(file, 2, pageCount(file));
	assert.equal(await checkDatabase(options), 'damaged');
	spoilPages(file, 1);
	await assert.rejects(checkDatabase(options), {name: 'WrongKey'});
});

test('a file that another mx has open is busy', async context => {
	const {options} = createStore(context);
	const owner = openDatabase({...options, durability: 'full'});
	assert.equal(await checkDatabase(options), 'busy');
	owner.close();
});

test('a token that stands on a damaged page is lost, and the archive is closed again', async context => {
	const home = temporaryDirectory(context);
	const environment = {MX_HOME: home, MX_KEY: keyToText(key)};
	const access = createAccountAccess({
		environment,
		profile: undefined,
		now: Date.now,
		askSecret: undefined,
		say: () => undefined,
	});
	await access.prepare();
	const {accountDatabase: file} = access.files;
	const account = openAccountDatabase({file, key: deriveKeys(key).accountDatabase, cipher: 'aegis'});
	account.setMeta('access_token', 'secret');
	const {rootpage} = prepare(account.database, `SELECT rootpage FROM sqlite_schema WHERE name = 'meta'`).get() ?? {};
	account.database.pragma('wal_checkpoint(TRUNCATE)');
	account.close();
	const record: AccountRecord = {
		version: 1,
		userId: '@anna:example.org',
		deviceId: 'DEVICE',
		homeserver: 'http://127.0.0.1:9',
		cipher: 'aegis',
		secrets: {backend: 'external', check: keyCheck(key)},
	};
	assert.equal(await access.readToken(record), 'secret');
	spoilPages(file, Number(rootpage));
	assert.equal(await access.readToken(record), undefined);
	if (process.platform === 'linux') assert.deepEqual(openFilesIn(home), []);
});
