/** heisenbridge for real: a bridge to IRC that writes no bridge event, with Synapse and an IRC server. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
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

	test('is signed in at and out by what its bot is told, which is said', async () => {
		await assert.rejects(engine.session.startBridgeLogin({bridge: 'irc'}), /has networks in place of logins/);
		await assert.rejects(engine.session.bridgeLogout({bridge: 'irc'}), /has networks in place of logins/);
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
});
