/** A bug that one event of an older page meets costs that event alone: the history goes on behind it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isUnreadable} from '../../source/domain/message.ts';
import {createEventWriter} from '../../source/store/event-writer.ts';
import {createTimelineWriter} from '../../source/store/timeline-writer.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

test('an event of an older page that cannot be written is an unreadable row, and the page before it can be loaded', t => {
	const fixture = openAccountFixture(t);
	const {database} = fixture.account;
	fixture.apply(syncRoom([message('newest')]));
	const bug = new TypeError('a bug');
	const bad = message('bad');
	const events = createEventWriter(database);
	const timelines = createTimelineWriter(database, {
		...events,
		insert(rid, place, value) {
			const insertion = events.insert(rid, place, value);
			if (value === bad) throw bug;
			return insertion;
		},
	});
	const edge = timelines.olderEdge(1);
	assert.ok(edge);
	const errors: unknown[] = [];
	const page = {events: [message('newer'), bad, message('older')], end: 't2'};
	const inserted = fixture.account.write(() => timelines.prepend(1, edge, page, error => void errors.push(error)));
	assert.equal(inserted.length, 2);
	assert.deepEqual(errors, [bug]);
	const {messages} = fixture.reader.timeline({rid: 1, limit: 10});
	assert.deepEqual(
		messages.map(row => (isUnreadable(row) ? '?' : row.content['body'])),
		['older', '?', 'newer', 'newest'],
	);
	assert.equal(timelines.olderEdge(1)?.token, 't2');
});
