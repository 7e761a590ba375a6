import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import fc from 'fast-check';
import {edit, message, openAccountFixture, reaction, redaction, state, syncRoom} from './account-fixture.ts';

/** What a person would see: bodies with marks, reactions, search hits. */
const viewOf = (t: TestContext, ...responses: ReadonlyArray<readonly unknown[]>) => {
	const fixture = openAccountFixture(t);
	for (const events of responses) fixture.apply(syncRoom(events));
	const room = fixture.reader.roomById('!room:example.org');
	assert.ok(room);
	const {messages} = fixture.reader.timeline({rid: room.rid, limit: 100});
	const hits = (word: string): number =>
		(
			fixture.account.database.prepare('SELECT count(*) AS count FROM full_text WHERE full_text MATCH ?').get(word) as {
				count: number;
			}
		).count;
	return {fixture, room, messages, hits, bodies: messages.map(row => row.content['body'])};
};

test('a message is shown and found', t => {
	const {bodies, hits} = viewOf(t, [message('hello café 会議')]);
	assert.deepEqual(bodies, ['hello café 会議']);
	assert.equal(hits('cafe'), 1);
	assert.equal(hits('"会 議"'), 1);
});

test('the same response twice changes nothing', t => {
	const events = [message('one'), message('two')];
	const {bodies, fixture, room} = viewOf(t, events, events);
	assert.deepEqual(bodies, ['one', 'two']);
	const chunks = fixture.account.database
		.prepare('SELECT count(*) AS count FROM chunk WHERE rid = ?')
		.get(BigInt(room.rid));
	assert.deepEqual(chunks, {count: 1});
});

test('an edit shows the new text, is found by it, and is no row of its own', t => {
	const target = message('helo');
	const {messages, hits} = viewOf(t, [target, edit(target, 'hello')]);
	assert.equal(messages.length, 1);
	assert.equal(messages[0]?.content['body'], 'hello');
	assert.equal(messages[0]?.isEdited, true);
	assert.equal(hits('helo'), 0);
	assert.equal(hits('hello'), 1);
});

test('reactions are counted once a person, and a redacted one is not', t => {
	const target = message('hi');
	const taken = reaction(target, '👍', '@cleo:example.org');
	const {messages} = viewOf(t, [
		target,
		reaction(target, '👍', '@anna:example.org'),
		reaction(target, '👍', '@anna:example.org'),
		reaction(target, '👍', '@me:example.org'),
		taken,
		reaction(target, '❤️', '@bob:example.org'),
		redaction(taken),
	]);
	assert.deepEqual(messages[0]?.reactions, [
		{key: '👍', count: 2, isMine: true},
		{key: '❤️', count: 1, isMine: false},
	]);
});

test('relations find their targets in whatever order events come', t => {
	const target = message('one');
	const other = message('two');
	const events = [
		target,
		edit(target, 'one, edited', {origin_server_ts: 1_800_000_000_000}),
		edit(target, 'one, edited again', {origin_server_ts: 1_900_000_000_000}),
		reaction(target, '🎉', '@bob:example.org'),
		other,
		redaction(other),
		state('m.room.topic', {topic: 'talk'}),
	];
	const expected = {body: 'one, edited again', reactions: 1, isRedacted: true};
	fc.assert(
		fc.property(fc.shuffledSubarray(events, {minLength: events.length}), order => {
			const {messages} = viewOf(t, ...order.map(event => [event]));
			const first = messages.find(row => row.eventId === target['event_id']);
			const second = messages.find(row => row.eventId === other['event_id']);
			assert.deepEqual(
				{
					body: first?.content['body'],
					reactions: first?.reactions.length,
					isRedacted: second?.redactedBy !== undefined,
				},
				expected,
			);
		}),
		{numRuns: 40},
	);
});

test('cleartext in an encrypted room is marked, what was said before is not', t => {
	const before = message('before', {origin_server_ts: 1000});
	const after = message('after', {origin_server_ts: 3000});
	const {messages} = viewOf(t, [
		before,
		state('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'}, {origin_server_ts: 2000}),
		after,
	]);
	assert.equal(messages[0]?.shield, undefined);
	assert.deepEqual(messages[2]?.shield, {colour: 'red', reason: 'sent-in-clear'});
});
