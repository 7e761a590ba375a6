/** The crypto store as a whole: the barrier, the end, and what happens when the storage fails. */
import assert from 'node:assert/strict';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import test from 'node:test';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {DiskFull, StoreCorrupt, StoreMissing, WrongKey} from '../../../source/store/store-errors.ts';
import {endOf, implementationOf, openIndexedDB, resultOf} from './indexed-db-promises.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {createTestStore, keyOf, openWithStores, reopen} from './test-store.ts';

test('flush waits for the writes queued so far and for nothing else', async context => {
	const {factory, store, log} = createTestStore(context);
	const database = await openWithStores(factory, 'a', 'b');
	await store.flush();
	log.length = 0;
	for (const name of ['a', 'b']) {
		const transaction = database.transaction(name, 'readwrite');
		transaction.objectStore(name).put(1, 'key');
		transaction.commit();
	}
	database.transaction('a').objectStore('a').get('key');
	await store.flush();
	assert.deepEqual(log, ['BEGIN', 'COMMIT', 'BEGIN', 'COMMIT']);
});

test('closing lets the transactions end and keeps what they wrote', async context => {
	const {factory, store, file} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const transaction = database.transaction('a', 'readwrite');
	transaction.objectStore('a').put('kept', 'key');
	await Promise.all([store.close(), store.close()]);
	assert.throws(() => database.transaction('a'), {name: 'InvalidStateError'});
	await assert.rejects(openIndexedDB(factory, {name: 'test'}), {name: 'InvalidStateError'});
	const again = implementationOf(reopen(context, file));
	const reopened = await openIndexedDB(again.factory, {name: 'test'});
	assert.equal(await resultOf(reopened.transaction('a').objectStore('a').get('key')), 'kept');
});

test('a full disk is known before the crypto hears of it; what was complete stays, nothing is written after it', async context => {
	const {factory, store, database: sqlite, file, log} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const events: string[] = [];
	store.onFailure(error => events.push(`failed: ${error.name}`));
	sqlite.pragma('max_page_count=60');
	const completed: number[] = [];
	for (let number = 0; store.failed === undefined; number++) {
		const transaction = database.transaction('a', 'readwrite');
		const request = transaction.objectStore('a').put('x'.repeat(10_000), number);
		request.addEventListener('error', () => events.push(`request: ${request.error?.name}, ${store.failed?.name}`));
		const end = await endOf(transaction);
		if (end === 'complete') completed.push(number);
		else events.push(end);
	}
	assert.ok(completed.length > 5);
	assert.ok(store.failed instanceof DiskFull);
	await assert.rejects(store.flush(), DiskFull);
	let lateFailure: Error | undefined;
	store.onFailure(error => (lateFailure = error));
	assert.equal(lateFailure, store.failed);

	// There is space again, but the crypto's memory is ahead of the disk.
	sqlite.pragma('max_page_count=1000000');
	log.length = 0;
	const late = database.transaction('a', 'readwrite');
	late.objectStore('a').put(1, 'late');
	late.commit();
	assert.equal(await endOf(late), 'aborted with UnknownError');
	assert.deepEqual(log, []);
	assert.deepEqual(events, ['failed: DiskFull', 'request: UnknownError, DiskFull', 'aborted with UnknownError']);
	await store.close();
	const again = await openIndexedDB(implementationOf(reopen(context, file)).factory, {name: 'test'});
	assert.deepEqual(await resultOf(again.transaction('a').objectStore('a').getAllKeys()), completed);
});

test('a flush that waits when the storage fails is rejected', async context => {
	const {factory, store, database: sqlite} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	sqlite.pragma('max_page_count=20');
	const transaction = database.transaction('a', 'readwrite');
	transaction.objectStore('a').put('x'.repeat(1_000_000), 'key');
	transaction.commit();
	await assert.rejects(store.flush(), DiskFull);
});

test('a commit that fails aborts the transaction, and is a failure of the storage', async context => {
	const {factory, store, file, log, broken} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	log.length = 0;
	broken.push('COMMIT');
	const transaction = database.transaction('a', 'readwrite');
	transaction.objectStore('a').put(1, 'key');
	transaction.commit();
	assert.equal(await endOf(transaction), 'aborted with UnknownError');
	assert.deepEqual(log, ['BEGIN', 'ROLLBACK']);
	assert.match(store.failed?.message ?? '', /SQLITE_IOERR_WRITE/);
	await store.close();
	const again = await openIndexedDB(implementationOf(reopen(context, file)).factory, {name: 'test'});
	assert.equal(await resultOf(again.transaction('a').objectStore('a').count()), 0);
});

