/** A device with crypto for the tests of encryption set-up: signed in and created as the program does it, its state in memory. */
import '../helpers/sdk-timers.ts';
import {createClient, MemoryStore, type MatrixClient} from 'matrix-js-sdk';
import {asObject, asString} from '../../source/domain/json.ts';
import {waitOnClient} from '../../source/matrix/client-conditions.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {logInWithPassword} from '../../source/matrix/login.ts';
import {createSecretStorageKeys, type SecretStorageKeys} from '../../source/matrix/secret-storage-keys.ts';
import {MatrixRequestError, matrixRequest} from '../helpers/matrix-request.ts';
import type {Account, Homeserver, Owner} from '../helpers/synapse.ts';
import {silenceGlobalLogger, silentLogger} from './silent-logger.ts';

export type EncryptionDevice = {readonly client: MatrixClient; readonly keys: SecretStorageKeys};

/**
 * Signs in as another device of the account and finishes the first sync.
 * @param options.fetch what the guarded fetch sends with.
 */
export const openDevice = async (
	owner: Owner,
	server: Homeserver,
	account: Account,
	options: {readonly fetch?: typeof fetch} = {},
): Promise<EncryptionDevice> => {
	silenceGlobalLogger();
	const send = createGuardedFetch({isFailed: () => undefined, fetch: options.fetch});
	const {userId, deviceId, accessToken} = await logInWithPassword(
		{baseUrl: server.url, user: account.userId, password: account.password, deviceName: 'test'},
		send,
	);
	const keys = createSecretStorageKeys();
	const client = createClient({
		baseUrl: server.url,
		userId,
		deviceId,
		accessToken,
		fetchFn: send,
		logger: silentLogger,
		store: new MemoryStore(),
		cryptoCallbacks: keys.callbacks,
	});
	await client.initRustCrypto({useIndexedDB: false});
	owner.after(async () => client.stopClient());
	await client.startClient({initialSyncLimit: 20});
	await waitOnClient(client, async () => client.isInitialSyncComplete(), AbortSignal.timeout(30_000));
	return {client, keys};
};

/** @returns the account's public master key as the server has it, `undefined` if there is none. */
export const masterKeyOnServer = async (
	{url}: Homeserver,
	{userId, accessToken}: Account,
): Promise<string | undefined> => {
	const answer = await matrixRequest({url, accessToken}, 'POST', '/_matrix/client/v3/keys/query', {
		device_keys: {[userId]: []},
	});
	return asString(Object.values(asObject(asObject(asObject(answer['master_keys'])[userId])['keys']))[0]);
};

/** @returns everything on the server that a set-up makes, as one comparable value; the master key first. */
export const encryptionOnServer = async (server: Homeserver, account: Account): Promise<readonly unknown[]> => {
	const access = {url: server.url, accessToken: account.accessToken};
	const read = async (path: string): Promise<unknown> => {
		try {
			return await matrixRequest(access, 'GET', `/_matrix/client/v3${path}`);
		} catch (error) {
			if (error instanceof MatrixRequestError && error.status === 404) return undefined;
			throw error;
		}
	};
	const data = (type: string) => read(`/user/${encodeURIComponent(account.userId)}/account_data/${type}`);
	return [
		await masterKeyOnServer(server, account),
		asObject(await read('/room_keys/version'))['version'],
		await data('m.secret_storage.default_key'),
		await data('m.cross_signing.master'),
		await data('m.megolm_backup.v1'),
	];
};
