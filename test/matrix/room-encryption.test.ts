/** What a sender may have encrypted: cleartext is as little to be trusted as anything else. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createRoomEncryption, type Decryption} from '../../source/matrix/room-encryption.ts';
import {createTurns} from '../../source/matrix/turns.ts';
import {roomId} from '../store/account-fixture.ts';
import {createMegolmSession} from './megolm-session.ts';
import {anna, openDevice} from './opened-device.ts';

/** @returns a function that decrypts an event whose cleartext is this JSON */
const openDecryption = async (t: TestContext): Promise<(cleartext: JsonObject) => Promise<Decryption>> => {
	const {client, store} = await openDevice(t);
	const session = createMegolmSession(roomId);
	await client.getCrypto()?.importRoomKeysAsJson(JSON.stringify([session.exported]));
	const encryption = createRoomEncryption({
		client,
		store,
		flush: async () => undefined,
		inTurn: createTurns(),
		mustRotate: () => false,
		clearRotation: () => undefined,
		bridgeBot: () => undefined,
	});
	return async cleartext => {
		const content = session.encrypt(JSON.stringify(cleartext));
		const raw = {type: 'm.room.encrypted', event_id: '$e', sender: anna, origin_server_ts: 1, content};
		return encryption.decrypt({roomId, raw});
	};
};

test('an encrypted event whose cleartext has no type that is text cannot be decrypted, and says so', async t => {
	const decrypt = await openDecryption(t);
	const content = {body: 'hello'};
	const good = await decrypt({room_id: roomId, type: 'm.room.message', content});
	assert.deepEqual(good.kind === 'clear' && [good.type, good.content], ['m.room.message', content]);
	const failed = {kind: 'failed', reason: 'UNKNOWN_ERROR'};
	assert.deepEqual(await decrypt({room_id: roomId, content: {}}), failed);
	for (const type of [null, {}, [], 7, true, ''])
		assert.deepEqual(await decrypt({room_id: roomId, type, content}), failed, JSON.stringify(type));
});

test('an encrypted event whose cleartext has no content is an empty message', async t => {
	const decrypt = await openDecryption(t);
	for (const content of [null, 7, 'text', [], undefined]) {
		const result = await decrypt({room_id: roomId, type: 'm.room.message', content});
		assert.deepEqual(result.kind === 'clear' && result.content, {}, JSON.stringify(content));
	}
});
