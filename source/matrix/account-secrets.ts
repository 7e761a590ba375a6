/** What the server holds of an account's encryption, asked of the server itself and never of a cache. */
import {Method, MatrixError, type MatrixClient} from 'matrix-js-sdk';
import {asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {NetworkError} from './network-errors.ts';

/** Public part and remains of an account's encryption set-up on the server. */
export type AccountSecrets = {
	/** The public master key, base64; `undefined` if the account has no cross-signing identity. */
	readonly masterKey: string | undefined;
	/** Id of the default secret storage key; its owner has the recovery key. */
	readonly secretStorageKeyId: string | undefined;
	/** Whether the secret storage holds all three private cross-signing keys under the default key. */
	readonly hasAllCrossSigningKeys: boolean;
	/** Whether the secret storage holds the key of the backup under the default key. */
	readonly hasBackupKey: boolean;
	/** Version of the current key backup. */
	readonly backupVersion: string | undefined;
	/** Whether the person switched the backup off on purpose (`m.key_backup`, MSC4287; Element's own type before). */
	readonly isBackupUnwanted: boolean;
};

/** @returns the answer, or an empty object where the server has nothing of the kind. */
const getOptional = async (client: MatrixClient, path: string): Promise<JsonObject> => {
	try {
		return asObject(await client.http.authedRequest<unknown>(Method.Get, path));
	} catch (error) {
		if (error instanceof MatrixError && error.errcode === 'M_NOT_FOUND') return {};
		throw error;
	}
};

const accountData = (client: MatrixClient, type: string): Promise<JsonObject> =>
	getOptional(client, `/user/${encodeURIComponent(client.getSafeUserId())}/account_data/${encodeURIComponent(type)}`);

/** @returns the account's public master key and the ids of its devices whose keys the server has. */
export const fetchOwnKeys = async (
	client: MatrixClient,
): Promise<{masterKey: string | undefined; deviceIds: readonly string[]}> => {
	const userId = client.getSafeUserId();
	const answer = asObject(
		await client.http.authedRequest<unknown>(Method.Post, '/keys/query', undefined, {device_keys: {[userId]: []}}),
	);
	// An answer of another shape must never pass for "there is no identity".
	if (!isObject(answer['device_keys'])) {
		throw new NetworkError({
			kind: 'server-error',
			message: 'the server gave an incomplete answer about the keys of the account',
		});
	}
	const master = asObject(asObject(answer['master_keys'])[userId]);
	// One key, named by itself: `{"ed25519:KEY": "KEY"}` (client-server API §Cross-signing). Anything else in its place
	// still means that there is an identity.
	const [key] = Object.values(asObject(master['keys']));
	const isThere = Object.keys(master).length > 0;
	return {
		masterKey: isThere ? (asString(key) ?? '') : undefined,
		deviceIds: Object.keys(asObject(asObject(answer['device_keys'])[userId])),
	};
};

/** @returns the version of the current key backup, or `undefined` if there is none. */
const fetchBackupVersion = async (client: MatrixClient): Promise<string | undefined> =>
	asString((await getOptional(client, '/room_keys/version'))['version']);

const crossSigningSecrets = ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing'];

/**
 * Asks for everything at once; a few small requests.
 * @throws what the SDK's HTTP throws.
 */
export const fetchAccountSecrets = async (client: MatrixClient): Promise<AccountSecrets> => {
	const types = [...crossSigningSecrets, 'm.megolm_backup.v1'];
	const [ownKeys, backupVersion, defaultKey, wish, elementWish, ...secrets] = await Promise.all([
		fetchOwnKeys(client),
		fetchBackupVersion(client),
		accountData(client, 'm.secret_storage.default_key'),
		accountData(client, 'm.key_backup'),
		accountData(client, 'm.org.matrix.custom.backup_disabled'),
		...types.map(type => accountData(client, type)),
	]);
	const secretStorageKeyId = asString(defaultKey['key']);
	const isHeld = secrets.map(
		secret => secretStorageKeyId !== undefined && secretStorageKeyId in asObject(secret['encrypted']),
	);
	return {
		masterKey: ownKeys.masterKey,
		secretStorageKeyId,
		hasAllCrossSigningKeys: isHeld.slice(0, crossSigningSecrets.length).every(Boolean),
		hasBackupKey: isHeld.at(-1) ?? false,
		backupVersion,
		isBackupUnwanted: wish['enabled'] === false || elementWish['disabled'] === true,
	};
};
