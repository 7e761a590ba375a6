import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {isObject, type JsonObject} from '../../source/domain/json.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import {cleanRoom, cleanTop} from '../../source/matrix/sdk-input.ts';

const event = {type: 'm.room.message', content: {body: 'hello'}};
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
];
const holders = ['timeline', 'state', 'state_after', 'ephemeral', 'account_data', 'invite_state', 'knock_state'];

test('of a room only events with a type and a content reach the SDK, in their order, with all they have', () => {
	const second = {type: 'm.room.name', content: {}, unsigned: {age: 1}, sender: 7};
	for (const holder of holders) {
		const room = cleanRoom({
			[holder]: {events: [event, ...malformed, second], limited: true, prev_batch: 't1'},
			summary: {x: 1},
		});
		assert.deepEqual(room, {[holder]: {events: [event, second], limited: true, prev_batch: 't1'}, summary: {x: 1}});
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
		device_lists: {changed: ['@a:x']},
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

test('push rules reach the SDK as lists of objects of the five kinds, whatever they were', () => {
	const rulesOf = (content: JsonObject): unknown => {
		const top = cleanTop({next_batch: 's1', account_data: {events: [{type: 'm.push_rules', content}]}});
		const {events} = top['account_data'] as {events: Array<{content: unknown}>};
		return events[0]?.content;
	};
	const empty = {override: [], content: [], room: [], sender: [], underride: []};
	const rule = {rule_id: 'a', actions: ['notify'], enabled: true, default: false};
	assert.deepEqual(rulesOf({global: {override: [rule, null, 'x', [], 7], room: 'no', other: [rule]}, device: {}}), {
		global: {...empty, override: [rule]},
	});
	assert.deepEqual(rulesOf({}), {global: empty});
	assert.deepEqual(rulesOf({global: null}), {global: empty});
});
