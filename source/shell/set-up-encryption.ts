/** The last part of signing in: identity and recovery key of a new account, or the recovery key of one that has them. */
import type {LoginRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import {untilInterrupted} from '../domain/interruption.ts';
import type {EncryptionSetup} from '../domain/session.ts';
import type {Engine} from '../engine/open-engine.ts';
import type {RestoreProgress} from '../matrix/recovery.ts';
import type {ShellParts} from './ports.ts';
import {reserveRecoveryKeyFile} from './recovery-key-file.ts';

/** What the set-up works with. */
export type SetUpOptions = {
	readonly engine: Engine;
	readonly request: LoginRequest;
	/** The account's password; asked for where it is needed and missing. */
	readonly password: string | undefined;
	/** From stdin. */
	readonly recoveryKey: string | undefined;
};

/** What the set-up came to. */
export type SetUpResult = {
	readonly setup: EncryptionSetup;
	/** Where the recovery key was written. */
	readonly recoveryKeyFile: string | undefined;
};

/** How often a recovery key may be mistyped. */
const tries = 3;

const notReady = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'notReady'});

const showRecoveryKey = async (recoveryKey: string, {prompts}: ShellParts): Promise<void> => {
	await prompts?.show(
		[
			'This is the recovery key of your account:',
			'',
			`    ${recoveryKey}`,
			'',
			'It opens your encrypted messages on a new device, and when all devices are lost.',
			'mx shows it only now and keeps it nowhere: write it down, or put it into your password manager.',
		],
		'Press Enter when you have written it down. ',
	);
};

const isEncryptionRefusal = (error: unknown): boolean =>
	error instanceof ExpectedError && error.report.reason === 'encryption';

/** Makes identity, recovery key and backup, and hands the key to the person or to the file. */
const setUpNew = async (options: SetUpOptions, parts: ShellParts): Promise<string | undefined> => {
	const {engine, request} = options;
	const {prompts, talk, signal} = parts;
	if (prompts === undefined && request.recoveryKeyFile === undefined) {
		throw notReady(
			'Encryption is not set up for this account, and there is no terminal to show the recovery key on.',
			'Run mx login again with --recovery-key-file FILE.',
		);
	}
	const password = options.password ?? (await prompts?.secret('Password of the account: ')) ?? '';
	// Reserved first: a key without a place to go must not be made.
	const file = request.recoveryKeyFile === undefined ? undefined : reserveRecoveryKeyFile(request.recoveryKeyFile);
	try {
		talk.progress('Setting up encryption…');
		const {recoveryKey} = await untilInterrupted(signal, engine.encryption.setUpNewAccount({password}));
		talk.progress('');
		file?.write(recoveryKey);
		if (file === undefined) await showRecoveryKey(recoveryKey, parts);
		else talk.say(`The recovery key is in ${file.path}. Keep it safe: mx shows it only once.`);
		return file?.path;
	} finally {
		talk.progress('');
		file?.release();
	}
};

const restoring = ({restored, total}: RestoreProgress): string =>
	total === undefined ? 'Fetching the backup of your message keys…' : `Restoring message keys: ${restored} of ${total}`;

const unlockWith = async (recoveryKey: string, {engine}: SetUpOptions, parts: ShellParts): Promise<void> => {
	const {talk, signal} = parts;
	try {
		talk.progress('Checking the recovery key…');
		const unlocking = engine.encryption.unlock(recoveryKey, progress => talk.progress(restoring(progress)));
		const {restored} = await untilInterrupted(signal, unlocking);
		const {imported = 0, total = 0} = restored ?? {};
		talk.say(
			restored === undefined
				? 'This device is verified. The backup of message keys cannot be read with this recovery key.'
				: `This device is verified, and ${imported} of ${total} message keys are restored from the backup.`,
		);
	} finally {
		talk.progress('');
	}
};

/** Asks for the recovery key, up to three times; an empty answer skips it. */
const askAndUnlock = async (options: SetUpOptions, parts: ShellParts): Promise<void> => {
	const {prompts, talk} = parts;
	if (options.recoveryKey !== undefined) return unlockWith(options.recoveryKey, options, parts);
	if (prompts === undefined) {
		throw notReady(
			'This device is not verified yet: the recovery key of the account is needed.',
			'Run mx login again with --recovery-key-stdin or --skip-verification.',
		);
	}
	for (let attempt = 1; ; attempt += 1) {
		const recoveryKey = await prompts.secret('Recovery key (empty: later): ');
		if (recoveryKey.trim() === '') return;
		try {
			return await unlockWith(recoveryKey, options, parts);
		} catch (error) {
			if (!isEncryptionRefusal(error) || attempt === tries) throw error;
			talk.fail(error);
		}
	}
};

/** There may be no recovery key yet, or one that only the backup is missing for: the server tells which. */
const setUpMissingBackup = async (options: SetUpOptions, parts: ShellParts): Promise<string | undefined> => {
	try {
		return await setUpNew(options, parts);
	} catch (error) {
		if (!isEncryptionRefusal(error)) throw error;
		await askAndUnlock(options, parts);
		return undefined;
	}
};

const bringForward = async (
	setup: EncryptionSetup,
	options: SetUpOptions,
	parts: ShellParts,
): Promise<string | undefined> => {
	switch (setup.state) {
		case 'new-account':
			return setUpNew(options, parts);
		case 'no-backup':
			return setUpMissingBackup(options, parts);
		case 'unverified':
		case 'unverified-alone':
		case 'backup-broken':
			await askAndUnlock(options, parts);
			return undefined;
		case 'ready':
		case 'locked-out':
		case 'unavailable':
		case 'unknown':
	}
	return undefined;
};

/**
 * Reads where the encryption stands and does the one thing that it needs. The engine must be syncing.
 * @throws ExpectedError `notReady` where nobody can be asked; `encryption` for a wrong key; else by kind of failure
 */
export const setUpEncryption = async (options: SetUpOptions, parts: ShellParts): Promise<SetUpResult> => {
	const {engine, request} = options;
	const {signal, talk} = parts;
	const first = await untilInterrupted(signal, engine.encryption.read());
	const isDone = first.state === 'ready' || request.isVerificationSkipped;
	const recoveryKeyFile = isDone ? undefined : await bringForward(first, options, parts);
	const setup = isDone ? first : await untilInterrupted(signal, engine.encryption.read());
	if (setup.state !== 'ready') talk.say(setup.next === undefined ? setup.message : `${setup.message} ${setup.next}.`);
	return {setup, recoveryKeyFile};
};
