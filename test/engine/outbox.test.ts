/** What was typed is delivered exactly once and in order, whatever happens to mx, the network and the server. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {
	createHome,
	createRoom,
	openArchive,
	openHome,
	sendText,
	signInElsewhere,
	startEngine,
	startHome,
	waitForMessage,
	waitForTexts,
	waitOnEngine,
	type TestEngine,
} from '../helpers/engine.ts';
import {
	needsServers,
	sharedSynapse,
	startSynapse,
	uniqueName,
	type Account,
	type Homeserver,
} from '../helpers/synapse.ts';
import {createOutboxReader} from '../../source/store/outbox-store.ts';
import type {EngineHome} from '../helpers/engine.ts';
import {startEngineProcess} from './engine-process.ts';
import {startFaultProxy, type FaultProxy, type ProxyAnswer} from './fault-proxy.ts';
import {clearBodies, messagesOnServer} from './server-events.ts';

const servers = await needsServers();

const accessOf = (server: Homeserver, {accessToken}: Account) => ({url: server.url, accessToken});

const queueText = (engine: Pick<TestEngine, 'session'>, to: string, body: string, transactionKey?: string) =>
	engine.session.send({to, content: {msgtype: 'm.text', body}, isWaiting: false, timeout: 0, transactionKey});

/** @returns the states of a room's outbox, read from the file of a home that nobody has open. */
const outboxOf = (t: TestContext, home: EngineHome, rid: number) => {
	const account = openArchive(t, home);
	const items = createOutboxReader(account.database)(rid);
	account.close();
	return items;
};

type Faulty = {
	readonly proxy: FaultProxy;
	readonly server: Homeserver;
	readonly home: EngineHome;
	readonly engine: TestEngine;
	readonly roomId: string;
};

/** An engine that reaches the server through a proxy, and a room of its own. */
const startFaulty = async (t: TestContext, options: {readonly isEncrypted?: boolean} = {}): Promise<Faulty> => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const roomId = await createRoom(server, home.account, options);
	const engine = await startHome(t, home, {isNew: true});
	return {proxy, server, home, engine, roomId};
};

const isSend = ({method, path}: {readonly method: string; readonly path: string}): boolean =>
	method === 'PUT' && path.includes('/send/');

const refusal = (status: number, errcode: string, more: object = {}): ProxyAnswer => ({
	status,
	body: JSON.stringify({errcode, error: 'a test', ...more}),
});

test(
	'twenty messages that were typed without a server survive a kill and arrive once and in order',
	servers,
	async t => {
		const server = await startSynapse(t);
		const home = await createHome(server);
		const {account} = home;
		const rooms = [
			await createRoom(server, account),
			await createRoom(server, account, {isEncrypted: true}),
			await createRoom(server, account),
		];
		const first = startEngineProcess(t, home, {isNew: true});
		await first.caughtUp;
		await server.kill();
		const expected = new Map<string, string[]>(rooms.map(room => [room, []]));
		for (let number = 0; number < 20; number++) {
			const room = rooms[number % 3] ?? '';
			const receipt = await queueText(first, room, `message ${number}`);
			assert.ok(receipt.state !== 'failed' && receipt.eventId === undefined);
			expected.get(room)?.push(`message ${number}`);
		}
		await first.kill();
		const second = startEngineProcess(t, home);
		await second.opened;
		await server.restart();
		await second.session.retryNow({});
		await second.caughtUp;
		for (const [room, texts] of expected) {
			await waitForTexts(second, room, texts);
			assert.equal((await messagesOnServer(accessOf(server, account), room, account.userId)).length, texts.length);
		}
	},
);

