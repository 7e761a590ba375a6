/** The first key of a conversation is received whole or not at all, whenever mx is killed. */
import {test} from 'node:test';
import {createHome, waitForTexts} from '../helpers/engine.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';
import {waitForOneTimeKeys, waitForWholeRoom} from './crash-invariants.ts';
import {newSessionPoint} from './crash-points.ts';
import {createProcessStarter} from './engine-process.ts';

test(
	'the first message that somebody encrypts for mx is read, also when mx was killed while it received the key',
	await needsServers(),
	async t => {
		const server = await startSynapse(t);
		const home = await createHome(server);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
		const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
		const start = createProcessStarter(t);
		const first = start(home, {isNew: true});
		await first.caughtUp;
		await first.session.join({room: roomId});
		await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
		await bob.waitForDevice(home.account.userId, home.account.deviceId);
		await waitForOneTimeKeys({url: server.url, accessToken: home.account.accessToken});
		await waitForWholeRoom(first, {access: {url: server.url, accessToken: bob.accessToken}, roomId});

		await first.stop();

		const killed = start(home, {crash: {name: newSessionPoint.name, occurrence: 1}});
		await killed.caughtUp;
		// His device begins an Olm session with mx's, and the message that begins it brings the room key.
		await bob.sendText(roomId, 'the first word');
		await killed.ended;

		const engine = start(home);
		await engine.caughtUp;
		await waitForTexts(engine, roomId, ['the first word']);
	},
);
