/** What is malformed in a response costs itself alone: the rest of its room, the other rooms and the answer arrive. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {asObject, type JsonObject} from '../../source/domain/json.ts';
import {parseRoomEvent} from '../../source/domain/room-event.ts';
import {saysEncrypted, type SyncRoom} from '../../source/domain/sync-response.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {createSyncGate, type SyncGateOptions} from '../../source/matrix/sync-gate.ts';
import {startFaultyServer} from './faulty-server.ts';
import {silentConnection} from './silent-connection.ts';

type Told = {readonly problem: string; readonly roomId: unknown; readonly count: unknown};

/** Puts one body through a gate. @returns what the SDK gets, what is written, what is told */
const passThrough = async (t: TestContext, body: string, load: SyncGateOptions['sink']['load'] = () => undefined) => {
	const base = await startFaultyServer(t, (_request, response) => {
		response.writeHead(200, {'content-type': 'application/json'});
		response.end(body);
	});
	const written: SyncRoom[] = [];
	const dropped: string[] = [];
	const told: Told[] = [];
	const gate = createSyncGate({
		sink: {
			isLoaded: () => true,
			load,
			drop: roomId => void dropped.push(roomId),
			write: rooms => void written.push(...rooms),
		},
		fetch: createGuardedFetch({isFailed: () => undefined}),
		failure: () => undefined,
		settled: async () => undefined,
		connection: silentConnection,
		onProblem: (problem, {roomId, count}) => void told.push({problem, roomId, count}),
	});
	const response = await gate.fetch(`${base}/_matrix/client/v3/sync?since=s0`);
	return {sdk: (await response.json()) as JsonObject, written, dropped, told};
};

const good = {type: 'm.room.message', content: {body: 'good'}, event_id: '$good', sender: '@a:x'};

test('an event nested 2,000 deep costs itself alone', async t => {
	const nested = `{"type":"m.room.message","content":{"a":${'['.repeat(2000)}${']'.repeat(2000)}},"event_id":"$deep"}`;
	const {sdk, written} = await passThrough(
		t,
		`{"rooms":{"join":{"!a:x":{"timeline":{"events":[${nested},${JSON.stringify(good)}]}},"!b:x":{}}},
			"account_data":{"events":[${nested}]},"next_batch":"s1"}`,
	);
	assert.deepEqual(sdk, {
		next_batch: 's1',
		account_data: {events: []},
		rooms: {join: {'!a:x': {timeline: {events: [good]}}, '!b:x': {}}, leave: {}, invite: {}, knock: {}},
	});
	assert.deepEqual(
		written.map(room => [room.roomId, room.timeline.length]),
		[
			['!a:x', 2],
			['!b:x', 0],
		],
	);
	assert.equal(parseRoomEvent({...asObject(written[0]?.timeline[0]), sender: '@a:x'}), 'nested too deeply');
});

test('a room that the SDK cannot take is written like the others, which reach the SDK, and built anew for it', async t => {
	const {sdk, written, dropped, told} = await passThrough(
		t,
		JSON.stringify({
			next_batch: 's1',
			rooms: {join: {'!a:x': {}, '!b:x': {}, '!c:x': {}}},
			to_device: {events: [null, {type: 'm.x'}]},
		}),
		roomId => {
			if (roomId === '!b:x') throw new TypeError('a bug');
		},
	);
	assert.deepEqual(Object.keys(asObject(asObject(sdk['rooms'])['join'])), ['!a:x', '!c:x']);
	assert.deepEqual(
		written.map(room => room.roomId),
		['!a:x', '!b:x', '!c:x'],
	);
	// One that was loaded before would go on without what it missed: who left, who may read.
	assert.deepEqual(dropped, ['!b:x']);
	assert.deepEqual(told, [
		{problem: 'Malformed events outside of rooms were left out', roomId: undefined, count: 2},
		{problem: 'The SDK cannot take a room', roomId: '!b:x', count: undefined},
	]);
});

test('rooms that are no objects lose neither the other rooms nor the token', async t => {
	for (const value of [null, 7, 'text', [], [null], {timeline: 'text', state: 7}, {timeline: {events: {}}}]) {
		const {sdk, written} = await passThrough(
			t,
			JSON.stringify({
				next_batch: 's1',
				rooms: {join: {'!a:x': value, '!b:x': {timeline: {events: [good]}}}, leave: value},
			}),
		);
		assert.equal(sdk['next_batch'], 's1');
		assert.deepEqual(written.at(-1)?.timeline, [good]);
	}
});

test('a room that mx fails to read is written as one that cannot be read, as encrypted as it says, and the others arrive', async t => {
	// More than can be handed to one call: the stack overflows.
	const receipts = Array.from({length: 200_000}, () => ({type: 'm.receipt'}));
	const encryption = {type: 'm.room.encryption', state_key: '', content: {}};
	const bad = {
		state: {events: [good, encryption]},
		ephemeral: {events: receipts},
		timeline: {events: [good], limited: true, prev_batch: 'p1'},
	};
	const {sdk, written, told} = await passThrough(
		t,
		JSON.stringify({next_batch: 's1', rooms: {join: {'!a:x': {}, '!b:x': bad, '!c:x': {}}}}),
	);
	assert.equal(sdk['next_batch'], 's1');
	assert.deepEqual(
		written.map(room => room.roomId),
		['!a:x', '!b:x', '!c:x'],
	);
	assert.deepEqual(told, [{problem: 'A room could not be read', roomId: '!b:x', count: undefined}]);
	const room = written[1] as SyncRoom;
	assert.equal(saysEncrypted(room), true);
	assert.deepEqual([room.timeline.length, room.isLimited, room.previousToken], [1, true, 'p1']);
	assert.equal(typeof parseRoomEvent(room.timeline[0]), 'string');
});
