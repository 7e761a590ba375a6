/** The part of the Session that is about files of room keys. */
import {existsSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {isAbsolute} from 'node:path';
import {ExpectedError} from '../domain/errors.ts';
import {isObject, parseJson} from '../domain/json.ts';
import type {KeyFileRequests} from '../domain/key-file-requests.ts';
import {fileError, writeNewPrivateFile, writePrivateFile} from '../store/private-files.ts';
import {decryptKeyFile, encryptKeyFile} from '../store/room-key-file.ts';
import type {SdkHost} from './sdk-host.ts';

export type KeyFileAnswerOptions = {readonly sdk: Pick<SdkHost, 'load' | 'decryption'>};

/** Some 300,000 keys. Bytes. */
const largestFile = 256 * 1024 * 1024;

const requireAbsolute = (file: string): void => {
	if (isAbsolute(file)) return;
	throw new ExpectedError({message: `${file} is no absolute path.`, next: 'Write it from / on.', reason: 'usage'});
};

const read = async (file: string): Promise<string> => {
	requireAbsolute(file);
	try {
		const stats = await stat(file);
		if (!stats.isFile() || stats.size > largestFile)
			throw new ExpectedError({
				message: `${file} is no file of room keys.`,
				next: 'Name a file that keys were exported into.',
				reason: 'usage',
			});
		return await readFile(file, 'latin1');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
			throw new ExpectedError({message: `There is no file ${file}.`, reason: 'notFound'}, {cause: error});
		throw fileError(file, error);
	}
};

/** @returns how many keys are listed. @throws ExpectedError `encryption` for what is no list of keys */
const countOf = (json: string): number => {
	const keys = parseJson(json);
	if (Array.isArray(keys) && keys.every(isObject)) return keys.length;
	throw new ExpectedError({
		message: 'What is in the file is no list of room keys.',
		next: 'Export the keys anew.',
		reason: 'encryption',
	});
};

export const createKeyFileAnswers = ({sdk}: KeyFileAnswerOptions): KeyFileRequests => ({
	async exportKeys({file, passphrase, isReplacing}) {
		requireAbsolute(file);
		if (passphrase === '') throw new ExpectedError({message: 'The passphrase is empty.', reason: 'usage'});
		// Looked at first: the passphrase takes half a second.
		if (!isReplacing && existsSync(file)) return {isDone: false, count: 0};
		const json = await (await sdk.load()).exportRoomKeys();
		const count = countOf(json);
		if (count === 0)
			throw new ExpectedError({
				message: 'This device has no room keys yet.',
				next: 'They come with encrypted messages.',
				reason: 'notReady',
			});
		const text = await encryptKeyFile(json, passphrase);
		if (isReplacing) writePrivateFile(file, text);
		else writeNewPrivateFile(file, text);
		return {isDone: true, count};
	},
	async importKeys({file, passphrase}) {
		const json = await decryptKeyFile(await read(file), passphrase);
		const count = countOf(json);
		try {
			await (await sdk.load()).importRoomKeys(json);
		} catch (error) {
			throw new ExpectedError(
				{message: 'The keys in the file cannot be read.', next: 'Export them anew.', reason: 'encryption'},
				{cause: error},
			);
		}
		sdk.decryption.addStored('all');
		return {count};
	},
});
