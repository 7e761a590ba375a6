/** Somebody writes in bursts while mx is on, off, starting or dying: in the end the archive is the server's history, event by event. */
import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {test, type TestContext} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import {createHome, openArchive, type EngineHome} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {createRandom} from '../helpers/random.ts';
import {needsServers, sharedSynapse, uniqueName, type Homeserver} from '../helpers/synapse.ts';
import {checkFiles, waitForWholeRoom} from './crash-invariants.ts';
import {createProcessStarter, type EngineProcess} from './engine-process.ts';

const total = Number(process.env['MX_BURST_MESSAGES'] ?? 400);
const seed = Number(process.env['MX_CRASH_SEED'] ?? randomInt(2 ** 31));
const largestBurst = Math.ceil(total / 7);
/** More than the server tells in one response. */
const gapBurst = 25;

/** A chat with mx that somebody begins. */
const inviteToChat = async (server: Homeserver, home: EngineHome): Promise<{access: Access; roomId: string}> => {
	const {accessToken} = await server.registerUser(uniqueName('writer'));
	const access = {url: server.url, accessToken};
	const room = await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', {
		preset: 'trusted_private_chat',
		is_direct: true,
		invite: [home.account.userId],
	});
	return {access, roomId: asString(room['room_id']) ?? ''};
};

/** mx as a person uses it: it is started, ended and breaks down. */
const createUse = (t: TestContext, home: EngineHome) => {
	const start = createProcessStarter(t);
	let engine: EngineProcess | undefined;
	const end = async (how: 'kill' | 'stop'): Promise<void> => {
		await engine?.[how]();
		engine = undefined;
	};
	return {
		isOn: () => engine !== undefined,
		begin: (): EngineProcess => (engine ??= start(home)),
		kill: async () => end('kill'),
		async stop() {
			await engine?.opened;
			await end('stop');
		},
		/** Until the room is there: what was said before mx first saw it comes only when somebody scrolls to it. */
		async first(access: Access, roomId: string) {
			engine = start(home, {isNew: true});
			await engine.caughtUp;
			await engine.session.join({room: roomId});
			await waitForWholeRoom(engine, {access, roomId});
		},
	};
};

test(
	`${total} messages in bursts while mx is on and off are all there, once and in the order of the server (MX_CRASH_SEED=${seed})`,
	await needsServers(),
	async t => {
		const random = createRandom(seed);
		const server = await sharedSynapse();
		const home = await createHome(server);
		const {access, roomId} = await inviteToChat(server, home);
		const use = createUse(t, home);
		await use.first(access, roomId);

		let sent = 0;
		const sizes: string[] = [];
		const say = async (least = 1): Promise<void> => {
			const size = Math.min(least + random.below(largestBurst), total - sent);
			sizes.push(`${size}${use.isOn() ? ' on' : ''}`);
			const paths = Array.from(
				{length: size},
				() => `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${(sent += 1)}`,
			);
			await Promise.all(
				paths.map(async (path, index) =>
					matrixRequest(access, 'PUT', path, {msgtype: 'm.text', body: `${sizes.length}.${index}`}),
				),
			);
		};
		const steps = [
			async () => say(),
			async () => say(),
			async () => use.kill(),
			async () => use.stop(),
			async () => void use.begin(),
			async () => use.begin().opened,
			async () => use.begin().caughtUp,
			async () => void (await Promise.all([say(), random.chance(0.5) ? use.kill() : use.begin().caughtUp])),
		] as const;
		while (sent < total / 2) await random.pick(steps)();
		// However the dice fall: once it is off while more is said than the next response tells.
		await (random.chance(0.5) ? use.kill() : use.stop());
		await say(gapBurst);
		while (sent < total) await random.pick(steps)();

		const texts = await waitForWholeRoom(use.begin(), {access, roomId});
		assert.equal(texts.length, total);
		await use.stop();
		checkFiles(home);
		const joins = openArchive(t, home).database.prepare('SELECT count(*) AS count FROM chunk WHERE older = 1').get();
		assert.notDeepEqual(joins, {count: 0}, 'no burst left a gap');
		t.diagnostic(`bursts: ${sizes.join(', ')}`);
	},
);
