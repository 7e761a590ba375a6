/** mx is killed at named moments, before and after everything that it commits or asks, and nothing is lost, doubled or broken. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test, type TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import type {AccountStatus} from '../../source/domain/session.ts';
import {openSettings} from '../../source/store/settings.ts';
import {createHome, startHome, type EngineHome} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import {createRandom, type Random} from '../helpers/random.ts';
import {needsServers, startSynapse, type Homeserver, type Synapse} from '../helpers/synapse.ts';
import {checkFiles, waitForOneTimeKeys, waitForWholeRoom} from './crash-invariants.ts';
import {dailyPoints, firstStartPoints, type CrashPoint} from './crash-points.ts';
import {createProcessStarter, type EngineProcess} from './engine-process.ts';
import {clearBodies, messagesOnServer} from './server-events.ts';

/** Whether mx dies before and after everything, or for most things on one side only, by the seed. */
const isFull = process.env['MX_CRASH_POINTS'] === 'all';
const rounds = Number(process.env['MX_CRASH_ROUNDS'] ?? 1);
const firstSeed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));
/** Milliseconds within which a point must be reached. */
const patience = 30_000;
/** Messages of one burst that the server does not tell in one response. */
const burst = 25;
/** Messages after which both sides take a new Megolm session, so that keys go round all the time. */
const rotation = 3;

type Scene = {
	readonly t: TestContext;
	readonly server: Synapse;
	readonly home: EngineHome;
	readonly bob: Peer;
	readonly random: Random;
	readonly start: ReturnType<typeof createProcessStarter>;
	readonly plain: string;
	readonly secret: string;
	/** What mx has accepted to send, by room. */
	readonly mine: ReadonlyMap<string, string[]>;
	/** Drafts that were to be saved in the plain room, and how many of them there were when one was acknowledged last. */
	readonly drafts: string[];
	acknowledged: number;
	readonly themes: string[];
};

const accessOf = (server: Homeserver, {accessToken}: {readonly accessToken: string}) => ({
	url: server.url,
	accessToken,
});

/** Queues the next message; it counts once mx has said that it is stored, and until then it is queued again. */
const say = async (scene: Scene, engine: EngineProcess, roomId: string): Promise<void> => {
	const mine = scene.mine.get(roomId) ?? [];
	const body = `mx ${mine.length}`;
	const content = {msgtype: 'm.text', body};
	await engine.session.send({to: roomId, content, isWaiting: false, timeout: 0, transactionKey: body});
	mine.push(body);
};

const sayAtOnce = async ({server, bob, plain}: Scene): Promise<void> => {
	const requests = Array.from({length: burst}, (_, index) =>
		matrixRequest(
			accessOf(server, bob),
			'PUT',
			`/_matrix/client/v3/rooms/${encodeURIComponent(plain)}/send/m.room.message/burst-${index}-${randomInt(2 ** 40)}`,
			{msgtype: 'm.text', body: `burst ${index}`},
		),
	);
	await Promise.all(requests);
};

/** Somebody opens a session with mx's device: mx then has a key less on the server. */
const claimKey = async ({server, bob, home}: Scene): Promise<void> => {
	const {userId, deviceId} = home.account;
	await matrixRequest(accessOf(server, bob), 'POST', '/_matrix/client/v3/keys/claim', {
		one_time_keys: {[userId]: {[deviceId]: 'signed_curve25519'}},
	});
};

/** It stays until the test ends: stopped while its crypto is at work, it would spoil the memory of all that are in this process. */
const addDevice = async ({t, server, bob}: Scene): Promise<void> => {
	const name = bob.userId.slice(1, bob.userId.indexOf(':'));
	await createPeer(t, {server, name, isEncrypted: true});
};

const special: Readonly<
	Record<NonNullable<CrashPoint['needs']>, (scene: Scene, engine: EngineProcess) => Promise<void>>
> = {
	'first start': async () => undefined,
	'new device': addDevice,
	'claimed keys': claimKey,
	gap: async ({plain}, engine) => void (await engine.session.loadOlder({roomId: plain, count: 10})),
	async setting({themes}, engine) {
		themes.push(`theme-${themes.length}`);
		engine.setTheme(themes.at(-1) ?? '');
	},
};

const everyDay = async (scene: Scene, engine: EngineProcess): Promise<void> => {
	const {bob, plain, secret, drafts, random} = scene;
	const {session} = engine;
	await Promise.all([
		bob.sendText(secret, 'from bob'),
		bob.sendText(plain, 'from bob'),
		// Not more than the server takes in a life that is short: what is left over is waited for at the end.
		say(scene, engine, random.pick([secret, plain])),
	]);
	drafts.push(`draft ${drafts.length}`);
	const count = drafts.length;
	await session.saveDraft({roomId: plain, text: drafts.at(-1) ?? ''});
	scene.acknowledged = count;
	const eventId = (await session.read({room: plain, count: 1})).messages[0]?.eventId;
	if (eventId !== undefined) await session.markRead({roomId: plain, eventId});
};

/** Keeps everything going until the process is gone. */
const provoke = async (scene: Scene, engine: EngineProcess, {needs}: CrashPoint): Promise<void> => {
	const gone = engine.ended.then(() => {
		throw new Error('gone');
	});
	const turn = async (): Promise<void> => {
		await engine.opened;
		for (let count = 0; ; count++) {
			// One key less may fall together with an upload that was on its way anyway.
			if (needs !== undefined && (count === 0 || needs === 'claimed keys')) await special[needs](scene, engine);
			if (needs !== 'first start') await everyDay(scene, engine);
			else await gone;
		}
	};
	await Promise.allSettled([turn(), gone]);
};

