/** Makes, finds and deletes the master key of an account, in the backend that was chosen at sign-in. */
import {randomBytes} from 'node:crypto';
import {existsSync} from 'node:fs';
import type {AccountFiles} from '../../domain/directories.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {SecretsBackend, SecretsRecord} from '../account-record.ts';
import {readPrivateFile, removeFile, setAside, writePrivateFile} from '../private-files.ts';
import {createKey, firstLine, keyCheck, keyFromText, keyToText} from './derived-keys.ts';
import {readGivenKey} from './given-key.ts';
import type {MutableEnvironment} from './given-key.ts';
import {createKeyring} from './keyring.ts';
import type {Keyring} from './keyring.ts';
import {runProgram} from './run-program.ts';
import {unwrapKey, wrapKey} from './wrapped-key.ts';

/** Where a new key is to be kept; the names are explained at SecretsBackend. */
export type SecretsChoice =
	| {
			readonly backend: 'keyring';
			/** What a person sees in the keyring's list: the user id. */
			readonly label: string;
	  }
	| Exclude<SecretsBackend, {readonly backend: 'keyring'}>;

/** What the backends work with. */
export type SecretsContext = {
	readonly files: Pick<AccountFiles, 'keyFile' | 'accountDatabase' | 'cryptoDatabase'>;
	/** `process.env`; MX_KEY is deleted from it when a key is looked for. */
	readonly environment: MutableEnvironment;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Asks a person without echo; for a new passphrase the caller asks twice. `undefined` without a terminal. */
	readonly askPassphrase: (() => Promise<string>) | undefined;
	/** Stands in for keytar-process, with its time limit in milliseconds. */
	readonly keyring?: {readonly script: string; readonly timeout: number};
};

/** A new key and what the account record has to remember. */
export type CreatedKey = {readonly masterKey: Uint8Array; readonly secrets: SecretsRecord};

/** Milliseconds for the program of the command backend; it may ask a person. */
const commandTimeout = 30_000;

const failure = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'error'});
const notReady = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'notReady'});

const keyringOf = (context: SecretsContext): Keyring =>
	createKeyring({environment: context.environment, ...context.keyring});

const askPassphrase = async (context: SecretsContext): Promise<string> => {
	if (context.askPassphrase === undefined) {
		throw notReady(
			'The key of this account is under a passphrase, and there is no terminal to ask for it.',
			'Start mx in a terminal and leave it running: commands then go through it.',
		);
	}
	const passphrase = await context.askPassphrase();
	if (passphrase !== '') return passphrase;
	throw notReady('The passphrase is empty.', 'Try again.');
};

/** The first line that the program prints is the passphrase of the key file. */
const runPassphraseCommand = async (command: readonly string[], context: SecretsContext): Promise<string> => {
	const name = command[0] ?? '';
	const end = await runProgram({
		command,
		environment: context.environment,
		timeout: commandTimeout,
		stderr: 'inherit',
	});
	const next = 'Run it yourself to see why; its first line must be the passphrase.';
	switch (end.kind) {
		case 'timeout':
			throw notReady(`${name} did not print the passphrase within ${commandTimeout / 1000} s.`, next);
		case 'killed':
			throw failure(`${name} was ended by ${end.signal}.`, next);
		case 'not-started':
			throw failure(`${name} cannot be run: ${end.reason}.`, next);
		case 'exited':
	}
	if (end.code !== 0) throw failure(`${name} failed with exit code ${end.code}.`, next);
	const passphrase = firstLine(end.output);
	if (passphrase === '') throw failure(`${name} printed nothing.`, next);
	return passphrase;
};

const writeKeyFile = (text: string, context: SecretsContext): void => {
	const {keyFile} = context.files;
	// It belongs to no store here, but may to one in a backup.
	if (existsSync(keyFile)) setAside(keyFile, 'old', context.now());
	writePrivateFile(keyFile, text);
	if (readPrivateFile(keyFile) === text) return;
	throw failure(`${keyFile} does not hold what was written to it.`, 'Check the disk.');
};

const readKeyFile = (context: SecretsContext): string => {
	const {keyFile} = context.files;
	const text = readPrivateFile(keyFile, {isSecret: true});
	if (text !== undefined) return text;
	throw failure(
		`The key file ${keyFile} is missing.`,
		'Put it back from a backup; without it the messages on this machine cannot be read.',
	);
};

/** A new key over an existing store would make it unreadable for ever. */
const refuseExistingStore = ({files}: SecretsContext): void => {
	const existing = [files.cryptoDatabase, files.accountDatabase].find(existsSync);
	if (existing === undefined) return;
	throw failure(
		`${existing} is there already, and a new key could not open it.`,
		'Put account.json back from a backup, move the files away, or sign in under another --profile.',
	);
};

