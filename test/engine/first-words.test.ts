/** Whether others are who they seem, before mx has written to them: against a real Synapse. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createHome, startHome, textOf, waitForMessage} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';

test(
	'after a sign-in, a friend with an identity who writes first is shown without a warning',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const account = await server.registerUser(uniqueName('mx'));
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		await bob.setUpEncryption();
		const roomId = await bob.createRoom({isEncrypted: true, invite: [account.userId]});
		const access = {url: server.url, accessToken: account.accessToken};
		await matrixRequest(access, 'POST', `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`, {});
		await bob.waitForRoom(roomId, room => room.getMember(account.userId)?.membership === 'join');
		const engine = await startHome(t, await createHome(server, {account}), {isNew: true});
		await t.waitFor(
			async () => {
				const devices = await bob.client.getCrypto()?.getUserDeviceInfo([account.userId], true);
				assert.ok(devices?.get(account.userId)?.has(account.deviceId));
			},
			{interval: 100, timeout: 20_000},
		);
		await bob.sendText(roomId, 'I write first');
		await waitForMessage(
			engine,
			roomId,
			message => textOf(message) === 'I write first' && message.shield === undefined,
		);
	},
);
