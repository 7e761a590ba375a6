/** The inbox of 5,000 rooms over 12 networks, 166 people on three of them: counting its sections, and what a message costs until its row has moved. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {protocols} from '../source/bridges/protocols.ts';
import {peopleType} from '../source/domain/person.ts';
import {parseSyncRoom} from '../source/domain/sync-response.ts';
import {openAccountDatabase} from '../source/store/account-database.ts';
import {createAccountReader} from '../source/store/account-reader.ts';
import {prepare} from '../source/store/bind.ts';
import {chooseCipher, readCpuFlags} from '../source/store/open-database.ts';
import {createPersonStore} from '../source/store/person-store.ts';
import {createPortalStore} from '../source/store/portal-store.ts';
import {createRoomWriter} from '../source/store/room-writer.ts';
import {createInbox} from '../source/view-models/inbox.ts';
import {createRandom} from '../test/helpers/random.ts';
import {median} from './figures.ts';
import type {BenchOptions, Figures} from './run.ts';
import {ownUser, roomIdOf} from './synthetic-account.ts';
import {samplePortal} from '../test/helpers/sample-portal.ts';

const roomCount = 5000;
const networks = protocols.slice(0, 12);
const repetitions = 41;
const rowCount = 40;
const started = Date.UTC(2026, 0, 1);

const timed = (action: () => void): number => {
	const from = performance.now();
	action();
	return performance.now() - from;
};

const medianOf = (action: (index: number) => void): number =>
	median(Array.from({length: repetitions}, (_, index) => timed(() => action(index))));

/** `--rooms N` for another size. Milliseconds are medians. */
export const benchInbox = async ({rooms: size = roomCount}: BenchOptions): Promise<Figures> => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-bench-'));
	process.once('exit', () => rmSync(directory, {recursive: true, force: true}));
	const cipher = chooseCipher(readCpuFlags());
	const account = openAccountDatabase({file: join(directory, 'account.db'), key: new Uint8Array(32).fill(7), cipher});
	const [rooms, portals] = [createRoomWriter(account, ownUser), createPortalStore(account, ownUser)];
	const random = createRandom(1);
	let count = 0;
	const say = (room: number, unread: number): number => {
		count += 1;
		const message = {
			type: 'm.room.message',
			event_id: `$${count}`,
			sender: '@anna:other.example',
			origin_server_ts: started + count * 1000,
			content: {msgtype: 'm.text', body: 'hello'},
		};
		const name = {
			...message,
			type: 'm.room.name',
			state_key: '',
			event_id: `$n${room}`,
			content: {name: `Room ${room}`},
		};
		const given = {
			state: {events: [name]},
			timeline: {events: [message]},
			unread_notifications: {notification_count: unread},
		};
		return rooms.applyRoom(parseSyncRoom(roomIdOf(room), 'join', given)).rid;
	};
	account.write(() => {
		for (let room = 0; room < size; room += 1) {
			const rid = say(room, random.chance(0.1) ? 1 : 0);
			// One in thirteen is of no bridge.
			const network = networks[room % (networks.length + 1)];
			if (network === undefined) continue;
			portals.write(
				rid,
				samplePortal({protocol: network.id, bot: `@${network.id}bot:example.org`, channel: `chat${room}`}),
			);
		}
	});
	// One in ten rooms is of somebody who writes on three networks.
	const users = Array.from({length: Math.floor(size / 10)}, (_, room) => `@ghost${room}:example.org`);
	const people = users.slice(0, Math.floor(users.length / 3)).map((_, index) => ({
		id: `person${index}`,
		name: `Person ${index}`,
		users: users.slice(index * 3, index * 3 + 3),
	}));
	account.write(() => {
		const chat = prepare(account.database, 'UPDATE room SET is_direct = 1, direct_user = ? WHERE room_id = ?');
		for (const [room, user] of users.entries()) chat.run(user, roomIdOf(room));
		prepare(account.database, 'INSERT INTO account_data VALUES(?, ?)').run(peopleType, JSON.stringify({people}));
		createPersonStore(account.database).settle();
	});
	const reader = createAccountReader(account.database, ownUser);
	if (reader.room(reader.personRooms(1)[2] ?? -1) === undefined) throw new Error('Nobody writes on three networks');
	const sections = reader.sections();
	if (sections.length < networks.length) throw new Error(`Only ${sections.length} sections`);
	const inbox = createInbox(reader, Date.now);
	inbox.refresh();
	const view = () => inbox.view({width: 36, height: rowCount, isFocused: true}).rows;
	const moved: number[] = [];
	const message = medianOf(index => {
		const before = new Set(view());
		account.write(() => say((index * 37) % size, 1));
		inbox.refresh();
		moved.push(view().filter(row => !before.has(row)).length);
	});
	const flat = {offset: 0, limit: 100, filter: {kind: 'all'}} as const;
	const figures = {
		inbox_counts_ms: medianOf(() => reader.sections()),
		inbox_flat_ms: medianOf(() => reader.rooms(flat)),
		inbox_message_ms: message,
		inbox_rows_moved_max: Math.max(...moved),
	};
	account.close();
	return figures;
};
