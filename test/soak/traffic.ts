/**
 * Two-way traffic for as long as one likes (`npm run test:soak -- --minutes 60`): encrypted and plain rooms, bursts, kills,
 * restarts and cuts of the network. Every few minutes the archive is compared with the server, event by event.
 */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test, type TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {checkFiles, waitForWholeRoom} from '../engine/crash-invariants.ts';
import {createProcessStarter, type EngineProcess} from '../engine/engine-process.ts';
import {startFaultProxy, type Fault, type FaultProxy, type Outcome} from '../engine/fault-proxy.ts';
import {clearBodies, messagesOnServer} from '../engine/server-events.ts';
import {createHome, type EngineHome} from '../helpers/engine.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {createRandom, type Random} from '../helpers/random.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const minutes = Number(process.env['MX_SOAK_MINUTES'] ?? 5);
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));
const minute = 60_000;
/** Milliseconds between two comparisons. */
const period = Math.min(4 * minute, (minutes * minute) / 5);
/** The share of the time in which mx is killed and restarted; afterwards one process goes on, so that its memory can be seen. */
const roughShare = 0.4;
/** Milliseconds in which everything must be there once nothing new comes. */
const patience = 3 * minute;
const megabyte = 2 ** 20;

type Room = {readonly roomId: string; readonly isEncrypted: boolean; readonly mine: string[]};

type Soak = {
	readonly random: Random;
	readonly bob: Peer;
	readonly home: EngineHome;
	readonly proxy: FaultProxy;
	readonly url: string;
	readonly rooms: readonly Room[];
	readonly start: ReturnType<typeof createProcessStarter>;
};

/** What a cut does to every request. */
const cuts: readonly Fault[] = [
	() => 'lost',
	async (_request, forward): Promise<Outcome> => {
		await forward();
		return 'lost';
	},
	() => ({status: 502, body: '<html>Bad Gateway</html>', headers: {'content-type': 'text/html'}}),
	async () => sleep(20_000, 'lost'),
];

/** The messages of both sides go on until `signal` is aborted. */
const talk = ({random, bob, rooms}: Soak, engine: () => EngineProcess, signal: AbortSignal): Promise<unknown> => {
	const bobTalks = async ({roomId}: Room): Promise<void> => {
		while (!signal.aborted) {
			const count = random.chance(0.03) ? 40 : 1;
			await Promise.all(Array.from({length: count}, async () => bob.sendText(roomId, `bob ${random.below(1e9)}`)));
			await sleep(random.below(1500));
		}
	};
	const mxTalks = async ({roomId, mine}: Room): Promise<void> => {
		while (!signal.aborted) {
			const body = `mx ${mine.length}`;
			const content = {msgtype: 'm.text', body};
			try {
				await engine().session.send({to: roomId, content, isWaiting: false, timeout: 0, transactionKey: body});
				mine.push(body);
			} catch {
				// It was killed: the same message is queued again in the next process.
			}
			await sleep(random.below(1500));
		}
	};
	return Promise.all([...rooms.map(bobTalks), ...rooms.map(mxTalks)]);
};

/** Nothing is lost, doubled, out of order or unreadable, in either direction. */
const compare = async (soak: Soak, engine: EngineProcess): Promise<number> => {
	const access = {url: soak.url, accessToken: soak.bob.accessToken};
	let count = 0;
	for (const {roomId, isEncrypted, mine} of soak.rooms) {
		const receipt = await engine.session.send({
			to: roomId,
			content: {msgtype: 'm.text', body: `mx ${mine.length}`},
			isWaiting: true,
			timeout: patience,
			transactionKey: `mx ${mine.length}`,
		});
		assert.equal(receipt.state, 'sent', receipt.error);
		mine.push(`mx ${mine.length}`);
		const texts = await waitForWholeRoom(engine, {access, roomId}, patience);
		count += texts.length;
		const own = texts.filter(text => text.startsWith('mx'));
		assert.deepEqual(own, mine.slice(-own.length));
		const sent = await messagesOnServer(access, roomId, soak.home.account.userId);
		assert.equal(sent.length, mine.length);
		if (!isEncrypted) assert.deepEqual(await clearBodies(access, roomId, soak.home.account.userId), mine);
	}
	return count;
};

/** Growth in megabytes an hour, as the line through the samples has it. */
const slopeOf = (samples: ReadonlyArray<{readonly time: number; readonly bytes: number}>): number => {
	const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
	const time = mean(samples.map(sample => sample.time));
	const bytes = mean(samples.map(sample => sample.bytes));
	const covariance = mean(samples.map(sample => (sample.time - time) * (sample.bytes - bytes)));
	const variance = mean(samples.map(sample => (sample.time - time) ** 2));
	return (covariance / variance / megabyte) * 60 * minute;
};

const openSoak = async (t: TestContext): Promise<Soak> => {
	const server = await startSynapse(t);
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
	const rooms: Room[] = [];
	for (const isEncrypted of [false, true, false, true]) {
		const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
		rooms.push({roomId, isEncrypted, mine: []});
	}
	return {random: createRandom(seed), bob, home, proxy, url: server.url, rooms, start: createProcessStarter(t)};
};

test(`${minutes} minutes of traffic leave no difference (MX_CRASH_SEED=${seed})`, await needsServers(), async t => {
	const soak = await openSoak(t);
	const {random, proxy, home, bob} = soak;
	let engine = soak.start(home, {isNew: true});
	await engine.caughtUp;
	for (const {roomId} of soak.rooms) {
		await engine.session.join({room: roomId});
		await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
		await waitForWholeRoom(engine, {access: {url: soak.url, accessToken: bob.accessToken}, roomId});
	}

	const began = performance.now();
	const end = began + minutes * minute;
	let samples: Array<{readonly time: number; readonly bytes: number}> = [];
	let [kills, stops, cutCount] = [0, 0, 0];
	const restart = async (): Promise<void> => {
		if (random.chance(0.6)) {
			kills += 1;
			await engine.kill();
		} else {
			stops += 1;
			await engine.stop();
		}
		engine = soak.start(home);
		samples = [];
		if (random.chance(0.8)) await engine.caughtUp;
	};
	const cut = async (): Promise<void> => {
		cutCount += 1;
		proxy.setFault(random.pick(cuts));
		await sleep(1000 + random.below(9000));
		proxy.setFault(undefined);
	};

	while (performance.now() < end) {
		const quiet = new AbortController();
		const talking = talk(soak, () => engine, quiet.signal);
		const until = Math.min(performance.now() + period, end);
		const isRough = performance.now() - began < roughShare * minutes * minute;
		while (performance.now() < until) {
			await sleep(random.below(8000));
			await (isRough && random.chance(0.7) ? restart() : cut());
		}
		quiet.abort();
		await talking;
		await engine.opened;
		const count = await compare(soak, engine);
		const {rss, heapUsed} = await engine.measureMemory();
		samples.push({time: performance.now(), bytes: rss});
		const passed = Math.round((performance.now() - began) / minute);
		t.diagnostic(
			`${passed} min: ${count} messages, no difference; ${kills} kills, ${stops} restarts, ${cutCount} cuts; RSS ${Math.round(rss / megabyte)} MiB, heap ${Math.round(heapUsed / megabyte)} MiB`,
		);
	}
	if (samples.length > 4) t.diagnostic(`RSS grows by ${slopeOf(samples.slice(1)).toFixed(1)} MiB an hour`);
	await engine.stop();
	checkFiles(home);
});
