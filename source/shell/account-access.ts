/** The account of a profile as the shell reaches it: files, record, key, stored token. */
import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import process from 'node:process';
import {accountFiles, resolveDirectories, type AccountFiles, type Directories} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {MutableEnvironment} from '../store/secrets/given-key.ts';
import type {SecretsContext} from '../store/secrets/master-key.ts';

/** What the account is found with. */
export type AccountAccessOptions = {
	readonly environment: MutableEnvironment;
	/** Value of --profile. */
	readonly profile: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Asks without echo; `undefined` where nobody can be asked. */
	readonly askSecret: ((question: string) => Promise<string>) | undefined;
	/** Told when a passphrase was wrong and is asked for again. */
	readonly say: (sentence: string) => void;
};

/** Ways to the account of one profile. */
export type AccountAccess = {
	readonly directories: Directories;
	readonly files: AccountFiles;
	/** `undefined` when nobody is signed in. @throws ExpectedError when it is damaged */
	readonly readRecord: () => Promise<AccountRecord | undefined>;
	/** @throws ExpectedError `notSignedIn` when nobody is signed in */
	readonly requireRecord: () => Promise<AccountRecord>;
	/**
	 * The master key, found once; a person gets three tries at a passphrase. Must not be zeroed: the derived keys that
	 * depend on the device are made from it later.
	 */
	readonly masterKey: (record: AccountRecord) => Promise<Uint8Array>;
	/** The stored access token; `undefined` when there is none, or no database. */
	readonly readToken: (record: AccountRecord) => Promise<string | undefined>;
	/** What the secrets backends work with. @param passphrase answers instead of the person */
	readonly secretsContext: (passphrase?: string) => SecretsContext;
	/** Makes the directories, private to the user. */
	readonly prepare: () => Promise<void>;
};

/** @returns whether a database could not be read although the key is right; told by name, for the store is loaded late. */
export const isDamage = (error: ExpectedError): boolean => error.name === 'StoreCorrupt' || error.name === 'WrongKey';

/** How often a passphrase may be typed. */
const tries = 3;

const nobody = (): ExpectedError =>
	new ExpectedError({message: 'Nobody is signed in.', next: 'Sign in with mx login.', reason: 'notSignedIn'});

const isWrongPassphrase = (error: unknown, record: AccountRecord): boolean =>
	record.secrets.backend === 'passphrase' && error instanceof ExpectedError && error.report.reason === 'notReady';

/** @throws ExpectedError `usage` for a bad profile name */
export const createAccountAccess = (options: AccountAccessOptions): AccountAccess => {
	const {environment, now, askSecret} = options;
	const machine = {home: homedir(), platform: process.platform, profile: options.profile};
	const directories = resolveDirectories(environment, machine);
	const files = accountFiles(directories);
	let masterKey: Promise<Uint8Array> | undefined;

	const secretsContext = (passphrase?: string): SecretsContext => ({
		files,
		environment,
		now,
		askPassphrase:
			passphrase === undefined
				? askSecret && (async () => askSecret('Passphrase of the key: '))
				: async () => passphrase,
	});

	const findMasterKey = async (record: AccountRecord): Promise<Uint8Array> => {
		const {loadMasterKey} = await import('../store/secrets/master-key.ts');
		for (let attempt = 1; ; attempt += 1) {
			try {
				return await loadMasterKey(record.secrets, secretsContext());
			} catch (error) {
				if (askSecret === undefined || attempt === tries || !isWrongPassphrase(error, record)) throw error;
				options.say((error as ExpectedError).message);
			}
		}
	};

	const readRecord = async (): Promise<AccountRecord | undefined> => {
		const {readAccountRecord} = await import('../store/account-record.ts');
		return readAccountRecord(files.accountRecord, now());
	};

	return {
		directories,
		files,
		secretsContext,
		readRecord,
		async requireRecord() {
			const record = await readRecord();
			if (record === undefined) throw nobody();
			return record;
		},
		masterKey: async record => (masterKey ??= findMasterKey(record)),
		async readToken(record) {
			if (!existsSync(files.accountDatabase)) return undefined;
			const [{openAccountDatabase}, {deriveKeys}] = await Promise.all([
				import('../store/account-database.ts'),
				import('../store/secrets/derived-keys.ts'),
			]);
			const key = deriveKeys(await (masterKey ??= findMasterKey(record))).accountDatabase;
			try {
				const account = openAccountDatabase({file: files.accountDatabase, key, cipher: record.cipher});
				try {
					return account.meta('access_token');
				} finally {
					account.close();
				}
			} catch (error) {
				// The engine sets a damaged archive aside; the token in it is lost.
				if (error instanceof ExpectedError && isDamage(error)) return undefined;
				throw error;
			}
		},
		async prepare() {
			const {prepareDirectories} = await import('../store/prepare-directories.ts');
			prepareDirectories(directories);
		},
	};
};
