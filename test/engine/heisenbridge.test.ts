/** heisenbridge for real: a bridge to IRC that writes no bridge event, with Synapse and an IRC server. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import {findFreePort} from '../../scripts/lib/synapse-process.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {prepareHeisenbridge} from '../bridge/heisenbridge.ts';
import {connectToIrc, type IrcClient} from '../bridge/irc-client.ts';
import {
	createHome,
	sendText,
	startHome,
	textOf,
	waitForMessage,
	waitOnEngine,
	type TestEngine,
} from '../helpers/engine.ts';
import {needsIrcServer, startIrcServer, type IrcServer} from '../helpers/irc-server.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

const needs = {
	...(await needsServers()),
	...(isDemo ? {skip: 'the demo takes no bridges from outside'} : needsIrcServer()),
};

suite('heisenbridge', needs, () => {
	const owner = createOwner();
	let engine: TestEngine;
	let jane: IrcClient;
	let server: IrcServer;
	let network: RoomRow;
	let lab: RoomRow;

	const roomThat = async (is: (room: RoomRow) => boolean, what: string): Promise<RoomRow> =>
		waitOnEngine(engine, async () => (await engine.session.rooms({limit: 100})).rooms.find(is), {what: () => what});

	/** What the bot says, it often says in one message with something else. */
	const waitForWords = async (room: RoomRow, words: RegExp) =>
		waitForMessage(engine, room.roomId, message => !message.isMine && words.test(textOf(message)));

	const waitForRoom = async (isRoom: (room: RoomRow) => boolean, what: string): Promise<RoomRow> =>
		// mx accepts by itself what comes from a bridge of the server.
		roomThat(room => room.membership === 'join' && isRoom(room), what);

	const portalOf = async (room: RoomRow) => (await engine.session.whyBridged({room: room.roomId})).portal;

	before(async () => {
		server = await startIrcServer(owner);
		const heisenbridge = await prepareHeisenbridge();
		const synapse = await startSynapse(owner, {registrations: [heisenbridge.registration]});
		const home = await createHome(synapse);
		engine = await startHome(owner, home, {isNew: true});
		await heisenbridge.start(owner, synapse, home.account.userId);
		jane = await connectToIrc(owner, server, 'ircjane');
		await jane.join('#lab');

		const control = await waitForRoom(room => room.name === 'heisenbridge', 'the room with the bot');
		await waitForWords(control, /Howdy/);
		await sendText(engine, control.roomId, 'ADDNETWORK six');
		await sendText(engine, control.roomId, `ADDSERVER six ${server.host} ${server.port}`);
		await sendText(engine, control.roomId, 'OPEN six');
		network = await waitForRoom(({name}) => name === 'six', 'the room of the network');
		await sendText(engine, network.roomId, 'NICK mxanna');
		await sendText(engine, network.roomId, 'CONNECT');
		await waitForWords(network, /Welcome to the Internet Relay Network/);
		await sendText(engine, network.roomId, 'JOIN #lab');
		lab = await waitForRoom(({name}) => name.startsWith('#lab'), '#lab');
	});

	after(owner.end);

	test('is a bot with rooms to talk to it in, one for each network', async () => {
		const control = await roomThat(room => room.name === 'heisenbridge', 'the room with the bot');
		assert.equal((await portalOf(control))?.kind, 'console');
		const portal = await portalOf(network);
		assert.deepEqual([portal?.kind, portal?.trust, portal?.network?.name], ['console', 'attested', 'six']);
	});

	test('brings a channel, which is of IRC and its network before anybody in it has said a word', async () => {
		const room = await roomThat(({roomId, protocol}) => roomId === lab.roomId && protocol === 'irc', '#lab of IRC');
		assert.equal(room.name, '#lab');
		const portal = await portalOf(lab);
		assert.deepEqual([portal?.trust, portal?.kind, portal?.network], ['attested', 'channel', {id: 'six', name: 'six'}]);
		// It is found by either name.
		for (const name of ['#lab (six)', lab.roomId])
			assert.equal((await engine.session.whyBridged({room: name})).room.roomId, lab.roomId);
	});

	test('carries what is said, both ways', async () => {
		jane.say('#lab', 'hello from a raw IRC socket');
		const message = await waitForMessage(engine, lab.roomId, 'hello from a raw IRC socket');
		assert.equal(message.senderName, 'ircjane');
		await sendText(engine, lab.roomId, 'hello from mx');
		await jane.waitForText('mxanna', 'hello from mx');
		// With somebody of it in the room it is what it was.
		assert.equal((await portalOf(lab))?.kind, 'channel');
	});

	test('opens a chat with somebody by their nick', async t => {
		const bert = await connectToIrc(t, server, 'ircbert');
		const {room} = await engine.session.bridgeChat({bridge: 'irc', identifier: 'ircbert'});
		assert.deepEqual([room.membership, room.protocol, room.name], ['join', 'irc', 'ircbert']);
		await sendText(engine, room.roomId, 'hello bert');
		assert.equal((await bert.waitForText('mxanna', 'hello bert')).parameters[0], 'ircbert');
		// The same chat again, also by its network.
		const again = await engine.session.bridgeChat({bridge: 'irc', identifier: 'six/ircbert'});
		assert.equal(again.room.roomId, room.roomId);
		await assert.rejects(engine.session.bridgeChat({bridge: 'irc', identifier: 'libera/ircbert'}), /No network of IRC/);
		await assert.rejects(engine.session.bridgeChat({bridge: 'irc', identifier: '#lab'}), /is no nick/);
	});

	test('carries private chats, which are direct ones of the network', async () => {
		jane.say('mxanna', 'psst');
		const chat = await waitForRoom(({name}) => name.startsWith('ircjane'), 'the chat with jane');
		await waitForMessage(engine, chat.roomId, 'psst');
		const room = await roomThat(
			({roomId, protocol, isDirect}) => roomId === chat.roomId && protocol === 'irc' && isDirect,
			'a direct chat of IRC',
		);
		assert.equal(room.name, 'ircjane');
		const portal = await portalOf(chat);
		assert.deepEqual([portal?.kind, portal?.network?.name, portal?.trust], ['direct', 'six', 'attested']);
		await sendText(engine, chat.roomId, 'nobody else hears this');
		const heard = await jane.waitForText('mxanna', 'nobody else hears this');
		assert.equal(heard.parameters[0], 'ircjane');
		const {bridges} = await engine.session.bridges({});
		assert.deepEqual(
			bridges.map(({protocol, trust, rooms}) => [protocol, trust, rooms]),
			[['irc', 'attested', 3]],
		);
	});

	const statusOf = async (room: RoomRow, eventId: string) => {
		const {messages} = await engine.session.read({room: room.roomId, count: 100});
		return messages.find(message => message.eventId === eventId);
	};

	const waitForStage = async (room: RoomRow, eventId: string, stage: string) =>
		waitOnEngine(
			engine,
			async () => {
				const message = await statusOf(room, eventId);
				return message?.status?.stage === stage ? message : undefined;
			},
			{what: () => `${eventId} ${stage}`},
		);

	const say = async (room: RoomRow, body: string, more: {readonly until?: 'bridged'} = {}) =>
		engine.session.send({
			to: room.roomId,
			content: {msgtype: 'm.text', body},
			isWaiting: true,
			timeout: 40_000,
			...more,
		});

	const conditionOf = async (): Promise<string | undefined> => {
		const {health} = await engine.session.bridgeHealth({});
		return health.find(({account}) => account === 'six')?.condition;
	};

	const waitForCondition = async (condition: string): Promise<true> =>
		waitOnEngine(engine, async () => ((await conditionOf()) === condition ? true : undefined), {
			what: () => `six ${condition}`,
		});

	const waitForEnd = async (id: string) =>
		waitOnEngine(
			engine,
			async () => {
				const login = await engine.session.bridgeLogin({id});
				return login.outcome === undefined ? undefined : login;
			},
			{what: () => 'the end of connecting'},
		);

	test('says of messages to a nick that does not exist that they did not arrive, of none other', async t => {
		const here = await connectToIrc(t, server, 'irccarl');
		const {room: carl} = await engine.session.bridgeChat({bridge: 'irc', identifier: 'irccarl'});
		const {room} = await engine.session.bridgeChat({bridge: 'irc', identifier: 'ircghost'});
		const first = await sendText(engine, room.roomId, 'hello ghost');
		const long = await sendText(engine, room.roomId, 'two\nlines\n\nand a third');
		const other = await say(carl, 'hello carl', {until: 'bridged'});
		await here.waitForText('mxanna', 'hello carl');
		assert.equal(other.delivery?.stage, 'bridged');
		for (const eventId of [first, long]) {
			const {status} = await waitForStage(room, eventId, 'failed');
			assert.deepEqual(
				[status?.isCertain, status?.isRetriable, status?.text],
				[true, false, 'No such nick or channel name'],
			);
		}
		assert.equal((await statusOf(carl, other.eventId ?? ''))?.status?.stage, 'bridged');
		const waited = await say(room, 'anybody there?', {until: 'bridged'});
		assert.deepEqual(waited.delivery, {stage: 'failed', isCertain: true, reason: 'No such nick or channel name'});
	});

	test('says so of a message to a channel that lets nobody write', async () => {
		jane.send('MODE #lab +m');
		await waitForWords(lab, /set modes \+m/);
		const refused = await say(lab, 'may I?', {until: 'bridged'});
		assert.equal(refused.delivery?.stage, 'failed');
		assert.match(refused.delivery?.reason ?? '', /^Cannot send to channel/);
		jane.send('MODE #lab -m');
		await waitForWords(lab, /set modes -m/);
		const heard = await say(lab, 'thank you', {until: 'bridged'});
		assert.equal(heard.delivery?.stage, 'bridged');
	});

	test('says that there is no connection, where one writes and of what was written, and connects again', async () => {
		await waitForCondition('connected');
		assert.deepEqual((await engine.session.bridgeLogout({bridge: 'irc'})).said, ['Disconnecting... Disconnected.']);
		await waitForCondition('disconnected');
		const lost = await sendText(engine, lab.roomId, 'is anybody listening?');
		const {status} = await waitForStage(lab, lost, 'failed');
		assert.deepEqual([status?.isCertain, status?.isRetriable, status?.text], [true, true, 'Not connected to network']);
		const {messages} = await engine.session.read({room: lab.roomId, count: 100});
		const notice = messages.find(message => textOf(message) === 'Not connected to network.');
		assert.equal(notice?.isFolded, true, 'the message says it itself');
		assert.deepEqual((await engine.session.bridgeLogout({bridge: 'irc'})).said, ['six is not connected.']);

		const login = await engine.session.startBridgeLogin({bridge: 'irc', account: 'six'});
		const done = await waitForEnd(login.id);
		assert.equal(done.outcome, 'done');
		await waitForCondition('connected');
		// What could not be sent is tried again by itself.
		await jane.waitForText('mxanna', 'is anybody listening?');
		await assert.rejects(
			engine.session.startBridgeLogin({bridge: 'irc', account: 'libera'}),
			/No network of IRC is open that is called libera/,
		);
	});

	test('says why a network cannot be reached, beside one that can', async () => {
		const control = await roomThat(room => room.name === 'heisenbridge', 'the room with the bot');
		await sendText(engine, control.roomId, 'ADDNETWORK dead');
		await sendText(engine, control.roomId, `ADDSERVER dead ${server.host} ${await findFreePort()}`);
		await sendText(engine, control.roomId, 'OPEN dead');
		const dead = await waitForRoom(({name}) => name === 'dead', 'the room of the other network');
		const connect = async () => engine.session.startBridgeLogin({bridge: 'irc', account: 'dead'});
		const {id} = await waitOnEngine(engine, async () => connect().catch(() => undefined), {
			what: () => 'the network to be known',
		});
		const end = await waitForEnd(id);
		assert.equal(end.outcome, 'failed');
		assert.match(end.said.at(-1) ?? '', /^Failed to connect: /);
		const {health} = await engine.session.bridgeHealth({});
		assert.deepEqual(
			health.map(({account, condition}) => [account, condition]),
			[
				['dead', 'connecting'],
				['six', 'connected'],
			],
		);
		await assert.rejects(engine.session.startBridgeLogin({bridge: 'irc'}), {
			report: {
				message: '2 networks of IRC are open.',
				next: 'Say which, as mx bridge login irc --account libera.',
				reason: 'ambiguous',
				candidates: ['mx bridge login irc --account dead', 'mx bridge login irc --account six'],
			},
		});
		await sendText(engine, dead.roomId, 'DISCONNECT');
	});
});
