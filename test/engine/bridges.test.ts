/** Bridges on a real Synapse: rooms of an appservice are of its network, and what others forge is not. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {acceptInvitation, startEngine, waitOnEngine, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {needsServers, startSynapse, type Account, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';

const openBridge = async (t: TestContext) => {
	const signal = await startFixtureBridge(t, {
		id: 'signal',
		ghostPrefix: 'signal_',
		protocol: {id: 'signal', displayname: 'Signal'},
	});
	const server = await startSynapse(t, {registrations: [signal.registration]});
	await signal.connect(server);
	const {engine, home} = await startEngine(t, server);
	return {signal, server, engine, me: home.account.userId};
};

/** @returns the network that the inbox has a room under, as soon as that is settled. */
const waitForNetwork = async (engine: TestEngine, roomId: string, network: string | undefined): Promise<void> => {
	await waitOnEngine(
		engine,
		async () => {
			const {rooms} = await engine.session.rooms({limit: 1000});
			const room = rooms.find(each => each.roomId === roomId);
			return room !== undefined && room.protocol === network ? true : undefined;
		},
		{what: () => `${roomId} under ${network ?? 'Matrix'}`},
	);
};

const createRoom = async (access: Access, body: JsonObject): Promise<string> =>
	asString((await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', body))['room_id']) ?? '';

const signsOf = async (engine: TestEngine, roomId: string): Promise<readonly string[]> =>
	(await engine.session.whyBridged({room: roomId})).evidence.map(({sign}) => sign);

const accessOf = (server: Homeserver, {accessToken}: Account): Access => ({url: server.url, accessToken});

suite(
	'a bridge of the server',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('is believed by the server’s word: its invitations and its rooms are of its network', async t => {
			const {signal, engine, me} = await openBridge(t);
			const mum = await signal.addGhost(mumId, 'Mum');
			const roomId = await signal.createPortal({id: 'c1', name: 'Mum', ghosts: [mum], invite: [me], account: 'abc'});
			await waitForNetwork(engine, roomId, 'signal');
			await acceptInvitation(engine, roomId);
			await signal.say(mum, roomId, 'soup is on');
			// An invitation shows no bridge event.
			const portal = await waitOnEngine(
				engine,
				async () => {
					const {portal: found} = await engine.session.whyBridged({room: roomId});
					return found?.account === 'abc' ? found : undefined;
				},
				{what: () => 'the login of the chat'},
			);
			assert.equal(portal.trust, 'attested');
			assert.equal(portal.kind, 'direct');
			assert.equal(portal.bot, signal.bot());
			assert.ok((await signsOf(engine, roomId)).includes('bot-confirmed'));
			const {bridges} = await engine.session.bridges({});
			assert.deepEqual(bridges, [{bot: signal.bot(), protocol: 'signal', trust: 'attested', rooms: 1}]);
			await waitForNetwork(engine, roomId, 'signal');
			// The person's word comes before everything.
			await engine.session.setNetwork({room: roomId, protocol: 'matrix'});
			await waitForNetwork(engine, roomId, undefined);
			await engine.session.setNetwork({room: roomId});
			await waitForNetwork(engine, roomId, 'signal');
			await engine.session.trustBot({userId: signal.bot(), isTrusted: false});
			await waitForNetwork(engine, roomId, undefined);
		});

		test('is not there for what others forge', async t => {
			const {signal, engine, me, server} = await openBridge(t);
			const mum = await signal.addGhost(mumId, 'Mum');
			const real = await signal.createPortal({id: 'c1', name: 'Real', ghosts: [mum], invite: [me]});
			await acceptInvitation(engine, real);
			await waitForNetwork(engine, real, 'signal');
			const mallory = await server.registerUser('mallory');
			const fake = await server.registerUser('signalbot2');
			const access = accessOf(server, mallory);
			const event = (bot: string, sender: string) => ({
				type: 'm.bridge',
				state_key: `${server.serverName}/signal`,
				content: {bridgebot: bot, creator: sender, protocol: {id: 'signal'}, channel: {id: 'c1', displayname: 'Mum'}},
			});
			const bodies: ReadonlyArray<readonly [Access, JsonObject]> = [
				[access, {initial_state: [event(signal.bot(), mallory.userId)]}],
				[access, {initial_state: [event(mallory.userId, mallory.userId)]}],
				[access, {initial_state: [event(signal.bot(), mallory.userId)], invite: [me, signal.bot()]}],
				[accessOf(server, fake), {initial_state: [event(fake.userId, fake.userId)]}],
			];
			const forged = [];
			for (const [by, body] of bodies)
				forged.push(await createRoom(by, {preset: 'private_chat', name: 'Mum', invite: [me], ...body}));
			await matrixRequest(
				{url: server.url, accessToken: mallory.accessToken},
				'PUT',
				`/_matrix/client/v3/rooms/${encodeURIComponent(forged[0] ?? '')}/state/m.bridge/x`,
				event(mum, mallory.userId).content,
			);
			for (const roomId of forged) {
				await acceptInvitation(engine, roomId);
				await waitForNetwork(engine, roomId, undefined);
			}
			// Everything that was to be looked at was, when what came last is.
			const last = await signal.createPortal({id: 'c2', name: 'Last', ghosts: [mum], invite: [me]});
			await waitForNetwork(engine, last, 'signal');
			for (const roomId of forged) {
				await waitForNetwork(engine, roomId, undefined);
				const {portal} = await engine.session.whyBridged({room: roomId});
				assert.ok(portal === undefined || portal.trust === 'claimed' || portal.trust === 'announced', roomId);
			}
		});
	},
);
