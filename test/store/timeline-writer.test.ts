import assert from 'node:assert/strict';
import {test} from 'node:test';
import {message, openAccountFixture, state, syncRoom} from './account-fixture.ts';

test('a gap opens a chunk, and pages of older messages close it in order, each once', t => {
	const fixture = openAccountFixture(t);
	const all = Array.from({length: 60}, (_, index) => message(`message ${index}`));
	const [change] = fixture.apply(syncRoom(all.slice(0, 10)));
	const rid = change?.rid ?? 0;
	fixture.apply(syncRoom(all.slice(50), {timeline: {events: all.slice(50), limited: true, prev_batch: 'gap'}}));
	const before = fixture.reader.timeline({rid, limit: 100});
	assert.equal(before.messages.length, 20);
	assert.equal(before.gaps.length, 2);

	let token: string | undefined = 'gap';
	for (let end = 50; token !== undefined; end -= 15) {
		const edge = fixture.rooms.timelines.olderEdge(rid);
		if (edge?.token !== token) break;
		const page = all.slice(Math.max(0, end - 15), end).toReversed();
		token = `page-${end}`;
		fixture.account.write(() => fixture.rooms.timelines.prepend(rid, edge, {events: page, end: token}));
	}
	const {messages} = fixture.reader.timeline({rid, limit: 100});
	assert.deepEqual(
		messages.map(row => row.content['body']),
		all.map(event => (event['content'] as {body: string}).body),
	);
});

test('paging by cursor gives every message once, older and newer', t => {
	const fixture = openAccountFixture(t);
	const all = Array.from({length: 25}, (_, index) => message(`m${index}`));
	const [change] = fixture.apply(syncRoom(all.slice(0, 13)));
	const rid = change?.rid ?? 0;
	fixture.apply(syncRoom([], {timeline: {events: all.slice(13), limited: true, prev_batch: 'x'}}));
	const older: unknown[] = [];
	let before: {chunkOrder: number; position: number} | undefined;
	for (;;) {
		const {messages} = fixture.reader.timeline({rid, limit: 4, before});
		if (messages.length === 0) break;
		older.unshift(...messages.map(row => row.content['body']));
		before = messages[0];
	}
	const expected = all.map((_, index) => `m${index}`);
	assert.deepEqual(older, expected);
	assert.ok(before);
	const first = before;
	const {messages} = fixture.reader.timeline({rid, limit: 100, after: first});
	assert.deepEqual(
		messages.map(row => row.content['body']),
		expected.slice(1),
	);
});

test('the creation of a room is its start: nothing older is asked for', t => {
	const fixture = openAccountFixture(t);
	const [change] = fixture.apply(syncRoom([state('m.room.create', {room_version: '11'}), message('hi')]));
	assert.equal(fixture.rooms.timelines.olderEdge(change?.rid ?? 0)?.kind, 'start');
	assert.equal(fixture.reader.timeline({rid: change?.rid ?? 0, limit: 10}).isStartKnown, true);
});

test('the echo of an own message ends its outbox row', t => {
	const fixture = openAccountFixture(t);
	const [change] = fixture.apply(syncRoom([message('hi')]));
	const rid = change?.rid ?? 0;
	const item = fixture.outbox.add({rid, transactionId: 'mx-1', type: 'm.room.message', content: {body: 'mine'}});
	assert.equal(fixture.reader.outbox(rid).length, 1);
	fixture.apply(syncRoom([message('mine', {sender: '@me:example.org', unsigned: {transaction_id: 'mx-1'}})]));
	assert.equal(fixture.reader.outbox(rid).length, 0);
	assert.equal(fixture.outbox.byId(item.id)?.state, 'sent');
});
