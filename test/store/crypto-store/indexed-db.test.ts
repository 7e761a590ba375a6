/** What the Rust crypto relies on beyond the outcome of calls: when transactions end, wait, and write. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {endOf, openIndexedDB, resultOf} from './indexed-db-promises.ts';
import {createTestStore, openWithStores} from './test-store.ts';

test('a transaction stays open over many microtasks, and commits itself when a turn brings no request', async context => {
	const {factory, log} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	log.length = 0;
	const transaction = database.transaction('a', 'readwrite');
	const end = endOf(transaction);
	const store = transaction.objectStore('a');
	await resultOf(store.put(1, 'first'));
	for (let hop = 0; hop < 100; hop++) await Promise.resolve();
	await resultOf(store.put(2, 'second'));
	assert.deepEqual(log, ['BEGIN']);
	assert.equal(await end, 'complete');
	assert.deepEqual(log, ['BEGIN', 'COMMIT']);
});

test('complete comes after the commit in SQLite', async context => {
	const {factory, log} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	log.length = 0;
	const transaction = database.transaction('a', 'readwrite');
	const end = endOf(transaction).then(name => log.push(name));
	transaction.objectStore('a').put(1, 'key');
	transaction.commit();
	await end;
	assert.deepEqual(log, ['BEGIN', 'COMMIT', 'complete']);
});

test('reading costs no SQLite transaction, neither with commit nor with abort', async context => {
	const {factory, log} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	log.length = 0;
	for (const end of ['commit', 'abort'] as const) {
		const transaction = database.transaction('a');
		assert.equal(await resultOf(transaction.objectStore('a').get('key')), undefined);
		transaction[end]();
	}
	const writing = database.transaction('a', 'readwrite');
	await resultOf(writing.objectStore('a').get('key'));
	writing.abort();
	assert.deepEqual(log, []);
});

test('requests that nobody listens to take no turn of the event loop each', async context => {
	const {factory} = createTestStore(context, 0);
	const database = await openWithStores(factory, 'a');
	let turns = 0;
	let isCounting = true;
	const count = (): void => {
		turns++;
		if (isCounting) setImmediate(count);
	};
	setImmediate(count);
	const transaction = database.transaction('a', 'readwrite');
	const store = transaction.objectStore('a');
	for (let number = 0; number < 500; number++) store.put(number, number);
	transaction.commit();
	await endOf(transaction);
	isCounting = false;
	assert.ok(turns < 10, `${turns} turns`);
});

test('timers get their turn while a long transaction runs', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const ticks: number[] = [];
	const timer = setInterval(() => ticks.push(performance.now()), 1);
	const started = performance.now();
	const store = database.transaction('a', 'readwrite').objectStore('a');
	while (ticks.length < 5 && performance.now() - started < 5000) await resultOf(store.put(1, 'key'));
	clearInterval(timer);
	assert.ok(ticks.length >= 5, `${ticks.length} ticks`);
});

test('a value is stored as it was at the call', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const store = database.transaction('a', 'readwrite').objectStore('a');
	const value = {counter: 1};
	store.put(value, 'key');
	value.counter = 2;
	assert.deepEqual(await resultOf(store.get('key')), {counter: 1});
});

test('writers run one after the other, readers of other stores run beside them', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a', 'b', 'c');
	const events: string[] = [];
	const first = database.transaction('a', 'readwrite');
	const second = database.transaction('b', 'readwrite');
	const sameStore = database.transaction('a');
	const otherStore = database.transaction('c');
	const work = [
		endOf(first).then(() => events.push('first ends')),
		resultOf(second.objectStore('b').put(1, 'key')).then(() => events.push('second writes')),
		resultOf<number>(sameStore.objectStore('a').get('key')).then(value => events.push(`reader of a has ${value}`)),
		resultOf(otherStore.objectStore('c').get('key')).then(() => events.push('reader of c is done')),
	];
	const store = first.objectStore('a');
	// The first writer goes on until the reader of another store is done.
	for (let turn = 0; turn < 1000 && !events.includes('reader of c is done'); turn++)
		await resultOf(store.put(2, 'key'));
	await Promise.all(work);
	assert.deepEqual(events.slice(0, 2), ['reader of c is done', 'first ends']);
	assert.deepEqual(events.slice(2).sort(), ['reader of a has 2', 'second writes']);
});

test('a generated key of an aborted transaction is given again, also to one that was waiting', async context => {
	const {factory} = createTestStore(context);
	const database = await openIndexedDB(factory, {
		name: 'test',
		version: 1,
		upgrade: upgraded => void upgraded.createObjectStore('a', {autoIncrement: true}),
	});
	const first = database.transaction('a', 'readwrite');
	const second = database.transaction('a', 'readwrite').objectStore('a');
	const waiting = second.add('kept');
	await resultOf(first.objectStore('a').add('dropped'));
	first.abort();
	assert.equal(await resultOf(waiting), 1);
});

test('a new version waits until the other connections have closed and their transactions have ended', async context => {
	const {factory} = createTestStore(context);
	const old = await openWithStores(factory, 'a');
	const events: string[] = [];
	const transaction = old.transaction('a', 'readwrite');
	void endOf(transaction).then(name => events.push(name));
	old.addEventListener('versionchange', event => {
		events.push(`versionchange from ${event.oldVersion} to ${event.newVersion}`);
		transaction.objectStore('a').put(1, 'key');
		old.close();
	});
	const upgraded = await openIndexedDB(factory, {
		name: 'test',
		version: 2,
		upgrade: () => events.push('upgrade'),
	});
	assert.equal(upgraded.version, 2);
	assert.deepEqual(events, ['versionchange from 1 to 2', 'complete', 'upgrade']);
});

test('deleting a database waits without spinning, and leaves nothing', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	await resultOf(database.transaction('a', 'readwrite').objectStore('a').put(1, 'key'));
	const deletion = factory.deleteDatabase('test');
	const isBlocked = new Promise(resolve => deletion.addEventListener('blocked', () => resolve(true)));
	assert.ok(await isBlocked);
	assert.equal((await factory.databases()).length, 1);
	database.close();
	await resultOf(deletion);
	assert.deepEqual(await factory.databases(), []);
	const again = await openWithStores(factory, 'a');
	assert.equal(await resultOf(again.transaction('a').objectStore('a').count()), 0);
});

test('a unique index that the records do not fit aborts the upgrade as a whole', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const store = database.transaction('a', 'readwrite').objectStore('a');
	store.put({same: 1}, 'first');
	await resultOf(store.put({same: 1}, 'second'));
	database.close();
	const opening = openIndexedDB(factory, {
		name: 'test',
		version: 2,
		upgrade: (upgraded, transaction) => {
			upgraded.createObjectStore('b');
			transaction.objectStore('a').createIndex('same', 'same', {unique: true});
		},
	});
	await assert.rejects(opening, {name: 'AbortError'});
	const unchanged = await openIndexedDB(factory, {name: 'test'});
	assert.equal(unchanged.version, 1);
	assert.deepEqual([...unchanged.objectStoreNames], ['a']);
	assert.equal(unchanged.transaction('a').objectStore('a').indexNames.length, 0);
});

test('a store that is deleted and made again in one upgrade is empty', async context => {
	const {factory} = createTestStore(context);
	const database = await openIndexedDB(factory, {
		name: 'test',
		version: 1,
		upgrade: upgraded => {
			const store = upgraded.createObjectStore('a');
			store.createIndex('number', 'n');
			store.put({n: 1}, 'old');
			upgraded.deleteObjectStore('a');
			upgraded.createObjectStore('a').createIndex('number', 'n');
		},
	});
	const store = database.transaction('a').objectStore('a');
	assert.equal(await resultOf(store.count()), 0);
	assert.equal(await resultOf(store.index('number').count()), 0);
});

test('an aborted transaction fails its pending requests and takes no more', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const transaction = database.transaction('a', 'readwrite');
	const store = transaction.objectStore('a');
	const pending = resultOf(store.put(1, 'key'));
	const end = endOf(transaction);
	transaction.abort();
	await assert.rejects(pending, {name: 'AbortError'});
	assert.equal(await end, 'aborted with undefined');
	assert.throws(() => store.put(1, 'key'), {name: 'TransactionInactiveError'});
	assert.throws(() => transaction.abort(), {name: 'InvalidStateError'});
	assert.equal(await resultOf(database.transaction('a').objectStore('a').count()), 0);
});

test('an error that is handled on its way up does not abort the transaction', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const handlers = ['request', 'transaction', 'database', 'nobody'] as const;
	for (const handler of handlers) {
		const seen: string[] = [];
		const transaction = database.transaction('a', 'readwrite');
		const end = endOf(transaction);
		const store = transaction.objectStore('a');
		store.put(1, handler);
		const request = store.add(2, handler);
		const listen = (target: EventTarget, name: (typeof handlers)[number]): (() => void) => {
			const listener = (event: Event): void => {
				seen.push(name);
				if (name === handler) event.preventDefault();
			};
			target.addEventListener('error', listener);
			return () => target.removeEventListener('error', listener);
		};
		listen(request, 'request');
		listen(transaction, 'transaction');
		const forget = listen(database, 'database');
		assert.equal(await end, handler === 'nobody' ? 'aborted with ConstraintError' : 'complete');
		assert.deepEqual(seen, ['request', 'transaction', 'database']);
		forget();
	}
});

test('a reader cannot write', async context => {
	const {factory} = createTestStore(context);
	const database = await openWithStores(factory, 'a');
	const store = database.transaction('a').objectStore('a');
	assert.throws(() => store.put(1, 'key'), {name: 'ReadOnlyError'});
	assert.throws(() => store.delete('key'), {name: 'ReadOnlyError'});
	assert.throws(() => store.clear(), {name: 'ReadOnlyError'});
});
