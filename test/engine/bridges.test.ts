/** Bridges on a real Synapse: rooms of an appservice are of its network, and what others forge is not. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import {asArray, asString, type JsonObject} from '../../source/domain/json.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {connectToIrc, type IrcClient} from '../bridge/irc-client.ts';
import {connectIrcNetwork} from '../bridge/irc-network.ts';
import {
	createHome,
	sendText,
	startHome,
	waitForMessage,
	waitOnEngine,
	type EngineHome,
	type TestEngine,
} from '../helpers/engine.ts';
import {needsIrcServer, startIrcServer, type IrcServer} from '../helpers/irc-server.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Account, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';

const needs = {
	...(await needsServers()),
	...(isDemo ? {skip: 'the demo has bridges of its own'} : needsIrcServer()),
};

suite('bridges of the server', needs, () => {
	const owner = createOwner();
	let signal: FixtureBridge;
	let irc: FixtureBridge;
	let ircServer: IrcServer;
	let server: Homeserver;
	let home: EngineHome;
	let engine: TestEngine;
	let me: string;

	const accessOf = ({accessToken}: Account): Access => ({url: server.url, accessToken});

	const createRoom = async (access: Access, body: JsonObject): Promise<string> =>
		asString((await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', body))['room_id']) ?? '';

	const waitForRoom = async (roomId: string, expected: Partial<RoomRow>): Promise<RoomRow> =>
		waitOnEngine(
			engine,
			async () => {
				const {rooms} = await engine.session.rooms({limit: 1000});
				const room = rooms.find(each => each.roomId === roomId);
				const isIt = Object.entries(expected).every(([key, value]) => room?.[key as keyof RoomRow] === value);
				return isIt ? room : undefined;
			},
			{what: () => `${roomId} as ${JSON.stringify(expected)}`},
		);

	const portalOf = async (roomId: string) => (await engine.session.whyBridged({room: roomId})).portal;

	const signsOf = async (roomId: string): Promise<readonly string[]> =>
		(await engine.session.whyBridged({room: roomId})).evidence.map(({sign}) => sign);

	const directRooms = async (ghost: string): Promise<readonly unknown[]> => {
		const path = `/_matrix/client/v3/user/${encodeURIComponent(me)}/account_data/m.direct`;
		return asArray((await matrixRequest(accessOf(home.account), 'GET', path))[ghost]);
	};

	before(async () => {
		signal = await startFixtureBridge(owner, {
			id: 'signal',
			ghostPrefix: 'signal_',
			protocol: {id: 'signal', displayname: 'Signal'},
		});
		irc = await startFixtureBridge(owner, {
			id: 'irc',
			ghostPrefix: 'irc_',
			protocol: {id: 'irc', displayname: 'IRC'},
		});
		ircServer = await startIrcServer(owner);
		server = await startSynapse(owner, {registrations: [signal.registration, irc.registration]});
		for (const bridge of [signal, irc]) await bridge.connect(server);
		home = await createHome(server);
		me = home.account.userId;
		engine = await startHome(owner, home, {isNew: true});
	});

	after(owner.end);

	test('a new chat is there without ceremony, of its network by the server’s word', async () => {
		const mum = await signal.addGhost(mumId, 'Mum');
		const roomId = await signal.createPortal({id: 'c1', name: 'Mum', ghosts: [mum], invite: [me], account: 'abc'});
		await waitForRoom(roomId, {membership: 'join', protocol: 'signal', isDirect: true, directUser: mum});
		await signal.say(mum, roomId, 'soup is on');
		await waitForMessage(engine, roomId, 'soup is on');
		const portal = await portalOf(roomId);
		assert.deepEqual(
			[portal?.trust, portal?.kind, portal?.bot, portal?.account],
			['attested', 'direct', signal.bot(), 'abc'],
		);
		assert.ok((await signsOf(roomId)).includes('bot-confirmed'));
		const {bridges} = await engine.session.bridges({});
		assert.deepEqual(bridges, [{bot: signal.bot(), protocol: 'signal', trust: 'attested', rooms: 1}]);
		// Other devices know it too.
		assert.deepEqual(await directRooms(mum), [roomId]);
	});

	test('IRC comes to mx and goes back, in channels and in private', async t => {
		const network = {id: 'six', displayname: 'Six'};
		const other = await connectIrcNetwork(owner, irc, {server: ircServer, user: me, nick: 'mxanna', network});
		const jane: IrcClient = await connectToIrc(t, ircServer, 'ircjane');
		await jane.join('#lab');
		const lab = await other.join('#lab');
		await waitForRoom(lab, {membership: 'join', protocol: 'irc'});
		jane.say('#lab', 'hello from IRC');
		assert.equal((await waitForMessage(engine, lab, 'hello from IRC')).senderName, 'ircjane');
		await sendText(engine, lab, 'hello from mx');
		await jane.waitForText('mxanna', 'hello from mx');
		const channel = await portalOf(lab);
		assert.deepEqual(
			[channel?.kind, channel?.trust, channel?.network],
			['channel', 'attested', {id: 'six', name: 'Six'}],
		);

		jane.say('mxanna', 'psst');
		const chat = await waitOnEngine(
			engine,
			async () => (await engine.session.rooms({limit: 100})).rooms.find(({name}) => name === 'ircjane'),
			{what: () => 'the chat with jane'},
		);
		await waitForRoom(chat.roomId, {membership: 'join', protocol: 'irc', isDirect: true});
		await waitForMessage(engine, chat.roomId, 'psst');
		await sendText(engine, chat.roomId, 'nobody else hears this');
		assert.equal((await jane.waitForText('mxanna', 'nobody else hears this')).parameters[0], 'ircjane');
	});

	test('what others forge is of no network, and stays a request', async () => {
		const mum = await signal.addGhost(mumId, 'Mum');
		const mallory = await server.registerUser('mallory');
		const fake = await server.registerUser('signalbot2');
		const access = accessOf(mallory);
		const event = (bot: string, sender: string) => ({
			type: 'm.bridge',
			state_key: `${server.serverName}/signal`,
			content: {bridgebot: bot, creator: sender, protocol: {id: 'signal'}, channel: {id: 'c1', displayname: 'Mum'}},
		});
		const bodies: ReadonlyArray<readonly [Access, JsonObject]> = [
			[access, {initial_state: [event(signal.bot(), mallory.userId)]}],
			[access, {initial_state: [event(mallory.userId, mallory.userId)]}],
			[access, {initial_state: [event(signal.bot(), mallory.userId)], invite: [me, signal.bot()]}],
			[accessOf(fake), {initial_state: [event(fake.userId, fake.userId)]}],
			[access, {initial_state: [event(mum, mallory.userId)], is_direct: true}],
		];
		const forged: string[] = [];
		for (const [by, body] of bodies)
			forged.push(await createRoom(by, {preset: 'private_chat', name: 'Mum', invite: [me], ...body}));
		// Everything that was to be looked at was, when what came last is.
		const settle = async (id: string): Promise<void> => {
			const last = await signal.createPortal({id, name: 'Last', ghosts: [mum], invite: [me]});
			await waitForRoom(last, {membership: 'join', protocol: 'signal'});
		};
		await settle('c2');
		for (const roomId of forged) await waitForRoom(roomId, {membership: 'invite', protocol: undefined, name: 'Mum'});
		for (const roomId of forged) {
			await engine.session.join({room: roomId});
			await waitForRoom(roomId, {membership: 'join'});
		}
		await settle('c3');
		for (const roomId of forged) {
			await waitForRoom(roomId, {protocol: undefined});
			const portal = await portalOf(roomId);
			assert.ok(portal === undefined || portal.trust === 'claimed' || portal.trust === 'announced', roomId);
		}
	});

	test('the first messages of a new chat are unread, though mx was not running when they came', async () => {
		const emil = await signal.addGhost('eeee0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d', 'Emil');
		await engine.stop();
		const roomId = await signal.createPortal({id: 'c6', name: 'Emil', ghosts: [emil], invite: [me]});
		await signal.say(emil, roomId, 'the house is on fire');
		await signal.say(emil, roomId, 'hurry');
		engine = await startHome(owner, home);
		await waitForRoom(roomId, {membership: 'join', protocol: 'signal', unreadCount: 2});
		await signal.say(emil, roomId, 'never mind');
		const last = await waitForMessage(engine, roomId, 'never mind');
		await waitForRoom(roomId, {unreadCount: 3});
		await engine.session.markRead({roomId, eventId: last.eventId});
		await waitForRoom(roomId, {unreadCount: 0});
		await signal.say(emil, roomId, 'it is out');
		await waitForRoom(roomId, {unreadCount: 1});
		// What a program sends reads nothing, but is not unread itself.
		await waitForMessage(engine, roomId, await sendText(engine, roomId, 'good').then(() => 'good'));
		await waitForRoom(roomId, {unreadCount: 1});
	});

	test('invitations of bridges wait for an answer where the person wants it so', async () => {
		const mum = await signal.addGhost(mumId, 'Mum');
		await engine.session.setPortalInvitations({isAskedFirst: true});
		const roomId = await signal.createPortal({id: 'c4', name: 'Asked', ghosts: [mum], invite: [me]});
		await waitForRoom(roomId, {membership: 'invite', protocol: 'signal'});
		await engine.session.setPortalInvitations({isAskedFirst: false});
		await waitForRoom(roomId, {membership: 'join', protocol: 'signal'});
	});

	test('the person’s word comes before everything', async () => {
		const mum = await signal.addGhost(mumId, 'Mum');
		const roomId = await signal.createPortal({id: 'c5', name: 'Word', ghosts: [mum], invite: [me]});
		await waitForRoom(roomId, {membership: 'join', protocol: 'signal'});
		await engine.session.setNetwork({room: roomId, protocol: 'matrix'});
		await waitForRoom(roomId, {protocol: undefined});
		await engine.session.setNetwork({room: roomId});
		await waitForRoom(roomId, {protocol: 'signal'});
		await engine.session.trustBot({userId: signal.bot(), isTrusted: false});
		await waitForRoom(roomId, {protocol: undefined});
		await engine.session.trustBot({userId: signal.bot()});
		// What was never said cannot be taken back, and whom no room knows is nobody's ghost.
		const nobody = '@nobody:one.test';
		await assert.rejects(engine.session.trustBot({userId: nobody}), /said nothing of @nobody:one\.test/);
		await assert.rejects(engine.session.setOwnGhost({userId: nobody, isMe: false}), /said nothing of @nobody/);
		await assert.rejects(engine.session.setOwnGhost({userId: nobody, isMe: true}), /is in no room of yours/);
		await assert.rejects(engine.session.setBridgeApi({url: 'https://one.test', isUsed: false}), /said nothing of/);
		await waitForRoom(roomId, {protocol: 'signal'});
	});
});
