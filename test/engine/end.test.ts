/** An engine may be stopped at any moment: it ends soon, quietly, and the next one finds all in order. */
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {createHome, createRoom, openHome, sendText, startHome, waitForTexts} from '../helpers/engine.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {waitForOneTimeKeys} from './crash-invariants.ts';
import {startFaultProxy} from './fault-proxy.ts';

const servers = await needsServers();

test('stopped at any moment of its start, it raises no alarm and asks nothing more', servers, async t => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const roomId = await createRoom(server, home.account, {name: 'Notes'});
	const alarms: unknown[] = [];
	for (const [index, delay] of [0, 1, 20, 60, 100, 150, 200, 300, 400].entries()) {
		const engine = await openHome(home, {isNew: index === 0});
		await engine.start();
		await sleep(delay);
		const started = performance.now();
		await engine.stop();
		assert.ok(performance.now() - started < 4000, `${delay}: ${performance.now() - started} ms`);
		// A request may have been on its way to the proxy.
		await sleep(30);
		const asked = proxy.requests.length;
		await sleep(60);
		assert.deepEqual(proxy.requests.slice(asked), [], `after ${delay} ms`);
		alarms.push(...engine.notices.filter(notice => notice.kind === 'alert'));
	}
	assert.deepEqual(alarms, []);
	const log = await readFile(home.files.log, 'utf8');
	assert.deepEqual(
		log.split('\n').filter(line => line.includes('"error"') && /Writing failed|could not start|not open/.test(line)),
		[],
	);
	const engine = await startHome(t, home);
	await sendText(engine, roomId, 'still well');
	await waitForTexts(engine, roomId, ['still well']);
});

test('stopped while a message is on its way, it does not lose it', servers, async t => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const roomId = await createRoom(server, home.account);
	const engine = await startHome(t, home, {isNew: true});
	const reached = Promise.withResolvers<void>();
	proxy.setFault(({path}) => {
		if (!path.includes('/send/')) return undefined;
		reached.resolve();
		return new Promise<never>(() => undefined);
	});
	const sending = engine.session.send({
		to: roomId,
		content: {msgtype: 'm.text', body: 'one'},
		isWaiting: true,
		timeout: 500,
	});
	await reached.promise;
	await engine.stop();
	await sending.catch(() => undefined);
	proxy.setFault(undefined);
	const next = await startHome(t, home);
	await waitForTexts(next, roomId, ['one']);
});

/** Sessions whose keys come in one answer: the crypto is at work on them for some tenths of a second. */
const sessions = 10;

test('stopped while it receives the keys of messages, it reads them all after the next start', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
	const first = await startHome(t, home, {isNew: true});
	await first.session.join({room: roomId});
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
	await bob.waitForDevice(home.account.userId, home.account.deviceId);
	await waitForOneTimeKeys({url: server.url, accessToken: home.account.accessToken});
	await first.stop();
	const said: string[] = [];
	// What can be read by the first keys is told of while the last ones are still being received.
	for (const count of [1, 2, 4]) {
		for (let session = 0; session < sessions; session++) {
			await bob.client.getCrypto()?.forceDiscardSession(roomId);
			said.push(`bob ${said.length}`);
			await bob.sendText(roomId, said.at(-1) ?? '');
		}
		const engine = await openHome(home);
		t.after(async () => engine.stop());
		const told = Promise.withResolvers<void>();
		let notices = 0;
		engine.subscribe(notice => {
			if (notice.kind === 'changed' && notice.rids !== 'all' && ++notices === count) told.resolve();
		});
		await engine.start();
		await Promise.race([told.promise, engine.caughtUp]);
		await engine.stop();
	}
	const last = await startHome(t, home);
	await waitForTexts(last, roomId, said);
});
