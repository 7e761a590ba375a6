import assert from 'node:assert/strict';
import {test} from 'node:test';
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

test('a sent row is neither retried nor dropped', t => {
	const {apply, outbox} = openAccountFixture(t);
	const [change] = apply(syncRoom([message('hi')]));
	const item = outbox.add({rid: change?.rid ?? 0, transactionId: 'mx-1', type: 'm.room.message', content: {body: 'x'}});
	outbox.setState(item.id, 'sent', {eventId: '$x'});
	assert.equal(outbox.retry(item.id), false);
	assert.equal(outbox.discard(item.id), false);
});
