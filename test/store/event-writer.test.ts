import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import fc from 'fast-check';
import type {JsonObject} from '../../source/domain/json.ts';
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

const wrongEdits: ReadonlyArray<readonly [string, (target: JsonObject) => JsonObject]> = [
	['by another sender', target => edit(target, 'bad', {sender: '@eve:example.org'})],
	['of another type', target => edit(target, 'bad', {type: 'm.sticker'})],
	['that is a state event', target => edit(target, 'bad', {state_key: ''})],
	[
		'without new content',
		target =>
			message('* bad', {
				content: {body: '* bad', 'm.relates_to': {rel_type: 'm.replace', event_id: target['event_id']}},
			}),
	],
	['of an edit', target => edit({...edit(target, 'first'), event_id: '$never-sent'}, 'bad')],
];
for (const [what, makeEdit] of wrongEdits) {
	test(`an edit ${what} does not count`, t => {
		const target = message('good');
		const {messages} = viewOf(t, [target, makeEdit(target)]);
		assert.equal(messages[0]?.content['body'], 'good');
		assert.equal(messages[0]?.isEdited, false);
	});
}

test('a cleartext edit of an encrypted message does not count', t => {
	const target = message('', {type: 'm.room.encrypted', content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's'}});
	const fixture = openAccountFixture(t);
	const [change] = fixture.apply(syncRoom([target]));
	const [pk] = change?.undecrypted ?? [];
	assert.ok(pk);
	fixture.account.write(() =>
		fixture.rooms.events.decrypted(pk, {
			type: 'm.room.message',
			content: {msgtype: 'm.text', body: 'secret'},
			shield: undefined,
		}),
	);
	fixture.apply(syncRoom([edit(target, 'forged')]));
	const {messages} = fixture.reader.timeline({rid: change?.rid ?? 0, limit: 10});
	assert.equal(messages[0]?.content['body'], 'secret');
	assert.equal(messages[0]?.encryption, 'decrypted');
	assert.equal(messages[0]?.isEdited, false);
});

test('an edit of a message in another room does not count', t => {
	const target = message('good');
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([target]), syncRoom([edit(target, 'bad')], {}, {id: '!other:example.org'}));
	const room = fixture.reader.roomById('!room:example.org');
	assert.equal(fixture.reader.timeline({rid: room?.rid ?? 0, limit: 10}).messages[0]?.content['body'], 'good');
});

test('a bundled edit of an old message is shown under the same rules', t => {
	const target = message('old');
	const good = {...target, unsigned: {'m.relations': {'m.replace': edit(target, 'new')}}};
	assert.deepEqual(viewOf(t, [good]).bodies, ['new']);
	const other = message('old');
	const forged = {...other, unsigned: {'m.relations': {'m.replace': edit(other, 'new', {sender: '@eve:example.org'})}}};
	assert.deepEqual(viewOf(t, [forged]).bodies, ['old']);
});

test('a redaction leaves no text behind, in the row, the index or the file', t => {
	const target = message('very secret word');
	const {messages, hits, fixture} = viewOf(t, [
		target,
		edit(target, 'another secret'),
		redaction(target, {sender: '@admin:example.org'}),
	]);
	assert.equal(messages[0]?.redactedBy, '@admin:example.org');
	assert.deepEqual(messages[0]?.content, {});
	assert.equal(hits('secret'), 0);
	const row = fixture.account.database
		.prepare('SELECT raw, clear, body FROM event WHERE event_id = ?')
		.get(target['event_id']);
	assert.deepEqual(row, {raw: null, clear: null, body: null});
});

test('a redacted edit gives the text before it back', t => {
	const target = message('first');
	const wrong = edit(target, 'second');
	assert.deepEqual(viewOf(t, [target, wrong, redaction(wrong)]).bodies, ['first']);
});

test('a redaction that names an event of another room does nothing', t => {
	const target = message('stays');
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([target]), syncRoom([redaction(target)], {}, {id: '!other:example.org'}));
	const room = fixture.reader.roomById('!room:example.org');
	assert.equal(fixture.reader.timeline({rid: room?.rid ?? 0, limit: 10}).messages[0]?.redactedBy, undefined);
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

test('a malformed event is kept in quarantine and costs nothing else', t => {
	const broken = [
		null,
		7,
		'text',
		[],
		{},
		{...message('x'), event_id: 5},
		{...message('x'), content: 'no'},
		{...message('x'), sender: ['@a:b']},
	];
	const {bodies, fixture} = viewOf(t, [message('before'), ...broken, message('after')]);
	assert.deepEqual(bodies, ['before', 'after']);
	const kept = fixture.account.database.prepare('SELECT count(*) AS count FROM quarantine').get();
	assert.deepEqual(kept, {count: broken.length});
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
