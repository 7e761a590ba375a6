/** The key file of the passphrase backend: the master key sealed with AES-256-GCM under a key made from a passphrase. */
import crypto from 'node:crypto';
import {promisify} from 'node:util';
import {ExpectedError} from '../../domain/errors.ts';
import {asInteger, asObject, asString, isObject, parseJson} from '../../domain/json.ts';

/** How a passphrase becomes a key. argon2id: memory in KiB (RFC 9106). scrypt: RFC 7914. */
type Derivation =
	| {
			readonly kdf: 'argon2id';
			readonly params: {readonly memory: number; readonly passes: number; readonly parallelism: number};
	  }
	| {readonly kdf: 'scrypt'; readonly params: {readonly N: number; readonly r: number; readonly p: number}};

/** What the file holds; byte strings are base64. */
type WrappedKey = Derivation & {
	readonly v: 1;
	readonly salt: string;
	readonly nonce: string;
	/** Ciphertext and tag. */
	readonly wrapped: string;
};

const tagLength = 16;

/** Present from Node 24.7 on. */
const hasArgon2 = (): boolean => typeof (crypto as {argon2?: unknown}).argon2 === 'function';

const preferredDerivation = (): Derivation =>
	hasArgon2()
		? {kdf: 'argon2id', params: {memory: 65_536, passes: 3, parallelism: 1}}
		: {kdf: 'scrypt', params: {N: 131_072, r: 8, p: 1}};

/** The same passphrase typed on another keyboard may come composed differently. */
const passphraseBytes = (passphrase: string): Buffer => Buffer.from(passphrase.normalize('NFC'));

const runDerivation = async (derivation: Derivation, message: Buffer, salt: Buffer): Promise<Buffer> => {
	if (derivation.kdf === 'scrypt') {
		const {N, r, p} = derivation.params;
		const scrypt = promisify<Buffer, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);
		return scrypt(message, salt, 32, {N, r, p, maxmem: 256 * N * r});
	}
	if (!hasArgon2()) {
		throw new ExpectedError({
			message: 'The key file was made with argon2, which this Node.js does not have.',
			next: 'Run mx with Node.js 24.7 or newer.',
			reason: 'error',
		});
	}
	const parameters = {message, nonce: salt, tagLength: 32, ...derivation.params};
	return promisify(crypto.argon2)('argon2id', parameters);
};

/** Derivation and salt are sealed with the key, so that a weaker one cannot be put in their place. */
const header = (derivation: Derivation, salt: Buffer): Buffer =>
	Buffer.from(
		JSON.stringify(['mx/key', 1, derivation.kdf, Object.entries(derivation.params), salt.toString('base64')]),
	);

/** @returns the text of a key file that holds `masterKey` under `passphrase`. Takes about 0.2 s and 64 MiB. */
export const wrapKey = async (masterKey: Uint8Array, passphrase: string): Promise<string> => {
	const derivation = preferredDerivation();
	const salt = crypto.randomBytes(16);
	const nonce = crypto.randomBytes(12);
	const wrappingKey = await runDerivation(derivation, passphraseBytes(passphrase), salt);
	const cipher = crypto.createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(header(derivation, salt));
	const sealed = Buffer.concat([cipher.update(masterKey), cipher.final(), cipher.getAuthTag()]);
	wrappingKey.fill(0);
	const file: WrappedKey = {
		v: 1,
		...derivation,
		salt: salt.toString('base64'),
		nonce: nonce.toString('base64'),
		wrapped: sealed.toString('base64'),
	};
	return `${JSON.stringify(file)}\n`;
};

const integerWithin = (value: unknown, [least, most]: readonly [number, number]): number | undefined => {
	const integer = asInteger(value);
	return integer !== undefined && integer >= least && integer <= most ? integer : undefined;
};

/** The upper limits keep a tampered file from taking all memory. */
const parseDerivation = (kdf: unknown, value: unknown): Derivation | undefined => {
	const params = asObject(value);
	if (kdf === 'argon2id') {
		const memory = integerWithin(params['memory'], [8192, 1_048_576]);
		const passes = integerWithin(params['passes'], [1, 64]);
		const parallelism = integerWithin(params['parallelism'], [1, 64]);
		if (memory === undefined || passes === undefined || parallelism === undefined) return undefined;
		return {kdf, params: {memory, passes, parallelism}};
	}
	if (kdf !== 'scrypt') return undefined;
	const N = integerWithin(params['N'], [16_384, 1_048_576]);
	const r = integerWithin(params['r'], [1, 16]);
	const p = integerWithin(params['p'], [1, 16]);
	if (N === undefined || r === undefined || p === undefined || (N & (N - 1)) !== 0) return undefined;
	return {kdf, params: {N, r, p}};
};

const bytesOf = (value: unknown, length: number): Buffer | undefined => {
	const bytes = Buffer.from(asString(value) ?? '', 'base64');
	return bytes.length === length ? bytes : undefined;
};

const openSealed = (sealed: Buffer, key: Buffer, nonce: Buffer, associated: Buffer): Uint8Array | undefined => {
	const decipher = crypto.createDecipheriv('aes-256-gcm', key, nonce, {authTagLength: tagLength});
	decipher.setAAD(associated).setAuthTag(sealed.subarray(-tagLength));
	try {
		return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -tagLength)), decipher.final()]));
	} catch {
		// The tag does not match: another passphrase, or a damaged file; nobody can tell which.
		return undefined;
	}
};

/**
 * @returns the master key of a key file, or `undefined` when the passphrase is not the one it was wrapped with
 * @throws ExpectedError when the text is not a key file
 */
export const unwrapKey = async (text: string, passphrase: string): Promise<Uint8Array | undefined> => {
	const parsed = parseJson(text);
	const file = isObject(parsed) && parsed['v'] === 1 ? parsed : {};
	const derivation = parseDerivation(file['kdf'], file['params']);
	const salt = bytesOf(file['salt'], 16);
	const nonce = bytesOf(file['nonce'], 12);
	const sealed = bytesOf(file['wrapped'], 32 + tagLength);
	if (derivation === undefined || salt === undefined || nonce === undefined || sealed === undefined) {
		throw new ExpectedError({
			message: 'The key file is damaged.',
			next: 'Put it back from a backup; without it the messages on this machine cannot be read.',
			reason: 'error',
		});
	}
	const wrappingKey = await runDerivation(derivation, passphraseBytes(passphrase), salt);
	const masterKey = openSealed(sealed, wrappingKey, nonce, header(derivation, salt));
	wrappingKey.fill(0);
	return masterKey;
};
