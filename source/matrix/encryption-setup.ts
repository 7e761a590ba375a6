/** Setting up encryption for a new account: identity, secret storage, key backup, recovery key. */
import {MatrixError, type MatrixClient, type UIAuthCallback} from 'matrix-js-sdk';
import type {CryptoApi} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../domain/errors.ts';
import {asObject} from '../domain/json.ts';
import {fetchAccountSecrets, fetchOwnKeys, type AccountSecrets} from './account-secrets.ts';
import {passwordAnswer, readChallenge} from './authentication-challenge.ts';
import {readSituation, type EncryptionSituation} from './encryption-state.ts';
import {withExpectedErrors} from './expected-errors.ts';
import type {SecretStorageKeys} from './secret-storage-keys.ts';

/** A client with crypto, and the keys whose callbacks it was created with. */
export type EncryptionAccess = {readonly client: MatrixClient; readonly keys: SecretStorageKeys};

const refused = (message: string, next: string, cause?: unknown): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'}, {cause});

const identityExists = (): ExpectedError =>
	refused(
		'Encryption is already set up for this account, perhaps just now by another device; nothing was replaced.',
		'Run `mx login` again and type the recovery key, or verify this device from the other one',
	);

/**
 * Answers with the password only while the account has no identity. Servers ask for the password exactly when an
 * identity would be replaced (MSC3967), so another device that was quicker is found here.
 */
const createAuthenticator =
	(client: MatrixClient, password: string): UIAuthCallback<void> =>
	async makeRequest => {
		try {
			await makeRequest(null);
		} catch (error) {
			const challenge =
				error instanceof MatrixError ? readChallenge(error.httpStatus, asObject(error.data)) : undefined;
			if (!challenge) throw error;
			if ((await fetchOwnKeys(client)).masterKey !== undefined) throw identityExists();
			if (!challenge.isPasswordEnough) {
				throw new ExpectedError(
					{
						message: 'The server wants more than the password before it takes the encryption keys of the account.',
						next: 'Set encryption up in another client, then run `mx login` again and type its recovery key',
						reason: 'refused',
					},
					{cause: error},
				);
			}
			await makeRequest(passwordAnswer(challenge, {userId: client.getSafeUserId(), password}));
		}
	};

/**
 * Call only after the server said just now that there is no identity.
 * @throws ExpectedError when another device was quicker; that device's identity stays.
 */
const createIdentity = async (client: MatrixClient, crypto: CryptoApi, password: string): Promise<void> => {
	const userId = client.getSafeUserId();
	try {
		await crypto.bootstrapCrossSigning({
			// Without this the SDK would keep quiet when an earlier try made keys but could not upload them.
			setupNewCrossSigning: true,
			authUploadDeviceSigningKeys: createAuthenticator(client, password),
		});
	} finally {
		// The SDK makes the keys before it uploads them; reading the identity of the server makes it drop those that lost.
		await crypto.userHasCrossSigningKeys(userId, true);
	}
};

/** @throws ExpectedError unless the identity on the server is the one whose private keys this device holds. */
const assertOwnIdentity = async (crypto: CryptoApi, secrets: AccountSecrets): Promise<void> => {
	const ownKey = await crypto.getCrossSigningKeyId();
	if (ownKey === null || ownKey !== secrets.masterKey) throw identityExists();
};

/**
 * Makes a new secret storage that holds the identity and the key of the backup. What the storage held before is no
 * longer used, so all of that must be on this device; an existing backup stays.
 */
const createSecretStorage = async (
	{client, keys}: EncryptionAccess,
	crypto: CryptoApi,
	before: AccountSecrets,
): Promise<string> => {
	await assertOwnIdentity(crypto, before);
	const generated = await crypto.createRecoveryKeyFromPassphrase();
	try {
		await crypto.bootstrapSecretStorage({
			setupNewSecretStorage: true,
			// This would delete an existing backup.
			setupNewKeyBackup: before.backupVersion === undefined && !before.isBackupUnwanted,
			createSecretStorageKey: async () => generated,
		});
	} finally {
		keys.forget();
	}
	const after = await fetchAccountSecrets(client);
	await assertOwnIdentity(crypto, after);
	const {encodedPrivateKey} = generated;
	const isComplete = after.hasAllCrossSigningKeys && (after.hasBackupKey || after.backupVersion === undefined);
	if (!isComplete || encodedPrivateKey === undefined) {
		throw refused(
			'The recovery key could not be completed, perhaps because another device changed it at the same time.',
			'Run `mx login` again',
		);
	}
	return encodedPrivateKey;
};

/**
 * Creates identity, secret storage and key backup for an account that has none of them, or finishes where an earlier
 * try was cut off on this device. The server is asked anew first, and again before each step that could replace something.
 * The client must be syncing: the SDK waits for the echo of account data that it wrote, and for queries of keys that only
 * its sync loop sends.
 * @param options.password Sent only if the server asks for it.
 * @returns the recovery key, 12 groups of 4 characters; it is nowhere else, so show it and forget it.
 * @throws ExpectedError `encryption` if there is anything that must not be replaced; by kind of failure otherwise.
 */
export const setUpNewAccount = (
	access: EncryptionAccess,
	{password}: {readonly password: string},
): Promise<{readonly recoveryKey: string}> =>
	withExpectedErrors('set up encryption', async () => {
		const {client} = access;
		const crypto = client.getCrypto();
		const {situation, secrets} = await readSituation(client);
		if (!crypto || (situation !== 'new-account' && situation !== 'no-recovery-key')) throw identityExists();
		if (situation === 'new-account') {
			if (secrets?.secretStorageKeyId !== undefined || secrets?.backupVersion !== undefined) {
				throw refused(
					'The account holds stored encryption keys, but no identity that they belong to; nothing was replaced.',
					'Repair the encryption in the client that made them, then run `mx login` again',
				);
			}
			await createIdentity(client, crypto, password);
		}
		const before = await fetchAccountSecrets(client);
		// Another device may have finished its own set-up since.
		if (before.hasAllCrossSigningKeys) throw identityExists();
		return {recoveryKey: await createSecretStorage(access, crypto, before)};
	});

const replaceable: ReadonlySet<EncryptionSituation> = new Set([
	'ready',
	'no-backup',
	'no-recovery-key',
	'recovery-key-incomplete',
]);

/**
 * Makes a new recovery key in place of one that was lost, or never seen because the program was cut off before it showed
 * it. Only on a verified device that has everything the old key opens; identity and backup stay. The old key no longer
 * works afterwards, so ask first. The client must be syncing.
 * @returns the new recovery key, 12 groups of 4 characters.
 * @throws ExpectedError `encryption` where something would be lost; by kind of failure otherwise.
 */
export const replaceRecoveryKey = (access: EncryptionAccess): Promise<{readonly recoveryKey: string}> =>
	withExpectedErrors('make a new recovery key', async () => {
		const crypto = access.client.getCrypto();
		const {situation, secrets} = await readSituation(access.client);
		if (!crypto || !secrets || !replaceable.has(situation)) {
			throw refused(
				'This device does not have all keys of the account, so it cannot make a new recovery key.',
				'Make it on a device that is verified, or type the recovery key that you have',
			);
		}
		return {recoveryKey: await createSecretStorage(access, crypto, secrets)};
	});
