/** A room that was once encrypted stays so, whatever the server or an administrator says later. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {RoomCategory} from '../../source/domain/sync-response.ts';
import {
	member,
	message,
	openAccountFixture,
	ownUser,
	redaction,
	roomId,
	state,
	syncRoom,
	type AccountFixture,
} from './account-fixture.ts';

const megolm = {algorithm: 'm.megolm.v1.aes-sha2'};
const event = state('m.room.encryption', megolm, {origin_server_ts: 2000});
const isEncrypted = {isEncrypted: true, isProvisional: false};

const say = (content: unknown): JsonObject => ({...state('m.room.encryption', {}), content: content as JsonObject});
const inCategory = (category: RoomCategory, changes: JsonObject = {}) => syncRoom([], changes, {category});

const attempts: ReadonlyArray<readonly [what: string, attempt: (fixture: AccountFixture) => void]> = [
	['an empty encryption event', ({apply}) => apply(syncRoom([say({})]))],
	['the algorithm none', ({apply}) => apply(syncRoom([say({algorithm: 'none'})]))],
	...[null, 7, 'x', [], {algorithm: null}, {algorithm: {}}].map(
		content =>
			[
				`an encryption event with the content ${JSON.stringify(content)}`,
				({apply}: AccountFixture) => apply(syncRoom([say(content)], {state: {events: [say(content)]}})),
			] as const,
	),
	['its event being removed', ({apply}) => apply(syncRoom([redaction(event)]))],
	['state without it', ({apply}) => apply(syncRoom([], {state: {events: [state('m.room.name', {name: 'x'})]}}))],
	['an empty state after the timeline', ({apply}) => apply(syncRoom([], {state_after: {events: []}}))],
	[
		'an older state that is replayed',
		({apply}) => apply(syncRoom([], {state: {events: [state('m.room.create', {room_version: '10'})]}})),
	],
	[
		'its full state without it',
		fixture => fixture.account.write(() => fixture.rooms.applyFullState(roomId, 'join', [state('m.room.topic', {})])),
	],
	[
		'leaving and joining again',
		({apply}) => apply(inCategory('leave'), inCategory('join', {state: {events: [member(ownUser, 'join')]}})),
	],
	[
		'being banned and invited again',
		({apply}) => apply(inCategory('leave', {state: {events: [member(ownUser, 'ban')]}}), inCategory('invite')),
	],
];

for (const [what, attempt] of attempts) {
	test(`a room stays encrypted after ${what}`, t => {
		const fixture = openAccountFixture(t);
		fixture.apply(syncRoom([event]));
		attempt(fixture);
		assert.deepEqual(fixture.rooms.encryptionOf(roomId), isEncrypted);
		assert.equal(fixture.reader.roomById(roomId)?.isEncrypted, true);
	});
}

test('whatever says that a room is encrypted is believed, even if nothing else in it can be read', t => {
	const places: ReadonlyArray<(fixture: AccountFixture) => void> = [
		({apply}) => apply(syncRoom([{type: 'm.room.encryption', state_key: ''}])),
		({apply}) => apply(syncRoom([say(null)])),
		({apply}) => apply(syncRoom([], {state: {events: [say(7)]}})),
		({apply}) => apply(syncRoom([], {state_after: {events: [say({})]}})),
		({apply}) => apply(inCategory('invite', {invite_state: {events: [say(megolm)]}})),
		({apply}) => apply(inCategory('leave', {state: {events: [say(megolm)]}})),
		({account, rooms}) => account.write(() => rooms.applyFullState(roomId, 'join', [say({})])),
	];
	for (const place of places) {
		const fixture = openAccountFixture(t);
		place(fixture);
		assert.equal(fixture.rooms.encryptionOf(roomId)?.isEncrypted, true, place.toString());
	}
});

test('an encryption event with a state key, or one that is no state, encrypts nothing', t => {
	const fixture = openAccountFixture(t);
	const {state_key: _key, ...noState} = event;
	fixture.apply(
		syncRoom([
			{...event, event_id: '$a', state_key: 'x'},
			{...noState, event_id: '$b'},
		]),
	);
	assert.equal(fixture.rooms.encryptionOf(roomId)?.isEncrypted, false);
});

test('saying it again later does not make cleartext of the time between look as if it came before', t => {
	const fixture = openAccountFixture(t);
	const inClear = message('in the clear', {origin_server_ts: 3000});
	const again = state('m.room.encryption', megolm, {origin_server_ts: 4000});
	fixture.apply(syncRoom([event, inClear, again]));
	const {messages} = fixture.reader.timeline({rid: 1, limit: 10});
	assert.deepEqual(messages[1]?.shield, {colour: 'red', reason: 'sent-in-clear'});
});
