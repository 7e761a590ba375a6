/** The peer that end-to-end tests talk with. */

import assert from 'node:assert/strict';
import test from 'node:test';
import {createPeer} from './helpers/peer.ts';
import {decodeRecoveryKey} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {needsServers, sharedSynapse, uniqueName} from './helpers/synapse.ts';

const options = await needsServers();

test('two peers talk in a room', options, async t => {
	const server = await sharedSynapse();
	const alice = await createPeer(t, {server, name: uniqueName('alice')});
	const bob = await createPeer(t, {server, name: uniqueName('bob')});
	const roomId = await alice.createRoom({name: 'Kitchen', invite: [bob.userId]});
	await bob.join(roomId);
	await alice.sendText(roomId, 'first');
	await bob.waitForText(roomId, 'first');
	await bob.sendText(roomId, 'second');
	await alice.waitForText(roomId, body => body.startsWith('sec'));
	assert.deepEqual(alice.messages(roomId), ['first', 'second']);
	await assert.rejects(alice.waitForText(roomId, 'third', 1), /"third"; it has \["first","second"\]/);
});

test(
	'an encrypted message reaches the other side, and not a device that came later without the recovery key',
	options,
	async t => {
		const server = await sharedSynapse();
		const name = uniqueName('alice');
		const alice = await createPeer(t, {server, name, isEncrypted: true});
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const recoveryKey = await alice.setUpEncryption();
		const [, description] = (await alice.client.secretStorage.getKey()) ?? assert.fail('There is no secret storage.');
		assert.ok(await alice.client.secretStorage.checkKey(decodeRecoveryKey(recoveryKey), description));
		const roomId = await alice.createRoom({isEncrypted: true, isDirect: true, invite: [bob.userId]});
		await bob.join(roomId);
		await alice.waitForRoom(roomId, room => room.getMember(bob.userId)?.membership === 'join');
		const eventId = await alice.sendText(roomId, 'secret');
		const event = await bob.waitForText(roomId, 'secret');
		assert.equal(event.getId(), eventId);
		assert.ok(event.isEncrypted());

		const second = await createPeer(t, {server, name, isEncrypted: true});
		assert.equal(second.userId, alice.userId);
		assert.notEqual(second.deviceId, alice.deviceId);
		await second.waitForText(roomId, body => body.startsWith('undecryptable: HISTORICAL_MESSAGE'));
	},
);