for (const isEncrypted of [false, true]) {
	test(
		`a message whose answer was lost is there once, ${isEncrypted ? 'encrypted' : 'in the clear'}`,
		servers,
		async t => {
			const {proxy, server, home, engine, roomId} = await startFaulty(t, {isEncrypted});
			let lost = 0;
			proxy.setFault(async (request, forward) => {
				if (!isSend(request) || lost > 0) return undefined;
				lost += 1;
				await forward();
				return 'lost';
			});
			const started = performance.now();
			const eventId = await sendText(engine, roomId, 'once');
			assert.ok(performance.now() - started < 10_000, 'the echo was not noticed');
			await sendText(engine, roomId, 'next');
			assert.equal(lost, 1);
			const events = await messagesOnServer(accessOf(server, home.account), roomId, home.account.userId);
			assert.deepEqual([events.length, events[0]?.['event_id']], [2, eventId]);
			await waitForTexts(engine, roomId, ['once', 'next']);
		},
	);
}

test(
	'a process that was killed while its request was out repeats it, in a lone send too, and makes one event',
	servers,
	async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const roomId = await createRoom(server, home.account);
		const first = startEngineProcess(t, home, {isNew: true});
		await first.caughtUp;
		const reached = Promise.withResolvers<void>();
		proxy.setFault(async (request, forward) => {
			if (!isSend(request)) return undefined;
			await forward();
			reached.resolve();
			return new Promise<never>(() => undefined);
		});
		await queueText(first, roomId, 'cut off');
		await reached.promise;
		await first.kill();
		proxy.setFault(undefined);
		const lone = await openHome(home, {mode: 'one-shot'});
		t.after(() => lone.stop());
		await sendText(lone, roomId, 'afterwards');
		assert.deepEqual(await clearBodies(accessOf(server, home.account), roomId, home.account.userId), [
			'cut off',
			'afterwards',
		]);
	},
);

test('a rate limit is waited for, and the message goes out by itself', servers, async t => {
	const {proxy, server, home, engine, roomId} = await startFaulty(t);
	const times: number[] = [];
	proxy.setFault(request => {
		if (!isSend(request)) return undefined;
		times.push(performance.now());
		return times.length === 1 ? {...refusal(429, 'M_LIMIT_EXCEEDED'), headers: {'retry-after': '1'}} : undefined;
	});
	await sendText(engine, roomId, 'patient');
	const [first = 0, second = 0] = times;
	assert.ok(second - first >= 990, `${second - first} ms`);
	assert.deepEqual(await clearBodies(accessOf(server, home.account), roomId, home.account.userId), ['patient']);
});

