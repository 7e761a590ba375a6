/** Encryption of a device over its whole life, against a real Synapse: restarts, further devices, who may read what. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {
	acceptInvitation,
	createHome,
	openHome,
	sendText,
	signInElsewhere,
	spoilArchive,
	startEngine,
	startHome,
	textsOf,
	waitForMessage,
	waitForTexts,
	waitOnEngine,
	type EngineHome,
	type TestEngine,
} from '../helpers/engine.ts';
import {needsServers, sharedSynapse, startSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';
import {startFaultProxy} from './fault-proxy.ts';
import {waitForOneTimeKeys} from './crash-invariants.ts';
import {clearBodies, sessionsOnServer} from './server-events.ts';

const servers = await needsServers();

type Conversation = {
	readonly engine: TestEngine;
	readonly home: EngineHome;
	readonly bob: Peer;
	readonly roomId: string;
};

/** An encrypted room of the engine's user and a peer, who both have written. */
const converse = async (t: TestContext, server: Homeserver, serverOfBob = server): Promise<Conversation> => {
	const {engine, home} = await startEngine(t, server);
	const bob = await createPeer(t, {server: serverOfBob, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
	await waitOnEngine(engine, async () => (await engine.session.rooms({limit: 9})).rooms[0], {
		what: () => 'the invitation',
	});
	await engine.session.join({room: roomId});
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
	await bob.sendText(roomId, 'from bob');
	await waitForMessage(engine, roomId, 'from bob');
	await sendText(engine, roomId, 'from mx');
	await bob.waitForText(roomId, 'from mx');
	await waitForMessage(engine, roomId, 'from mx');
	return {engine, home, bob, roomId};
};

/** A further peer in a room of bob's. */
const addPeer = async (t: TestContext, server: Homeserver, bob: Peer, roomId: string): Promise<Peer> => {
	const peer = await createPeer(t, {server, name: uniqueName('carol'), isEncrypted: true});
	await bob.client.invite(roomId, peer.userId);
	await peer.join(roomId);
	return peer;
};

const waitUntilInside = (engine: TestEngine, roomId: string, count: number): Promise<true> =>
	waitOnEngine(
		engine,
		async () => {
			const {rooms} = await engine.session.rooms({limit: 99});
			return rooms.find(room => room.roomId === roomId)?.joinedCount === count ? true : undefined;
		},
		{what: () => `${count} members`},
	);

test('after a restart the device is the same, and reads old messages with the server stopped', servers, async t => {
	const server = await startSynapse(t);
	const {engine, home, roomId} = await converse(t, server);
	const before = await engine.session.status({});
	await engine.stop();
	await server.stop();
	const second = await openHome(home);
	t.after(() => second.stop());
	await second.start();
	assert.deepEqual(await textsOf(second, roomId), ['from bob', 'from mx']);
	const after = await second.session.status({});
	assert.deepEqual(after.deviceKeys, before.deviceKeys);
	assert.match(after.deviceKeys?.curve25519 ?? '', /^[A-Za-z0-9+/]{43}$/);
	assert.equal(after.deviceId, home.account.deviceId);
	await waitOnEngine(
		second,
		async () => ((await second.session.status({})).net.state === 'offline' ? true : undefined),
		{what: () => 'offline'},
	);
	await server.restart();
	await second.session.retryNow({});
	await second.caughtUp;
	await sendText(second, roomId, 'after the restart');
	assert.equal((await second.session.status({})).net.state, 'online');
});

test(
	'a further device reads everything with the recovery key, and nothing changes with a wrong one',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine, home, bob, roomId} = await converse(t, server);
		const {account} = home;
		const {recoveryKey} = await engine.encryption.setUpNewAccount({password: account.password});
		for (let number = 0; number < 25; number++) await sendText(engine, roomId, `secret ${number}`);
		const access = {url: server.url, accessToken: account.accessToken};
		// The backup is uploaded in the background.
		await t.waitFor(
			async () => {
				const version = await matrixRequest(access, 'GET', '/_matrix/client/v3/room_keys/version');
				assert.ok(Number(version['count']) >= 2);
			},
			{interval: 100, timeout: 20_000},
		);
		await engine.stop();

		const secondHome = await createHome(server, {account: await signInElsewhere(server, account)});
		const second = await startHome(t, secondHome, {isNew: true});
		while ((await second.session.loadOlder({roomId, count: 50})).hasMore);
		const assertLocked = async (): Promise<void> => {
			const texts = await textsOf(second, roomId);
			assert.equal(texts.length, 27);
			assert.ok(
				texts.every(text => text.startsWith('undecryptable')),
				texts.join(),
			);
		};
		await assertLocked();

		const other = await createPeer(t, {server, name: uniqueName('other'), isEncrypted: true});
		const wrongKey = await other.setUpEncryption();
		const unlockedBefore = await second.encryption.read();
		await assert.rejects(second.encryption.unlock(wrongKey), {name: 'ExpectedError'});
		await assert.rejects(second.encryption.unlock('not a key'), {name: 'ExpectedError'});
		assert.deepEqual(await second.encryption.read(), unlockedBefore);
		await assertLocked();

		const unlocked = await second.encryption.unlock(recoveryKey);
		assert.equal(unlocked.setup.state, 'ready');
		const expected = ['from bob', 'from mx', ...Array.from({length: 25}, (_, number) => `secret ${number}`)];
		assert.deepEqual(await textsOf(second, roomId), expected);
		await bob.sendText(roomId, 'to both devices');
		await waitForMessage(second, roomId, 'to both devices');
	},
);

