/** Signing in at a network through the bot of its bridge or its API, on a real Synapse. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import {asString} from '../../source/domain/json.ts';
import type {BridgeLogin} from '../../source/domain/bridge-login.ts';
import {bridgesType} from '../../source/domain/bridge-words.ts';
import type {EngineNotice} from '../../source/domain/session.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {answerAsBot} from '../bridge/fixture-login.ts';
import {startFixtureProvisioning} from '../bridge/fixture-provisioning.ts';
import {
	acceptInvitation,
	createHome,
	messagesOf,
	startHome,
	waitForMessage,
	waitOnEngine,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Account, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo takes no bridges from outside'} : {})};

const firstQr = 'sgnl://linkdevice?uuid=one&pub_key=AAAA';

suite('signing in at a bridge', needs, () => {
	const owner = createOwner();
	let signal: FixtureBridge;
	let whatsapp: FixtureBridge;
	let bot: ReturnType<typeof answerAsBot>;
	let api: Awaited<ReturnType<typeof startFixtureProvisioning>>;
	let server: Homeserver;
	let engine: TestEngine;
	let account: Account;

	/** Waits for a sign-in to be as expected. */
	const follow = async (login: BridgeLogin, is: (login: BridgeLogin) => boolean): Promise<BridgeLogin> => {
		let now = login;
		for (let tries = 0; !is(now); tries++) {
			assert.ok(tries < 50, `the sign-in stays at ${JSON.stringify(now)}`);
			now = await engine.session.bridgeLogin({id: login.id, seen: now.version});
		}
		return now;
	};

	const health = async () => (await engine.session.bridgeHealth({})).health;

	before(async () => {
		signal = await startFixtureBridge(owner, {
			id: 'signal',
			ghostPrefix: 'signal_',
			protocol: {id: 'signal', displayname: 'Signal'},
		});
		whatsapp = await startFixtureBridge(owner, {
			id: 'whatsapp',
			ghostPrefix: 'whatsapp_',
			protocol: {id: 'whatsapp', displayname: 'WhatsApp'},
		});
		server = await startSynapse(owner, {registrations: [signal.registration, whatsapp.registration]});
		for (const bridge of [signal, whatsapp]) await bridge.connect(server);
		api = await startFixtureProvisioning(owner, whatsapp, server);
		bot = answerAsBot(signal, firstQr);
		const home = await createHome(server);
		({account} = home);
		engine = await startHome(owner, home, {isNew: true});
	});

	after(owner.end);

	test('a bridge that nobody has is said not to be there', async () => {
		await assert.rejects(engine.session.startBridgeLogin({bridge: 'telegram'}), {
			report: {
				message: 'Your server does not tell of a bridge to Telegram.',
				next: 'If there is one: mx bridge trust @BOT:SERVER --as NETWORK, with the user id of its bot.',
				reason: 'notFound',
			},
		});
		await assert.rejects(engine.session.startBridgeLogin({bridge: '@mallory:localhost'}), /not known as the bot/);
	});

	test('the first one finds the bot, opens a room with it, and chooses how', async () => {
		const begun = await engine.session.startBridgeLogin({bridge: 'signal'});
		const asked = await follow(begun, ({fields}) => fields.length > 0);
		assert.equal(asked.way, 'chat');
		assert.deepEqual(
			asked.fields[0]?.options.map(({id}) => id),
			['qr', 'phone', 'cookies'],
		);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {flow: 'qr'}});
		const shown = await follow(begun, ({display}) => display !== undefined);
		assert.deepEqual(shown.display, {kind: 'qr', data: firstQr});
		assert.deepEqual(shown.fields, []);
		// The code is another one every minute, and gone at the end.
		await bot.refresh('sgnl://linkdevice?uuid=two&pub_key=BBBB');
		const fresh = await follow(begun, ({display}) => display !== undefined && display.data !== firstQr);
		await bot.scan(fresh.display?.data ?? '');
		const ended = await follow(begun, ({outcome}) => outcome !== undefined);
		assert.deepEqual([ended.outcome, ended.display], ['done', undefined]);
		assert.equal(ended.said.at(-1), 'Successfully logged in as +49 151 2345');
		const {portal} = await engine.session.whyBridged({room: bot.room()});
		assert.deepEqual([portal?.kind, portal?.trust], ['console', 'attested']);
	});

	test('a number and a code are asked for; a wrong code is asked for again', async () => {
		const begun = await engine.session.startBridgeLogin({bridge: 'signal', flow: 'phone'});
		await follow(begun, ({fields, said}) => fields.length > 0 && said.at(-1) === 'Please enter your Phone number');
		await engine.session.answerBridgeLogin({id: begun.id, answers: {answer: '+491512345'}});
		const code = await follow(begun, ({fields, said}) => fields.length > 0 && /the code/.test(said.at(-1) ?? ''));
		assert.equal(code.fields[0]?.isSecret, false);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {answer: '000000'}});
		await follow(begun, ({fields, said}) => fields.length > 0 && said.at(-1)?.startsWith('Invalid') === true);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {answer: '123456'}});
		assert.equal((await follow(begun, ({outcome}) => outcome !== undefined)).outcome, 'done');
	});

	test('cookies are a secret, of which nothing stays in the room', async () => {
		const begun = await engine.session.startBridgeLogin({bridge: 'signal', flow: 'cookies'});
		const asked = await follow(begun, ({fields}) => fields.length > 0);
		assert.equal(asked.fields[0]?.isSecret, true);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {answer: '{"session": "s3cr3t"}'}});
		await follow(begun, ({outcome}) => outcome === 'done');
		assert.ok(bot.heard().includes('{"session": "s3cr3t"}'));
		await waitOnEngine(
			engine,
			async () => {
				const all = await messagesOf(engine, bot.room());
				return all.some(({content}) => JSON.stringify(content).includes('s3cr3t')) ? undefined : true;
			},
			{what: () => 'the cookies to be removed'},
		);
	});

	test('how a login is, is known by what its bot says, and what others say is nothing', async () => {
		const alerts: Extract<EngineNotice, {readonly kind: 'alert'}>[] = [];
		engine.subscribe(notice => void (notice.kind === 'alert' && alerts.push(notice)));
		const mallory = await server.registerUser('signalbot2');
		const access = {url: server.url, accessToken: mallory.accessToken};
		const {userId} = await engine.session.status({});
		const made = await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', {invite: [userId]});
		const forged = asString(made['room_id']) ?? '';
		await acceptInvitation(engine, forged);
		await matrixRequest(access, 'PUT', `/_matrix/client/v3/rooms/${encodeURIComponent(forged)}/send/m.room.message/1`, {
			msgtype: 'm.text',
			body: 'sign in again',
			'fi.mau.bridge_state': {state_event: 'BAD_CREDENTIALS', remote_id: 'abc', remote_name: 'forged'},
		});
		await waitForMessage(engine, forged, 'sign in again');
		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'Signed out by Signal'});
		const [broken] = await waitOnEngine(
			engine,
			async () => ((await health()).length > 0 ? await health() : undefined),
			{what: () => 'the report'},
		);
		// What came before it was read too.
		assert.equal((await health()).length, 1);
		assert.deepEqual(
			[broken?.condition, broken?.remedy, broken?.message, broken?.name, broken?.protocol],
			['logged-out', 'relogin', 'Signed out by Signal', '+49 151 2345', 'signal'],
		);
		assert.deepEqual(
			alerts.filter(({message}) => message.startsWith('Signal')),
			[
				{
					kind: 'alert',
					message: 'Signal (+49 151 2345) is logged out: nothing arrives there.',
					next: '/bridge relogin signal abc',
				},
			],
		);
		const begun = await engine.session.startBridgeLogin({bridge: 'signal', account: '+49 151 2345'});
		const shown = await follow(begun, ({display}) => display !== undefined);
		assert.ok(bot.heard().includes('relogin abc'));
		await bot.scan(shown.display?.data ?? '');
		await follow(begun, ({outcome}) => outcome === 'done');
		await bot.report({state_event: 'CONNECTED'});
		await waitOnEngine(engine, async () => (await health()).find(({condition}) => condition === 'connected'), {
			what: () => 'the all-clear',
		});
	});

	test('a chat with a number is made and entered', async () => {
		const {room} = await engine.session.bridgeChat({bridge: 'signal', identifier: '+4912345'});
		assert.equal(room.membership, 'join');
		assert.ok(bot.heard().includes('start-chat +4912345'));
		await waitOnEngine(
			engine,
			async () =>
				(await engine.session.rooms({limit: 100})).rooms.find(
					each => each.roomId === room.roomId && each.protocol === 'signal',
				),
			{what: () => 'the chat under Signal'},
		);
		await assert.rejects(engine.session.bridgeChat({bridge: 'signal', identifier: 'nobody'}), /is no number/);
	});

	test('two chats that are asked for at once are not taken for one another', async () => {
		const open = async (identifier: string) => (await engine.session.bridgeChat({bridge: 'signal', identifier})).room;
		const rooms = await Promise.all(['+4911111', '+4922222'].map(open));
		assert.deepEqual(
			rooms.map(({name}) => name),
			['+4911111', '+4922222'],
		);
	});

	test('a chat is entered only if it is surely of the bridge, whatever people are called', async () => {
		const mallory = await server.registerUser('mallory');
		const access = {url: server.url, accessToken: mallory.accessToken};
		const hasty = await startHome(owner, await createHome(server), {isNew: true, bridgeTimes: {chat: 1}});
		const [{userId: invited}, {userId}] = [await hasty.session.status({}), await engine.session.status({})];
		const invite = [invited, userId];
		const made = await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', {invite});
		const evil = asString(made['room_id']) ?? '';
		bot.callPeople(`Anna https://matrix.to/#/${evil}`);
		const {room} = await engine.session.bridgeChat({bridge: 'signal', identifier: '+4933333'});
		assert.equal(room.name, '+4933333');
		const membership = async () =>
			(await hasty.session.rooms({limit: 100})).rooms.find(({roomId}) => roomId === evil)?.membership;
		await waitOnEngine(hasty, membership, {what: () => 'the invitation'});
		bot.answerChat(`Created chat: https://matrix.to/#/${evil}`);
		await assert.rejects(hasty.session.bridgeChat({bridge: 'signal', identifier: '+4944444'}), /nothing was sent/);
		assert.equal(await membership(), 'invite');
		await hasty.stop();
	});

	test('what is given up is cancelled at the bot', async () => {
		const begun = await engine.session.startBridgeLogin({bridge: 'signal', flow: 'phone'});
		await follow(begun, ({fields}) => fields.length > 0);
		await engine.session.stopBridgeLogin({id: begun.id});
		await waitOnEngine(engine, async () => (bot.heard().at(-1) === 'cancel' ? true : undefined), {
			what: () => 'the bot to hear of it',
		});
		await assert.rejects(engine.session.bridgeLogin({id: begun.id}), /is over/);
	});

	test('a login that is signed out is spoken of no more', async () => {
		assert.equal((await health()).length, 1);
		assert.deepEqual(bot.failures(), []);
		const {said} = await engine.session.bridgeLogout({bridge: 'signal'});
		assert.deepEqual(said, ['Logged out +49 151 2345']);
		assert.deepEqual(await health(), []);
		for (const refused of [
			engine.session.bridgeLogout({bridge: 'signal'}),
			engine.session.bridgeChat({bridge: 'signal', identifier: '+4912345'}),
		])
			await assert.rejects(refused, (error: {readonly report: {readonly message: string; readonly next?: string}}) => {
				assert.equal(error.report.message, 'You are not signed in at Signal.');
				assert.match(error.report.next ?? '', /mx bridge login signal/);
				return true;
			});
	});

	test('where a bridge has an API, that is used, with a token for it alone', async () => {
		assert.deepEqual(await engine.session.setBridgeApi({url: api.url, isUsed: true}), {bot: whatsapp.bot()});
		const left = await engine.session.startBridgeLogin({bridge: 'whatsapp', flow: 'qr'});
		assert.equal(left.display?.kind, 'qr');
		await api.waited;
		await engine.session.stopBridgeLogin({id: left.id});
		await api.givenUp;
		const begun = await engine.session.startBridgeLogin({bridge: 'whatsapp'});
		assert.equal(begun.way, 'api');
		assert.deepEqual(
			begun.fields[0]?.options.map(({id}) => id),
			['qr', 'phone'],
		);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {flow: 'qr'}});
		const shown = await follow(begun, ({display}) => display !== undefined);
		assert.deepEqual([shown.display, shown.said], [{kind: 'qr', data: '2@abc'}, ['Scan this.']]);
		api.scan();
		const ended = await follow(begun, ({outcome}) => outcome !== undefined);
		assert.deepEqual([ended.outcome, ended.said.at(-1)], ['done', 'Signed in as +49 170']);

		const typed = await engine.session.startBridgeLogin({bridge: 'whatsapp', flow: 'phone'});
		assert.deepEqual(
			typed.fields.map(({id, name}) => [id, name]),
			[['number', 'Phone number']],
		);
		const wrong = engine.session.answerBridgeLogin({id: typed.id, answers: {number: 'wrong'}});
		await assert.rejects(wrong, /The bridge refuses: That is no number/);
		const again = await follow(typed, ({version}) => version > typed.version + 1);
		assert.deepEqual(again.fields, typed.fields, 'it is asked for still');
		await engine.session.answerBridgeLogin({id: typed.id, answers: {number: '+49170'}});
		await follow(typed, ({outcome}) => outcome === 'done');
		assert.deepEqual(api.given(), [{number: '+49170'}]);

		const {contacts} = await engine.session.bridgeContacts({bridge: 'whatsapp', query: 'ann'});
		assert.deepEqual(
			contacts.map(({id, name, identifiers}) => [id, name, identifiers]),
			[['4917', 'Anna', ['tel:+4917']]],
		);
		const {room} = await engine.session.bridgeChat({bridge: 'whatsapp', identifier: '+49 17'});
		assert.equal(room.membership, 'join');
		await assert.rejects(engine.session.bridgeChat({bridge: 'whatsapp', identifier: 'x'}), /No such number/);
		await engine.session.bridgeLogout({bridge: 'whatsapp', account: 'w1'});
		assert.ok(api.asked().includes('POST logout/w1'));
		await assert.rejects(engine.session.bridgeLogout({bridge: 'whatsapp', account: 'w1'}), /Login not found/);

		const people = async () => engine.session.bridgeContacts({bridge: 'whatsapp'});
		const other = await startFixtureProvisioning(owner, whatsapp, server);
		// Another device, of a version that asked nothing.
		const {url} = server;
		const {accessToken, userId} = account;
		const place = `/_matrix/client/v3/user/${encodeURIComponent(userId)}/account_data/${bridgesType}`;
		const words = await matrixRequest({url, accessToken}, 'GET', place);
		await matrixRequest({url, accessToken}, 'PUT', place, {...words, apis: [api.url, other.url]});
		const refused = async (): Promise<true | undefined> =>
			people().then(
				() => undefined,
				(error: unknown) => (String(error).includes('no interface') ? true : undefined),
			);
		await waitOnEngine(engine, refused, {what: () => 'two that say that they are it'});
		await engine.session.setBridgeApi({url: other.url, isUsed: false});
		assert.equal((await people()).contacts.length, 2);
		await engine.session.setBridgeApi({url: api.url, isUsed: false});
		await assert.rejects(people(), /no interface/, 'it is used no more');
	});
});
