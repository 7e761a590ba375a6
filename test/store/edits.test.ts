/**
 * The rules for edits (client-server API §Validity of replacement events), through real rows: an edit by itself or
 * bundled, before or after its target, in the clear or encrypted. The first cases are those of matrix-rust-sdk,
 * crates/matrix-sdk/tests/integration/edit_validation.rs.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {
	edit,
	message,
	openAccountFixture,
	redaction,
	roomId,
	syncRoom,
	type AccountFixture,
} from './account-fixture.ts';

const relationTo = (target: JsonObject): JsonObject => ({rel_type: 'm.replace', event_id: target['event_id']});

/** How the message with this id is shown. */
const shown = (fixture: AccountFixture, target: JsonObject): readonly [body: unknown, isEdited: boolean] => {
	const rid = fixture.reader.roomById(roomId)?.rid ?? 0;
	const row = fixture.reader.timeline({rid, limit: 100}).messages.find(one => one.eventId === target['event_id']);
	assert.ok(row);
	return [row.content['body'], row.isEdited];
};

/** An edit inside of the event that it edits. */
const bundle = (target: JsonObject, replacement: JsonObject): JsonObject => ({
	...target,
	unsigned: {'m.relations': {'m.replace': replacement}},
});

type Case = readonly [what: string, makeEdit: (target: JsonObject) => JsonObject];

const invalid: readonly Case[] = [
	['by another sender', target => edit(target, 'bad', {sender: '@eve:example.org'})],
	['that is a state event', target => edit(target, 'bad', {state_key: '@anna:example.org'})],
	['of another type', target => edit(target, 'bad', {type: 'm.sticker'})],
	[
		'that relates to nothing',
		() => message('* bad', {content: {msgtype: 'm.text', body: '* bad', 'm.new_content': {body: 'bad'}}}),
	],
	[
		'that relates in another way',
		target =>
			message('bad', {
				content: {
					body: 'bad',
					'm.new_content': {body: 'bad'},
					'm.relates_to': {...relationTo(target), rel_type: 'm.reference'},
				},
			}),
	],
	[
		'without new content',
		target => message('* bad', {content: {msgtype: 'm.text', body: '* bad', 'm.relates_to': relationTo(target)}}),
	],
	...[null, 'bad', 7, [], true].map((content): Case => [
		`whose new content is ${JSON.stringify(content)}`,
		target => message('bad', {content: {body: 'bad', 'm.new_content': content, 'm.relates_to': relationTo(target)}}),
	]),
	['that was redacted', target => edit(target, 'bad', {unsigned: {redacted_because: {sender: '@anna:example.org'}}})],
	['of an edit', target => edit({...edit(target, 'first'), event_id: '$never-sent'}, 'bad')],
];

for (const [what, makeEdit] of invalid) {
	test(`an edit ${what} does not count, after its target, before it, or bundled`, t => {
		for (const arrange of [
			(target: JsonObject, bad: JsonObject) => [[target], [bad]],
			(target: JsonObject, bad: JsonObject) => [[bad], [target]],
			(target: JsonObject, bad: JsonObject) => [[bundle(target, bad)]],
		]) {
			const fixture = openAccountFixture(t);
			const target = message('good');
			for (const events of arrange(target, makeEdit(target))) fixture.apply(syncRoom(events));
			assert.deepEqual(shown(fixture, target), ['good', false]);
		}
	});
}

test('an edit of an edit, of a state event and of a message in another room do not count', t => {
	const fixture = openAccountFixture(t);
	const target = message('good');
	const first = edit(target, 'better');
	const state = message('', {type: 'm.room.message', state_key: '', content: {msgtype: 'm.text', body: 'state'}});
	fixture.apply(syncRoom([target, first, edit(first, 'bad'), state, edit(state, 'bad')]));
	fixture.apply(syncRoom([edit(target, 'bad')], {}, {id: '!other:example.org'}));
	assert.deepEqual(shown(fixture, target), ['better', true]);
	assert.deepEqual(shown(fixture, state), ['state', false]);
});

