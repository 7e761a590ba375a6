/** A Room that could not be built whole, or missed some news, is not kept. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {SdkRoom} from '../../source/store/sdk-store.ts';
import {roomId} from '../store/account-fixture.ts';
import {openDevice} from './opened-device.ts';

test('a Room whose state could not be read is built anew the next time, not kept without it', async t => {
	const bug = new TypeError('a bug');
	let isBroken = true;
	const {store} = await openDevice(t, {
		wrapStore: stored => ({
			...stored,
			room(id) {
				const room = stored.room(id);
				if (room === undefined || !isBroken) return room;
				const state = new Proxy([], {
					get() {
						throw bug;
					},
				}) satisfies SdkRoom['state'];
				return {...room, state};
			},
		}),
	});
	assert.throws(() => store.getRoom(roomId), bug);
	assert.equal(store.isLoaded(roomId), false);
	assert.throws(() => store.getRoom(roomId), bug);
	isBroken = false;
	assert.equal(store.getRoom(roomId)?.hasEncryptionStateEvent(), true);
	assert.equal(store.getRoom(roomId)?.getMyMembership(), 'join');
});
