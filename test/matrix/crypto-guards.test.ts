/** The SDK's crypto throws, or worse, for verification messages that it does not check; the guards keep them from it. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createClient, MatrixEvent, MemoryStore} from 'matrix-js-sdk';
import {guardCrypto, type GuardedCrypto} from '../../source/matrix/crypto-guards.ts';
import type {RustCryptoParts} from '../../source/matrix/room-encryption.ts';
import {anna, owner} from '../corpus/state-templates.ts';
import {silenceGlobalLogger, silentLogger} from './silent-logger.ts';

const openCrypto = async (t: TestContext) => {
	silenceGlobalLogger();
	const client = createClient({
		baseUrl: 'http://127.0.0.1:9',
		userId: owner,
		deviceId: 'DEVICE',
		accessToken: 'token',
		store: new MemoryStore(),
		logger: silentLogger,
	});
	await client.initRustCrypto({useIndexedDB: false});
	t.after(() => client.stopClient());
	return client.getCrypto() as unknown as RustCryptoParts & GuardedCrypto;
};

/** A message to this device, as the sync brings it. */
const take = async (crypto: RustCryptoParts, transactionId: unknown): Promise<unknown> =>
	crypto.processSyncChanges({
		toDeviceEvents: [
			{
				type: 'm.key.verification.request',
				sender: anna,
				content: {from_device: 'D', methods: ['m.sas.v1'], timestamp: Date.now(), transaction_id: transactionId},
			},
		],
		deviceLists: {changed: [], left: []},
		oneTimeKeysCounts: new Map([['signed_curve25519', 50]]),
		unusedFallbackKeys: new Set<string>(),
	} as unknown as Parameters<RustCryptoParts['processSyncChanges']>[0]);

test('a verification request whose id is no text does not reach the crypto, and one with an id does', async t => {
	const crypto = await openCrypto(t);
	const refused: unknown[] = [];
	const taken: unknown[] = [];
	const original = crypto.onIncomingKeyVerificationRequest.bind(crypto);
	crypto.onIncomingKeyVerificationRequest = (sender, id) => {
		taken.push(id);
		original(sender, id);
	};
	guardCrypto(crypto, error => void refused.push(error));
	for (const id of [7, {}, [null], {__proto__: null}, 1e308, true]) await take(crypto, id);
	assert.deepEqual(taken, []);
	assert.equal(refused.length, 6);
	await take(crypto, 'transaction');
	assert.deepEqual(taken, ['transaction']);
});

test('a malformed verification event in a room is refused, and leaves no rejection that nobody handles', async t => {
	const crypto = await openCrypto(t);
	const event = new MatrixEvent({
		type: 'm.key.verification.start',
		event_id: '$start',
		sender: anna,
		room_id: '!room:example.org',
		origin_server_ts: Date.now(),
		content: {from_device: 'D', method: 'm.sas.v1', 'm.relates_to': {rel_type: 'm.reference', event_id: '$request'}},
	});
	// The control: the SDK itself throws.
	await assert.rejects(crypto.onKeyVerificationEvent(event), /missing field/);
	const refused: unknown[] = [];
	guardCrypto(crypto, error => void refused.push(error));
	await crypto.onKeyVerificationEvent(event);
	assert.equal(refused.length, 1);
});
