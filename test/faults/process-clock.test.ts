/** Clocks that jump: nothing waits for years, nothing expires, and days are those of the calendar. */
import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createOutboxWorker} from '../../source/engine/outbox-worker.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import {clockText, dayNumber, dayText} from '../../source/view-models/time-text.ts';
import {message, openAccountFixture, syncRoom} from '../store/account-fixture.ts';

const day = 86_400_000;
const jumps = {'a day back': -day, 'a day on': day, 'ten years back': -3650 * day, 'ten years on': 3650 * day};

for (const [name, jump] of Object.entries(jumps)) {
	test(`a message that waits for its next try is sent when the clock jumps ${name}`, async t => {
		const {outbox, apply} = openAccountFixture(t);
		apply(syncRoom([]));
		let now = Date.UTC(2026, 10, 26);
		const sent: string[] = [];
		const worker = createOutboxWorker({
			outbox,
			feed: createChangeFeed(),
			send: async job => {
				sent.push(job.transactionId);
				if (sent.length === 1) throw new NetworkError({kind: 'offline', message: 'no network'});
				return '$event';
			},
			find: async () => assert.fail('it is known that it did not arrive'),
			onStoreFailure: error => assert.fail(String(error)),
			now: () => now,
		});
		t.after(() => worker.stop(0));
		const job = outbox.add({rid: 1, transactionId: 't', type: 'm.room.message', content: {body: 'hello'}});
		worker.resume();
		await t.waitFor(() => assert.match(outbox.byId(job.id)?.error ?? '', /no network/));
		now += jump;
		// The timer of the next try.
		await t.waitFor(() => {
			worker.wake();
			assert.equal(outbox.byId(job.id)?.state, 'sent');
		});
		assert.deepEqual(sent, ['t', 't']);
	});
}

test('the order of messages is that of the server, whatever the clocks of those who sent them say', t => {
	const {reader, apply} = openAccountFixture(t);
	const times = [1e12, 0, 2 ** 53 - 1, 1e12 - 3650 * day, -5, 1e12 + 3650 * day];
	apply(syncRoom(times.map((time, number) => message(`text ${number}`, {origin_server_ts: time}))));
	const {messages} = reader.timeline({rid: 1, limit: 100});
	const bodies = messages.map(({content}) => content['body']);
	assert.deepEqual(
		bodies.filter(body => body !== ''),
		times.map((_, number) => `text ${number}`),
	);
	for (const {timestamp} of messages) assert.doesNotMatch(dayText(timestamp, Date.now()), /NaN|undefined/);
});

test('a day with daylight saving is one day, and the hour that comes twice is shown as the clock on the wall', t => {
	const before = process.env['TZ'];
	process.env['TZ'] = 'Europe/Berlin';
	t.after(() => {
		if (before === undefined) delete process.env['TZ'];
		else process.env['TZ'] = before;
	});
	for (const [month, date] of [
		[2, 29],
		[9, 25],
	] as const) {
		const midnight = new Date(2026, month, date).getTime();
		const evening = new Date(2026, month, date, 23, 59).getTime();
		const next = new Date(2026, month, date + 1).getTime();
		assert.notEqual(next - midnight, day, 'the clock changes on this day');
		assert.equal(dayNumber(evening), dayNumber(midnight));
		assert.equal(dayNumber(next), dayNumber(midnight) + 1);
		assert.equal(dayText(midnight, next), 'Yesterday');
	}
	const first = Date.UTC(2026, 9, 25, 0, 30);
	assert.deepEqual([clockText(first), clockText(first + 3_600_000)], ['02:30', '02:30']);
});
