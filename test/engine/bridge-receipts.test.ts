/** Reading over a bridge, on a real Synapse: what is read in mx is read on the phone. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import {startFixtureBridge} from '../bridge/fixture-bridge.ts';
import {startMemoryNetwork} from '../bridge/memory-network.ts';
import {
	acceptInvitation,
	createHome,
	startHome,
	waitForMessage,
	waitOnEngine,
	type OpenOptions,
	type TestEngine,
} from '../helpers/engine.ts';
import {needsServers, startSynapse} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';
const ownId = '00000000-8a17-4c55-9b0e-3d6f0a1b2c3d';
/** Milliseconds. Nothing is repeated by itself in these tests, but where that is tried. */
const never = 3_600_000;

const openBridge = async (t: TestContext, options: OpenOptions = {}) => {
	const signal = await startFixtureBridge(t, {
		id: 'signal',
		ghostPrefix: 'signal_',
		protocol: {id: 'signal', displayname: 'Signal'},
	});
	const server = await startSynapse(t, {registrations: [signal.registration]});
	await signal.connect(server);
	const home = await createHome(server);
	const times: OpenOptions = {receiptTimes: {debounce: 20, healAfter: never}, ...options};
	const engine = await startHome(t, home, {isNew: true, ...times});
	const me = home.account.userId;
	const phone = startMemoryNetwork(signal, me);
	const mum = await signal.addGhost(mumId, 'Mum');
	/** A chat that the inbox has under Signal. */
	const openChat = async (name: string, account?: string): Promise<string> => {
		const roomId = await signal.createPortal({
			id: name,
			name,
			ghosts: [mum],
			invite: [me],
			...(account === undefined ? {} : {account}),
		});
		await acceptInvitation(engine, roomId);
		await waitForAttested(engine, roomId);
		return roomId;
	};
	return {signal, server, home, engine, me, phone, mum, openChat, times};
};

const waitForAttested = async (engine: TestEngine, roomId: string): Promise<void> => {
	await waitOnEngine(
		engine,
		async () => {
			const {portal} = await engine.session.whyBridged({room: roomId});
			const {isBridged} = await engine.session.receiptsIn({roomId});
			return portal?.trust === 'attested' && isBridged ? true : undefined;
		},
		{what: () => `${roomId} as a chat of Signal`},
	);
};

const waitForEvent = async (engine: TestEngine, roomId: string, eventId: string): Promise<void> => {
	await waitForMessage(engine, roomId, message => message.eventId === eventId);
};

const isAllRead = (phone: ReturnType<typeof startMemoryNetwork>) => (): boolean => phone.unread().length === 0;

