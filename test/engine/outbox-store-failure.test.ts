/** A store that cannot be written is no refusal of a message. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createOutboxWorker} from '../../source/engine/outbox-worker.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {OutboxState} from '../../source/domain/outbox-item.ts';
import {openAccountFixture, syncRoom} from '../store/account-fixture.ts';

const busy = new ExpectedError({message: 'Another mx is using account.db.', reason: 'error'});

for (const [moment, isBefore] of [
	['before its request', true],
	['after the server has it', false],
] as const) {
	test(`a message whose state cannot be written ${moment} is not marked as failed`, async t => {
		const {outbox, apply} = openAccountFixture(t);
		apply(syncRoom([]));
		const failures: unknown[] = [];
		const refuse = (): never => {
			throw busy;
		};
		const worker = createOutboxWorker({
			outbox: {
				...outbox,
				setInflight: (id, now) => (isBefore ? refuse() : outbox.setInflight(id, now)),
				setState: (id: number, state: OutboxState, details) =>
					state === 'sent' ? refuse() : outbox.setState(id, state, details),
			},
			feed: createChangeFeed(),
			send: async () => '$event',
			find: async () => undefined,
			onStoreFailure: error => void failures.push(error),
			now: Date.now,
		});
		t.after(() => worker.stop(0));
		const {id} = outbox.add({rid: 1, transactionId: 't', type: 'm.room.message', content: {body: 'hello'}});
		worker.resume();
		await t.waitFor(() => assert.deepEqual(failures, [busy]));
		assert.notEqual(outbox.byId(id)?.state, 'failed');
	});
}