test(
	'a message without permission fails with the reason, keeps its text, and is sent when the person tries again',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine, home} = await startEngine(t, server);
		const bob = await createPeer(t, {server, name: uniqueName('bob')});
		const roomId = await bob.createRoom({invite: [home.account.userId]});
		const powerPath = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.power_levels/`;
		const setPower = (needed: number) =>
			matrixRequest({url: server.url, accessToken: bob.accessToken}, 'PUT', powerPath, {
				users: {[bob.userId]: 100},
				events_default: needed,
			});
		await setPower(50);
		await engine.session.join({room: roomId});
		const {rooms} = await engine.session.rooms({limit: 9});
		const rid = rooms.find(room => room.roomId === roomId)?.rid ?? 0;
		const content = {msgtype: 'm.text', body: 'may I?'};
		const receipt = await engine.session.send({to: roomId, content, isWaiting: true, timeout: 20_000});
		assert.deepEqual([receipt.state, receipt.eventId], ['failed', undefined]);
		assert.match(receipt.error ?? '', /does not allow/);
		await engine.stop();
		const [item] = outboxOf(t, home, rid);
		assert.deepEqual([item?.state, item?.content, item?.error], ['failed', content, receipt.error]);

		const second = await startHome(t, home);
		await setPower(0);
		await bob.sendText(roomId, 'now you may');
		await waitForMessage(second, roomId, 'now you may');
		assert.deepEqual(await second.session.resolveOutbox({id: item?.id ?? 0, action: 'retry'}), {isDone: true});
		await bob.waitForText(roomId, 'may I?');
		assert.deepEqual(bob.messages(roomId), ['now you may', 'may I?']);
		await second.stop();
		assert.ok(!outboxOf(t, home, rid).some(({state}) => state === 'failed'));
	},
);

test(
	'the same transaction key makes one event, at once, later, after a restart and in a lone send',
	servers,
	async t => {
		const server = await sharedSynapse();
		const home = await createHome(server);
		const roomId = await createRoom(server, home.account);
		const engine = await startHome(t, home, {isNew: true});
		const send = async (by: TestEngine) => {
			const content = {msgtype: 'm.text', body: 'nightly report'};
			return by.session.send({to: roomId, content, isWaiting: true, timeout: 20_000, transactionKey: 'job-7'});
		};
		const receipts = await Promise.all([send(engine), send(engine)]);
		receipts.push(await send(engine));
		await engine.stop();
		const lone = await openHome(home, {mode: 'one-shot'});
		receipts.push(await send(lone));
		await lone.stop();
		assert.deepEqual(
			receipts.map(({state}) => state),
			['sent', 'sent', 'sent', 'sent'],
		);
		assert.equal(new Set(receipts.map(({eventId}) => eventId)).size, 1);
		assert.deepEqual(
			receipts.flatMap(({warning}) => warning ?? []),
			[],
		);
		assert.deepEqual(await clearBodies(accessOf(server, home.account), roomId, home.account.userId), [
			'nightly report',
		]);
	},
);

test('another text under a key that was used is not sent, and that is said', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const roomId = await createRoom(server, home.account);
	const send = async (body: string) =>
		engine.session.send({
			to: roomId,
			content: {msgtype: 'm.text', body},
			isWaiting: true,
			timeout: 20_000,
			transactionKey: 'k1',
		});
	const first = await send('the first text');
	const second = await send('different text');
	assert.deepEqual([second.eventId, first.warning], [first.eventId, undefined]);
	assert.match(second.warning ?? '', /for another text: that one counts, and this one was not sent/);
});

test(
	'what was written during a soft logout is held, and delivered after signing in on the same device',
	servers,
	async t => {
		const {proxy, server, home, engine, roomId} = await startFaulty(t, {isEncrypted: true});
		await sendText(engine, roomId, 'before');
		const before = await engine.session.status({});
		proxy.setFault(({token}) =>
			token === home.account.accessToken ? refusal(401, 'M_UNKNOWN_TOKEN', {soft_logout: true}) : undefined,
		);
		await engine.session.retryNow({});
		await waitOnEngine(
			engine,
			async () => ((await engine.session.status({})).net.state === 'soft-logout' ? true : undefined),
			{what: () => 'the logout'},
		);
		const receipt = await queueText(engine, roomId, 'while signed out');
		assert.ok(receipt.state === 'queued' || receipt.state === 'held');
		await assert.rejects(engine.session.signInAgain({password: 'wrong'}), {name: 'ExpectedError'});
		await engine.session.signInAgain({password: home.account.password});
		await engine.ended;
		await engine.stop();
		const second = await startHome(t, home);
		await waitForTexts(second, roomId, ['before', 'while signed out']);
		assert.deepEqual((await second.session.status({})).deviceKeys, before.deviceKeys);
		const access = accessOf(server, await signInElsewhere(server, home.account));
		assert.equal((await messagesOnServer(access, roomId, home.account.userId)).length, 2);
	},
);

test('a message that was refused for a soft logout goes out after a restart with a new token', servers, async t => {
	const {proxy, home, engine, roomId} = await startFaulty(t);
	proxy.setFault(request => (isSend(request) ? refusal(401, 'M_UNKNOWN_TOKEN', {soft_logout: true}) : undefined));
	await queueText(engine, roomId, 'held');
	await t.waitFor(() =>
		assert.ok(proxy.requests.some(request => request.startsWith('PUT') && request.includes('/send/'))),
	);
	await engine.stop();
	proxy.setFault(undefined);
	const second = await startHome(t, home);
	await waitForMessage(second, roomId, 'held');
});
