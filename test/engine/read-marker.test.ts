/** When the server hears of what was read, on a real store, with a server that the test plays. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createChangeFeed} from '../../source/engine/change-feed.ts';
import {createReadMarker} from '../../source/engine/read-marker.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import {openAccountFixture, roomId, syncRoom} from '../store/account-fixture.ts';

const settle = () => new Promise<void>(resolve => void setImmediate(resolve));

test('what is read while the server is being told of older messages reaches it too; a failure waits for the network', async t => {
	const {account, rooms, reader, apply} = openAccountFixture(t);
	apply(syncRoom([]));
	const room = reader.roomById(roomId) as RoomRow;
	const requests: Array<{readonly eventId: string} & PromiseWithResolvers<void>> = [];
	const marker = createReadMarker({
		homeserver: {
			markRead: async (_room, eventId) => {
				const request = {eventId, ...Promise.withResolvers<void>()};
				requests.push(request);
				await request.promise;
			},
		},
		feed: createChangeFeed(),
		stores: {account, rooms},
		log: {info: () => undefined},
	});
	const asked = (): readonly string[] => requests.map(({eventId}) => eventId);

	marker.mark(room, '$first');
	marker.mark(room, '$second');
	marker.mark(room, '$third');
	assert.deepEqual(asked(), ['$first']);
	requests[0]?.resolve();
	await settle();
	assert.deepEqual(asked(), ['$first', '$third']);
	requests[1]?.reject(new Error('offline'));
	await settle();
	assert.deepEqual(asked(), ['$first', '$third']);
	marker.flush();
	assert.deepEqual(asked(), ['$first', '$third', '$third']);
	requests[2]?.resolve();
	await settle();
	marker.flush();
	await settle();
	assert.equal(requests.length, 3);
});
