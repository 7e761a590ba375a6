/** Rooms wake with other devices in between: what those did is heard, and what the server refuses holds up nothing. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as immediate} from 'node:timers/promises';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createSnoozing} from '../../source/engine/snoozing.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import {message, openAccountFixture, syncRoom} from '../store/account-fixture.ts';

test('a timer that comes late waits for what another device did, then wakes the rest', async t => {
	const {account, rooms, reader, apply} = openAccountFixture(t);
	const begin = 1_800_000_000_000;
	let jump = 0;
	const sleep = (id: string, until: number): number => {
		const said = message('later');
		const [change] = apply(syncRoom([said], {}, {id}));
		const rid = change?.rid ?? 0;
		const content = {until, event_id: said['event_id'], origin_server_ts: said['origin_server_ts']};
		account.write(() => rooms.marks.applyAccountData(rid, 'chat.mx.snooze', content));
		return rid;
	};
	const elsewhere = sleep('!elsewhere:x', begin + 20);
	sleep('!here:x', begin + 21);
	const told: string[] = [];
	const isDone = Promise.withResolvers<void>();
	let isHeard = false;
	const feed = createChangeFeed();
	t.after(() => feed.close());
	const end = new AbortController();
	t.after(() => end.abort());
	const {wakeRooms} = createSnoozing({
		userId: '@me:x',
		homeserver: {
			triage: {
				tags: async () => [],
				setTag: async () => undefined,
				removeTag: async () => undefined,
				async setRoomData(_, roomId, type) {
					told.push(`${roomId} ${type}`);
					if (type === 'chat.mx.snooze') isDone.resolve();
				},
			},
		},
		stores: {account, rooms, reader},
		feed,
		log: {info: () => undefined},
		signal: end.signal,
		now() {
			// The sync brings it a moment after the timer has come.
			if (jump > 0 && !isHeard) {
				isHeard = true;
				queueMicrotask(() =>
					account.write(() => rooms.marks.applyAccountData(elsewhere, 'chat.mx.snooze', {woken_at: begin + 20})),
				);
			}
			return begin + jump;
		},
		hearingTime: 20,
	});
	wakeRooms();
	// It has planned by then.
	await immediate();
	jump = 600_000;
	await isDone.promise;
	assert.deepEqual(told, ['!here:x m.marked_unread', '!here:x chat.mx.snooze']);
	assert.equal(reader.room(elsewhere)?.isMarkedUnread, false);
	assert.equal(reader.roomById('!here:x')?.isReminder, true);
});

test('a room that another device has put to sleep wakes, and one that the server refuses keeps none from being told of', async t => {
	const {account, rooms, reader, apply} = openAccountFixture(t);
	const feed = createChangeFeed();
	t.after(() => feed.close());
	const end = new AbortController();
	t.after(() => end.abort());
	const told: string[] = [];
	let isDone = Promise.withResolvers<void>();
	const {wakeRooms} = createSnoozing({
		userId: '@me:x',
		homeserver: {
			triage: {
				tags: async () => [],
				setTag: async () => undefined,
				removeTag: async () => undefined,
				async setRoomData(_, roomId, type) {
					if (roomId === '!gone:x') throw new NetworkError({kind: 'forbidden', message: 'no'});
					told.push(`${roomId} ${type}`);
					if (type === 'chat.mx.snooze') isDone.resolve();
				},
			},
		},
		stores: {account, rooms, reader},
		feed,
		log: {info: () => undefined},
		signal: end.signal,
		now: Date.now,
	});
	/** As the sync brings it. */
	const sleep = (id: string, until: number): void => {
		const said = message('later');
		const rid = apply(syncRoom([said], {}, {id}))[0]?.rid ?? 0;
		const content = {until, event_id: said['event_id'], origin_server_ts: said['origin_server_ts']};
		account.write(() => rooms.marks.applyAccountData(rid, 'chat.mx.snooze', content));
		feed.changed([rid], true);
	};
	// The timers of snoozing do not keep the process.
	const keeper = setInterval(() => undefined, 1000);
	t.after(() => clearInterval(keeper));
	sleep('!gone:x', Date.now() - 20);
	sleep('!here:x', Date.now() - 10);
	wakeRooms();
	await isDone.promise;
	assert.deepEqual(told.splice(0), ['!here:x m.marked_unread', '!here:x chat.mx.snooze']);
	isDone = Promise.withResolvers();
	sleep('!elsewhere:x', Date.now() + 20);
	await isDone.promise;
	assert.deepEqual(told, ['!elsewhere:x m.marked_unread', '!elsewhere:x chat.mx.snooze']);
});
