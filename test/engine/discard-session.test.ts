/** The engine against a real homeserver: a new session of the encryption on request. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createRoom, sendText, startEngine, waitOnEngine} from '../helpers/engine.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {refusal} from './room-requests.ts';
import {sessionsOnServer} from './server-events.ts';

const servers = await needsServers();

test('the next message after /discardsession is of a new session, those after it too', servers, async t => {
	const server = await sharedSynapse();
	const {home, engine} = await startEngine(t, server);
	const known = async (roomId: string) =>
		waitOnEngine(
			engine,
			async () =>
				(await engine.session.rooms({limit: 100})).rooms.some(room => room.roomId === roomId) ? true : undefined,
			{what: () => 'the room'},
		);
	const roomId = await createRoom(server, home.account, {name: 'secrets', isEncrypted: true});
	const open = await createRoom(server, home.account, {name: 'open'});
	await known(roomId);
	await known(open);
	await sendText(engine, roomId, 'one');
	await sendText(engine, roomId, 'two');
	await engine.session.discardSession({roomId});
	await sendText(engine, roomId, 'three');
	await sendText(engine, roomId, 'four');
	const access = {url: server.url, accessToken: home.account.accessToken};
	const [one, two, three, four] = await sessionsOnServer(access, roomId, home.account.userId);
	assert.equal(one, two);
	assert.notEqual(two, three);
	assert.equal(three, four);
	assert.match(await refusal(engine.session.discardSession({roomId: open})), /This room is not encrypted/);
});
