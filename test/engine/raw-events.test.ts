/** The engine against a real homeserver: events and state of any type, as a person writes them by hand. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {create, refusal, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers} from '../helpers/synapse.ts';

const servers = await needsServers();

for (const isEncrypted of [false, true])
	test(`an event of an unknown type is sent ${isEncrypted ? 'encrypted' : 'in the clear'}`, servers, async t => {
		const all = await setUpRooms(t);
		const {engine, own} = all;
		const roomId = await create(all, {isEncrypted});
		const send = async (type: string, content: JsonObject) =>
			engine.session.send({to: roomId, type, content, isRaw: true, isWaiting: true, timeout: 30_000});
		const receipt = await send('org.example.bell', {times: 2});
		assert.equal(receipt.state, 'sent');
		const place = `rooms/${encodeURIComponent(roomId)}/event/${encodeURIComponent(receipt.eventId ?? '')}`;
		const {type, content} = await own('GET', place);
		if (isEncrypted) assert.equal(type, 'm.room.encrypted');
		else assert.deepEqual([type, content], ['org.example.bell', {times: 2}]);

		assert.match(await refusal(send('m.room.encrypted', {})), /not sent by hand/);
		assert.match(await refusal(send('m.room.redaction', {redacts: receipt.eventId})), /not sent by hand/);
		assert.match(await refusal(send('two words', {})), /A type is one word/);
		assert.match(await refusal(send('org.example.bell', {times: 1.5})), /whole ones/);
		assert.match(await refusal(send('org.example.bell', {long: 'x'.repeat(70_000)})), /too long/);
		const without = {to: roomId, type: 'org.example.bell', content: {}, isWaiting: false, timeout: 0};
		assert.match(await refusal(engine.session.send(without)), /are not sent/);
	});

test('state of any type is set by hand, where that is allowed', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, state, reader, bob, bobs, self} = all;
	const roomId = await create(all, {invite: [bob.userId]});
	const name = {type: 'org.example.table', stateKey: 'in the kitchen'};
	await engine.session.setState({roomId, ...name, content: {legs: 4}});
	assert.deepEqual(await state(roomId, name.type, name.stateKey), {legs: 4});
	const rid = ridOf(all, roomId);
	await until(engine, 'the table', () => reader.state.event(rid, name) !== undefined);
	assert.ok(reader.state.names(rid, 100).some(({type}) => type === name.type));
	assert.ok(reader.state.names(rid, 100).some(({stateKey}) => stateKey === self));
	const set = async (type: string, content: JsonObject, where = roomId) =>
		engine.session.setState({roomId: where, type, stateKey: '', content});
	assert.match(await refusal(set('m.room.encryption', {algorithm: 'none'})), /not set by hand/);
	assert.match(await refusal(set('m.room.create', {})), /not set by hand/);

	const {room_id: other} = await bobs('POST', 'createRoom', {invite: [self], preset: 'private_chat'});
	const otherId = asString(other) ?? '';
	await until(engine, 'the invitation', () => reader.roomById(otherId)?.membership === 'invite');
	await engine.session.join({room: otherId});
	await until(engine, 'the join', () => reader.roomById(otherId)?.membership === 'join');
	assert.equal(
		await refusal(set('org.example.table', {}, otherId)),
		'You need a power of 50 to set org.example.table; yours is 0.',
	);
});