test('a transaction that was writing when the storage failed elsewhere is not committed', async context => {
	const {factory, store, log, broken} = createTestStore(context);
	const database = await openWithStores(factory, 'a', 'b');
	const writing = database.transaction('a', 'readwrite');
	await resultOf(writing.objectStore('a').put(1, 'key'));
	broken.push('SELECT value FROM idb_record');
	log.length = 0;
	const end = endOf(writing);
	await assert.rejects(resultOf(database.transaction('b').objectStore('b').get('key')), {name: 'UnknownError'});
	assert.equal(await end, 'aborted with UnknownError');
	assert.deepEqual(log, ['ROLLBACK']);
	await assert.rejects(store.flush(), store.failed);
});

test('an upgrade that cannot be written fails, and the version stays', async context => {
	const {factory, store, broken} = createTestStore(context);
	(await openWithStores(factory, 'a')).close();
	broken.push('INSERT INTO idb_store');
	const upgrade = (database: IDBDatabase): void => {
		assert.throws(() => database.createObjectStore('b'), {name: 'UnknownError'});
	};
	await assert.rejects(openIndexedDB(factory, {name: 'test', version: 2, upgrade}), {name: 'AbortError'});
	assert.ok(store.failed);
	assert.deepEqual(await factory.databases(), [{name: 'test', version: 1}]);
});

const sizeOfPage = 4096;

test('a flipped bit on disk is an error, never another value', async context => {
	const {factory, store, file} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const values = database.transaction('a', 'readwrite').objectStore('a');
	for (let number = 0; number < 40; number++) values.put(`${number} `.repeat(400), number);
	await store.close();
	const intact = readFileSync(file);
	let detected = 0;
	for (let page = 1; page < intact.length / sizeOfPage; page++) {
		const damaged = Buffer.from(intact);
		const offset = page * sizeOfPage + 1234;
		damaged[offset] = (damaged[offset] ?? 0) ^ 1;
		writeFileSync(file, damaged);
		try {
			const broken = openCryptoStore({file, key: keyOf(1), cipher: 'aegis', mustExist: true});
			try {
				const again = await openIndexedDB(implementationOf(broken).factory, {name: 'test'});
				const read = await resultOf(again.transaction('a').objectStore('a').getAll());
				assert.deepEqual(
					read,
					Array.from({length: 40}, (_, number) => `${number} `.repeat(400)),
				);
			} catch (error) {
				assert.ok(broken.failed instanceof StoreCorrupt, String(error));
				throw error;
			} finally {
				await broken.close();
			}
		} catch (error) {
			if (error instanceof assert.AssertionError) throw error;
			detected++;
		}
	}
	// Pages of tables that the test does not read stay unnoticed until they are read.
	assert.ok(detected >= 20, `${detected} of ${intact.length / sizeOfPage}`);
});

test('another key and another cipher are refused, and the file stays as it is', async context => {
	const {factory, store, file} = createTestStore(context);
	await openWithStores(factory, 'a');
	await store.close();
	const before = readFileSync(file);
	assert.throws(() => openCryptoStore({file, key: keyOf(2), cipher: 'aegis'}), WrongKey);
	assert.throws(() => openCryptoStore({file, key: keyOf(1), cipher: 'chacha20'}), WrongKey);
	assert.deepEqual(readFileSync(file), before);
});

test('a store that must exist is not made anew', context => {
	const directory = temporaryDirectory(context);
	for (const file of [`${directory}/crypto.db`, `${directory}/no/crypto.db`]) {
		assert.throws(() => openCryptoStore({file, key: keyOf(1), cipher: 'aegis', mustExist: true}), StoreMissing);
		assert.equal(statSync(file, {throwIfNoEntry: false}), undefined);
	}
});

test('neither the file nor its log holds anything readable', async context => {
	const {factory, store, file} = createTestStore(context);
	const secret = 'MEGOLM_SESSION_SECRET';
	const database = await openWithStores(factory, secret);
	const transaction = database.transaction(secret, 'readwrite');
	for (let number = 0; number < 50; number++)
		transaction.objectStore(secret).put({secret: secret.repeat(10)}, `@${secret}:example.org${number}`);
	transaction.commit();
	await store.flush();
	const log = readFileSync(`${file}-wal`);
	await store.close();
	const content = readFileSync(file);
	assert.ok(log.length > 50_000 && content.length > 10_000);
	for (const bytes of [log, content]) {
		for (const word of [secret, 'example.org', 'idb_record', 'CREATE TABLE', 'SQLite format'])
			assert.equal(bytes.indexOf(word), -1, word);
	}
});
