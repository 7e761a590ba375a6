import assert from 'node:assert/strict';
import {test} from 'node:test';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

test('a sent message stands below the newest one until it is synced, but not when it lies in a gap', t => {
	const {apply, outbox, reader} = openAccountFixture(t);
	const now = Date.now();
	const [{rid} = {rid: 0}] = apply(syncRoom([message('hi')]));
	const send = (transactionId: string, time: number): void => {
		const {id} = outbox.add({rid, transactionId, type: 'm.room.message', content: {body: transactionId}});
		outbox.setInflight(id, time);
		outbox.setState(id, 'sent', {eventId: `$${transactionId}`});
	};
	const shown = () => reader.outbox(rid).map(({transactionId}) => transactionId);
	send('early', now - 60_000);
	assert.deepEqual(shown(), ['early']);
	const later = message('much later', {origin_server_ts: now});
	apply(syncRoom([later], {timeline: {events: [later], limited: true, prev_batch: 'before'}}));
	assert.deepEqual(shown(), []);
	send('just now', now + 1000);
	assert.deepEqual(shown(), ['just now']);
});
