/** A disk that takes no more: mx falls silent before anything is lost, says so, and goes on when there is space again. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test, type TestContext} from 'node:test';
import type {Room} from 'matrix-js-sdk';
import type {EngineNotice} from '../../source/domain/session.ts';
import {
	createHome,
	sendText,
	startHome,
	waitForMessage,
	waitForTexts,
	waitOnEngine,
	type EngineHome,
} from '../helpers/engine.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {startEngineProcess, type EngineProcess} from './engine-process.ts';
import {startFaultProxy, type FaultProxy} from './fault-proxy.ts';
import {clearBodies} from './server-events.ts';

/** The system's own limit on the size of files makes writes of a running process fail; only Linux can set it from outside. */
const canLimit = (): boolean => {
	try {
		execFileSync('prlimit', ['--version'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
};

const servers = await needsServers();
const options = canLimit() ? servers : {skip: 'prlimit is missing'};

/** From now on the process cannot write past the first 4 KB of any file: its write-ahead logs are full. */
const fillDisk = (pid: number): void => {
	execFileSync('prlimit', [`--pid=${pid}`, '--fsize=4096:4096']);
};

type Scene = {
	readonly home: EngineHome;
	readonly proxy: FaultProxy;
	readonly engine: EngineProcess;
	readonly bob: Peer;
	readonly roomId: string;
};

const prepare = async (t: TestContext): Promise<Scene> => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
	const engine = startEngineProcess(t, home, {isNew: true});
	await engine.caughtUp;
	await engine.session.join({room: roomId});
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
	await bob.sendText(roomId, 'before');
	await waitForMessage(engine, roomId, 'before');
	await sendText(engine, roomId, 'mine');
	await waitForMessage(engine, roomId, 'mine');
	return {home, proxy, engine, bob, roomId};
};

/** The engine says that the disk takes nothing. */
const waitForFence = async (engine: EngineProcess): Promise<void> => {
	const isFence = (notice: EngineNotice): boolean => notice.kind === 'net' && notice.net.state === 'no-storage';
	await waitOnEngine(engine, async () => engine.notices.find(isFence), {what: () => 'the word that the disk failed'});
};

/** Whatever is asked of it, a fenced engine makes no request. */
const assertSilent = async ({engine, proxy, roomId}: Scene): Promise<void> => {
	assert.equal((await engine.session.status({})).net.state, 'no-storage');
	const before = proxy.requests.length;
	await engine.session.retryNow({});
	await assert.rejects(engine.session.join({room: '#elsewhere:example.org'}));
	await assert.rejects(sendText(engine, roomId, 'must not leave'));
	assert.deepEqual(proxy.requests.slice(before), []);
};

const restart = async (t: TestContext, {engine, home, roomId}: Scene, expected: readonly string[]): Promise<void> => {
	await engine.kill();
	const next = await startHome(t, home);
	await waitForTexts(next, roomId, expected);
	await sendText(next, roomId, 'with space again');
};

test(
	'when the archive cannot be written, nothing is asked any more, and after a restart all is there',
	options,
	async t => {
		const scene = await prepare(t);
		const {engine, bob, roomId, home} = scene;
		fillDisk(engine.pid);
		await bob.sendText(roomId, 'does not fit');
		await waitForFence(engine);
		await bob.client.getCrypto()?.forceDiscardSession(roomId);
		await bob.sendText(roomId, 'with a new key');
		await assertSilent(scene);
		await restart(t, scene, ['before', 'mine', 'does not fit', 'with a new key']);
		await bob.waitForText(roomId, 'with space again');
		const {url} = await sharedSynapse();
		assert.ok(
			(await clearBodies({url, accessToken: bob.accessToken}, roomId, home.account.userId)).every(
				body => body === undefined,
			),
		);
	},
);

test(
	'when keys that arrive cannot be written, the server keeps them, and after a restart all is readable',
	options,
	async t => {
		const scene = await prepare(t);
		const {engine, bob, roomId} = scene;
		const crypto = bob.client.getCrypto();
		await crypto?.forceDiscardSession(roomId);
		fillDisk(engine.pid);
		// Keys without a message: it is the crypto's file that fails.
		crypto?.prepareToEncrypt(bob.client.getRoom(roomId) as Room);
		await waitForFence(engine);
		await bob.sendText(roomId, 'key came to a full disk');
		await assertSilent(scene);
		await restart(t, scene, ['before', 'mine', 'key came to a full disk']);
		await bob.waitForText(roomId, 'with space again');
	},
);
