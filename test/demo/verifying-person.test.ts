/** Somebody of the demo takes part in a verification: she accepts, and says that the emoji match. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createHome, startHome} from '../helpers/engine.ts';
import {waitForStep} from '../engine/verification-steps.ts';
import {directRoomWith, startPopulatedServer} from './demo-server.ts';

test('Zoé accepts, confirms, and is verified', async t => {
	const server = await startPopulatedServer(t);
	const account = server.signIn();
	const engine = await startHome(t, await createHome(server.server, {account}), {isNew: true});
	await engine.session.setUpEncryption({password: server.demo.account.password});
	const userId = `@zoe:${server.demo.serverName}`;
	const roomId = await directRoomWith(server, account, userId);
	const asked = await engine.session.startVerification({userId});
	assert.equal(asked.roomId, roomId);
	const {id} = await waitForStep(engine, 'compare');
	await engine.session.confirmVerification({id});
	assert.ok((await waitForStep(engine, 'done', id)).isTrusted);
	assert.equal((await engine.session.devicesOf({userId})).identity, 'verified');
});
