/** The master key of an account, its text form, and the keys that are derived from it. */
import {hkdfSync, randomBytes} from 'node:crypto';

/** Bytes of the master key and of every derived key. */
const keyLength = 32;

/** The keys of the parts of an account, 32 bytes each. */
export type DerivedKeys = {
	readonly accountDatabase: Uint8Array;
	readonly cryptoDatabase: Uint8Array;
	/** What the SDK's crypto seals its records with. */
	storageKey(deviceId: string): Uint8Array;
};

/** HKDF-SHA256 (RFC 5869) without a salt: the input is uniformly random already. */
const derive = (masterKey: Uint8Array, label: string, length = keyLength): Uint8Array =>
	new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(), label, length));

/** @returns the keys derived from the master key; the same key always gives the same ones. */
export const deriveKeys = (masterKey: Uint8Array): DerivedKeys => ({
	accountDatabase: derive(masterKey, 'mx/account.db'),
	cryptoDatabase: derive(masterKey, 'mx/crypto.db'),
	storageKey: deviceId => derive(masterKey, `mx/storageKey/${deviceId}`),
});

/** @returns 32 random bytes. */
export const createKey = (): Uint8Array => new Uint8Array(randomBytes(keyLength));

/** @returns eight bytes, hexadecimal, that tell whether a key is the account's without saying anything about it. */
export const keyCheck = (masterKey: Uint8Array): string =>
	Buffer.from(derive(masterKey, 'mx/check', 8)).toString('hex');

/** @returns the key as base64. */
export const keyToText = (masterKey: Uint8Array): string => Buffer.from(masterKey).toString('base64');

/** @returns the key of the first line of `text`, base64 or base64url of 32 bytes; `undefined` if it is not one. */
export const keyFromText = (text: string): Uint8Array | undefined => {
	const line = firstLine(text).trim();
	if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(line)) return undefined;
	const key = new Uint8Array(Buffer.from(line, 'base64'));
	return key.length === keyLength ? key : undefined;
};

/** @returns the text before the first line break. */
export const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? '';
