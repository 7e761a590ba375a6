/** Reading over a bridge, on a real Synapse: what is read in mx is read on the phone. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {asString} from '../../source/domain/json.ts';
import type {Session} from '../../source/domain/session.ts';
import type {startMemoryNetwork} from '../bridge/memory-network.ts';
import {never, openSignal, ownId, waitForEvent, waitForJoin} from '../bridge/signal-scene.ts';
import {openHome, startHome, waitOnEngine} from '../helpers/engine.ts';
import {needsServers} from '../helpers/synapse.ts';

/** Milliseconds that the bridge is away; not in every run of the tests (`npm run test:soak`). */
const downtime = Number(process.env['MX_BRIDGE_DOWNTIME'] ?? 0);
const longSkip = downtime === 0 ? 'takes minutes: npm run test:soak' : false;

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';

const isAllRead = (phone: ReturnType<typeof startMemoryNetwork>) => (): boolean => phone.unread().length === 0;

suite(
	'reading over a bridge',
	{...(await needsServers()), ...(isDemo ? {skip: 'the demo has bridges of its own'} : {})},
	() => {
		test('marks all of a chat as read on the phone when it is read first, however old, and what comes later', async t => {
			const {engine, phone, mum, openChat} = await openSignal(t);
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
			const {bridges} = await engine.session.bridgeReading({network: 'signal'});
			assert.deepEqual(
				bridges.map(({chats, mode, toRepeat, hasDoublePuppet, lastHeard}) => [
					chats,
					mode,
					toRepeat,
					hasDoublePuppet,
					(lastHeard ?? 0) > 0,
				]),
				[[1, 'public', 1, false, true]],
			);
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
			const {engine, signal, phone, mum, openChat} = await openSignal(t);
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
			const {engine, home, signal, phone, mum, openChat} = await openSignal(t);
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
			const {engine, home, phone, mum, openChat} = await openSignal(t, {receiptTimes: {debounce: never}});
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
			const {engine, home, phone, mum, openChat} = await openSignal(t);
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
			const {engine, phone, mum, openChat} = await openSignal(t);
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

		test('repeats at once when the bot says that the bridge is connected', async t => {
			const {engine, signal, me, phone, mum, openChat} = await openSignal(t);
			const management = await signal.request('POST', 'createRoom', {
				preset: 'private_chat',
				is_direct: true,
				invite: [me],
			});
			const consoleId = asString(management['room_id']) ?? '';
			await waitForJoin(engine, consoleId);
			const roomId = await openChat('Mum');
			const eventId = await phone.write(mum, roomId, {body: 'hello?'});
			await waitForEvent(engine, roomId, eventId);
			signal.setMode('down');
			await engine.session.markRead({roomId, eventId});
			await phone.until(() => phone.lost().includes(`m.read ${eventId}`), 'the receipt is lost');
			await signal.restart();
			await signal.request('PUT', `rooms/${encodeURIComponent(consoleId)}/send/m.room.message/state`, {
				msgtype: 'm.notice',
				body: 'connected',
				'fi.mau.bridge_state': {state_event: 'CONNECTED', remote_id: ownId},
			});
			await phone.until(isAllRead(phone), 'it is read');
		});

		test('takes an answer from the composer as reading, one of a program not', async t => {
			const {engine, phone, mum, openChat} = await openSignal(t);
			const roomId = await openChat('Mum');
			const first = await phone.write(mum, roomId, {body: 'coming?'});
			await waitForEvent(engine, roomId, first);
			const order = {to: roomId, content: {msgtype: 'm.text', body: 'yes'}, isWaiting: true, timeout: 30_000};
			const {eventId = ''} = await engine.session.send(order);
			await waitForEvent(engine, roomId, eventId);
			const room = (await engine.session.rooms({limit: 100})).rooms.find(each => each.roomId === roomId);
			assert.equal(room?.unreadCount, 1);
			await engine.session.send({...order, endsDraft: true});
			await phone.until(isAllRead(phone), 'it is read');
			// Those of the own messages would be none that bridges know.
			assert.deepEqual(phone.taken(), [`m.read ${first}`]);
		});

		for (const isAlone of [false, true]) {
			const where = isAlone ? 'alone' : 'beside a running mx';
			test(`takes a reply of mx send ${where} as reading what it answers, and nothing that came later`, async t => {
				const {engine, home, phone, mum, openChat} = await openSignal(t);
				const roomId = await openChat('Mum');
				const [early, answered, later] = [
					await phone.write(mum, roomId, {body: 'an hour ago', ago: 3_600_000}),
					await phone.write(mum, roomId, {body: 'coming?', ago: 60_000}),
					await phone.write(mum, roomId, {body: 'and bring salad'}),
				];
				await waitForEvent(engine, roomId, later);
				const assertCount = async (session: Pick<Session, 'rooms'>, unread: number): Promise<void> => {
					const {rooms} = await session.rooms({limit: 100});
					assert.equal(rooms.find(each => each.roomId === roomId)?.unreadCount, unread);
				};
				await assertCount(engine.session, 3);
				if (isAlone) await engine.stop();
				const sender = isAlone ? await openHome(home, {mode: 'one-shot'}) : engine;
				const order = {to: roomId, isWaiting: true, timeout: 30_000};
				await sender.session.send({...order, content: {msgtype: 'm.text', body: 'on my way'}, replyTo: answered});
				await assertCount(sender.session, 1);
				if (isAlone) await sender.stop();
				await phone.until(() => phone.unread().length === 1, 'what is answered is read');
				assert.deepEqual(phone.unread(), [later]);
				assert.deepEqual(
					phone.taken().filter(receipt => receipt.startsWith('m.read ')),
					[`m.read ${early}`, `m.read ${answered}`],
				);
			});
		}

		test('is in step again after a minute without the bridge', {skip: longSkip}, async t => {
			// The times as they are.
			const {engine, signal, phone, mum, openChat} = await openSignal(t, {receiptTimes: {}});
			const roomId = await openChat('Mum');
			const eventId = await phone.write(mum, roomId, {body: 'are you there?'});
			await waitForEvent(engine, roomId, eventId);
			signal.setMode('down');
			await engine.session.markRead({roomId, eventId});
			await phone.until(() => phone.lost().includes(`m.read ${eventId}`), 'the receipt is lost');
			await setTimeout(downtime);
			assert.deepEqual(phone.unread(), [eventId]);
			await signal.restart();
			await phone.until(isAllRead(phone), 'it is read', 120_000);
		});
	},
);
