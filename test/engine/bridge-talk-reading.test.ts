/** What the bot of a bridge says to mx is read afterwards, on a real Synapse: mx has shown it. What it says besides is not. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import type {BridgeLogin} from '../../source/domain/bridge-login.ts';
import {asObject} from '../../source/domain/json.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {answerAsBot} from '../bridge/fixture-login.ts';
import {
	createHome,
	messagesOf,
	sendText,
	startHome,
	textOf,
	waitForMessage,
	waitOnEngine,
	type EngineHome,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo takes no bridges from outside'} : {})};

suite('what the bot of a bridge says to mx', needs, () => {
	const owner = createOwner();
	let signal: FixtureBridge;
	let bot: ReturnType<typeof answerAsBot>;
	let server: Homeserver;
	let home: EngineHome;
	let engine: TestEngine;
	/** Events of which the account has told others that it read them. */
	const told: string[] = [];
	let toldMore = Promise.withResolvers<void>();

	const waitUntilTold = async (eventId: string): Promise<void> => {
		while (!told.includes(eventId)) await toldMore.promise;
	};

	const follow = async ({id}: BridgeLogin, is: (login: BridgeLogin) => boolean): Promise<BridgeLogin> => {
		let now = await engine.session.bridgeLogin({id});
		while (!is(now)) now = await engine.session.bridgeLogin({id, seen: now.version});
		return now;
	};

	const start = async (flow?: string) => engine.session.startBridgeLogin({bridge: 'signal', flow});

	/** A login by a number, to its end. */
	const logIn = async (): Promise<void> => {
		const begun = await start('phone');
		for (const answer of ['+49151', '123456']) {
			await follow(begun, ({fields}) => fields.length > 0);
			await engine.session.answerBridgeLogin({id: begun.id, answers: {answer}});
		}
		assert.equal((await follow(begun, ({outcome}) => outcome !== undefined)).outcome, 'done');
	};

	const consoleRoom = async () =>
		(await engine.session.rooms({limit: 100})).rooms.find(({roomId}) => roomId === bot.room());

	/** Waits until so many messages are unread, here and by the count of the server. */
	const waitForUnread = async (expected: number): Promise<void> => {
		const {accessToken} = home.account;
		const counts: unknown[] = [];
		await waitOnEngine(
			engine,
			async () => {
				const sync = await matrixRequest({url: server.url, accessToken}, 'GET', '/_matrix/client/v3/sync?timeout=0');
				const room = asObject(asObject(asObject(sync['rooms'])['join'])[bot.room()]);
				const onServer = asObject(room['unread_notifications'])['notification_count'];
				const here = (await consoleRoom())?.unreadCount;
				counts.push([here, onServer]);
				return here === expected && onServer === expected ? true : undefined;
			},
			{what: () => `${expected} unread messages; it went ${JSON.stringify(counts)}`},
		);
	};

	const lastOfBot = async (): Promise<string> =>
		(await messagesOf(engine, bot.room())).findLast(({isMine}) => !isMine)?.eventId ?? '';

	before(async () => {
		const protocol = {id: 'signal', displayname: 'Signal'};
		signal = await startFixtureBridge(owner, {id: 'signal', ghostPrefix: 'signal_', protocol});
		server = await startSynapse(owner, {registrations: [signal.registration]});
		await signal.connect(server);
		bot = answerAsBot(signal, 'sgnl://linkdevice?uuid=one&pub_key=AAAA', 'm.text');
		signal.onEphemeral(
			event => {
				if (event['type'] !== 'm.receipt' || event['room_id'] !== bot.room()) return;
				for (const [eventId, types] of Object.entries(asObject(event['content'])))
					if (home.account.userId in asObject(asObject(types)['m.read'])) told.push(eventId);
				toldMore.resolve();
				toldMore = Promise.withResolvers();
			},
			() => undefined,
		);
		home = await createHome(server);
		engine = await startHome(owner, home, {isNew: true, receiptTimes: {debounce: 20}});
	});

	after(owner.end);

	test('is read when a sign-in has shown it: while a code is there, and when it is done', async () => {
		const begun = await start();
		await follow(begun, ({fields}) => fields.length > 0);
		await waitForUnread(0);
		await engine.session.answerBridgeLogin({id: begun.id, answers: {flow: 'qr'}});
		const {display} = await follow(begun, each => each.display !== undefined);
		await waitForUnread(0);
		await bot.scan(display?.data ?? '');
		await follow(begun, ({outcome}) => outcome === 'done');
		await waitForUnread(0);
		await waitUntilTold(await lastOfBot());
	});

	test('is read when the sign-in fails, and when it is given up', async () => {
		const failing = await start('phone');
		await follow(failing, ({fields}) => fields.length > 0);
		await sendText(engine, bot.room(), 'cancel');
		assert.equal((await follow(failing, ({outcome}) => outcome !== undefined)).outcome, 'failed');
		await waitForUnread(0);
		const left = await start('phone');
		await follow(left, ({fields}) => fields.length > 0);
		await engine.session.stopBridgeLogin({id: left.id});
		assert.equal((await messagesOf(engine, bot.room())).map(textOf).at(-1), 'Login cancelled.');
		await waitForUnread(0);
	});

	test('is read when a chat was asked for, or mx has signed out', async () => {
		await logIn();
		await engine.session.bridgeChat({bridge: 'signal', identifier: '+4912345'});
		await waitForUnread(0);
		await assert.rejects(engine.session.bridgeChat({bridge: 'signal', identifier: 'nobody'}), /is no number/);
		await waitForUnread(0);
		await engine.session.bridgeLogout({bridge: 'signal'});
		await waitForUnread(0);
	});

	test('is told to nobody as read where the person wants that', async () => {
		const scope = {kind: 'room', id: bot.room()} as const;
		const before = [...told];
		await engine.session.setReceipts({scope, mode: 'private'});
		await logIn();
		await waitForUnread(0);
		await engine.session.setReceipts({scope, mode: 'off'});
		await engine.session.bridgeLogout({bridge: 'signal'});
		await waitOnEngine(engine, async () => ((await consoleRoom())?.unreadCount === 0 ? true : undefined), {
			what: () => 'the room to be read here',
		});
		await engine.session.setReceipts({scope, mode: 'public'});
		const last = await lastOfBot();
		await waitUntilTold(last);
		assert.deepEqual(told, [...before, last], 'nothing before it was said so');
	});

	test('leaves unread what was so before, and with it what comes after', async () => {
		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'Signed out by Signal'});
		await waitForUnread(1);
		await logIn();
		// The question, the one for the code, the end.
		await waitForUnread(4);
		await engine.session.markRead({roomId: bot.room(), eventId: await lastOfBot()});
		await waitForUnread(0);
		await engine.session.markUnread({roomId: bot.room(), isUnread: true});
		await engine.session.bridgeLogout({bridge: 'signal'});
		await waitForUnread(1);
		assert.equal((await consoleRoom())?.isMarkedUnread, true);
		await engine.session.markRead({roomId: bot.room(), eventId: await lastOfBot()});
		await waitForUnread(0);
	});

	test('leaves unread what the bot says in between of a login that is in trouble', async () => {
		const begun = await start('phone');
		await follow(begun, ({fields}) => fields.length > 0);
		await bot.report({state_event: 'BAD_CREDENTIALS', user_action: 'RELOGIN', message: 'Signed out by Signal'});
		await waitForMessage(engine, bot.room(), message => textOf(message).includes('BAD_CREDENTIALS'));
		await engine.session.stopBridgeLogin({id: begun.id});
		await waitForMessage(engine, bot.room(), 'Login cancelled.');
		await waitForUnread(2);
		assert.deepEqual(bot.failures(), []);
	});
});