test('a message whose key comes late turns readable when it comes, even after a restart', servers, async t => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const {engine, home, bob, roomId} = await converse(t, server, {...server, url: proxy.url});
	const held: Array<() => Promise<unknown>> = [];
	proxy.setFault(({path}, forward) => {
		if (!path.includes('/sendToDevice/')) return undefined;
		held.push(forward);
		return {status: 200, body: '{}'};
	});
	await bob.client.getCrypto()?.forceDiscardSession(roomId);
	await bob.sendText(roomId, 'key comes late');
	assert.ok(held.length > 0);
	const locked = await waitForMessage(engine, roomId, message => message.undecryptableReason !== undefined);
	assert.deepEqual([locked.type, locked.encryption], ['m.room.encrypted', 'undecrypted']);
	await engine.stop();
	const second = await startHome(t, home);
	assert.match((await textsOf(second, roomId)).at(-1) ?? '', /^undecryptable: MEGOLM/);
	for (const forward of held) await forward();
	const message = await waitForMessage(second, roomId, 'key comes late');
	assert.deepEqual(
		[message.eventId, message.encryption, message.undecryptableReason],
		[locked.eventId, 'decrypted', undefined],
	);
});

test('a message whose key came just before a kill is readable after the next start', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home, bob, roomId} = await converse(t, server);
	await bob.sendText(roomId, 'same session');
	await waitForTexts(engine, roomId, ['from bob', 'from mx', 'same session']);
	await engine.stop();
	// The crypto store has the keys, and the archive does not know.
	const failure = 'MEGOLM_UNKNOWN_INBOUND_SESSION_ID';
	spoilArchive(
		t,
		home,
		`UPDATE event SET encryption = 1, failure = '${failure}', clear = NULL, body = NULL, type = 'm.room.encrypted' WHERE session IS NOT NULL`,
	);
	const second = await startHome(t, home);
	await waitForTexts(second, roomId, ['from bob', 'from mx', 'same session']);
});

test(
	'a member who left while mx was off cannot read what is said then, in a live run and in a lone send',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine, home, bob, roomId} = await converse(t, server);
		const access = {url: server.url, accessToken: bob.accessToken};
		for (const mode of ['live', 'one-shot'] as const) {
			const carol = await addPeer(t, server, bob, roomId);
			const running = mode === 'live' ? engine : await startHome(t, home);
			await waitUntilInside(running, roomId, 3);
			await sendText(running, roomId, `${mode}: all three`);
			await carol.waitForText(roomId, `${mode}: all three`);
			await running.stop();
			await carol.client.leave(roomId);
			await bob.waitForRoom(roomId, room => room.getMember(carol.userId)?.membership === 'leave');

			const second = await openHome(home, {mode});
			if (mode === 'live') await second.start();
			// At once, before the first sync is through.
			await sendText(second, roomId, `${mode}: without carol`);
			await second.stop();
			await bob.waitForText(roomId, `${mode}: without carol`);
			const sessions = await sessionsOnServer(access, roomId, home.account.userId);
			assert.notEqual(sessions.at(-1), sessions.at(-2));
			const known = JSON.parse((await carol.client.getCrypto()?.exportRoomKeysAsJson()) ?? '[]') as Array<{
				session_id: string;
			}>;
			assert.ok(
				known.some(key => key.session_id === sessions.at(-2)),
				'carol had the former key',
			);
			assert.ok(!known.some(key => key.session_id === sessions.at(-1)), 'carol has the new key');
			carol.stop();
		}
		assert.ok((await clearBodies(access, roomId, home.account.userId)).every(body => body === undefined));
	},
);

