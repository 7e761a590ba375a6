/** The account record: who is signed in on which device, how the databases are locked and where the key is. No secrets. */
import {ExpectedError} from '../domain/errors.ts';
import {asInteger, asObject, asString, isObject, parseJson} from '../domain/json.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Cipher} from './open-database.ts';
import {readPrivateFile, setAside, writePrivateFile} from './private-files.ts';

/**
 * Where the master key of the account is. Chosen at sign-in; later starts use only this one.
 * keyring: in the keyring of the desktop. passphrase: in the key file, wrapped. command: the same, and a program prints
 * the passphrase. file: in the key file, as it is. external: given at each start by the environment.
 */
export type SecretsBackend =
	| {
			readonly backend: 'keyring';
			/** Account name of the entry; the service is `mx`. */
			readonly entry: string;
	  }
	| {readonly backend: 'passphrase'}
	| {readonly backend: 'file'}
	| {
			readonly backend: 'command';
			/** Program and arguments, run without a shell. */
			readonly command: readonly string[];
	  }
	| {readonly backend: 'external'};

/** The backend, and what tells the right key from a wrong one. */
export type SecretsRecord = SecretsBackend & {
	/** Eight bytes derived from the master key, hexadecimal; says nothing about it. */
	readonly check: string;
};

/** What is known of a signed-in account without its key. */
export type AccountRecord = {
	readonly version: 1;
	readonly userId: string;
	readonly deviceId: string;
	/** Base URL of the client-server API, without a slash at its end. */
	readonly homeserver: string;
	/** The cipher of the databases; it must be known before a key can be tried. */
	readonly cipher: Cipher;
	readonly secrets: SecretsRecord;
};

const currentVersion = 1;

/** One printable line: what ends up in messages and headers. */
const asLine = (value: unknown): string | undefined => {
	const text = asString(value);
	return text === undefined || text === '' || text.length > 1024 || /\p{Cc}/u.test(text) ? undefined : text;
};

const asCommand = (value: unknown): readonly string[] | undefined => {
	if (!Array.isArray(value) || value.length === 0 || value[0] === '') return undefined;
	const words: readonly unknown[] = value;
	return words.every(word => typeof word === 'string' && !word.includes('\0')) ? (words as string[]) : undefined;
};

const parseBackend = (secrets: JsonObject): SecretsBackend | undefined => {
	const {backend} = secrets;
	switch (backend) {
		case 'passphrase':
		case 'file':
		case 'external':
			return {backend};
		case 'keyring': {
			const entry = asLine(secrets['entry']);
			return entry === undefined ? undefined : {backend, entry};
		}
		case 'command': {
			const command = asCommand(secrets['command']);
			return command === undefined ? undefined : {backend, command};
		}
		default:
			return undefined;
	}
};

const parseSecrets = (value: unknown): SecretsRecord | undefined => {
	const secrets = asObject(value);
	const backend = parseBackend(secrets);
	const check = asString(secrets['check']);
	return backend === undefined || check === undefined || !/^[0-9a-f]{16}$/.test(check)
		? undefined
		: {...backend, check};
};

const asHomeserver = (value: unknown): string | undefined => {
	const text = asLine(value);
	if (text === undefined || !URL.canParse(text)) return undefined;
	return ['http:', 'https:'].includes(new URL(text).protocol) ? text : undefined;
};

const parseRecord = (value: JsonObject): AccountRecord | undefined => {
	const userId = asLine(value['userId']);
	const deviceId = asLine(value['deviceId']);
	const homeserver = asHomeserver(value['homeserver']);
	const {cipher} = value;
	const secrets = parseSecrets(value['secrets']);
	if (userId === undefined || !/^@[^:]*:./.test(userId) || deviceId === undefined) return undefined;
	if (homeserver === undefined || secrets === undefined) return undefined;
	if (cipher !== 'aegis' && cipher !== 'chacha20') return undefined;
	return {version: currentVersion, userId, deviceId, homeserver, cipher, secrets};
};

const refuseBroken = (path: string, now: number): ExpectedError => {
	const aside = setAside(path, 'bad', now);
	return new ExpectedError({
		message: `The account record ${path} is damaged${aside === undefined ? '' : `; it is now ${aside}`}.`,
		next: 'Put it back from a backup. The messages are still there: do not delete the directory.',
		reason: 'error',
	});
};

/**
 * @param now milliseconds since the Unix epoch
 * @returns the record, or `undefined` when nobody is signed in
 * @throws ExpectedError when the file is damaged (it is renamed then), of a newer mx, or not safely ours
 */
export const readAccountRecord = (path: string, now: number): AccountRecord | undefined => {
	const text = readPrivateFile(path);
	if (text === undefined) return undefined;
	const value = parseJson(text);
	if (!isObject(value)) throw refuseBroken(path, now);
	if ((asInteger(value['version']) ?? 0) > currentVersion) {
		throw new ExpectedError({
			message: 'This account was last used by a newer mx.',
			next: 'Update mx, then try again.',
			reason: 'error',
		});
	}
	const record = value['version'] === currentVersion ? parseRecord(value) : undefined;
	if (record === undefined) throw refuseBroken(path, now);
	return record;
};

/** Writes the record, whole or not at all. @throws ExpectedError when the disk refuses */
export const writeAccountRecord = (path: string, record: AccountRecord): void => {
	writePrivateFile(path, `${JSON.stringify(record, undefined, '\t')}\n`);
};
