/** When the server hears of what was read, on a real store, with a server that the test plays. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {receiptsType} from '../../source/domain/receipt-words.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createReceiptManager, type ReceiptManager} from '../../source/engine/receipt-manager.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import type {Receipt} from '../../source/matrix/receipt-calls.ts';
import {createBridgeHealthStore} from '../../source/store/bridge-health-store.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createReceiptStore} from '../../source/store/receipt-store.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {edit, message, openAccountFixture, ownUser, reaction, roomId, syncRoom} from '../store/account-fixture.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:example.org';
const mum = '@signal_mum:example.org';
const ownGhost = '@signal_me:example.org';

const signal: Portal = samplePortal({bot, account: 'me', channel: 'mum', ownGhost});

const settle = async () => new Promise<void>(resolve => void setImmediate(resolve));

type Request = Receipt & PromiseWithResolvers<void>;

/** A room, and what reading it asks of the server: each request is answered by the test. */
const openReading = (t: TestContext, events: readonly JsonObject[], portal: Portal | undefined) => {
	const managers: ReceiptManager[] = [];
	const fixture = openAccountFixture({
		after: cleanUp =>
			t.after(async () => {
				for (const manager of managers) await manager.stop(0);
				cleanUp();
			}),
	});
	const {account, rooms, reader, apply} = fixture;
	apply(syncRoom(events));
	const room = reader.roomById(roomId) as RoomRow;
	const portals = createPortalStore(account, ownUser);
	const sdk = createSdkStore(account, rooms, ownUser);
	account.write(() => portals.write(room.rid, portal));
	/** Networks of which it was said that contacts see what is read. */
	const told: string[] = [];
	const feed = createChangeFeed();
	/** Milliseconds since the Unix epoch. */
	let now = 1_700_000_000_000;
	const open = () => {
		const requests: Request[] = [];
		let wake = Promise.withResolvers<void>();
		const manager = createReceiptManager({
			userId: ownUser,
			homeserver: {
				receipts: {
					async send(receipt) {
						const request = {...receipt, ...Promise.withResolvers<void>()};
						requests.push(request);
						wake.resolve();
						await request.promise;
					},
				},
			},
			feed,
			tellOnce: network => void told.push(network),
			stores: {account, rooms, portals, reader, sdk, receipts: createReceiptStore(account, ownUser)},
			log: {info: () => undefined, error: (_area, _text, {error} = {}) => assert.fail(String(error))},
			times: {debounce: 1, healAfter: 60_000},
			now: () => now,
		});
		managers.push(manager);
		/** @returns the next request */
		const take = async (): Promise<Request> => {
			// The timers of the manager do not keep the process.
			const keeper = setInterval(() => undefined, 1000);
			while (requests.length === 0) {
				await wake.promise;
				wake = Promise.withResolvers<void>();
			}
			clearInterval(keeper);
			return requests.shift() as Request;
		};
		/** Answers as many requests. @returns them, as `type slot event` */
		const answer = async (count: number): Promise<readonly string[]> => {
			const all: string[] = [];
			while (all.length < count) {
				const {type, slot, eventId, resolve} = await take();
				all.push(`${type} ${slot} ${eventId}`);
				resolve();
			}
			// The manager notes the last answer.
			await settle();
			return all;
		};
		return {manager, take, answer, requests};
	};
	const say = (words: JsonObject): void => account.write(() => sdk.setAccountData(receiptsType, words));
	const pass = (milliseconds: number): void => {
		now += milliseconds;
	};
	return {...fixture, ...open(), open, room, say, pass, told};
};

const heard = (eventId: string, changes: JsonObject = {}): JsonObject =>
	message(eventId, {event_id: eventId, sender: mum, ...changes});

const failure = (kind: 'refused' | 'forbidden') => new NetworkError({kind, message: 'no'});

test('in a room of Matrix the marker and one receipt are sent; what is read meanwhile goes behind them', async t => {
	const {manager, room, take, answer} = openReading(t, [heard('$1'), heard('$2'), heard('$3')], undefined);
	manager.resume();
	manager.mark(room, '$1');
	const first = await take();
	assert.equal(`${first.type} ${first.eventId}`, 'm.fully_read $1');
	manager.mark(room, '$2');
	manager.mark(room, '$3');
	first.resolve();
	assert.deepEqual(await answer(2), ['m.fully_read  $3', 'm.read main $3']);
});

