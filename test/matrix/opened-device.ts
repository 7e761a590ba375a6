/** A client with crypto in memory on an account that holds one encrypted room with anna. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {createClient, type MatrixClient} from 'matrix-js-sdk';
import {MxStore, type MxStoreOptions} from '../../source/matrix/mx-store.ts';
import type {RustCryptoParts} from '../../source/matrix/room-encryption.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {member, openAccountFixture, ownUser, state, syncRoom, type AccountFixture} from '../store/account-fixture.ts';
import {silenceGlobalLogger, silentLogger} from './silent-logger.ts';

export const anna = '@anna:example.org';
export const encryptionEvent = state('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'});

export type Device = {
	readonly client: MatrixClient;
	readonly crypto: RustCryptoParts;
	readonly store: MxStore;
	readonly fixture: AccountFixture;
};

export type DeviceOptions = {
	readonly url?: string;
	readonly deviceId?: string;
	/** Stands between the SDK and what is stored. */
	readonly wrapStore?: (store: MxStoreOptions['store']) => MxStoreOptions['store'];
};

const nowhere = 'http://127.0.0.1:9';

/** Opens the device; it ends with the test. Without a `url` no server answers. */
export const openDevice = async (
	t: TestContext,
	{url = nowhere, deviceId = 'A', wrapStore = store => store}: DeviceOptions = {},
): Promise<Device> => {
	silenceGlobalLogger();
	const fixture = openAccountFixture(t);
	fixture.apply(syncRoom([], {state: {events: [encryptionEvent, member(ownUser, 'join'), member(anna, 'join')]}}));
	const store = new MxStore({
		store: wrapStore(createSdkStore(fixture.account, fixture.rooms, ownUser)),
		flushCrypto: async () => undefined,
		onCommit: () => undefined,
		onFailure: error => assert.fail(String(error)),
	});
	const client = createClient({
		baseUrl: url,
		userId: ownUser,
		deviceId,
		accessToken: 'token',
		store,
		logger: silentLogger,
	});
	store.attach(client);
	await client.initRustCrypto({useIndexedDB: false});
	t.after(() => client.stopClient());
	return {client, crypto: client.getCrypto() as unknown as RustCryptoParts, store, fixture};
};
