/** Messages that say that they are of later than they came in: what the store notes of them, and in which place they are among those of other rooms. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {message, openAccountFixture, ownUser, syncRoom} from './account-fixture.ts';
import {createOldDatabase} from './old-database.ts';

const minute = 60_000;
const start = 1_700_000_000_000;

test('when a message came in is noted only where it says that it is of much later, and stays when it comes again', t => {
	const {account, reader} = openAccountFixture(t);
	let clock = start;
	const rooms = createRoomWriter(account, ownUser, () => clock);
	const of = (time: number) => message('hello', {origin_server_ts: time});
	const [late, right, soon, ahead] = [of(start - minute), of(start), of(start + 10 * minute), of(start + 11 * minute)];
	const {rid} = account.write(() => rooms.applyRoom(syncRoom([late, right, soon, ahead])));
	const times = () => reader.timeline({rid, limit: 10}).messages.map(({timestamp, cameAt}) => [timestamp, cameAt]);
	const noted = [
		[start - minute, undefined],
		[start, undefined],
		[start + 10 * minute, undefined],
		[start + 11 * minute, start],
	];
	assert.deepEqual(times(), noted);
	clock += 5 * minute;
	account.write(() => rooms.applyRoom(syncRoom([ahead])));
	assert.deepEqual(times(), noted);
	assert.equal(reader.mixedTimeline({rids: [rid], limit: 10}).messages.at(-1)?.chunkOrder, start + 10 * minute);
});

test('what an earlier version has stored of years ahead is no longer below what comes', t => {
	const years = Date.now() + 3 * 365 * 24 * 60 * minute;
	const options = createOldDatabase(t, 'came_at', old => {
		old.exec(`INSERT INTO room(rid, room_id, membership) VALUES(1, '!a:x', 'join'), (2, '!b:x', 'join');
			INSERT INTO chunk(chunk, rid, chunk_order, is_live) VALUES(1, 1, 1, 1), (2, 2, 1, 1)`);
		const insert = old.prepare(
			`INSERT INTO event(pk, event_id, rid, chunk, position, timestamp, sender, type, raw) VALUES(?, ?, ?, ?, 1, ?, '@a:x', 'm.room.message', '{}')`,
		);
		insert.run(1n, '$ahead', 1n, 1n, BigInt(years));
		insert.run(2n, '$right', 2n, 2n, BigInt(start));
	});
	const upgraded = openAccountDatabase(options);
	t.after(() => upgraded.close());
	const reader = createAccountReader(upgraded.database, ownUser);
	const [right, ahead] = reader.mixedTimeline({rids: [1, 2], limit: 10}).messages;
	assert.deepEqual([right?.eventId, right?.chunkOrder, right?.cameAt], ['$right', start, undefined]);
	assert.deepEqual([ahead?.eventId, ahead?.timestamp], ['$ahead', years]);
	assert.ok((ahead?.chunkOrder ?? years) <= Date.now());
});