test('an answer from elsewhere reads what it answers with all above it; one to something older moves nothing back', async t => {
	const {manager, room, reader, answer} = openReading(t, [heard('$1'), heard('$2'), heard('$3')], undefined);
	manager.resume();
	manager.noteAnswered(room, '$2');
	assert.deepEqual(await answer(2), ['m.fully_read  $2', 'm.read main $2']);
	for (const eventId of ['$1', '$2', '$unknown']) manager.noteAnswered(room, eventId);
	assert.equal(reader.fullyRead(room.rid), '$2');
	manager.noteAnswered(room, '$3');
	assert.deepEqual(await answer(2), ['m.fully_read  $3', 'm.read main $3']);
});

test('where receipts are off, an answer from elsewhere tells nobody, and its message is read here', async t => {
	const {manager, room, reader, say, answer, apply} = openReading(t, [heard('$1'), heard('$2')], undefined);
	apply(syncRoom([heard('$3')], {unread_notifications: {notification_count: 3}}));
	say({rooms: {[roomId]: 'off'}});
	manager.resume();
	manager.noteAnswered(room, '$2');
	assert.deepEqual(await answer(1), ['m.fully_read  $2']);
	assert.equal(reader.room(room.rid)?.unreadCount, 1);
});

test('what waits is kept in the store, and sent by the next mx', async t => {
	const {manager, room, open, requests} = openReading(t, [heard('$1')], undefined);
	manager.mark(room, '$1');
	await manager.stop(0);
	assert.equal(requests.length, 0);
	const next = open();
	next.manager.resume();
	assert.deepEqual(await next.answer(2), ['m.fully_read  $1', 'm.read main $1']);
	await next.manager.stop(1000);
	const last = open();
	last.manager.resume();
	await last.manager.stop(1000);
	assert.equal(last.requests.length, 0);
});

test('what the server cannot take now waits; what it refuses is given up', async t => {
	const {manager, room, take, answer} = openReading(t, [heard('$1')], undefined);
	manager.resume();
	manager.mark(room, '$1');
	(await take()).reject(failure('refused'));
	// A server that is there again is told without being waited for.
	await settle();
	manager.online();
	const again = await take();
	assert.equal(again.type, 'm.fully_read');
	again.reject(failure('forbidden'));
	assert.deepEqual(await answer(1), ['m.read main $1']);
});

test('over a bridge the first receipts go to the oldest and the newest message of somebody else', async t => {
	const question = heard('$2');
	const events = [
		message('', {event_id: '$bot', sender: bot}),
		heard('$1'),
		question,
		message('yes', {event_id: '$own', sender: ownUser}),
		edit(question, 'changed', {event_id: '$edit'}),
		{...reaction(question, '👍', mum), event_id: '$reaction'},
		message('bridged', {event_id: '$notice', sender: bot}),
	];
	const {manager, room, answer, told} = openReading(t, events, signal);
	manager.resume();
	manager.mark(room, '$notice');
	assert.deepEqual(await answer(3), ['m.fully_read  $notice', 'm.read main $1', 'm.read  $2']);
	assert.deepEqual(told, ['signal']);
});

test('after the first one, a receipt without a thread; behind the own ghost a private one, which ends the count', async t => {
	const events = [heard('$1'), message('from the phone', {event_id: '$phone', sender: ownGhost})];
	const {manager, room, answer, apply} = openReading(t, events, signal);
	const content = {$0: {'m.read': {[ownUser]: {ts: 1}}}};
	apply(syncRoom([], {ephemeral: {events: [{type: 'm.receipt', content}]}}));
	manager.resume();
	manager.mark(room, '$phone');
	assert.deepEqual(await answer(3), ['m.fully_read  $phone', 'm.read  $1', 'm.read.private  $phone']);
});

