/** The engine against a real homeserver: receipts both ways, in threads and outside of them, and what is not read. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {create, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers} from '../helpers/synapse.ts';

const servers = await needsServers();

type Seen = {readonly roomId: string; readonly userId: string; readonly type?: 'm.read' | 'm.read.private'};

/** The receipts of somebody as another one is told of them: threads by event ids. */
const receiptsSeenBy = async (
	ask: Awaited<ReturnType<typeof setUpRooms>>['bobs'],
	{roomId, userId, type = 'm.read'}: Seen,
): Promise<ReadonlyMap<string, string | undefined>> => {
	const filter = encodeURIComponent(JSON.stringify({room: {rooms: [roomId]}}));
	const {rooms} = await ask('GET', `sync?filter=${filter}`);
	const {events} = asObject(asObject(asObject(asObject(rooms)['join'])[roomId])['ephemeral']);
	const content = asArray(events)
		.map(asObject)
		.find(event => event['type'] === 'm.receipt')?.['content'];
	return new Map(
		Object.entries(asObject(content)).flatMap(([eventId, byType]) => {
			const receipt = asObject(asObject(byType)[type])[userId];
			return receipt === undefined ? [] : [[eventId, asString(asObject(receipt)['thread_id'])] as const];
		}),
	);
};

test('receipts come and go by thread, and the counts of the room are those of all', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, bob, bobs, self, reader} = all;
	const roomId = await create(all, {invite: [bob.userId]});
	const path = `rooms/${encodeURIComponent(roomId)}`;
	await bobs('POST', `${path}/join`, {});
	let last = 0;
	const say = async (body: string, relation?: JsonObject): Promise<string> => {
		const content = {msgtype: 'm.text', body, ...(relation === undefined ? {} : {'m.relates_to': relation})};
		const answer = await bobs('PUT', `${path}/send/m.room.message/${(last += 1)}`, content);
		return asString(answer['event_id']) ?? '';
	};
	const root = await say('root');
	const inThread = {rel_type: 'm.thread', event_id: root};
	await say('one', inThread);
	const two = await say(`two for ${self}`, inThread);
	const main = await say('outside');
	const unread = (): number | undefined => reader.roomById(roomId)?.unreadCount;
	await until(engine, 'four unread messages', () => unread() === 4);
	assert.equal(reader.message(ridOf(all, roomId), root)?.thread?.unread, 2);

	const receipts = async () => receiptsSeenBy(bobs, {roomId, userId: self});
	const untilTold = async (eventId: string, thread: string): Promise<void> => {
		for (let told = await receipts(); told.get(eventId) !== thread; told = await receipts());
	};
	const rid = ridOf(all, roomId);
	assert.equal(reader.reads.lastMainEvent(rid), main);
	await engine.session.markRead({roomId, eventId: main});
	await untilTold(main, 'main');
	await until(engine, 'the thread alone to be unread', () => unread() === 2 && reader.reads.threads(rid).size === 1);
	await engine.session.markRead({roomId, eventId: two, thread: root});
	await untilTold(two, root);
	await until(engine, 'nothing to be unread', () => unread() === 0 && reader.reads.threads(rid).size === 0);
	await until(engine, 'the receipt of the thread', () => reader.reads.ownInThread(rid, root) === two);

	// What comes afterwards counts anew, where it belongs.
	const three = await say('three', inThread);
	await until(engine, 'one unread reply', () => unread() === 1 && reader.reads.threads(rid).get(root)?.unread === 1);
	await bobs('POST', `${path}/receipt/m.read/${encodeURIComponent(three)}`, {thread_id: root});
	await bobs('POST', `${path}/receipt/m.read/${encodeURIComponent(main)}`, {thread_id: 'main'});
	const readers = (thread?: string) => reader.reads.last(rid, thread).map(({userId}) => userId);
	await until(engine, 'the receipts of the other person', () => readers().length + readers(root).length === 2);
	assert.deepEqual([readers(), readers(root)], [[bob.userId], [bob.userId]]);
});

test(
	'who sees what was read is said once for all devices: nobody else, nobody at all, or everybody',
	servers,
	async t => {
		const all = await setUpRooms(t);
		const {engine, bob, bobs, own, self, reader} = all;
		const {session} = engine;
		const roomId = await create(all, {invite: [bob.userId]});
		const path = `rooms/${encodeURIComponent(roomId)}`;
		await bobs('POST', `${path}/join`, {});
		const say = async (body: string): Promise<string> => {
			const answer = await bobs('PUT', `${path}/send/m.room.message/${body}`, {msgtype: 'm.text', body});
			const eventId = asString(answer['event_id']) ?? '';
			await until(engine, body, () => reader.message(ridOf(all, roomId), eventId) !== undefined);
			return eventId;
		};
		const rule = async () => session.receiptsIn({roomId});
		assert.deepEqual(await rule(), {mode: 'public', by: 'matrix', network: undefined, isBridged: false});

		await session.setReceipts({scope: {kind: 'matrix'}, mode: 'private'});
		assert.equal((await rule()).mode, 'private');
		const one = await say('one');
		await session.markRead({roomId, eventId: one});
		const privately = {roomId, userId: self, type: 'm.read.private'} as const;
		while (!(await receiptsSeenBy(own, privately)).has(one));
		assert.equal((await receiptsSeenBy(bobs, {roomId, userId: self})).size, 0);
		assert.equal((await receiptsSeenBy(bobs, privately)).size, 0);

		await session.setReceipts({scope: {kind: 'room', id: roomId}, mode: 'off'});
		assert.deepEqual(await rule(), {mode: 'off', by: 'room', network: undefined, isBridged: false});
		const two = await say('two');
		await session.markRead({roomId, eventId: two});
		const marker = `user/${encodeURIComponent(self)}/${path}/account_data/m.fully_read`;
		while ((await own('GET', marker))['event_id'] !== two);
		assert.ok(!(await receiptsSeenBy(own, privately)).has(two));
		assert.equal((await receiptsSeenBy(bobs, {roomId, userId: self})).size, 0);
		// The server counts on; mx does not.
		const three = await say('three');
		await until(engine, 'one unread message', () => reader.roomById(roomId)?.unreadCount === 1);

		const {rooms, matrix} = await own('GET', `user/${encodeURIComponent(self)}/account_data/chat.mx.receipts`);
		assert.deepEqual({rooms, matrix}, {rooms: {[roomId]: 'off'}, matrix: 'private'});
		// Another device takes both back.
		await own('PUT', `user/${encodeURIComponent(self)}/account_data/chat.mx.receipts`, {});
		// It comes with the sync, before what is said afterwards.
		await say('four');
		assert.equal((await rule()).mode, 'public');
		await session.markRead({roomId, eventId: three});
		while (!(await receiptsSeenBy(bobs, {roomId, userId: self})).has(three));
	},
);
