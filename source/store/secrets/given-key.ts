/** A master key that the environment gives: for services, containers and tests. It wins over every backend. */
import {join} from 'node:path';
import {ExpectedError} from '../../domain/errors.ts';
import {readPrivateFile} from '../private-files.ts';
import {keyFromText} from './derived-keys.ts';

/** `process.env`, or what stands in for it: MX_KEY is deleted from it. */
export type MutableEnvironment = Record<string, string | undefined>;

const parse = (text: string, source: string): Uint8Array => {
	const key = keyFromText(text);
	if (key !== undefined) return key;
	throw new ExpectedError({
		message: `${source} does not hold a key: one line with 32 bytes in base64.`,
		next: 'Make one with: openssl rand -base64 32',
		reason: 'error',
	});
};

/**
 * Looks for `$CREDENTIALS_DIRECTORY/mx-key` (systemd, LoadCredential=), then the file of MX_KEY_FILE (0600), then
 * MX_KEY. MX_KEY is deleted from `environment` at the first look, so ask once; the same user can still read it in /proc.
 * @returns the key, or `undefined` when none is given
 * @throws ExpectedError when what is given is not a key
 */
export const readGivenKey = (environment: MutableEnvironment): Uint8Array | undefined => {
	const {CREDENTIALS_DIRECTORY: credentials, MX_KEY_FILE: keyFile, MX_KEY: keyText} = environment;
	delete environment['MX_KEY'];
	if (credentials) {
		const path = join(credentials, 'mx-key');
		const text = readPrivateFile(path, {isGiven: true});
		if (text !== undefined) return parse(text, path);
	}
	if (keyFile) {
		const text = readPrivateFile(keyFile, {isGiven: true, isSecret: true});
		if (text === undefined) {
			throw new ExpectedError({
				message: `There is no file ${keyFile}.`,
				next: 'Correct MX_KEY_FILE, or unset it.',
				reason: 'error',
			});
		}
		return parse(text, keyFile);
	}
	return keyText ? parse(keyText, 'MX_KEY') : undefined;
};
