/** The engine against a real homeserver: receipts both ways, in threads and outside of them, and what is not read. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {create, ridOf, setUpRooms, until} from './room-requests.ts';
import {needsServers} from '../helpers/synapse.ts';

const servers = await needsServers();

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

	/** The receipts of the account as the other person is told of them. */
	const receipts = async (): Promise<ReadonlyMap<string, string | undefined>> => {
		const filter = encodeURIComponent(JSON.stringify({room: {rooms: [roomId]}}));
		const {rooms} = await bobs('GET', `sync?filter=${filter}`);
		const {events} = asObject(asObject(asObject(asObject(rooms)['join'])[roomId])['ephemeral']);
		const content = asArray(events)
			.map(asObject)
			.find(({type}) => type === 'm.receipt')?.['content'];
		return new Map(
			Object.entries(asObject(content)).flatMap(([eventId, byType]) => {
				const receipt = asObject(asObject(byType)['m.read'])[self];
				return receipt === undefined ? [] : [[eventId, asString(asObject(receipt)['thread_id'])] as const];
			}),
		);
	};
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
