/** The engine against a real homeserver: pins, reports, forwarded messages, and messages that are fetched one by one. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asString} from '../../source/domain/json.ts';
import {forwardedContent} from '../../source/view-models/forwarded-content.ts';
import {sendText, waitForMessage} from '../helpers/engine.ts';
import {needsServers} from '../helpers/synapse.ts';
import {create, refusal, ridOf, setUpRooms, until} from './room-requests.ts';

const servers = await needsServers();

test('messages are pinned and let go beside what others have pinned', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bob, bobs, reader, state} = all;
	const roomId = await create(all, {invite: [bob.userId]});
	const path = `rooms/${encodeURIComponent(roomId)}`;
	await bobs('POST', `${path}/join`, {});
	const eventId = await sendText(engine, roomId, 'the address');
	await engine.session.changeRoom({roomId, change: {kind: 'topic', value: 'x'}});
	const pinned = async () => asArray((await state(roomId, 'm.room.pinned_events'))['pinned']);
	await engine.session.setPinned({roomId, eventId, isPinned: true});
	assert.deepEqual(await pinned(), [eventId]);
	await engine.session.setPower({roomId, userId: bob.userId, level: 50});
	// What the store does not know yet stays pinned.
	await bobs('PUT', `${path}/state/m.room.pinned_events`, {pinned: [eventId, '$elsewhere']});
	const second = await sendText(engine, roomId, 'the date');
	await engine.session.setPinned({roomId, eventId: second, isPinned: true});
	await engine.session.setPinned({roomId, eventId: second, isPinned: true});
	await engine.session.setPinned({roomId, eventId, isPinned: false});
	assert.deepEqual(await pinned(), ['$elsewhere', second]);
	const stored = () => asArray(reader.details.state(ridOf(all, roomId), 'm.room.pinned_events')?.['pinned']);
	await until(engine, 'the pins', () => stored().length === 2 && stored()[1] === second);
});

test('who may not pin is told so, and the report of what is not there fails', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bobs, self, reader} = all;
	const {room_id: id} = await bobs('POST', 'createRoom', {invite: [self], preset: 'private_chat'});
	const roomId = asString(id) ?? '';
	await until(engine, 'the invitation', () => reader.roomById(roomId)?.membership === 'invite');
	const {session} = engine;
	assert.match(await refusal(session.setPinned({roomId, eventId: '$x', isPinned: true})), /You are not in this room/);
	await session.join({room: roomId});
	await until(engine, 'the join', () => reader.roomById(roomId)?.membership === 'join');
	const sent = await bobs('PUT', `rooms/${encodeURIComponent(roomId)}/send/m.room.message/1`, {
		msgtype: 'm.text',
		body: 'buy this',
	});
	const eventId = asString(sent['event_id']) ?? '';
	assert.equal(
		await refusal(session.setPinned({roomId, eventId, isPinned: true})),
		'You need a power of 50 to pin messages here; yours is 0.',
	);
	await waitForMessage(engine, roomId, 'buy this');
	await session.report({roomId, eventId, reason: 'spam'});
	assert.match(await refusal(session.report({roomId, eventId, reason: ' '})), /A report needs a reason/);
	assert.match(
		await refusal(session.report({roomId, eventId: '$nothing', reason: 'spam'})),
		/Cannot report the message/,
	);
});

test('what the store lacks is fetched, and what the server does not give is left out', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bobs, self, reader} = all;
	const {room_id: id} = await bobs('POST', 'createRoom', {invite: [self], preset: 'private_chat'});
	const roomId = asString(id) ?? '';
	const path = `rooms/${encodeURIComponent(roomId)}`;
	const say = async (index: number): Promise<string> => {
		const content = {msgtype: 'm.text', body: `message ${index}`};
		return asString((await bobs('PUT', `${path}/send/m.room.message/${index}`, content))['event_id']) ?? '';
	};
	const first = await say(0);
	for (let index = 1; index < 40; index += 1) await say(index);
	await until(engine, 'the invitation', () => reader.roomById(roomId)?.membership === 'invite');
	await engine.session.join({room: roomId});
	await until(engine, 'the join', () => reader.roomById(roomId)?.membership === 'join');
	const rid = ridOf(all, roomId);
	await engine.session.loadMessages({roomId, eventIds: [first, first, '$nothing']});
	const message = reader.message(rid, first);
	assert.equal(message?.content['body'], 'message 0');
	assert.equal(reader.message(rid, '$nothing'), undefined);
	await engine.session.loadMessages({roomId, eventIds: [first]});
});

test('a forwarded message says the same in the other room', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, reader} = all;
	const [from, to] = [await create(all, {isEncrypted: true}), await create(all)];
	const content = {
		msgtype: 'm.text',
		body: 'look',
		format: 'org.matrix.custom.html',
		formatted_body: '<b>look</b>',
		'm.mentions': {user_ids: ['@nobody:one.test']},
	};
	await engine.session.send({to: from, content, isWaiting: true, timeout: 20_000});
	const message = await waitForMessage(engine, from, 'look');
	assert.equal(message.encryption, 'decrypted');
	await engine.session.send({to, content: forwardedContent(message), isWaiting: true, timeout: 20_000});
	const arrived = await waitForMessage(engine, to, 'look');
	const {'m.mentions': _, ...said} = content;
	assert.deepEqual(arrived.content, {...said, 'm.mentions': {}});
	assert.equal(reader.message(ridOf(all, to), arrived.eventId)?.encryption, 'clear');
});
