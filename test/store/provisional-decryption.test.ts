/** Decryption takes its time: meanwhile sync may take the place of what a room showed for the time being. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createProvisionalRooms} from '../../source/store/provisional-rooms.ts';
import {createUndecryptedStore} from '../../source/store/undecrypted-store.ts';
import {message, openAccountFixture, roomId, syncRoom} from './account-fixture.ts';

const encrypted = (sender: string) =>
	message('', {
		type: 'm.room.encrypted',
		sender,
		content: {algorithm: 'm.megolm.v1.aes-sha2', session_id: 's', ciphertext: 'x'},
	});

test('what is decrypted too late for its own message is shown as nobody else’s', t => {
	const fixture = openAccountFixture(t);
	const store = createUndecryptedStore(fixture.account, fixture.rooms);
	const provisional = createProvisionalRooms(fixture.account, fixture.rooms);
	const shown = ['one', 'two'].map(() => encrypted('@anna:example.org'));
	const [before] = provisional.write([{room: syncRoom(shown), name: 'Room', directUser: undefined}]);
	const inFlight = before?.undecrypted.map(pk => store.event(pk)) ?? [];
	assert.deepEqual(
		inFlight.map(event => event?.raw['event_id']),
		shown.map(event => event['event_id']),
	);
	const [, others] = fixture.apply(
		syncRoom([]),
		syncRoom([encrypted('@ben:example.org'), encrypted('@ben:example.org')], {}, {id: '!other:example.org'}),
	);
	store.write(
		[
			{
				pk: inFlight[0]?.pk ?? 0,
				decryption: {
					kind: 'clear',
					type: 'm.room.message',
					content: {msgtype: 'm.text', body: 'by anna'},
					shield: undefined,
				},
			},
			{pk: inFlight[1]?.pk ?? 0, decryption: {kind: 'failed', reason: 'UNKNOWN_ERROR'}},
		],
		error => assert.fail(String(error)),
	);
	const {messages} = fixture.reader.timeline({rid: others?.rid ?? 0, limit: 10});
	assert.deepEqual(
		messages.map(({sender, type, content}) => [sender, type, content['body']]),
		[1, 2].map(() => ['@ben:example.org', 'm.room.encrypted', undefined]),
	);
	assert.deepEqual(store.untried(), others?.undecrypted);
	const rid = fixture.reader.roomById(roomId)?.rid ?? 0;
	assert.deepEqual(fixture.reader.timeline({rid, limit: 10}).messages, []);
});