/** Starts mx, and sees it die at the point. */
const crashAt = async (scene: Scene, point: CrashPoint): Promise<void> => {
	if (point.needs === 'gap') await sayAtOnce(scene);
	const {name} = point;
	const occurrence = point.isRare ? 1 : 1 + scene.random.below(3);
	const engine = scene.start(scene.home, {crash: {name, occurrence}, isNew: point.needs === 'first start'});
	const provoking = provoke(scene, engine, point);
	const limit = new AbortController();
	const reached = await Promise.race([
		provoking.then(() => true),
		sleep(patience, false, {signal: limit.signal}).catch(() => true),
	]);
	limit.abort();
	if (!reached) await engine.kill();
	assert.ok(reached, `the crash point "${name}" was not reached (time ${occurrence})`);
};

const openScene = async (t: TestContext, random: Random): Promise<Scene> => {
	const server = await startSynapse(t);
	const home = await createHome(server);
	const bob = await createPeer(t, {server, name: 'bob', isEncrypted: true});
	const room = async (isEncrypted: boolean): Promise<string> => {
		const content = {algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: rotation};
		const {room_id: roomId} = await bob.client.createRoom({
			invite: [home.account.userId],
			initial_state: isEncrypted ? [{type: 'm.room.encryption', state_key: '', content}] : [],
		});
		return roomId;
	};
	const [plain, secret] = [await room(false), await room(true)];
	return {
		t,
		server,
		home,
		bob,
		plain,
		secret,
		random,
		start: createProcessStarter(t),
		mine: new Map([
			[plain, []],
			[secret, []],
		]),
		drafts: [],
		acknowledged: 0,
		themes: [],
	};
};

/** The first start that gets to its end: encryption is set up, and both rooms are joined. @returns the keys of the device */
const settleIn = async ({t, server, home, bob, plain, secret}: Scene): Promise<AccountStatus['deviceKeys']> => {
	const engine = await startHome(t, home, {isNew: true});
	await engine.encryption.setUpNewAccount({password: home.account.password});
	for (const room of [plain, secret]) {
		await engine.session.join({room});
		await bob.waitForRoom(room, found => found.getMember(home.account.userId)?.membership === 'join');
		await waitForWholeRoom(engine, {access: accessOf(server, bob), roomId: room});
	}
	await bob.waitForDevice(home.account.userId, home.account.deviceId);
	await waitForOneTimeKeys({url: server.url, accessToken: home.account.accessToken});
	const {deviceKeys} = await engine.session.status({});
	await engine.stop();
	return deviceKeys;
};

/** What mx accepted is on the server, once and in order, and bob can read it (P1). */
const checkSent = async ({server, home, bob, plain, secret, mine}: Scene): Promise<void> => {
	const access = accessOf(server, bob);
	assert.deepEqual(await clearBodies(access, plain, home.account.userId), mine.get(plain));
	const encrypted = await messagesOnServer(access, secret, home.account.userId);
	assert.ok(encrypted.every(event => event['type'] === 'm.room.encrypted'));
	await bob.waitForText(secret, mine.get(secret)?.at(-1) ?? '');
	const read = bob.messages(secret).filter(text => text !== 'from bob');
	assert.deepEqual(read, mine.get(secret));
	assert.equal(encrypted.length, mine.get(secret)?.length);
};

const checkKept = ({home, plain, drafts, acknowledged, themes}: Scene): void => {
	const draft = checkFiles(home).get(plain) ?? '';
	// What came after it may have been stored without anybody hearing of it.
	const kept = drafts.slice(acknowledged - 1);
	assert.ok(kept.includes(draft), `the draft is "${draft}" instead of one of "${kept.join('", "')}"`);
	const settings = openSettings(home.files.config, Date.now);
	assert.deepEqual(settings.notices, []);
	assert.ok(['auto', ...themes].includes(settings.get('theme')), settings.get('theme'));
};

const check = async (scene: Scene, engine: EngineProcess): Promise<void> => {
	const {server, bob, plain, secret, mine} = scene;
	const access = accessOf(server, bob);
	for (const roomId of [plain, secret]) {
		// What was being queued at the last kill, and may or may not be stored.
		await say(scene, engine, roomId);
		const end = {to: roomId, content: {msgtype: 'm.text', body: 'the end'}, isWaiting: true, timeout: 90_000};
		const receipt = await engine.session.send(end);
		assert.equal(receipt.state, 'sent', receipt.error);
		mine.get(roomId)?.push('the end');
		const texts = await waitForWholeRoom(engine, {access, roomId});
		assert.deepEqual(
			texts.filter(text => text.startsWith('mx') || text === 'the end'),
			mine.get(roomId),
		);
	}
	await checkSent(scene);
};

for (let round = 0; round < rounds; round++) {
	const seed = firstSeed + round;
	const random = createRandom(seed);
	const daily = random.shuffle(isFull ? dailyPoints.flat() : dailyPoints.map(sides => random.pick(sides)));
	test(
		`after a kill at each of ${firstStartPoints.length + daily.length} moments everything is there, once and in order (MX_CRASH_SEED=${seed})`,
		await needsServers(),
		async t => {
			const scene = await openScene(t, random);
			for (const point of firstStartPoints) await crashAt(scene, point);
			const deviceKeys = await settleIn(scene);
			for (const point of daily) await crashAt(scene, point);
			const engine = scene.start(scene.home);
			await engine.caughtUp;
			await check(scene, engine);
			assert.deepEqual((await engine.session.status({})).deviceKeys, deviceKeys);
			assert.doesNotMatch(await scene.server.logText(), /One time key .* already exists/);
			await engine.kill();
			checkKept(scene);
		},
	);
}
