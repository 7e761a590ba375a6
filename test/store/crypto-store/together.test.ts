/** What the crypto store keeps together reaches the disk at once: all of it, or nothing. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {endOf, implementationOf, openIndexedDB, resultOf} from './indexed-db-promises.ts';
import {createTestStore, openWithStores, reopen, type TestStore} from './test-store.ts';

const put = async (database: IDBDatabase, key: string): Promise<string> => {
	const transaction = database.transaction('a', 'readwrite');
	transaction.objectStore('a').put(1, key);
	transaction.commit();
	return endOf(transaction);
};

const keysIn = async (factory: IDBFactory): Promise<unknown> => {
	const database = await openIndexedDB(factory, {name: 'test'});
	return resultOf(database.transaction('a').objectStore('a').getAllKeys());
};

/** @returns the keys that are in the file when the store is closed */
const keysOnDisk = async (t: test.TestContext, {store, file}: TestStore): Promise<unknown> => {
	await store.close();
	return keysIn(implementationOf(reopen(t, file)).factory);
};

test('two transactions of one work are one of SQLite, and flush waits for it', async t => {
	const testStore = createTestStore(t);
	const {factory, store, log} = testStore;
	const database = await openWithStores(factory, 'a');
	await store.flush();
	log.length = 0;
	const gate = Promise.withResolvers<void>();
	const work = store.together(async () => {
		assert.equal(await put(database, 'session'), 'complete');
		await gate.promise;
		assert.equal(await put(database, 'room key'), 'complete');
		return 'done';
	});
	assert.equal(await put(database, 'of somebody else'), 'complete');
	const flushed = store.flush().then(() => log.push('flushed'));
	// Others read what is not on disk yet.
	assert.deepEqual(await keysIn(factory), ['of somebody else', 'session']);
	assert.deepEqual(log, ['BEGIN']);
	gate.resolve();
	assert.equal(await work, 'done');
	await flushed;
	assert.deepEqual(log, ['BEGIN', 'COMMIT', 'flushed']);
	assert.equal(await put(database, 'later'), 'complete');
	assert.deepEqual(log.slice(3), ['BEGIN', 'COMMIT']);
	assert.deepEqual(await keysOnDisk(t, testStore), ['later', 'of somebody else', 'room key', 'session']);
});

test('of a work that has not ended when the store is closed nothing is on disk, and nobody is told that it is', async t => {
	const testStore = createTestStore(t);
	const {factory, store} = testStore;
	const database = await openWithStores(factory, 'a');
	await put(database, 'before');
	const begun = Promise.withResolvers<void>();
	const gate = Promise.withResolvers<void>();
	const work = store.together(async () => {
		await put(database, 'session');
		begun.resolve();
		await gate.promise;
	});
	await begun.promise;
	const flushed = store.flush();
	const onDisk = await keysOnDisk(t, testStore);
	gate.resolve();
	await assert.rejects(work, /closed before all was written/);
	await assert.rejects(flushed, /closed before all was written/);
	assert.equal(store.failed, undefined);
	assert.deepEqual(onDisk, ['before']);
});

test('a transaction that aborts takes nothing along, and a work that fails keeps what it wrote', async t => {
	const testStore = createTestStore(t);
	const database = await openWithStores(testStore.factory, 'a');
	const work = testStore.store.together(async () => {
		await put(database, 'first');
		const aborted = database.transaction('a', 'readwrite');
		await resultOf(aborted.objectStore('a').put(1, 'aborted'));
		aborted.abort();
		await put(database, 'second');
		throw new Error('no');
	});
	await assert.rejects(work, /^Error: no$/);
	assert.deepEqual(await keysOnDisk(t, testStore), ['first', 'second']);
});

test('what is half written when the work ends, is ended first', async t => {
	const testStore = createTestStore(t);
	const {factory, store, log} = testStore;
	const database = await openWithStores(factory, 'a');
	await store.flush();
	log.length = 0;
	const other = database.transaction('a', 'readwrite');
	const work = store.together(async () => {
		await resultOf(other.objectStore('a').put(1, 'other'));
	});
	const ended = work.then(() => log.push('ended'));
	await resultOf(other.objectStore('a').put(1, 'and more'));
	other.commit();
	await ended;
	assert.deepEqual(log, ['BEGIN', 'COMMIT', 'ended']);
	assert.deepEqual(await keysOnDisk(t, testStore), ['and more', 'other']);
});

test('when the storage fails, nothing of the work is kept', async t => {
	const testStore = createTestStore(t);
	const {factory, store, broken} = testStore;
	const database = await openWithStores(factory, 'a');
	await put(database, 'before');
	const work = store.together(async () => {
		await put(database, 'session');
		broken.push('INSERT INTO idb_record');
		assert.equal(await put(database, 'room key'), 'aborted with UnknownError');
	});
	await assert.rejects(work, /SQLITE_IOERR_WRITE/);
	await assert.rejects(store.flush(), store.failed);
	assert.deepEqual(await keysOnDisk(t, testStore), ['before']);
});

test('when the last commit fails, nothing of the work is kept, and nothing is written after it', async t => {
	const testStore = createTestStore(t);
	const {factory, store, broken} = testStore;
	const database = await openWithStores(factory, 'a');
	await put(database, 'before');
	broken.push('COMMIT');
	const work = store.together(async () => put(database, 'session'));
	await assert.rejects(work, /SQLITE_IOERR_WRITE/);
	broken.length = 0;
	assert.equal(await put(database, 'late'), 'aborted with UnknownError');
	assert.deepEqual(await keysOnDisk(t, testStore), ['before']);
});
