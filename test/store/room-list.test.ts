/** The order of the room list, read window by window, against one that sorts all rooms. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RoomRow} from '../../source/domain/room.ts';
import {migrate, openAccountDatabase} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {migrations} from '../../source/store/schema.ts';
import {createRandom} from '../helpers/random.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, openAccountFixture, ownUser, syncRoom} from './account-fixture.ts';

const isWaiting = (room: RoomRow): boolean => room.unreadCount > 0 || room.isMarkedUnread;

/** Invitations, then unread rooms, then the newest. */
const sorted = (rooms: readonly RoomRow[], asRead: number | undefined): readonly number[] => {
	const rank = (room: RoomRow): number => {
		if (room.membership === 'invite') return 0;
		return isWaiting(room) && room.rid !== asRead ? 1 : 2;
	};
	return rooms
		.toSorted((a, b) => rank(a) - rank(b) || b.lastActivity - a.lastActivity || a.rid - b.rid)
		.map(({rid}) => rid);
};

test('every window of the list is a part of the sorted whole, whichever room keeps the place of a read one', t => {
	const {apply, reader} = openAccountFixture(t);
	const random = createRandom(3);
	for (let index = 0; index < 40; index++) {
		// Several rooms were last active at the same time.
		const time = {origin_server_ts: 1_700_000_000_000 + random.below(12) * 1000};
		const counts = {notification_count: random.chance(0.4) ? 1 + random.below(3) : 0};
		const marked = {type: 'm.marked_unread', content: {unread: random.chance(0.2)}};
		const changes = {unread_notifications: counts, account_data: {events: [marked]}};
		const category = random.chance(0.1) ? 'invite' : random.pick(['join', 'join', 'join', 'leave'] as const);
		const isInvite = category === 'invite';
		apply(
			syncRoom(isInvite ? [] : [message('Hello', time)], isInvite ? {} : changes, {
				id: `!${index}:example.org`,
				category,
			}),
		);
	}
	const all = reader.rooms({offset: 0, limit: 100});
	assert.ok(new Set(all.map(room => `${room.membership} ${isWaiting(room)}`)).size >= 3);
	for (const asRead of [undefined, ...all.map(({rid}) => rid)]) {
		const expected = sorted(all, asRead);
		const read = (offset: number, limit: number) => reader.rooms({offset, limit, asRead}).map(({rid}) => rid);
		assert.deepEqual(read(0, 100), expected);
		assert.deepEqual([...read(0, 7), ...read(7, 7), ...read(14, 100)], expected);
	}
});

test('an account of an earlier version keeps its rooms, and lists them', t => {
	const file = `${temporaryDirectory(t)}/account.db`;
	const options = {file, key: new Uint8Array(32).fill(7), cipher: 'aegis'} as const;
	const old = openDatabase({...options, mode: 'owner', durability: 'normal'});
	old.exec(`${migrations[0]}; PRAGMA user_version = 1`);
	old.exec(
		`INSERT INTO room(room_id, membership, calculated_name, unread_count) VALUES('!a:example.org', 'join', 'Anna', 2)`,
	);
	old.close();
	const account = openAccountDatabase(options);
	t.after(() => account.close());
	const reader = createAccountReader(account.database, ownUser);
	assert.deepEqual(
		reader.rooms({offset: 0, limit: 10}).map(({name}) => name),
		['Anna'],
	);
	assert.deepEqual(reader.totals(), {unread: 1, highlights: 0});
	account.write(() => createRoomWriter(account, ownUser).markRead(1, '$read'));
	assert.deepEqual(reader.totals(), {unread: 0, highlights: 0});
	assert.doesNotThrow(() => migrate(account.database, file));
});
