/** The SDK's Rust crypto on the crypto store: the device stays the same over a restart, and only for its own key. */
import '../../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import test from 'node:test';
import {createClient} from 'matrix-js-sdk';
import type {Logger} from 'matrix-js-sdk/lib/logger.js';
import {installIndexedDB} from '../../../source/store/crypto-store/install-indexed-db.ts';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {keyOf} from './test-store.ts';

type Device = {readonly deviceId: string; readonly storageKey: Uint8Array<ArrayBuffer>};

const nothing = (): void => undefined;
const silent: Logger = {
	trace: nothing,
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing,
	getChild: () => silent,
};

const storageKey = new Uint8Array(32).fill(7);

/** Starts the crypto on the file as a process would, and stops it. @returns the device's identity keys */
const runCrypto = async (file: string, device: Device): Promise<{ed25519: string; curve25519: string} | undefined> => {
	const store = openCryptoStore({file, key: keyOf(1), cipher: 'aegis'});
	installIndexedDB(store.factory);
	const client = createClient({
		baseUrl: 'http://127.0.0.1:1',
		userId: '@alice:example.org',
		deviceId: device.deviceId,
		accessToken: 'token',
		logger: silent,
		fetchFn: () => Promise.reject(new Error('There is no network in this test')),
	});
	try {
		await client.initRustCrypto({cryptoDatabasePrefix: 'account', storageKey: device.storageKey});
		return await client.getCrypto()?.getOwnDeviceKeys();
	} finally {
		client.stopClient();
		await store.flush();
		assert.equal(store.failed, undefined);
		await store.close();
	}
};

test('the device keeps its identity keys, and refuses another storage key or device', async context => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const device = {deviceId: 'DEVICE', storageKey};
	const keys = await runCrypto(file, device);
	assert.match(keys?.ed25519 ?? '', /^[\w+/]{43}$/);
	assert.deepEqual(await runCrypto(file, device), keys);
	await assert.rejects(runCrypto(file, {deviceId: 'DEVICE', storageKey: new Uint8Array(32).fill(8)}));
	await assert.rejects(runCrypto(file, {deviceId: 'OTHER', storageKey}));
	assert.deepEqual(await runCrypto(file, device), keys);
});