test('a receipt is repeated in the other slot after a while, once, and earlier for a bridge that is there again', async t => {
	const {manager, room, answer, apply, pass, open} = openReading(t, [heard('$1')], signal);
	manager.resume();
	manager.mark(room, '$1');
	assert.deepEqual(await answer(2), ['m.fully_read  $1', 'm.read  $1']);
	assert.equal(await manager.heal('@other:example.org'), 0);
	const healed = manager.heal(bot);
	assert.deepEqual(await answer(1), ['m.read main $1']);
	assert.equal(await healed, 1);
	apply(syncRoom([heard('$2')]));
	manager.mark(room, '$2');
	assert.deepEqual(await answer(2), ['m.fully_read  $2', 'm.read  $2']);
	await manager.stop(1000);
	pass(70_000);
	const next = open();
	next.manager.resume();
	assert.deepEqual(await next.answer(1), ['m.read main $2']);
	await next.manager.stop(1000);
	assert.equal(await open().manager.heal(bot), 0);
});

test('chats of a login in trouble wait, those of the others of its bot are repeated', async t => {
	const {manager, room, answer, account, apply, pass, open} = openReading(t, [heard('$1')], signal);
	const portals = createPortalStore(account, ownUser);
	const [other, console_] = apply(syncRoom([heard('$other')], {}, {id: '!other:x'}), syncRoom([], {}, {id: '!bot:x'}));
	const [otherRid, rid] = [other?.rid ?? 0, console_?.rid ?? 0];
	const report = {
		name: undefined,
		state: '',
		error: undefined,
		message: undefined,
		remedy: undefined,
		bot,
		rid,
		since: 1,
	};
	account.write(() => {
		portals.write(otherRid, {...signal, account: 'work', channel: 'other'});
		portals.write(rid, {...signal, kind: 'console', account: undefined});
		const health = createBridgeHealthStore(account);
		health.note({...report, account: 'me', condition: 'logged-out'});
		health.note({...report, account: 'work', condition: 'connected'});
	});
	manager.resume();
	manager.mark(room, '$1');
	await answer(2);
	manager.mark({rid: otherRid, roomId: '!other:x'}, '$other');
	await answer(2);
	await manager.stop(1000);
	pass(100_000);
	const next = open();
	next.manager.resume();
	assert.deepEqual(await next.answer(1), ['m.read main $other']);
	assert.deepEqual(next.requests, []);
	const healed = next.manager.heal(bot);
	assert.deepEqual(await next.answer(1), ['m.read main $1']);
	assert.equal(await healed, 1);
});

test('what was read a day ago is not repeated', async t => {
	const {manager, room, answer, pass, open} = openReading(t, [heard('$1')], signal);
	manager.resume();
	manager.mark(room, '$1');
	await answer(2);
	await manager.stop(1000);
	pass(25 * 3_600_000);
	assert.equal(await open().manager.heal(bot), 0);
});

test('who wants nobody to know gets that, also for what waits already', async t => {
	const {manager, room, answer, say, apply} = openReading(t, [heard('$1')], signal);
	manager.mark(room, '$1');
	say({networks: {signal: 'private'}});
	manager.resume();
	assert.deepEqual(await answer(2), ['m.fully_read  $1', 'm.read.private  $1']);
	say({networks: {signal: 'public'}, rooms: {[roomId]: 'off'}});
	apply(syncRoom([heard('$2')]));
	manager.mark(room, '$2');
	assert.deepEqual(await answer(1), ['m.fully_read  $2']);
	assert.equal(await manager.heal(bot), 0);
	say({});
	apply(syncRoom([heard('$3')]));
	manager.mark(room, '$3');
	assert.deepEqual(await answer(2), ['m.fully_read  $3', 'm.read main $1']);
});

test('a network without receipts, and a room that is not believed, are rooms of Matrix', async t => {
	for (const portal of [
		{...signal, protocol: 'irc'},
		{...signal, trust: 'announced' as const},
		{...signal, kind: 'console' as const},
	]) {
		const {manager, room, answer, say} = openReading(t, [heard('$1')], portal);
		say({matrix: 'private'});
		manager.resume();
		manager.mark(room, '$1');
		assert.deepEqual(await answer(2), ['m.fully_read  $1', 'm.read.private main $1']);
	}
});
