/** What a bug takes from a room must not be what protects its messages. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {SyncRoom} from '../../source/domain/sync-response.ts';
import {createRoomIsolation} from '../../source/store/room-isolation.ts';
import {member, message, openAccountFixture, roomId, state, syncRoom, type AccountFixture} from './account-fixture.ts';

const encryption = state('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'});
const damaged = {...encryption, content: null};

/** A bug meets a room once all of it is written. */
const writeWithBug = (fixture: AccountFixture, room: SyncRoom): readonly unknown[] => {
	const errors: unknown[] = [];
	const isolated = createRoomIsolation(fixture.account, fixture.rooms);
	const write = (): never => {
		fixture.rooms.applyRoom(room);
		throw new TypeError('a bug');
	};
	fixture.account.write(() => isolated(room, write, error => void errors.push(error)));
	return errors;
};

const isEncryptedAfter = (t: TestContext, room: SyncRoom): boolean | undefined => {
	const fixture = openAccountFixture(t);
	assert.equal(writeWithBug(fixture, room).length, 1);
	return fixture.rooms.encryptionOf(roomId)?.isEncrypted;
};

test('a room that a bug meets in its first sync is as encrypted as the response says, wherever it says so', t => {
	for (const event of [encryption, damaged]) {
		const events: readonly JsonObject[] = [message('hello'), event];
		const places: readonly SyncRoom[] = [
			syncRoom(events),
			syncRoom([], {state: {events}}),
			syncRoom([], {state_after: {events}}),
			syncRoom([], {invite_state: {events}}, {category: 'invite'}),
			syncRoom([], {state: {events}}, {category: 'leave'}),
		];
		for (const place of places) assert.equal(isEncryptedAfter(t, place), true, JSON.stringify(place));
	}
});

test('a room of which nothing says that it is encrypted stays one in the clear', t => {
	const {state_key: _key, ...noState} = encryption;
	const room = syncRoom([message('hello'), noState, {...encryption, state_key: 'x'}, null, 7]);
	assert.equal(isEncryptedAfter(t, room), false);
});

test('a bug takes nothing from a room that was encrypted before', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([encryption]));
	writeWithBug(fixture, syncRoom([message('hello')]));
	assert.equal(fixture.rooms.encryptionOf(roomId)?.isEncrypted, true);
});

test('who left in what a bug took does not read on: the next message starts a new session', t => {
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([encryption, member('@anna:example.org', 'join')]));
	assert.equal(fixture.rooms.mustRotateSession(roomId), false);
	writeWithBug(fixture, syncRoom([member('@anna:example.org', 'leave')]));
	assert.equal(fixture.rooms.mustRotateSession(roomId), true);
});

test('that a room is encrypted is noted even where the bug meets every write of the room', t => {
	const fixture = openAccountFixture(t);
	const applyRoom = (): never => {
		throw new TypeError('a bug');
	};
	const errors: unknown[] = [];
	const isolated = createRoomIsolation(fixture.account, {...fixture.rooms, applyRoom});
	fixture.account.write(() => isolated(syncRoom([encryption]), applyRoom, error => void errors.push(error)));
	assert.equal(errors.length, 2);
	assert.equal(fixture.rooms.encryptionOf(roomId)?.isEncrypted, true);
});

test('what was said before it can still be loaded, and what a limited response left out is a gap', t => {
	const fixture = openAccountFixture(t);
	writeWithBug(fixture, syncRoom([message('hello')]));
	const {timelines} = fixture.rooms;
	assert.deepEqual([timelines.olderEdge(1)?.kind, timelines.olderEdge(1)?.token], ['gap', 't1']);
	const timeline = {events: [message('later')], limited: true, prev_batch: 't2'};
	writeWithBug(fixture, syncRoom([], {timeline}));
	assert.equal(timelines.gap(1)?.token, 't2');
});
