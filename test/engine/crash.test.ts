/** Power cuts: the engine is killed at random moments of a two-way encrypted conversation, and nothing is lost, doubled or unreadable. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {createHome, waitForMessage} from '../helpers/engine.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {createRandom} from '../helpers/random.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';
import {checkFiles, waitForOneTimeKeys, waitForWholeRoom} from './crash-invariants.ts';
import {createProcessStarter, type EngineProcess} from './engine-process.ts';
import {messagesOnServer} from './server-events.ts';

const kills = Number(process.env['MX_CRASH_KILLS'] ?? 4);
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));

/** Talks until it is told to stop: a new session every few messages. @returns what was said */
const talk = async (
	bob: Peer,
	roomId: string,
	{signal, pause}: {readonly signal: AbortSignal; readonly pause: () => number},
): Promise<readonly string[]> => {
	const said: string[] = [];
	while (!signal.aborted) {
		if (said.length % 4 === 3) await bob.client.getCrypto()?.forceDiscardSession(roomId);
		const text = `bob ${said.length}`;
		await bob.sendText(roomId, text);
		said.push(text);
		await sleep(pause());
	}
	return said;
};

/** Queues the next message; the same one has the same key, however often it is queued. */
const queue = async (engine: EngineProcess, roomId: string, mine: string[]): Promise<void> => {
	const body = `mx ${mine.length}`;
	const content = {msgtype: 'm.text', body};
	await engine.session.send({to: roomId, content, isWaiting: false, timeout: 0, transactionKey: body});
	mine.push(body);
};

/** Queues messages until the process is gone. A message counts once mx has said that it is queued. */
const write = async (engine: EngineProcess, roomId: string, mine: string[]): Promise<void> => {
	try {
		for (;;) {
			await queue(engine, roomId, mine);
			await sleep(40);
		}
	} catch {
		// It was killed. The last one may be queued or not: it is written again with the same key.
	}
};

test(
	`after ${kills} kills everything is there once and readable, on both sides (MX_CRASH_SEED=${seed})`,
	await needsServers(),
	async t => {
		const random = createRandom(seed);
		const server = await startSynapse(t);
		const home = await createHome(server);
		const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
		const roomId = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
		const start = createProcessStarter(t);
		let engine = start(home, {isNew: true});
		await engine.caughtUp;
		await engine.session.join({room: roomId});
		await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
		await bob.waitForDevice(home.account.userId, home.account.deviceId);
		await waitForOneTimeKeys({url: server.url, accessToken: home.account.accessToken});
		const access = {url: server.url, accessToken: bob.accessToken};
		// What was said before mx came is fetched when somebody scrolls there, not by itself: the talk begins behind it.
		await waitForWholeRoom(engine, {access, roomId});
		const {deviceKeys} = await engine.session.status({});

		const mine: string[] = [];
		const quiet = new AbortController();
		const pauses = createRandom(seed + 1);
		const talking = talk(bob, roomId, {signal: quiet.signal, pause: () => 15 + pauses.below(125)});
		for (let kill = 0; kill < kills; kill++) {
			const writing = write(engine, roomId, mine);
			// One in four dies while it starts.
			if (random.below(4) > 0) await engine.caughtUp;
			await sleep(random.below(700));
			await engine.kill();
			await writing;
			engine = start(home);
			await engine.opened;
		}
		await engine.caughtUp;
		quiet.abort();
		const bobs = await talking;
		// The message that was being queued at the last kill, which may or may not have been stored.
		await queue(engine, roomId, mine);
		const last = {msgtype: 'm.text', body: 'the end'};
		const receipt = await engine.session.send({to: roomId, content: last, isWaiting: true, timeout: 90_000});
		assert.equal(receipt.state, 'sent', receipt.error);
		mine.push('the end');

		await waitForMessage(engine, roomId, 'the end');
		const texts = await waitForWholeRoom(engine, {access, roomId});
		const of = (who: string, all: readonly string[]): readonly string[] => all.filter(text => text.startsWith(who));
		assert.deepEqual(of('bob', texts), bobs);
		assert.deepEqual(of('mx', texts), of('mx', mine));

		await bob.waitForText(roomId, 'the end');
		const events = await messagesOnServer(access, roomId, home.account.userId);
		assert.equal(events.length, mine.length);
		assert.ok(events.every(event => event['type'] === 'm.room.encrypted'));
		const read = new Set(bob.messages(roomId));
		assert.deepEqual(
			mine.filter(text => !read.has(text)),
			[],
		);
		assert.ok(![...read].some(text => text.startsWith('undecryptable')));
		assert.deepEqual((await engine.session.status({})).deviceKeys, deviceKeys);
		assert.doesNotMatch(await server.logText(), /One time key .* already exists/);
		await engine.kill();
		checkFiles(home);
		t.diagnostic(`${kills} kills, ${bobs.length} messages of bob's, ${mine.length} of mx`);
	},
);