test('a valid edit counts, after its target, before it, and bundled', t => {
	const fixture = openAccountFixture(t);
	const after = message('1');
	const before = message('2');
	const bundled = message('3');
	fixture.apply(
		syncRoom([after, edit(after, 'one'), edit(before, 'two'), before, bundle(bundled, edit(bundled, 'three'))]),
	);
	assert.deepEqual(shown(fixture, after), ['one', true]);
	assert.deepEqual(shown(fixture, before), ['two', true]);
	assert.deepEqual(shown(fixture, bundled), ['three', true]);
});

test('where the newest edit does not count, the newest one that does is shown', t => {
	const fixture = openAccountFixture(t);
	const target = message('first');
	const later = (body: string, minutes: number, changes: JsonObject = {}) =>
		edit(target, body, {origin_server_ts: 1_700_000_100_000 + minutes * 60_000, ...changes});
	const good = later('good', 2);
	fixture.apply(
		syncRoom([
			target,
			good,
			later('older', 1),
			later('bad', 3, {sender: '@eve:example.org'}),
			later('worse', 4, {type: 'm.sticker'}),
		]),
	);
	assert.deepEqual(shown(fixture, target), ['good', true]);
	fixture.apply(syncRoom([redaction(good)]));
	assert.deepEqual(shown(fixture, target), ['older', true]);
});

test('nothing hides by a relation to nothing, nor state by any: both stand in the timeline', t => {
	const fixture = openAccountFixture(t);
	const target = message('target');
	const lost = ['m.replace', 'm.annotation'].flatMap(kind =>
		[undefined, 7, 'no id', {}].map(eventId =>
			message('shown', {
				content: {msgtype: 'm.text', body: 'shown', 'm.relates_to': {rel_type: kind, event_id: eventId}},
			}),
		),
	);
	const state = message('', {
		type: 'm.room.name',
		state_key: '',
		content: {name: 'x', 'm.relates_to': relationTo(target)},
	});
	fixture.apply(syncRoom([target, ...lost, state]));
	for (const event of lost) assert.deepEqual(shown(fixture, event), ['shown', false]);
	const {messages} = fixture.reader.timeline({rid: 1, limit: 100});
	assert.deepEqual([messages.length, messages.at(-1)?.type], [lost.length + 2, 'm.room.name']);
});

test('an encrypted edit whose relation stands only within it counts, whatever stands beside the ciphertext', t => {
	for (const wire of [undefined, true, {}, {rel_type: 'm.replace'}]) {
		const fixture = openAccountFixture(t);
		const target = encrypted();
		const replacement = encrypted({}, {'m.relates_to': wire});
		fixture.apply(syncRoom([target, replacement]));
		decrypt(fixture, target, clear('old'));
		decrypt(fixture, replacement, clear('new', target));
		assert.deepEqual(shown(fixture, target), ['new', true]);
	}
});

test('a bundle can smuggle in nothing but an edit of its own event', t => {
	const fixture = openAccountFixture(t);
	const victim = message('victim');
	const name = message('', {type: 'm.room.name', state_key: '', content: {name: 'forged', 'm.relates_to': {}}});
	const carriers = [
		bundle(message('a'), redaction(victim)),
		bundle(message('b'), edit(victim, 'forged')),
		bundle(message('c'), name),
	];
	const carrier = message('d');
	const both = {...edit(carrier, 'x'), type: 'm.room.redaction', redacts: victim['event_id']};
	fixture.apply(syncRoom([victim, ...carriers, bundle(carrier, both)]));
	assert.deepEqual(shown(fixture, victim), ['victim', false]);
	assert.notEqual(fixture.reader.roomById(roomId)?.name, 'forged');
});

test('an edit of a message that was removed brings nothing of it back', t => {
	const fixture = openAccountFixture(t);
	const target = message('gone');
	fixture.apply(syncRoom([target, redaction(target), edit(target, 'back')]));
	fixture.apply(syncRoom([bundle(target, edit(target, 'back'))]));
	assert.deepEqual(shown(fixture, target), [undefined, false]);
});

const encrypted = (changes: JsonObject = {}, content: JsonObject = {}): JsonObject =>
	message('', {
		type: 'm.room.encrypted',
		content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's', ciphertext: 'x', ...content},
		...changes,
	});

const decrypt = (fixture: AccountFixture, event: JsonObject, content: JsonObject, type = 'm.room.message'): void => {
	const row = fixture.account.database.prepare('SELECT pk FROM event WHERE event_id = ?').get(event['event_id']);
	const {pk} = row as {pk: number | bigint};
	fixture.account.write(() => fixture.rooms.events.decrypted(Number(pk), {type, content, shield: undefined}));
};

