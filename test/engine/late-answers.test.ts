/** A bot of a bridge that answers late, on a real Synapse: what it says is not taken for the answer to something else. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import type {BridgeLogin} from '../../source/domain/bridge-login.ts';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {answerAsBot} from '../bridge/fixture-login.ts';
import {createHome, sendText, startHome, textOf, textsOf, waitForMessage, type TestEngine} from '../helpers/engine.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo takes no bridges from outside'} : {})};

/** Follows a sign-in until the bot asks for something, or it is over. */
const untilAsked = async ({session}: TestEngine, begun: BridgeLogin): Promise<BridgeLogin> => {
	let login = begun;
	while (login.fields.length === 0 && login.outcome === undefined)
		login = await session.bridgeLogin({id: login.id, seen: login.version});
	return login;
};

suite('a bot that answers late', needs, () => {
	const owner = createOwner();
	let bot: ReturnType<typeof answerAsBot>;
	let server: Homeserver;
	let engine: TestEngine;

	const open = async (identifier: string, {session} = engine) =>
		(await session.bridgeChat({bridge: 'signal', identifier})).room;

	before(async () => {
		const protocol = {id: 'signal', displayname: 'Signal'};
		const signal = await startFixtureBridge(owner, {id: 'signal', ghostPrefix: 'signal_', protocol});
		server = await startSynapse(owner, {registrations: [signal.registration]});
		await signal.connect(server);
		bot = answerAsBot(signal, 'sgnl://linkdevice?uuid=one&pub_key=AAAA');
		engine = await startHome(owner, await createHome(server), {isNew: true});
		const {id} = await engine.session.startBridgeLogin({bridge: 'signal', flow: 'cookies'});
		await engine.session.answerBridgeLogin({id, answers: {answer: '{}'}});
		await waitForMessage(engine, bot.room(), message => textOf(message).startsWith('Successfully logged in'));
	});

	after(owner.end);

	test('is told the next thing when it has answered, and opens the chat that was asked for', async () => {
		const room = bot.room();
		const release = bot.hold();
		await sendText(engine, room, 'start-chat +4955555');
		const next = open('+4966666');
		release();
		assert.equal((await next).name, '+4966666');
		const texts = await textsOf(engine, room);
		const late = texts.findIndex(text => text.startsWith('Created chat') && text.includes('+4955555'));
		assert.ok(late !== -1 && late < texts.indexOf('start-chat +4966666'), JSON.stringify(texts));
	});

	test('is told the next thing also when it has only ticked the one before', async () => {
		await sendText(engine, bot.room(), 'set-preferred-login abc');
		assert.equal((await open('+4933333')).name, '+4933333');
	});

	test('does not end a sign-in that is begun anew by saying that the one before is over', async () => {
		const given = await untilAsked(engine, await engine.session.startBridgeLogin({bridge: 'signal', flow: 'phone'}));
		const release = bot.hold();
		await engine.session.stopBridgeLogin({id: given.id});
		const begun = engine.session.startBridgeLogin({bridge: 'signal', flow: 'phone'});
		release();
		const asked = await untilAsked(engine, await begun);
		assert.deepEqual([asked.outcome, asked.said], [undefined, ['Please enter your Phone number']]);
		await engine.session.stopBridgeLogin({id: asked.id});
	});

	test('is told nothing more while it does not answer, for five minutes, and again when it does', async () => {
		const home = await createHome(server);
		let later = 0;
		const now = (): number => Date.now() + later;
		const hasty = await startHome(owner, home, {isNew: true, now, bridgeTimes: {answer: 1}});
		const begun = await untilAsked(hasty, await hasty.session.startBridgeLogin({bridge: 'signal', flow: 'phone'}));
		await hasty.session.stopBridgeLogin({id: begun.id});
		const room = bot.room();
		await waitForMessage(hasty, room, 'Login cancelled.');
		const release = bot.hold();
		await assert.rejects(open('+4977777', hasty), /does not answer/);
		await assert.rejects(open('+4988888', hasty), /has not answered yet/);
		await waitForMessage(hasty, room, 'start-chat +4977777');
		await assert.rejects(hasty.session.startBridgeLogin({bridge: 'signal'}), /has not answered yet/);
		later = 301_000;
		await assert.rejects(open('+4922222', hasty), /does not answer/);
		release();
		await waitForMessage(hasty, room, message => /^Created chat.*\+4922222/.test(textOf(message)));
		await hasty.stop();
		assert.ok(!bot.heard().includes('start-chat +4988888'));
		// What an engine does not remember is read in the room.
		const patient = await startHome(owner, home);
		assert.equal((await open('+4999999', patient)).name, '+4999999');
	});
});
