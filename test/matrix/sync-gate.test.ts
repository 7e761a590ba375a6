import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject, type JsonObject} from '../../source/domain/json.ts';
import {joinedRooms, json, openGate, room} from './opened-gate.ts';

const passedTo = (body: JsonObject): readonly string[] =>
	Object.values(asObject(body['rooms'])).flatMap(category => Object.keys(asObject(category)));

test('of a first sync every room is written and none is passed on, however few they are', async t => {
	const gate = await openGate(t, [
		json({next_batch: 's1', rooms: {join: joinedRooms(3), invite: {'!i:x': {}}}, to_device: {events: []}}),
	]);
	const body = await gate.sync('timeout=0');
	assert.deepEqual(body, {
		next_batch: 's1',
		to_device: {events: []},
		rooms: {join: {}, leave: {}, invite: {}, knock: {}},
	});
	assert.deepEqual(
		gate.steps.filter(step => step.startsWith('write')),
		['write !r0:x', 'write !r1:x', 'write !r2:x', 'write !i:x'],
	);
	assert.equal(gate.steps.at(-1), 'received 4');
	assert.deepEqual(gate.told, ['answered']);
});

test('of a response with more than forty rooms only the loaded ones are passed on, and all are written', async t => {
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: joinedRooms(41)}})], {
		loaded: ['!r3:x', '!r40:x', '!other:x'],
	});
	assert.deepEqual(passedTo(await gate.sync()), ['!r3:x', '!r40:x']);
	assert.equal(gate.steps.filter(step => step.startsWith('write')).length, 41);
	assert.ok(gate.steps.indexOf('load !r3:x') < gate.steps.indexOf('write !r3:x'));
	assert.deepEqual(
		gate.steps.filter(step => step.startsWith('load')),
		['load !r3:x', 'load !r40:x'],
	);
});

test('of forty rooms or fewer all are passed on, each loaded before its news is written', async t => {
	const rooms = {
		join: joinedRooms(38),
		leave: {'!gone:x': room('bye')},
		invite: {'!i:x': {invite_state: {events: []}}},
	};
	const gate = await openGate(t, [json({next_batch: 's1', rooms})]);
	const body = await gate.sync();
	assert.deepEqual(body['rooms'], {...rooms, knock: {}});
	for (const roomId of passedTo(body)) {
		assert.ok(gate.steps.indexOf(`load ${roomId}`) < gate.steps.indexOf(`write ${roomId}`), roomId);
	}
	assert.equal(gate.steps.length, 80);
});

test('what the SDK would lose a batch over does not reach it, but is written', async t => {
	const kept = {type: 'm.room.message', content: {body: 'kept'}, event_id: '$kept', sender: '@a:x'};
	const timeline = {events: [null, 7, {type: 'm.x'}, kept]};
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: {'!a:x': {timeline}, '!b:x': null}}})]);
	const body = asObject(asObject((await gate.sync())['rooms'])['join']);
	assert.deepEqual(body, {
		'!a:x': {timeline: {events: [kept]}},
		'!b:x': {},
	});
	assert.deepEqual(
		gate.steps.filter(step => step.startsWith('write')),
		['write !a:x', 'write !b:x'],
	);
});

test('after the store has failed, the sync makes no request either', async t => {
	const failure = new Error('disk full');
	const gate = await openGate(t, [json({next_batch: 's1'})], {failure: () => failure});
	await assert.rejects(gate.respond(), failure);
	assert.equal(gate.requests.length, 0);
});

test('a store that cannot write fails the response, and the token does not reach the SDK', async t => {
	const failure = new Error('disk full');
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: joinedRooms(2)}})], {
		sink: {
			isLoaded: () => false,
			load: () => undefined,
			drop: () => undefined,
			write: () => {
				throw failure;
			},
		},
	});
	await assert.rejects(gate.respond(), failure);
});

test('what changes something on the server waits until the crypto is on disk, and what only asks does not', async t => {
	const onDisk = Promise.withResolvers<void>();
	const {ask, requests} = await openGate(t, [json({})], {settled: () => onDisk.promise});
	const upload = ask('/_matrix/client/v3/keys/upload', {method: 'POST', body: '{}'});
	await ask('/_matrix/client/v3/room_keys/version');
	assert.deepEqual(requests, ['/_matrix/client/v3/room_keys/version']);
	onDisk.resolve();
	assert.equal((await upload).status, 200);
	assert.equal(requests.length, 2);
});
