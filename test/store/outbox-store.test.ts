import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createOutboxReader, createOutboxStore, createWaitingReader} from '../../source/store/outbox-store.ts';
import {createSendCareStore} from '../../source/store/send-care-store.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

test('a transaction id makes one row', t => {
	const {apply, outbox} = openAccountFixture(t);
	const [change] = apply(syncRoom([message('hi')]));
	const add = () =>
		outbox.add({rid: change?.rid ?? 0, transactionId: 'mx-same', type: 'm.room.message', content: {body: 'x'}});
	assert.equal(add().id, add().id);
});

test('each room has one head; a failed row does not stop those behind it, a held one does', t => {
	const {apply, outbox} = openAccountFixture(t);
	const rids = apply(syncRoom([message('a')], {}, {id: '!a:x'}), syncRoom([message('b')], {}, {id: '!b:x'})).map(
		change => change.rid,
	);
	const add = (rid: number | undefined, name: string) =>
		outbox.add({rid: rid ?? 0, transactionId: name, type: 'm.room.message', content: {body: name}});
	const first = add(rids[0], 'a1');
	const second = add(rids[0], 'a2');
	const other = add(rids[1], 'b1');
	const heads = () =>
		outbox
			.heads()
			.map(job => job.transactionId)
			.sort();
	assert.deepEqual(heads(), ['a1', 'b1']);
	outbox.setState(first.id, 'failed', {error: 'no'});
	assert.deepEqual(heads(), ['a2', 'b1']);
	assert.equal(outbox.retry(first.id), true);
	assert.deepEqual(heads(), ['a1', 'b1']);
	outbox.setState(first.id, 'sent', {eventId: '$x'});
	outbox.setState(second.id, 'held', {error: 'signed out'});
	assert.deepEqual(heads(), ['a2', 'b1']);
	assert.equal(outbox.discard(other.id), true);
	outbox.release();
	assert.deepEqual(
		outbox.heads().map(job => [job.transactionId, job.state]),
		[['a2', 'queued']],
	);
});

test('a failed message stands for itself again when what was to take its place is taken back', t => {
	const {account, apply, outbox} = openAccountFixture(t);
	const rid = apply(syncRoom([message('hi')]))[0]?.rid ?? 0;
	const care = createSendCareStore(account);
	const add = (name: string) =>
		outbox.add({rid, transactionId: name, type: 'm.room.message', content: {body: 'again'}});
	const dropped = add('mx-dropped');
	care.setResent(rid, '$failed', 'mx-dropped');
	assert.equal(care.resentAs('$failed'), 'mx-dropped');
	outbox.discard(dropped.id);
	assert.equal(care.resentAs('$failed'), undefined);
	const arrived = add('mx-arrived');
	care.setResent(rid, '$failed', 'mx-arrived');
	outbox.setState(arrived.id, 'sent', {eventId: '$x'});
	account.database.exec("DELETE FROM outbox WHERE transaction_id = 'mx-arrived'");
	assert.equal(care.resentAs('$failed'), 'mx-arrived');
});

test('a sent row is neither retried nor dropped', t => {
	const {apply, outbox} = openAccountFixture(t);
	const [change] = apply(syncRoom([message('hi')]));
	const item = outbox.add({rid: change?.rid ?? 0, transactionId: 'mx-1', type: 'm.room.message', content: {body: 'x'}});
	outbox.setState(item.id, 'sent', {eventId: '$x'});
	assert.equal(outbox.retry(item.id), false);
	assert.equal(outbox.discard(item.id), false);
});

test('what waits for its time is no head, is listed last, and is queued when it is due, as if it were written now', t => {
	const {account, apply, outbox} = openAccountFixture(t);
	const [change] = apply(syncRoom([message('hi')]));
	const rid = change?.rid ?? 0;
	const waiting = createWaitingReader(account.database);
	const shown = createOutboxReader(account.database);
	const add = (name: string, sendAt?: number) =>
		outbox.add({rid, transactionId: name, type: 'm.room.message', content: {body: name}, sendAt});
	const names = (items: readonly {readonly transactionId: string}[]) => items.map(({transactionId}) => transactionId);
	add('late', 3000);
	add('early', 2000);
	add('now');
	assert.deepEqual(names(outbox.heads()), ['now']);
	assert.deepEqual(names(waiting()), ['now', 'early', 'late']);
	assert.deepEqual(
		waiting().map(({state, sendAt}) => [state, sendAt]),
		[
			['queued', undefined],
			['scheduled', 2000],
			['scheduled', 3000],
		],
	);
	assert.deepEqual(names(shown(rid)), ['now']);
	assert.equal(outbox.nextDue(), 2000);
	assert.deepEqual(outbox.releaseDue(1999), []);
	assert.deepEqual(outbox.releaseDue(2500), [rid]);
	assert.equal(outbox.nextDue(), 3000);
	assert.deepEqual(names(shown(rid)), ['early', 'now']);
	assert.equal(shown(rid)[0]?.createdAt, 2500);
	const [late] = waiting().filter(({state}) => state === 'scheduled');
	assert.equal(outbox.retry(late?.id ?? 0), true);
	assert.equal(outbox.nextDue(), Number.POSITIVE_INFINITY);
	assert.equal(outbox.discard(late?.id ?? 0), true);
});

test('a row is dated by the clock that the store is given', t => {
	const {account, apply} = openAccountFixture(t);
	const [change] = apply(syncRoom([message('hi')]));
	const outbox = createOutboxStore(account, () => 1234);
	const row = outbox.add({rid: change?.rid ?? 0, transactionId: 'mx-1', type: 'm.room.message', content: {body: 'x'}});
	assert.equal(row.createdAt, 1234);
});
