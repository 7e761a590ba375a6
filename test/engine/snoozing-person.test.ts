/** The engine against a real homeserver: a person on several networks, whose chats all sleep, comes back once. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asObject, type JsonObject} from '../../source/domain/json.ts';
import {needsServers} from '../helpers/synapse.ts';
import {create, ridOf, setUpRooms, until} from './room-requests.ts';

const servers = await needsServers();

test('of the chats of one person one comes back with a reminder, the others without a word', servers, async t => {
	const all = await setUpRooms(t);
	const {engine, self, own, reader} = all;
	const users = ['@anna:one.test', '@anna:two.test'];
	const rooms = [await create(all, {name: 'Anna'}), await create(all, {name: 'Anna (work)'})];
	const put = async (type: string, content: JsonObject): Promise<void> =>
		void (await own('PUT', `user/${encodeURIComponent(self)}/account_data/${type}`, content));
	await put('m.direct', Object.fromEntries(users.map((user, index) => [user, [rooms[index] ?? '']])));
	await put('chat.mx.people', {people: [{id: 'anna', name: 'Anna', users}]});
	await until(engine, 'one person', () => reader.personRooms(ridOf(all, rooms[0] ?? '')).length === 2);
	const time = Date.now() + 700;
	for (const roomId of rooms) await engine.session.snooze({roomId, until: time});
	const awake = (): boolean => rooms.every(roomId => reader.roomById(roomId)?.section === 'normal');
	await until(engine, 'sleep', () => !awake());
	await until(engine, 'the end of the sleep', awake);
	const reminders = () => engine.notices.filter(({kind}) => kind === 'reminder').length;
	await until(engine, 'a reminder', () => reminders() > 0);
	assert.equal(reminders(), 1);
	const marked = async (roomId: string): Promise<boolean> => {
		const path = `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/account_data/m.marked_unread`;
		return asObject(await own('GET', path).catch(() => ({})))['unread'] === true;
	};
	const snoozes = async (): Promise<readonly unknown[]> =>
		Promise.all(
			rooms.map(async roomId =>
				own('GET', `user/${encodeURIComponent(self)}/rooms/${encodeURIComponent(roomId)}/account_data/chat.mx.snooze`),
			),
		);
	for (;;) if ((await snoozes()).every(content => asObject(content)['woken_at'] !== undefined)) break;
	assert.equal((await Promise.all(rooms.map(marked))).filter(is => is).length, 1);
});
