/** What has come in since: what a server sent last, not what was fetched of the past. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createEventWriter} from '../../source/store/event-writer.ts';
import {createTimelineWriter} from '../../source/store/timeline-writer.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

test('only what came behind the newest is news, in the order in which it came', t => {
	const fixture = openAccountFixture(t);
	const {database} = fixture.account;
	const {news} = fixture.reader;
	assert.equal(news.last(), 0);
	fixture.apply(syncRoom([message('one'), message('two')]));
	const mark = news.last();
	assert.deepEqual(news.since(mark, 10), []);
	const bodies = (limit = 10) =>
		news.since(mark, limit).map(({rid, eventId}) => fixture.reader.message(rid, eventId)?.content['body']);

	const timelines = createTimelineWriter(database, createEventWriter(database));
	const edge = timelines.olderEdge(1);
	assert.ok(edge);
	const page = {events: [message('long ago'), message('longer ago')], end: 't2'};
	fixture.account.write(() => timelines.prepend(1, edge, page, assert.ifError));
	assert.ok(news.last() > mark);
	assert.deepEqual(bodies(), []);

	fixture.apply(syncRoom([message('three'), message('four')]));
	assert.deepEqual(bodies(), ['three', 'four']);
	assert.deepEqual(bodies(1), ['three']);
	// After a hole it goes on in a timeline of its own.
	const limited = {timeline: {events: [message('after a hole')], limited: true, prev_batch: 't9'}};
	fixture.apply(syncRoom([], limited));
	assert.deepEqual(bodies(), ['after a hole']);
	assert.deepEqual(news.since(news.last(), 10), []);
});

test('the push rules are those of the account, or none', t => {
	const {account, reader} = openAccountFixture(t);
	assert.deepEqual(reader.news.pushRules(), {});
	account.database
		.prepare(`INSERT INTO account_data(type, json) VALUES('m.push_rules', '{"global":{"room":[]}}')`)
		.run();
	assert.deepEqual(reader.news.pushRules(), {global: {room: []}});
});
