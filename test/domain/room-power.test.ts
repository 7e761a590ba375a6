/** Power in rooms: levels that are missing, damaged, or above all levels. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {lackOfPower, powerName, readRoomPower} from '../../source/domain/room-power.ts';

const create = (version: string, more = {}) => ({sender: '@ann:one.test', content: {room_version: version, ...more}});

suite('power in a room', () => {
	test('without levels the creator has 100 and everybody else nothing', () => {
		const power = readRoomPower(undefined, create('11'));
		assert.deepEqual([power.of('@ann:one.test'), power.of('@bob:one.test')], [100, 0]);
		assert.deepEqual([power.toAct('ban'), power.toAct('invite'), power.toSetState('m.room.name')], [50, 0, 50]);
	});

	test('levels are read, also those that old rooms have as text', () => {
		const levels = {
			users: {'@bob:one.test': '50'},
			users_default: 1,
			events: {'m.room.name': 30},
			state_default: 40,
			kick: 10,
		};
		const power = readRoomPower(levels, create('9'));
		assert.deepEqual([power.of('@bob:one.test'), power.of('@zoe:one.test')], [50, 1]);
		assert.deepEqual(
			[power.toSetState('m.room.name'), power.toSetState('m.room.topic'), power.toAct('kick')],
			[30, 40, 10],
		);
	});

	test('creators of rooms from version 12 on stand above all', () => {
		const power = readRoomPower({users: {}}, create('12', {additional_creators: ['@bob:one.test']}));
		assert.deepEqual(['@ann:one.test', '@bob:one.test', '@zoe:one.test'].map(power.of), [Infinity, Infinity, 0]);
	});

	test('damaged levels and names of Object.prototype count as missing', () => {
		const levels = {users: 'x', events: [], ban: {}, state_default: 1e300} as const;
		const power = readRoomPower(levels, {});
		assert.deepEqual([power.of('constructor'), power.toAct('ban'), power.toSetState('toString')], [0, 50, 50]);
	});

	test('a lack of power says how much is needed', () => {
		assert.equal(lackOfPower(50, 50, 'ban people here'), undefined);
		assert.equal(lackOfPower(0, 50, 'ban people here'), 'You need a power of 50 to ban people here; yours is 0.');
		assert.deepEqual([Infinity, 100, 60, 0, -1].map(powerName), ['creator', 'admin', 'moderator', 'member', 'muted']);
	});
});
