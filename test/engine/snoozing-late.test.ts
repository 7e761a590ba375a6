/** A machine that slept past the end of a snooze: what other devices did meanwhile is heard before rooms are woken. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as immediate} from 'node:timers/promises';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createSnoozing} from '../../source/engine/snoozing.ts';
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