const keepKey = async (
	masterKey: Uint8Array,
	choice: Exclude<SecretsChoice, {readonly backend: 'external'}>,
	context: SecretsContext,
): Promise<SecretsBackend> => {
	switch (choice.backend) {
		case 'keyring': {
			// Two profiles may be devices of one user: the user id alone would let one overwrite the other's key.
			const entry = `${choice.label} ${randomBytes(4).toString('hex')}`;
			await keyringOf(context).write(entry, keyToText(masterKey));
			return {backend: 'keyring', entry};
		}
		case 'passphrase':
			writeKeyFile(await wrapKey(masterKey, await askPassphrase(context)), context);
			return {backend: 'passphrase'};
		case 'command':
			writeKeyFile(await wrapKey(masterKey, await runPassphraseCommand(choice.command, context)), context);
			return {backend: 'command', command: choice.command};
		case 'file':
	}
	writeKeyFile(`${keyToText(masterKey)}\n`, context);
	return {backend: 'file'};
};

const requireGivenKey = (context: SecretsContext): Uint8Array => {
	const given = readGivenKey(context.environment);
	if (given !== undefined) return given;
	throw notReady(
		'The key of this account comes from the environment, and there is none.',
		'Set MX_KEY_FILE, MX_KEY or the systemd credential mx-key.',
	);
};

/**
 * Makes the master key of a new account and keeps it; with `external` takes the one that the environment gives.
 * The caller zeroes it after use. Until the account record is written, deleteMasterKey takes all of it back.
 * @throws ExpectedError when there are databases already, the backend does not work, or nobody can be asked
 */
export const createMasterKey = async (choice: SecretsChoice, context: SecretsContext): Promise<CreatedKey> => {
	refuseExistingStore(context);
	if (choice.backend === 'external') {
		const masterKey = requireGivenKey(context);
		return {masterKey, secrets: {backend: 'external', check: keyCheck(masterKey)}};
	}
	const masterKey = createKey();
	const backend = await keepKey(masterKey, choice, context);
	return {masterKey, secrets: {...backend, check: keyCheck(masterKey)}};
};

const unwrapKeyFile = async (passphrase: string, text: string, wrong: ExpectedError): Promise<Uint8Array> => {
	const masterKey = await unwrapKey(text, passphrase);
	if (masterKey === undefined) throw wrong;
	return masterKey;
};

const findKey = async (secrets: SecretsBackend, context: SecretsContext): Promise<Uint8Array | undefined> => {
	switch (secrets.backend) {
		case 'external':
			return requireGivenKey(context);
		case 'file':
			return keyFromText(readKeyFile(context));
		case 'passphrase': {
			// First the file: nobody should type a passphrase for one that is missing.
			const text = readKeyFile(context);
			return unwrapKeyFile(await askPassphrase(context), text, notReady('The passphrase is wrong.', 'Try again.'));
		}
		case 'command': {
			const text = readKeyFile(context);
			const wrong = failure(`The passphrase that ${secrets.command[0]} printed is wrong.`, 'Correct what it prints.');
			return unwrapKeyFile(await runPassphraseCommand(secrets.command, context), text, wrong);
		}
		case 'keyring':
	}
	const found = await keyringOf(context).read(secrets.entry);
	if (found !== undefined) return keyFromText(found);
	// Never "there is no key": a locked keyring answers the same.
	throw notReady(
		`The keyring is locked, or the entry "${secrets.entry}" of service "mx" was deleted from it.`,
		'Unlock the keyring and try again.',
	);
};

/**
 * Finds the master key: what the environment gives wins, else the backend of the record and no other.
 * Asks for a passphrase once; the caller may try again. The caller zeroes the key after use.
 * @throws ExpectedError `notReady` when a person has to do something (unlock, type again), `error` when the key is lost or damaged
 */
export const loadMasterKey = async (secrets: SecretsRecord, context: SecretsContext): Promise<Uint8Array> => {
	const given = secrets.backend === 'external' ? undefined : readGivenKey(context.environment);
	const masterKey = given ?? (await findKey(secrets, context));
	if (masterKey !== undefined && keyCheck(masterKey) === secrets.check) return masterKey;
	if (given !== undefined || secrets.backend === 'external') {
		throw failure(
			'The key that the environment gives is not the key of this account.',
			'Correct or unset MX_KEY_FILE, MX_KEY or the systemd credential mx-key.',
		);
	}
	throw failure(
		`What the ${secrets.backend} backend holds is not the key of this account.`,
		'Put the key, or account.json, back from a backup.',
	);
};

/**
 * Deletes the key: what it locked can never be read again. An external key is not mx's to delete.
 * @throws ExpectedError when the keyring does not work or the file cannot be deleted
 */
export const deleteMasterKey = async (secrets: SecretsBackend, context: SecretsContext): Promise<void> => {
	switch (secrets.backend) {
		case 'keyring':
			return keyringOf(context).remove(secrets.entry);
		case 'passphrase':
		case 'command':
		case 'file':
			return removeFile(context.files.keyFile);
		case 'external':
	}
};
