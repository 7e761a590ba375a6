/** The keyring of the desktop, asked through a child process with a time limit. */
import {randomBytes} from 'node:crypto';
import process from 'node:process';
import {ExpectedError} from '../../domain/errors.ts';
import {isObject, parseJson} from '../../domain/json.ts';
import {childScript} from './child-script.ts';
import type {KeyringAnswer, KeyringRequest} from './keytar-process.ts';
import {runProgram} from './run-program.ts';
import type {ProgramEnd} from './run-program.ts';

/** How to reach the keyring. */
export type KeyringAccess = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Path of the program that speaks to keytar. @default keytar-process beside this file */
	readonly script?: string | undefined;
	/** Milliseconds for one question. @default 3000 */
	readonly timeout?: number | undefined;
};

/** The keyring, one entry at a time. Each method throws KeyringUnavailable when it does not work. */
export type Keyring = {
	/** @returns the secret; `undefined` when there is no entry, *and while the keyring is locked*: it is not told apart. */
	read(entry: string): Promise<string | undefined>;
	write(entry: string, secret: string): Promise<void>;
	remove(entry: string): Promise<void>;
};

/** Name under which all entries are. */
const service = 'mx';

/** The keyring does not work here; `why` ends a sentence. */
export class KeyringUnavailable extends ExpectedError {
	readonly why: string;

	constructor(why: string) {
		super({
			message: `The keyring is not available: ${why}.`,
			next: 'Unlock it and try again, or keep the key under a passphrase.',
			reason: 'notReady',
		});
		this.why = why;
	}
}

const parseAnswer = (output: string): KeyringAnswer | undefined => {
	const value = parseJson(output);
	if (!isObject(value)) return undefined;
	if (value['ok'] === true) {
		const secret = value['secret'] ?? null;
		return secret === null || typeof secret === 'string' ? {ok: true, secret} : undefined;
	}
	return typeof value['error'] === 'string' ? {ok: false, error: value['error']} : undefined;
};

/** The errors of keytar and libsecret in words; they are long and technical. */
const reasonOf = (error: string): string => {
	if (error.includes('Failed to load keytar native addon')) {
		return process.platform === 'linux' ? 'libsecret is not installed' : 'its driver cannot be loaded';
	}
	if (/autolaunch D-Bus|Could not connect/i.test(error)) return 'there is no desktop session (D-Bus)';
	if (error.includes('not provided by any .service files')) return 'no keyring service is installed';
	if (/locked collection/i.test(error)) return 'it is locked';
	if (error.includes('does not exist at path')) return 'it has no collection yet';
	return error
		.replaceAll(/\p{Cc}+/gu, ' ')
		.slice(0, 200)
		.replace(/[.\s]+$/, '');
};

const secretOf = (end: ProgramEnd, timeout: number): string | null => {
	switch (end.kind) {
		case 'timeout':
			throw new KeyringUnavailable(`it did not answer within ${timeout / 1000} s; it may be asking to be unlocked`);
		case 'killed':
			throw new KeyringUnavailable(`its driver crashed (${end.signal})`);
		case 'not-started':
			throw new KeyringUnavailable(end.reason);
		case 'exited':
	}
	const answer = parseAnswer(end.output);
	if (answer === undefined) throw new KeyringUnavailable(`its driver ended with code ${end.code}`);
	if (!answer.ok) throw new KeyringUnavailable(reasonOf(answer.error));
	return answer.secret;
};

/** @returns the keyring; nothing is started before the first question. */
export const createKeyring = (access: KeyringAccess): Keyring => {
	const timeout = access.timeout ?? 3000;
	const ask = async (request: KeyringRequest): Promise<string | null> => {
		const end = await runProgram({
			command: [process.execPath, access.script ?? childScript('keytar-process')],
			input: JSON.stringify(request),
			environment: access.environment,
			timeout,
			stderr: 'ignore',
		});
		return secretOf(end, timeout);
	};
	return {
		read: async entry => (await ask({action: 'get', service, account: entry})) ?? undefined,
		async write(entry, secret) {
			await ask({action: 'set', service, account: entry, secret});
			// A keyring that forgets at once, or is another one than it was, must not get the only key.
			if ((await ask({action: 'get', service, account: entry})) !== secret) {
				throw new KeyringUnavailable('it did not give back what was stored');
			}
		},
		async remove(entry) {
			await ask({action: 'delete', service, account: entry});
		},
	};
};

/** Whether the keyring can keep a key here. */
export type KeyringProbe = {readonly isAvailable: true} | {readonly isAvailable: false; readonly reason: string};

/** Writes an entry, reads it back and deletes it. Takes up to four times the time limit. */
export const probeKeyring = async (access: KeyringAccess): Promise<KeyringProbe> => {
	const keyring = createKeyring(access);
	const entry = `probe ${randomBytes(8).toString('hex')}`;
	try {
		await keyring.write(entry, randomBytes(16).toString('hex'));
		await keyring.remove(entry);
		return {isAvailable: true};
	} catch (error) {
		if (error instanceof KeyringUnavailable) return {isAvailable: false, reason: error.why};
		throw error;
	}
};
