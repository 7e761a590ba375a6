import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createHome, createRoom, openHome, startHome, textsOf, waitForTexts, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, type Account, type Homeserver} from '../helpers/synapse.ts';
import {startFaultProxy, type FaultProxy} from './fault-proxy.ts';

const say = async (server: Homeserver, {accessToken}: Account, roomId: string, texts: readonly string[]) => {
	for (const body of texts) {
		const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${roomId}-${body}`;
		await matrixRequest({url: server.url, accessToken}, 'PUT', path, {msgtype: 'm.text', body});
	}
};

const texts = Array.from({length: 30}, (_, index) => `m ${index}`);

/** Withholds the first sync until it is released. */
const holdSync = (proxy: FaultProxy): (() => void) => {
	const released = Promise.withResolvers<void>();
	proxy.setFault(async ({path}, forward) => {
		if (!path.startsWith('/_matrix/client/v3/sync')) return undefined;
		await released.promise;
		return forward();
	});
	return released.resolve;
};

suite('the first rooms', await needsServers(), () => {
	test('a person who signs in sees rooms and messages before the first sync, and after it all is there in order, once', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const plain = await createRoom(server, home.account, {name: 'Garden'});
		const secret = await createRoom(server, home.account, {name: 'Cellar', isEncrypted: true});
		await say(server, home.account, plain, texts);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: false});
		const direct = await bob.createRoom({isEncrypted: false, invite: [home.account.userId], isDirect: true});
		const release = holdSync(proxy);
		const engine = await openHome(home, {isNew: true});
		t.after(async () => engine.stop());
		await engine.start();
		const rooms = await waitOnEngine(
			engine,
			async () => {
				const all = (await engine.session.rooms({limit: 10})).rooms;
				return all.length === 3 ? all : undefined;
			},
			{what: () => 'three rooms'},
		);
		const byId = new Map(rooms.map(room => [room.roomId, room]));
		assert.deepEqual([byId.get(plain)?.name, byId.get(secret)?.name], ['Garden', 'Cellar']);
		assert.equal(byId.get(secret)?.isEncrypted, true);
		assert.equal(byId.get(direct)?.membership, 'invite');
		assert.deepEqual(await textsOf(engine, plain), texts.slice(-10));
		assert.equal((await engine.session.status({})).lastSync, undefined);

		// What is written now waits until the room's state is known, and is not lost.
		const content = {msgtype: 'm.text', body: 'early'};
		const receipt = await engine.session.send({to: secret, content, isWaiting: true, timeout: 1200});
		assert.equal(receipt.state, 'queued');
		assert.equal(proxy.requests.filter(path => path.includes('/send/')).length, 0);

		release();
		await engine.caughtUp;
		assert.equal(new Set(await textsOf(engine, plain)).size, (await textsOf(engine, plain)).length);
		while ((await engine.session.loadOlder({roomId: plain, count: 100})).hasMore);
		await waitForTexts(engine, plain, texts);
		await waitForTexts(engine, secret, ['early']);
		assert.ok(proxy.requests.some(path => path.includes('/send/m.room.encrypted/')));
		assert.ok(!proxy.requests.some(path => path.includes('/send/m.room.message/')));
	});

	test('a room that was left before the first sync came is not shown after it', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const kept = await createRoom(server, home.account, {name: 'Kept'});
		const left = await createRoom(server, home.account, {name: 'Left'});
		const release = holdSync(proxy);
		const engine = await openHome(home, {isNew: true});
		t.after(async () => engine.stop());
		await engine.start();
		const joined = async (): Promise<readonly string[]> =>
			(await engine.session.rooms({limit: 9})).rooms
				.filter(({membership}) => membership === 'join')
				.map(({roomId}) => roomId);
		await waitOnEngine(engine, async () => ((await joined()).length === 2 ? true : undefined), {
			what: () => 'two rooms',
		});
		await matrixRequest(
			{url: server.url, accessToken: home.account.accessToken},
			'POST',
			`/_matrix/client/v3/rooms/${encodeURIComponent(left)}/leave`,
			{},
		);
		release();
		await engine.caughtUp;
		assert.deepEqual(await joined(), [kept]);
	});

	test('a server without sliding sync is not asked for it, and an account that has synced asks no more', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		proxy.setFault(({path}) =>
			path.endsWith('/versions') ? {status: 200, body: JSON.stringify({versions: ['v1.11']})} : undefined,
		);
		const home = await createHome(server, {url: proxy.url});
		const first = await startHome(t, home, {isNew: true});
		await first.stop();
		proxy.setFault(undefined);
		await startHome(t, home);
		assert.ok(!proxy.requests.some(path => path.includes('simplified')));
	});
});
