import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {isObject, type JsonObject} from '../../source/domain/json.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import {cleanRoom, cleanTop} from '../../source/matrix/sdk-input.ts';

const event = {type: 'm.room.message', event_id: '$a', sender: '@a:x', content: {body: 'hello'}};
const malformed = [
	null,
	7,
	'text',
	[],
	{},
	{type: 'm.x'},
	{content: {}},
	{type: 7, content: {}},
	{type: 'm.x', content: null},
	{type: 'm.x', content: []},
	{...event, type: '__proto__'},
	{...event, type: 'x'.repeat(256)},
	{...event, event_id: 7},
	{...event, event_id: 'no dollar'},
	{...event, sender: {}},
	{...event, sender: '@without-server'},
	{...event, state_key: 7},
	{...event, state_key: 'constructor'},
	{...event, type: 'm.room.member', state_key: 'nobody'},
	{
		...event,
		content: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`.replace(/^/, '{"a":').concat('}')) as JsonObject,
	},
];
const holders = ['timeline', 'state', 'state_after', 'ephemeral', 'account_data', 'invite_state', 'knock_state'];

test('of a room only events with a type and a content reach the SDK, in their order, with all they have', () => {
	const second = {...event, type: 'm.room.name', state_key: '', content: {name: 'x'}, unsigned: {age: 1}, other: [1]};
	for (const holder of holders) {
		const room = cleanRoom({
			[holder]: {events: [event, ...malformed, second], limited: true, prev_batch: 't1'},
			unknown: {x: 1},
		});
		assert.deepEqual(room, {[holder]: {events: [event, second], limited: true, prev_batch: 't1'}});
	}
});

test('a list of events that is none becomes an empty one, and its holder goes if it is no object', () => {
	for (const events of [null, 'text', 7, {0: event}, undefined]) {
		assert.deepEqual(cleanRoom({timeline: {events}}), {timeline: {events: []}});
	}
	for (const holder of [null, 'text', 7, [event]])
		assert.deepEqual(cleanRoom({timeline: holder, state: {events: [event]}}), {state: {events: [event]}});
	for (const room of [null, 'text', 7, []]) assert.deepEqual(cleanRoom(room), {});
});

test('whatever the members of a room are, each list that is left holds only usable events', () => {
	const value = fc.oneof(
		fc.jsonValue(),
		fc.record({events: fc.array(fc.oneof(fc.jsonValue(), fc.constant(event)))}),
		fc.constant({events: malformed}),
	);
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...holders), value as fc.Arbitrary<unknown>), room => {
			for (const holder of Object.values(cleanRoom(room))) {
				assert.ok(isObject(holder));
				const {events} = holder;
				assert.ok(Array.isArray(events));
				for (const one of events)
					assert.ok(isObject(one) && typeof one['type'] === 'string' && isObject(one['content']));
			}
		}),
	);
});

test('a response without a usable next_batch is refused: the SDK would ask again at once, for ever', () => {
	for (const next of [undefined, null, '', 7, {}, []]) {
		assert.throws(
			() => cleanTop({next_batch: next}),
			(error: unknown) => error instanceof NetworkError && error.failure.kind === 'server-error',
		);
	}
	assert.deepEqual(cleanTop({next_batch: 's1', device_lists: {changed: ['@a:x']}}), {
		next_batch: 's1',
		device_lists: {changed: ['@a:x'], left: []},
	});
});

test('messages to this device, presence and account data are cleaned like rooms', () => {
	const dirty = {events: [event, ...malformed]};
	const top = cleanTop({next_batch: 's1', to_device: dirty, presence: dirty, account_data: dirty});
	assert.deepEqual(top, {
		next_batch: 's1',
		to_device: {events: [event]},
		presence: {events: [event]},
		account_data: {events: [event]},
	});
	assert.deepEqual(cleanTop({next_batch: 's1', to_device: [], account_data: 'text', presence: null}), {
		next_batch: 's1',
	});
});

/** What becomes of one event of a timeline. */
const cleaned = (changes: JsonObject): JsonObject => {
	const {timeline} = cleanRoom({timeline: {events: [{...event, ...changes}]}}) as {timeline: {events: JsonObject[]}};
	assert.equal(timeline.events.length, 1);
	return timeline.events[0] ?? {};
};

test('without an id or a sender an event reaches the SDK in no timeline: both go into the crypto as they are', () => {
	const {event_id: _id, ...noId} = event;
	const {sender: _sender, ...noSender} = event;
	const events = [noId, noSender, event];
	assert.deepEqual(cleanRoom({timeline: {events}, invite_state: {events}}), {
		timeline: {events: [event]},
		invite_state: {events},
	});
});

test('a time that no calendar has is replaced: the SDK writes times into its log', () => {
	for (const [time, expected] of [
		[5, 5],
		[-1, 0],
		['x', 0],
		[1e308, 0],
		[Number.MAX_SAFE_INTEGER, 8.64e15],
	] as const)
		assert.equal(cleaned({origin_server_ts: time})['origin_server_ts'], expected);
});

test('of what the server adds, only what is well-formed stays, and no bundled relations', () => {
	const because = {...event, type: 'm.room.redaction', unsigned: {redacted_because: 7}};
	assert.deepEqual(
		cleaned({
			unsigned: {
				age: 'old',
				transaction_id: {},
				prev_content: [],
				redacted_because: because,
				'm.relations': {'m.replace': 7},
				membership: 'join',
			},
			redacts: {},
		}),
		{...event, unsigned: {redacted_because: {...because, unsigned: {}}, membership: 'join'}},
	);
	assert.deepEqual(cleaned({unsigned: 7})['unsigned'], {});
});

test('a relation that the SDK cannot count goes, a reaction with the word constructor among them', () => {
	const contentOf = (relation: unknown): unknown =>
		cleaned({type: 'm.reaction', content: {body: 'x', 'm.relates_to': relation as JsonObject}})['content'];
	const good = {rel_type: 'm.annotation', event_id: '$b', key: '👍'};
	for (const relation of [good, {'m.in_reply_to': {event_id: '$b'}}, {}])
		assert.deepEqual(contentOf(relation), {body: 'x', 'm.relates_to': relation});
	for (const relation of [
		true,
		null,
		[],
		{...good, key: 'constructor'},
		{...good, key: 7},
		{...good, rel_type: '__proto__'},
		{...good, event_id: 'x'},
	])
		assert.deepEqual(contentOf(relation), {body: 'x'});
});

test('members of state that the SDK or the crypto take for what they should be go, if they are not', () => {
	const contentOf = (type: string, content: JsonObject): unknown =>
		cleaned({type, state_key: type === 'm.room.member' ? '@a:x' : '', content})['content'];
	const member = {membership: 7, displayname: {}, avatar_url: [], reason: 5};
	assert.deepEqual(contentOf('m.room.member', member), {reason: 5});
	assert.deepEqual(contentOf('m.room.name', {name: {}}), {});
	assert.deepEqual(contentOf('m.room.canonical_alias', {alias: 7, alt_aliases: 'x'}), {});
	assert.deepEqual(contentOf('m.room.create', {room_version: 6, type: 1, predecessor: 'x', creator: 'c'}), {
		creator: 'c',
	});
	assert.deepEqual(contentOf('m.room.tombstone', {replacement_room: {}, body: 7}), {});
	const encryption = {algorithm: 'a', rotation_period_ms: 1, rotation_period_msgs: 0};
	assert.deepEqual(contentOf('m.room.encryption', encryption), encryption);
	assert.deepEqual(
		contentOf('m.room.encryption', {algorithm: [], rotation_period_ms: -1, rotation_period_msgs: 1.5}),
		{},
	);
	const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":1,"name":"x"}') as JsonObject;
	assert.deepEqual(contentOf('m.room.name', hostile), hostile);
	assert.equal(({} as JsonObject)['polluted'], undefined);
});

test('receipts and typing are maps and lists of people, whatever they were', () => {
	const contentOf = (type: string, content: unknown): unknown => {
		const room = cleanRoom({ephemeral: {events: [{type, content: content as JsonObject}]}});
		return (room['ephemeral'] as {events: Array<{content: unknown}>}).events[0]?.content;
	};
	assert.deepEqual(
		contentOf('m.receipt', {
			$a: {'m.read': {'@a:x': {ts: 1, thread_id: 'main'}, '@b:x': null, constructor: {ts: 1}}, 'm.other': 7},
			$b: null,
			$c: {'m.read': {'@a:x': {ts: 'x', thread_id: 'constructor'}}},
		}),
		{$a: {'m.read': {'@a:x': {ts: 1, thread_id: 'main'}}}, $c: {'m.read': {'@a:x': {}}}},
	);
	assert.deepEqual(contentOf('m.typing', {user_ids: ['@a:x', 7, null, 'x']}), {user_ids: ['@a:x']});
	assert.deepEqual(contentOf('m.typing', {user_ids: 'x'}), {user_ids: []});
});

test('the summary and the counts of a room are numbers and people', () => {
	assert.deepEqual(
		cleanRoom({
			summary: {'m.heroes': ['@a:x', 7, 'x'], 'm.joined_member_count': 2, 'm.invited_member_count': '1'},
			unread_notifications: {notification_count: -1, highlight_count: 3},
			unread_thread_notifications: {$a: null},
		}),
		{summary: {'m.heroes': ['@a:x'], 'm.joined_member_count': 2}, unread_notifications: {highlight_count: 3}},
	);
	assert.deepEqual(cleanRoom({summary: {'m.heroes': 7}, unread_notifications: null}), {summary: {}});
});

test('what the crypto is told beside messages is well-formed, else it would not take the messages either', () => {
	const cleanedTop = (top: JsonObject): JsonObject => cleanTop({next_batch: 's1', ...top});
	const enough = {signed_curve25519: 50};
	assert.deepEqual(
		cleanedTop({
			device_lists: {changed: ['@a:x', 7, 'x'], left: 'x'},
			device_one_time_keys_count: {signed_curve25519: 1e308, other: 3},
			device_unused_fallback_key_types: ['signed_curve25519', null],
			unknown: {},
		}),
		{
			next_batch: 's1',
			device_lists: {changed: ['@a:x'], left: []},
			// A malformed count is not zero: the crypto would make fifty keys at each answer.
			device_one_time_keys_count: {signed_curve25519: 50, other: 3},
			device_unused_fallback_key_types: ['signed_curve25519'],
		},
	);
	for (const count of [null, 7, 'x', []])
		assert.deepEqual(cleanedTop({device_one_time_keys_count: count})['device_one_time_keys_count'], enough);
	assert.deepEqual(cleanedTop({device_lists: [], device_unused_fallback_key_types: {}}), {next_batch: 's1'});
});

test('push rules reach the SDK as lists of objects of the five kinds, whatever they were', () => {
	const rulesOf = (content: JsonObject): unknown => {
		const top = cleanTop({next_batch: 's1', account_data: {events: [{type: 'm.push_rules', content}]}});
		const {events} = top['account_data'] as {events: Array<{content: unknown}>};
		return events[0]?.content;
	};
	const empty = {override: [], content: [], room: [], sender: [], underride: []};
	const rule = {rule_id: 'a', actions: ['notify'], enabled: true, default: false};
	assert.deepEqual(rulesOf({global: {override: [rule, null, 'x', [], 7], room: 'no', other: [rule]}, device: {}}), {
		global: {...empty, override: [{rule_id: 'a', default: false, enabled: true, actions: ['notify']}]},
	});
	const usable = {rule_id: 'b', actions: [], conditions: [{kind: 'event_match', key: 'type', pattern: 'x'}]};
	// With a condition less a rule would mean more.
	const broken = [
		7,
		[null],
		[{kind: 'event_match'}],
		[{kind: 'event_match', key: 7}],
		[{kind: 7}],
		[{kind: 'room_member_count', is: {}}],
	].map(conditions => ({...usable, conditions: conditions as JsonObject[]}));
	assert.deepEqual(rulesOf({global: {underride: [...broken, usable, {...usable, rule_id: 7}]}}), {
		global: {...empty, underride: [usable]},
	});
	assert.deepEqual(rulesOf({global: {sender: [{rule_id: 'c', actions: 'x', enabled: 'no'}]}}), {
		global: {...empty, sender: [{rule_id: 'c', actions: []}]},
	});
	assert.deepEqual(rulesOf({}), {global: empty});
	assert.deepEqual(rulesOf({global: null}), {global: empty});
});