suite(
	'reading over a bridge',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('marks all of a chat as read on the phone when it is read first, however old, and what comes later', async t => {
			const {engine, phone, mum, openChat} = await openBridge(t);
			const roomId = await openChat('Mum');
			await phone.write(mum, roomId, {body: 'an hour ago', ago: 3_600_000});
			await phone.write(mum, roomId, {body: 'a minute ago', ago: 60_000});
			const last = await phone.write(mum, roomId, {body: 'now'});
			await waitForEvent(engine, roomId, last);
			await engine.session.markRead({roomId, eventId: last});
			await phone.until(isAllRead(phone), 'all is read');
			const alerts = engine.notices.filter(notice => notice.kind === 'alert');
			assert.equal(alerts.length, 1);
			assert.match(alerts[0]?.message ?? '', /read on Signal too/);
			const next = await phone.write(mum, roomId, {body: 'and now'});
			await waitForEvent(engine, roomId, next);
			await engine.session.markRead({roomId, eventId: next});
			await phone.until(isAllRead(phone), 'the next one is read');
			assert.deepEqual(
				engine.notices.filter(notice => notice.kind === 'alert'),
				alerts,
			);
		});

		test('reaches the phone after a restart of the bridge, and repeats what it lost while it was away', async t => {
			const {engine, signal, phone, mum, openChat} = await openBridge(t);
			const roomId = await openChat('Mum');
			const first = await phone.write(mum, roomId, {body: 'one'});
			await waitForEvent(engine, roomId, first);
			await engine.session.markRead({roomId, eventId: first});
			await phone.until(isAllRead(phone), 'the first is read');
			await signal.restart();
			const second = await phone.write(mum, roomId, {body: 'two'});
			await waitForEvent(engine, roomId, second);
			await engine.session.markRead({roomId, eventId: second});
			await phone.until(isAllRead(phone), 'the second is read');

			const third = await phone.write(mum, roomId, {body: 'three'});
			await waitForEvent(engine, roomId, third);
			signal.setMode('down');
			await engine.session.markRead({roomId, eventId: third});
			await phone.until(() => phone.lost().includes(`m.read ${third}`), 'the receipt is lost');
			await signal.restart();
			assert.deepEqual(phone.unread(), [third]);
			assert.equal((await engine.session.healReceipts({network: 'irc'})).count, 0);
			assert.ok((await engine.session.healReceipts({network: 'signal'})).count > 0);
			await phone.until(isAllRead(phone), 'the third is read');
			assert.ok(phone.taken().includes(`m.read ${third}`));
		});

		test('repeats by itself, also when mx was ended meanwhile', async t => {
			const {engine, home, signal, phone, mum, openChat} = await openBridge(t);
			const roomId = await openChat('Mum');
			const eventId = await phone.write(mum, roomId, {body: 'are you there?'});
			await waitForEvent(engine, roomId, eventId);
			signal.setMode('down');
			await engine.session.markRead({roomId, eventId});
			await phone.until(() => phone.lost().includes(`m.read ${eventId}`), 'the receipt is lost');
			await engine.stop();
			await signal.restart();
			assert.deepEqual(phone.unread(), [eventId]);
			await startHome(t, home, {receiptTimes: {healAfter: 1}});
			await phone.until(isAllRead(phone), 'it is read');
		});

		test('keeps what was read while the bridge and the server could not be told, over an end', async t => {
			const {engine, home, phone, mum, openChat} = await openBridge(t, {receiptTimes: {debounce: never}});
			const roomId = await openChat('Mum');
			const eventId = await phone.write(mum, roomId, {body: 'soup is on'});
			await waitForEvent(engine, roomId, eventId);
			await engine.session.markRead({roomId, eventId});
			assert.deepEqual(phone.taken(), []);
			// As by a crash: nothing is sent at the end.
			await engine.stop();
			await startHome(t, home);
			await phone.until(isAllRead(phone), 'it is read');
		});

		test('shows nothing where the person does not want it, until they do', async t => {
			const {engine, home, phone, mum, openChat} = await openBridge(t);
			const roomId = await openChat('Mum');
			await engine.session.setReceipts({scope: {kind: 'network', id: 'signal'}, mode: 'private'});
			const first = await phone.write(mum, roomId, {body: 'psst'});
			await waitForEvent(engine, roomId, first);
			await engine.session.markRead({roomId, eventId: first});
			await phone.until(() => phone.taken().includes(`m.read.private ${first}`), 'the private receipt comes');
			await engine.session.setReceipts({scope: {kind: 'room', id: roomId}, mode: 'off'});
			const second = await phone.write(mum, roomId, {body: 'hello?'});
			await waitForEvent(engine, roomId, second);
			await engine.session.markRead({roomId, eventId: second});
			const room = await waitOnEngine(
				engine,
				async () => (await engine.session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId),
				{what: () => 'the room'},
			);
			assert.equal(room.unreadCount, 0);
			// What waits is sent at the end.
			await engine.stop();
			assert.deepEqual(phone.unread(), [first, second]);
			assert.ok(!phone.taken().some(receipt => receipt.startsWith('m.read $')));
			const next = await startHome(t, home);
			await next.session.setReceipts({scope: {kind: 'room', id: roomId}, mode: 'public'});
			await phone.until(() => phone.unread().length === 0, 'all is read');
		});

		test('marks fifty chats at once', async t => {
			const {engine, phone, mum, openChat} = await openBridge(t);
			const fill = async (name: string): Promise<void> => {
				const roomId = await openChat(name);
				await phone.write(mum, roomId, {body: 'an hour ago', ago: 3_600_000});
				await waitForEvent(engine, roomId, await phone.write(mum, roomId, {body: 'hello'}));
			};
			for (let group = 0; group < 10; group++)
				await Promise.all(Array.from({length: 5}, async (_, index) => fill(`chat ${group} ${index}`)));
			assert.equal(phone.unread().length, 100);
			await engine.session.markAllRead({});
			await phone.until(isAllRead(phone), 'all chats are read', 120_000);
		});

		test('does not count what the person wrote on the phone, and takes it as an answer', async t => {
			const {engine, signal, phone, mum, openChat} = await openBridge(t);
			const own = await signal.addGhost(ownId, 'Me');
			const roomId = await openChat('Mum', ownId);
			await signal.request('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: own});
			await signal.request('POST', `join/${encodeURIComponent(roomId)}`, {}, own);
			const question = await phone.write(mum, roomId, {body: 'coming?'});
			await waitForEvent(engine, roomId, question);
			const unreadCount = async (): Promise<number | undefined> =>
				(await engine.session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId)?.unreadCount;
			const waitForCount = async (count: number) =>
				waitOnEngine(engine, async () => ((await unreadCount()) === count ? true : undefined), {
					what: () => `${count} unread`,
				});
			await waitForCount(1);
			await signal.say(own, roomId, 'yes, from my phone');
			const {isMine, isPhone} = await waitForMessage(engine, roomId, 'yes, from my phone');
			assert.deepEqual({isMine, isPhone}, {isMine: false, isPhone: true});
			await waitForCount(0);
			const next = await phone.write(mum, roomId, {body: 'good'});
			await waitForCount(1);
			await engine.session.markRead({roomId, eventId: next});
			await phone.until(() => phone.taken().includes(`m.read ${next}`), 'the receipt comes');
			await waitForCount(0);
		});
	},
);
