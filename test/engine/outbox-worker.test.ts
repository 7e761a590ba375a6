/** The rules of the outbox on a real store, with a server that the test plays. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createOutboxWorker, type OutboxWorkerOptions} from '../../source/engine/outbox-worker.ts';
import {NetworkError, type NetworkFailureKind} from '../../source/matrix/network-errors.ts';
import type {OutboxJob} from '../../source/store/outbox-store.ts';
import {message, openAccountFixture, ownUser, syncRoom} from '../store/account-fixture.ts';

const minute = 60_000;
const hour = 60 * minute;
const failure = (kind: NetworkFailureKind): NetworkError => new NetworkError({kind, message: `a test: ${kind}`});

type Request = {readonly job: OutboxJob; readonly succeed: () => void; readonly fail: (error: Error) => void};

/** An outbox over rooms 1 to 5 whose requests wait for the test. */
const openOutbox = (t: TestContext, options: Partial<OutboxWorkerOptions> = {}) => {
	const {account, outbox, apply} = openAccountFixture(t);
	for (const room of [1, 2, 3, 4, 5]) apply(syncRoom([], {}, {id: `!${room}:x`}));
	const requests: Request[] = [];
	const failures: unknown[] = [];
	const worker = createOutboxWorker({
		outbox,
		feed: createChangeFeed(),
		send: async job =>
			new Promise((resolve, reject) => {
				requests.push({job, succeed: () => resolve(`$of-${job.transactionId}`), fail: reject});
			}),
		find: async () => undefined,
		onStoreFailure: error => void failures.push(error),
		now: Date.now,
		...options,
	});
	t.after(() => worker.stop(0));
	const add = (rid: number, text: string): number => {
		const job = outbox.add({rid, transactionId: text, type: 'm.room.message', content: {body: text}});
		worker.wake();
		return job.id;
	};
	const out = (): readonly string[] => requests.map(({job}) => job.transactionId);
	const stateOf = (id: number) => outbox.byId(id)?.state;
	return {account, outbox, apply, worker, requests, failures, add, out, stateOf};
};

const settle = () => new Promise<void>(resolve => void setImmediate(resolve));

test('nothing goes out before it begins; then rooms go side by side, four at a time, each in order', async t => {
	const {worker, add, out, requests} = openOutbox(t);
	for (const text of ['1a', '1b', '2a', '3a', '4a', '5a']) add(Number(text[0]), text);
	await settle();
	assert.deepEqual(out(), []);
	worker.resume();
	assert.deepEqual(out(), ['1a', '2a', '3a', '4a']);
	requests[0]?.succeed();
	await settle();
	assert.deepEqual(out(), ['1a', '2a', '3a', '4a', '1b']);
	requests[1]?.succeed();
	await settle();
	assert.deepEqual(out().at(-1), '5a');
});

test('a refused message fails with its text, and those behind it in the room go on', async t => {
	const {worker, add, requests, outbox, stateOf} = openOutbox(t);
	worker.resume();
	const [first, second] = [add(1, 'a'), add(1, 'b')];
	requests[0]?.fail(failure('forbidden'));
	const failed = await worker.settled(first, 1000);
	assert.deepEqual([failed?.state, failed?.error, failed?.content], ['failed', 'a test: forbidden', {body: 'a'}]);
	await settle();
	requests[1]?.succeed();
	assert.equal((await worker.settled(second, 1000))?.eventId, '$of-b');
	assert.ok(outbox.retry(first));
	worker.wake();
	await settle();
	requests[2]?.succeed();
	await worker.settled(first, 1000);
	assert.equal(stateOf(first), 'sent');
});

test('without a network the room waits for its first message, and goes on when the network is back', async t => {
	const {worker, add, requests, out, stateOf} = openOutbox(t);
	worker.resume();
	const first = add(1, 'a');
	add(1, 'b');
	requests[0]?.fail(failure('offline'));
	await settle();
	assert.deepEqual([stateOf(first), out()], ['queued', ['a']]);
	worker.online();
	assert.deepEqual(out(), ['a', 'a']);
	requests[1]?.succeed();
	await settle();
	assert.deepEqual(out(), ['a', 'a', 'b']);
});

test('an echo that comes before the answer settles the message, and its failure changes nothing any more', async t => {
	const {worker, add, requests, apply, stateOf, out} = openOutbox(t);
	worker.resume();
	const id = add(1, 'a');
	add(1, 'b');
	const settled = worker.settled(id, 60_000);
	const echo = message('a', {sender: ownUser, event_id: '$echo', unsigned: {transaction_id: 'a'}});
	apply(syncRoom([echo], {}, {id: '!1:x'}));
	worker.noticeEchoes();
	assert.equal((await settled)?.eventId, '$echo');
	requests[0]?.fail(failure('forbidden'));
	await settle();
	assert.equal(stateOf(id), 'sent');
	assert.deepEqual(out(), ['a', 'b']);
});

test('an echo ends the wait for the next try', async t => {
	const {worker, add, requests, apply, out} = openOutbox(t);
	worker.resume();
	add(1, 'a');
	add(1, 'b');
	requests[0]?.fail(failure('reset'));
	await settle();
	apply(syncRoom([message('a', {sender: ownUser, unsigned: {transaction_id: 'a'}})], {}, {id: '!1:x'}));
	worker.noticeEchoes();
	assert.deepEqual(out(), ['a', 'b']);
});

