/** Where the encryption set-up of an account stands on this device, and the one thing to do next. */
import {type MatrixClient} from 'matrix-js-sdk';
import type {CryptoApi} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type {EncryptionSetup} from '../domain/session.ts';
import {fetchAccountSecrets, type AccountSecrets} from './account-secrets.ts';
import {classifyFailure} from './network-errors.ts';

/** Finer than the states of `EncryptionSetup`: what differs in the sentence and in what may be done. */
export type EncryptionSituation =
	| 'unavailable'
	| 'new-account'
	| 'unverified'
	| 'unverified-alone'
	| 'locked-out'
	| 'keys-missing'
	| 'no-backup'
	| 'no-recovery-key'
	| 'recovery-key-incomplete'
	| 'backup-broken'
	| 'ready';

const enterKey = 'Give the recovery key to /recovery or `mx login`';
const runLogin = 'Run `mx login`';

const descriptions: Readonly<Record<EncryptionSituation, EncryptionSetup>> = {
	unavailable: {
		state: 'unavailable',
		message: 'Encryption is not available in this session.',
		next: 'Run `mx doctor`',
	},
	'new-account': {state: 'new-account', message: 'Encryption is not set up for this account yet.', next: runLogin},
	unverified: {
		state: 'unverified',
		message: 'This device is not verified, so it cannot read older encrypted messages.',
		next: 'Compare emoji with another device (/verify), or give the recovery key to /recovery or `mx login`',
	},
	'unverified-alone': {
		state: 'unverified-alone',
		message: 'This device needs the recovery key to read older encrypted messages.',
		next: enterKey,
	},
	'locked-out': {
		state: 'locked-out',
		message: 'No other device and no recovery key is left: older encrypted messages cannot be recovered here.',
		next: 'Reset the encryption of the account in another client, or import a file of exported keys',
	},
	'keys-missing': {
		state: 'unverified-alone',
		message: 'This device is verified, but some of the keys of the account are missing.',
		next: enterKey,
	},
	'no-backup': {state: 'no-backup', message: 'Encrypted messages are not backed up.', next: runLogin},
	'no-recovery-key': {state: 'no-backup', message: 'There is no recovery key for this account yet.', next: runLogin},
	'recovery-key-incomplete': {
		state: 'backup-broken',
		message: 'The recovery key does not open all keys of the account.',
		next: enterKey,
	},
	'backup-broken': {state: 'backup-broken', message: 'The backup of encrypted messages does not work.', next: enterKey},
	ready: {state: 'ready', message: 'Encryption is set up, this device is verified, and its keys are backed up.'},
};

const hasVerifiedOtherDevice = async (client: MatrixClient, crypto: CryptoApi): Promise<boolean> => {
	const userId = client.getSafeUserId();
	const devices = (await crypto.getUserDeviceInfo([userId], true)).get(userId);
	for (const device of devices?.values() ?? []) {
		if (device.deviceId === client.getDeviceId() || device.dehydrated) continue;
		// This device does not trust the identity yet, so only its signature counts, not "verified".
		const status = await crypto.getDeviceVerificationStatus(userId, device.deviceId);
		if (status?.signedByOwner) return true;
	}
	return false;
};

/** Whether this device can both write to the current backup and read from it. */
const isBackupUsable = async (crypto: CryptoApi, version: string): Promise<boolean> => {
	if ((await crypto.getActiveSessionBackupVersion()) !== version) {
		// The SDK looks once at start; the backup may have been made since.
		const check = await crypto.checkKeyBackupAndEnable();
		return (check?.trustInfo.matchesDecryptionKey ?? false) && check?.backupInfo.version === version;
	}
	return (await crypto.getSessionBackupPrivateKey()) !== null;
};

const readVerifiedSituation = async (crypto: CryptoApi, secrets: AccountSecrets): Promise<EncryptionSituation> => {
	const {privateKeysCachedLocally} = await crypto.getCrossSigningStatus();
	const hasPrivateKeys = Object.values(privateKeysCachedLocally).every(Boolean);
	if (!hasPrivateKeys && secrets.hasAllCrossSigningKeys) return 'keys-missing';
	if (secrets.backupVersion === undefined) {
		if (secrets.secretStorageKeyId === undefined || !secrets.hasAllCrossSigningKeys) return 'no-recovery-key';
		return secrets.isBackupUnwanted ? 'ready' : 'no-backup';
	}
	if (!(await isBackupUsable(crypto, secrets.backupVersion))) return 'backup-broken';
	if (secrets.secretStorageKeyId === undefined) return 'no-recovery-key';
	return secrets.hasAllCrossSigningKeys && secrets.hasBackupKey ? 'ready' : 'recovery-key-incomplete';
};

/**
 * Asks the server and the crypto of this device; a handful of small requests. An identity, once it exists, is never
 * taken for missing: a failed request throws.
 * @throws what the SDK throws.
 */
export const readSituation = async (
	client: MatrixClient,
): Promise<{situation: EncryptionSituation; secrets: AccountSecrets | undefined}> => {
	const crypto = client.getCrypto();
	if (!crypto) return {situation: 'unavailable', secrets: undefined};
	const userId = client.getSafeUserId();
	const secrets = await fetchAccountSecrets(client);
	if (secrets.masterKey === undefined) return {situation: 'new-account', secrets};
	// Makes the SDK read the identity and this device anew, which the status below is computed from.
	await crypto.userHasCrossSigningKeys(userId, true);
	const device = await crypto.getDeviceVerificationStatus(userId, client.getDeviceId() ?? '');
	if (device?.crossSigningVerified) return {situation: await readVerifiedSituation(crypto, secrets), secrets};
	if (await hasVerifiedOtherDevice(client, crypto)) return {situation: 'unverified', secrets};
	return {situation: secrets.hasAllCrossSigningKeys ? 'unverified-alone' : 'locked-out', secrets};
};

/**
 * Tells where the encryption set-up stands. Works on any client with crypto, syncing or not; read it again after the
 * first sync, after a verification, and when `CryptoEvent.KeysChanged` or `KeyBackupStatus` fires.
 * @returns state `unknown` when the server cannot be asked now.
 */
export const readEncryptionSetup = async (client: MatrixClient): Promise<EncryptionSetup> => {
	try {
		return descriptions[(await readSituation(client)).situation];
	} catch (error) {
		const failure = classifyFailure(error);
		if (failure.kind === 'unknown') throw error;
		return {state: 'unknown', message: `The state of the encryption is not known yet: ${failure.message}.`};
	}
};
