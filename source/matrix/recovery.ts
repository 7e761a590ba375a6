/** Unlocking the encryption of an account on a further device with the recovery key, and restoring the key backup. */
import type {MatrixClient} from 'matrix-js-sdk';
import {
	DecryptionKeyDoesNotMatchError,
	ImportRoomKeyStage,
	type CryptoApi,
} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../domain/errors.ts';
import type {EncryptionSetup} from '../domain/session.ts';
import {fetchAccountSecrets, fetchOwnKeys, type AccountSecrets} from './account-secrets.ts';
import {waitOnClient} from './client-conditions.ts';
import type {EncryptionAccess} from './encryption-setup.ts';
import {readEncryptionSetup} from './encryption-state.ts';
import {withExpectedErrors} from './expected-errors.ts';
import {readRecoveryKey, wrongRecoveryKey} from './secret-storage-keys.ts';

/** How far the restoring of message keys is; `total` is unknown until the backup has been downloaded. */
export type RestoreProgress = {readonly restored: number; readonly total: number | undefined};

/** What unlocking achieved. */
export type Unlocked = {
	readonly setup: EncryptionSetup;
	/** Message keys; `undefined` if the backup cannot be read with this recovery key. */
	readonly restored: {readonly imported: number; readonly total: number} | undefined;
};

/** Milliseconds that the server may take to know this device. */
const patience = 60_000;

const refused = (message: string, next: string, cause?: unknown): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'}, {cause});

/** Whatever the SDK wants to do, no cross-signing key leaves this device on this path. */
const refuseUpload = async (): Promise<never> => {
	throw new Error('Unlocking tried to replace the identity of the account.');
};

const hasAllPrivateKeys = async (crypto: CryptoApi): Promise<boolean> =>
	Object.values((await crypto.getCrossSigningStatus()).privateKeysCachedLocally).every(Boolean);

/** Brings the private keys of the identity to this device and signs the device with them. */
const unlockIdentity = async (client: MatrixClient, crypto: CryptoApi, secrets: AccountSecrets): Promise<void> => {
	const userId = client.getSafeUserId();
	// The keys are imported against the public identity, so that must be here first.
	await crypto.userHasCrossSigningKeys(userId, true);
	// With neither of the two the SDK would make a new identity.
	if (!secrets.hasAllCrossSigningKeys && !(await hasAllPrivateKeys(crypto))) {
		throw refused(
			'The recovery key is right, but the identity of the account is not stored behind it.',
			'Verify this device from another device that is signed in',
		);
	}
	try {
		await crypto.bootstrapCrossSigning({authUploadDeviceSigningKeys: refuseUpload});
	} catch (error) {
		const message = error instanceof Error ? error.message : '';
		if (/bad MAC/i.test(message)) throw wrongRecoveryKey(error);
		if (/public key|failed to import/i.test(message)) {
			throw refused(
				'The keys behind this recovery key belong to an older identity of the account.',
				'Verify this device from another device, or use a newer recovery key',
				error,
			);
		}
		throw error;
	}
};

const restoreBackup = async (
	crypto: CryptoApi,
	onProgress: (progress: RestoreProgress) => void,
): Promise<Unlocked['restored']> => {
	// The SDK looked for a backup when it started; there may be a newer one.
	await crypto.checkKeyBackupAndEnable();
	try {
		await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
	} catch (error) {
		if (error instanceof DecryptionKeyDoesNotMatchError) return undefined;
		throw error;
	}
	await crypto.checkKeyBackupAndEnable();
	return crypto.restoreKeyBackup({
		progressCallback: progress =>
			onProgress(
				progress.stage === ImportRoomKeyStage.LoadKeys
					? {restored: progress.successes, total: progress.total}
					: {restored: 0, total: undefined},
			),
	});
};

const unlockBackup = async (
	crypto: CryptoApi,
	secrets: AccountSecrets,
	onProgress: (progress: RestoreProgress) => void,
): Promise<Unlocked['restored']> => {
	if (secrets.backupVersion === undefined) {
		if (!secrets.isBackupUnwanted) await crypto.resetKeyBackup();
		return {imported: 0, total: 0};
	}
	// Puts into secret storage what this device knows and the storage lacks; replaces nothing.
	if (!secrets.hasAllCrossSigningKeys || !secrets.hasBackupKey) await crypto.bootstrapSecretStorage({});
	const isReadable = secrets.hasBackupKey || (await crypto.getSessionBackupPrivateKey()) !== null;
	return isReadable ? restoreBackup(crypto, onProgress) : undefined;
};

const waitUntilVerified = (client: MatrixClient, crypto: CryptoApi, signal: AbortSignal): Promise<void> =>
	waitOnClient(
		client,
		async () => {
			const userId = client.getSafeUserId();
			// The signature counts only once it came back from the server.
			await crypto.userHasCrossSigningKeys(userId, true);
			const status = await crypto.getDeviceVerificationStatus(userId, client.getDeviceId() ?? '');
			return status?.crossSigningVerified ?? false;
		},
		signal,
	);

const waitUntilDeviceIsKnown = (client: MatrixClient, signal: AbortSignal): Promise<void> =>
	waitOnClient(client, async () => (await fetchOwnKeys(client)).deviceIds.includes(client.getDeviceId() ?? ''), signal);

/**
 * Verifies this device with the recovery key (or passphrase) and restores the message keys of the backup. The key is
 * checked before anything is done; the identity of the account is never touched. Also repairs what other devices left
 * incomplete behind the same key, and makes a backup where there is none and none was refused.
 *
 * The client must be syncing: the SDK uploads the keys of this device after its first sync, and signs them here.
 * @param text As typed, with or without spaces.
 * @throws ExpectedError `encryption` for a typing error, a wrong key and missing parts; by kind of failure otherwise.
 */
export const unlockWithRecoveryKey = (
	{client, keys}: EncryptionAccess,
	text: string,
	options: {
		readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
		readonly signal?: AbortSignal | undefined;
	} = {},
): Promise<Unlocked> =>
	withExpectedErrors('unlock encryption', async () => {
		const crypto = client.getCrypto();
		const secrets = await fetchAccountSecrets(client);
		if (!crypto || secrets.masterKey === undefined) {
			throw refused('Encryption is not set up for this account, so there is nothing to unlock.', 'Run `mx login`');
		}
		const limit = AbortSignal.timeout(patience);
		const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
		const {keyId, key} = await readRecoveryKey(text, client.secretStorage);
		keys.remember(keyId, key);
		try {
			await waitUntilDeviceIsKnown(client, signal);
			await unlockIdentity(client, crypto, secrets);
			await waitUntilVerified(client, crypto, signal);
			const restored = await unlockBackup(crypto, secrets, options.onProgress ?? (() => undefined));
			return {setup: await readEncryptionSetup(client), restored};
		} finally {
			keys.forget();
		}
	});
