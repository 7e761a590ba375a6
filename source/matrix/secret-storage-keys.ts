/** The key of the account's secret storage, in memory for as long as it is needed, as the SDK asks for it. */
import {
	decodeRecoveryKey,
	deriveRecoveryKeyFromPassphrase,
	type CryptoCallbacks,
} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type {SecretStorageKeyDescriptionAesV1, ServerSideSecretStorage} from 'matrix-js-sdk/lib/secret-storage.js';
import {ExpectedError} from '../domain/errors.ts';

/** Bytes of a secret storage key. */
export type SecretStorageKey = Uint8Array<ArrayBuffer>;

/**
 * Holds secret storage keys while they are in use. The SDK asks several times for one operation, and it never gets
 * to ask a person: without a key it is told that there is none, and the operation fails with nothing changed.
 */
export type SecretStorageKeys = {
	/** For `createClient({cryptoCallbacks})`. */
	readonly callbacks: CryptoCallbacks;
	readonly remember: (keyId: string, key: SecretStorageKey) => void;
	/** Overwrites and forgets all keys. */
	readonly forget: () => void;
};

export const createSecretStorageKeys = (): SecretStorageKeys => {
	const keys = new Map<string, SecretStorageKey>();
	return {
		callbacks: {
			getSecretStorageKey: async ({keys: wanted}) => {
				for (const keyId of Object.keys(wanted)) {
					const key = keys.get(keyId);
					if (key) return [keyId, key];
				}
				return null;
			},
			cacheSecretStorageKey: (keyId, _description, key) => void keys.set(keyId, key),
		},
		remember: (keyId, key) => void keys.set(keyId, key),
		forget: () => {
			for (const key of keys.values()) key.fill(0);
			keys.clear();
		},
	};
};

const refused = (message: string, next: string, cause?: unknown): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'}, {cause});

/** A wrong key, as opposed to one with a typing error. */
export const wrongRecoveryKey = (cause?: unknown): ExpectedError =>
	refused(
		'This recovery key does not fit the account (bad MAC): it is an older one or belongs to another account.',
		'Look for the newest recovery key of this account; nothing was changed',
		cause,
	);

// The number comes from the server; the clients in use write 500,000.
const mostIterations = 10_000_000;

type Passphrase = NonNullable<SecretStorageKeyDescriptionAesV1['passphrase']>;

const deriveKey = async (text: string, passphrase: Passphrase): Promise<SecretStorageKey | undefined> => {
	const {algorithm, salt, iterations, bits = 256} = passphrase;
	const isUsable =
		algorithm === 'm.pbkdf2' &&
		Number.isInteger(iterations) &&
		iterations > 0 &&
		iterations <= mostIterations &&
		bits === 256;
	return isUsable ? deriveRecoveryKeyFromPassphrase(text, salt, iterations, bits) : undefined;
};

/**
 * Reads what a person typed as the recovery key of this secret storage, or as the passphrase that some clients let
 * people choose in its place. The parity in a recovery key finds typing errors; the key check finds a wrong key
 * before anything is done with it (client-server API §Key storage, §Recovery key).
 * @returns key id and key of the default key.
 * @throws ExpectedError `encryption` that tells a typing error, a wrong key and a missing storage apart.
 */
export const readRecoveryKey = async (
	text: string,
	storage: ServerSideSecretStorage,
): Promise<{keyId: string; key: SecretStorageKey}> => {
	const stored = await storage.getKey();
	if (!stored) {
		throw refused('This account has no recovery key.', 'Verify this device from another device that is signed in');
	}
	const [keyId, description] = stored;
	let key: SecretStorageKey | undefined;
	let typingError: unknown;
	try {
		key = decodeRecoveryKey(text.replaceAll(/\s/g, ''));
	} catch (error) {
		typingError = error;
		key = description.passphrase && (await deriveKey(text, description.passphrase));
	}
	if (key && (await storage.checkKey(key, description))) return {keyId, key};
	if (!typingError) throw wrongRecoveryKey();
	const detail = typingError instanceof Error ? ` (${typingError.message})` : '';
	throw refused(
		`The recovery key has a typing error${detail}.`,
		'Type all 12 groups of 4 characters as they were shown; upper and lower case differ',
		typingError,
	);
};