const clear = (body: string, replaces?: JsonObject): JsonObject => ({
	msgtype: 'm.text',
	body,
	...(replaces === undefined ? {} : {'m.new_content': {msgtype: 'm.text', body}, 'm.relates_to': relationTo(replaces)}),
});

test('an encrypted message takes an encrypted edit, and no edit in the clear, bundled or by itself', t => {
	const fixture = openAccountFixture(t);
	const target = encrypted();
	fixture.apply(syncRoom([target]));
	decrypt(fixture, target, clear('secret'));
	fixture.apply(syncRoom([edit(target, 'forged')]));
	fixture.apply(syncRoom([bundle(target, edit(target, 'forged too'))]));
	assert.deepEqual(shown(fixture, target), ['secret', false]);
	// The relation stands in the clear beside the ciphertext, or within it.
	const replacement = encrypted({}, {'m.relates_to': relationTo(target)});
	fixture.apply(syncRoom([replacement]));
	assert.deepEqual(shown(fixture, target), ['secret', false], 'not before it is decrypted');
	decrypt(fixture, replacement, clear('new secret', target));
	assert.deepEqual(shown(fixture, target), ['new secret', true]);
});

test('an encrypted edit that comes before its target, or whose target is decrypted later, counts then', t => {
	const fixture = openAccountFixture(t);
	const target = encrypted();
	const replacement = encrypted({}, {'m.relates_to': relationTo(target)});
	fixture.apply(syncRoom([replacement]));
	decrypt(fixture, replacement, clear('new', target));
	fixture.apply(syncRoom([target]));
	decrypt(fixture, target, clear('old'));
	assert.deepEqual(shown(fixture, target), ['new', true]);
});

test('an encrypted edit without new content, of another type or by somebody else does not count', t => {
	const fixture = openAccountFixture(t);
	const target = encrypted();
	fixture.apply(syncRoom([target]));
	decrypt(fixture, target, clear('secret'));
	const relation = {'m.relates_to': relationTo(target)};
	const cases: ReadonlyArray<readonly [JsonObject, JsonObject, string?]> = [
		[encrypted({}, relation), {msgtype: 'm.text', body: 'bad', ...relation}],
		[encrypted({}, relation), clear('bad', target), 'm.sticker'],
		[encrypted({sender: '@eve:example.org'}, relation), clear('bad', target)],
		// New content in the clear beside the ciphertext is nobody's.
		[encrypted({}, {...relation, 'm.new_content': {body: 'bad'}}), {msgtype: 'm.text', body: 'bad'}],
	];
	for (const [event, content, type] of cases) {
		fixture.apply(syncRoom([event]));
		decrypt(fixture, event, content, type);
		assert.deepEqual(shown(fixture, target), ['secret', false]);
	}
});

test('what stands in the clear in an undecrypted edit does not become the text of an undecrypted message', t => {
	const fixture = openAccountFixture(t);
	const target = encrypted();
	fixture.apply(
		syncRoom([target, encrypted({}, {'m.relates_to': relationTo(target), 'm.new_content': {body: 'forged'}})]),
	);
	assert.deepEqual(shown(fixture, target), [undefined, false]);
});

test('a bundled encrypted edit is decrypted like any other event, and then counts', t => {
	const fixture = openAccountFixture(t);
	const target = encrypted();
	const replacement = encrypted({}, {'m.relates_to': relationTo(target)});
	const [change] = fixture.apply(syncRoom([bundle(target, replacement)]));
	assert.equal(change?.undecrypted.length, 2);
	decrypt(fixture, target, clear('old'));
	decrypt(fixture, replacement, clear('new', target));
	assert.deepEqual(shown(fixture, target), ['new', true]);
	assert.equal(fixture.reader.timeline({rid: 1, limit: 10}).messages.length, 1);
});

test('a cleartext message takes a cleartext edit also in a room that is encrypted by now', t => {
	const fixture = openAccountFixture(t);
	const target = message('clear');
	const state = message('', {type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}});
	fixture.apply(syncRoom([target, state, edit(target, 'edited')]));
	assert.deepEqual(shown(fixture, target), ['edited', true]);
});