test('loading history from before somebody left does not make them a reader again', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home, bob, roomId} = await converse(t, server);
	const carol = await addPeer(t, server, bob, roomId);
	await carol.sendText(roomId, 'carol was here');
	await engine.stop();
	for (let number = 0; number < 25; number++) await bob.sendText(roomId, `filler ${number}`);
	await carol.client.leave(roomId);
	await bob.waitForRoom(roomId, room => room.getMember(carol.userId)?.membership === 'leave');
	await bob.sendText(roomId, 'carol is gone');

	const second = await startHome(t, home);
	await waitForMessage(second, roomId, 'carol is gone');
	while ((await second.session.loadOlder({roomId, count: 10})).hasMore);
	await waitForMessage(second, roomId, 'carol was here');
	await second.stop();
	const third = await startHome(t, home);
	await sendText(third, roomId, 'not for carol');
	await bob.waitForText(roomId, 'not for carol');
	const session = (
		await sessionsOnServer({url: server.url, accessToken: bob.accessToken}, roomId, home.account.userId)
	).at(-1);
	// A later message to carol's device shows that what was sent to it before has arrived.
	const dmRoom = await bob.createRoom({isEncrypted: true, invite: [carol.userId]});
	await carol.join(dmRoom);
	await bob.sendText(dmRoom, 'barrier');
	await carol.waitForText(dmRoom, 'barrier');
	const known = JSON.parse((await carol.client.getCrypto()?.exportRoomKeysAsJson()) ?? '[]') as Array<{
		session_id: string;
	}>;
	assert.ok(!known.some(key => key.session_id === session), 'carol has the key');
});

test('a member who joins, and a new device of a member, can read what is said from then on', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home, bob, roomId} = await converse(t, server);
	const carol = await addPeer(t, server, bob, roomId);
	await waitUntilInside(engine, roomId, 3);
	await sendText(engine, roomId, 'welcome carol');
	await carol.waitForText(roomId, 'welcome carol');
	await engine.stop();
	const dave = await addPeer(t, server, bob, roomId);
	const name = carol.userId.slice(1).split(':')[0] ?? '';
	const tablet = await createPeer(t, {server, name, isEncrypted: true});
	const lone = await openHome(home, {mode: 'one-shot'});
	t.after(() => lone.stop());
	await sendText(lone, roomId, 'welcome dave and tablet');
	for (const peer of [bob, carol, dave, tablet]) await peer.waitForText(roomId, 'welcome dave and tablet');
});

test(
	'a key that was shared twice while mx was away, the second time from a later message on, reads the first message too',
	servers,
	async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const {engine, home} = await startEngine(t, server, {url: proxy.url});
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
		await acceptInvitation(engine, roomId);
		await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
		await waitForOneTimeKeys({url: server.url, accessToken: home.account.accessToken});
		await engine.stop();
		// It sends, and hears nothing.
		proxy.setFault(async ({path}) => {
			const since = new URL(path, server.url).searchParams.get('since');
			if (!path.includes('/v3/sync') || since === null) return undefined;
			await sleep(100);
			return {status: 200, body: JSON.stringify({next_batch: since})};
		});
		const deaf = await startHome(t, home);
		await bob.sendText(roomId, 'the first');
		// To bob the session of mx's own looks as if his was broken.
		await sendText(deaf, roomId, 'from mx');
		await bob.waitForText(roomId, 'from mx');
		await bob.sendText(roomId, 'the second');
		proxy.setFault(undefined);
		await waitForTexts(deaf, roomId, ['the first', 'from mx', 'the second']);
		await deaf.stop();
	},
);