test('a rate limit stops all rooms', async t => {
	const {worker, add, requests, out} = openOutbox(t);
	worker.resume();
	add(1, 'a');
	requests[0]?.fail(new NetworkError({kind: 'rate-limited', message: 'wait', retryAfter: 60_000}));
	await settle();
	add(2, 'b');
	await settle();
	assert.deepEqual(out(), ['a']);
});

test('signed out, everything is held until the release or the next start', async t => {
	const {worker, add, requests, out, stateOf, outbox} = openOutbox(t);
	worker.resume();
	const id = add(1, 'a');
	requests[0]?.fail(failure('soft-logout'));
	await settle();
	add(2, 'b');
	assert.deepEqual([stateOf(id), out()], ['held', ['a']]);
	worker.release();
	assert.deepEqual(out(), ['a', 'a', 'b']);
	outbox.setState(id, 'held');
	requests[2]?.succeed();
	worker.resume();
	await settle();
	assert.notEqual(stateOf(id), 'held');
});

for (const [age, answer, expected] of [
	[1, '$found', 'inflight'],
	[21, '$found', 'sent'],
	[21, undefined, 'failed'],
] as const) {
	test(`a request of ${age} h ago ${expected === 'inflight' ? 'is repeated' : 'is looked up'}: ${expected}`, async t => {
		const {worker, add, outbox, out, stateOf} = openOutbox(t, {find: async () => answer});
		const id = add(1, 'a');
		outbox.setInflight(id, Date.now() - age * hour);
		worker.resume();
		await settle();
		assert.equal(stateOf(id), expected);
		assert.deepEqual(out(), expected === 'inflight' ? ['a'] : []);
		assert.deepEqual(outbox.byId(id)?.content, {body: 'a'});
	});
}

test('a look-up that fails is repeated when the network is back, and the room goes on then', async t => {
	let isOnline = false;
	const {worker, add, outbox, out, stateOf} = openOutbox(t, {
		find: async () => {
			if (!isOnline) throw failure('offline');
			return '$found';
		},
	});
	const id = add(1, 'a');
	add(1, 'b');
	outbox.setInflight(id, Date.now() - 21 * hour);
	worker.resume();
	await settle();
	assert.deepEqual([stateOf(id), out()], ['doubt', []]);
	isOnline = true;
	worker.online();
	await settle();
	assert.deepEqual([stateOf(id), out()], ['sent', ['b']]);
});

test('a store that cannot be written is told once and stops the outbox', async t => {
	const {account, worker, add, requests, failures, out} = openOutbox(t);
	worker.resume();
	add(1, 'a');
	account.database.exec('CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT raise(FAIL, "disk full"); END');
	requests[0]?.succeed();
	await settle();
	worker.wake();
	await settle();
	assert.deepEqual([failures.length, out()], [1, ['a']]);
	assert.match(String(failures[0]), /disk full/);
});

test('a look-up that fails although the network is well is repeated by itself, and the room goes on then', async t => {
	let now = 100 * hour;
	let lookUps = 0;
	const {worker, add, outbox, out, stateOf} = openOutbox(t, {
		now: () => now,
		find: async () => {
			lookUps += 1;
			if (lookUps < 3) throw failure('server-error');
			return '$found';
		},
	});
	const id = add(1, 'a');
	add(1, 'b');
	outbox.setInflight(id, now - 21 * hour);
	worker.resume();
	await settle();
	worker.wake();
	await settle();
	assert.deepEqual([stateOf(id), lookUps, out()], ['doubt', 1, []]);
	for (const expected of [2, 3]) {
		now += minute;
		worker.wake();
		await settle();
		assert.equal(lookUps, expected);
	}
	assert.deepEqual([stateOf(id), out()], ['sent', ['b']]);
});

test('a server that asks to wait is not asked sooner because the connection is tried anew', async t => {
	let now = 100 * hour;
	const {worker, add, requests, out} = openOutbox(t, {now: () => now});
	worker.resume();
	add(1, 'a');
	requests[0]?.fail(new NetworkError({kind: 'rate-limited', message: 'wait', retryAfter: 4 * minute}));
	await settle();
	now += 3 * minute;
	worker.online();
	assert.deepEqual(out(), ['a']);
	now += 2 * minute;
	worker.wake();
	assert.deepEqual(out(), ['a', 'a']);
});

test('a clock that is set back by a day does not keep a message for a day', async t => {
	let now = 100 * hour;
	const {worker, add, requests, out} = openOutbox(t, {now: () => now});
	worker.resume();
	add(1, 'a');
	requests[0]?.fail(new NetworkError({kind: 'rate-limited', message: 'wait', retryAfter: 4 * minute}));
	await settle();
	worker.wake();
	assert.deepEqual(out(), ['a']);
	now -= 24 * hour;
	worker.wake();
	await settle();
	assert.deepEqual(out(), ['a', 'a']);
});

test('what is to be sent later goes when it is due, and holds nothing up until then', async t => {
	let now = 1_000_000;
	const {worker, outbox, add, out, requests, stateOf} = openOutbox(t, {now: () => now});
	worker.resume();
	const content = {body: 'later'};
	const later = outbox.add({rid: 1, transactionId: 'later', type: 'm.room.message', content, sendAt: now + hour});
	worker.wake();
	add(1, 'now');
	assert.deepEqual(out(), ['now']);
	requests[0]?.succeed();
	await settle();
	now += hour - 1;
	worker.wake();
	assert.equal(stateOf(later.id), 'scheduled');
	now += 1;
	worker.wake();
	assert.deepEqual(out(), ['now', 'later']);
});
