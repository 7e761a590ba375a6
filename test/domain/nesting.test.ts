import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isNestedDeeper, maximumEventDepth} from '../../source/domain/nesting.ts';
import {parseRoomEvent} from '../../source/domain/room-event.ts';

const nested = (depth: number, [open, close]: readonly [string, string]): unknown =>
	JSON.parse(open.repeat(depth) + close.repeat(depth));

test('the depth of objects and lists is counted, whatever else is beside them', () => {
	for (const value of [null, 7, 'text', undefined, true]) assert.equal(isNestedDeeper(value, 0), false);
	assert.equal(isNestedDeeper({}, 0), true);
	assert.equal(isNestedDeeper({a: 1, b: 'x'}, 1), false);
	assert.equal(isNestedDeeper({a: 1, b: [], c: 'x'}, 1), true);
	assert.equal(isNestedDeeper([[], {a: [null]}, []], 3), false);
	assert.equal(isNestedDeeper([[], {a: [null]}, []], 2), true);
	for (const depth of [1, 2, 50]) {
		assert.equal(isNestedDeeper(nested(depth, ['[', ']']), depth), false);
		assert.equal(isNestedDeeper(nested(depth, ['[', ']']), depth - 1), true);
	}
});

test('an event that is nested a million deep is refused without a stack overflow', () => {
	const event = {event_id: '$a', sender: '@a:b', type: 'm.x', origin_server_ts: 1};
	assert.equal(parseRoomEvent({...event, content: {a: nested(1_000_000, ['[', ']'])}}), 'nested too deeply');
	assert.equal(parseRoomEvent({...event, unsigned: {a: nested(2000, ['[', ']'])}, content: {}}), 'nested too deeply');
	assert.ok(typeof parseRoomEvent({...event, content: {a: nested(maximumEventDepth - 2, ['[', ']'])}}) === 'object');
});
