/** Removes what an account keeps on this machine. */
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {basename, join} from 'node:path';
import type {AccountFiles} from '../domain/directories.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {ShellParts} from './ports.ts';

/** @returns the path of the first database that is there. */
export const existingDatabase = (files: AccountFiles): string | undefined =>
	[files.cryptoDatabase, files.accountDatabase].find(file => existsSync(file));

/** The file itself, its logs, and copies of it that were set aside: all are unreadable without the key. */
const removeFamily = async (file: string, directory: string): Promise<void> => {
	const {removeFile} = await import('../store/private-files.ts');
	const name = basename(file);
	const isRelated = (entry: string): boolean =>
		entry === name || /^(?:-(?:wal|shm|journal)|\..+)$/.test(entry.slice(name.length));
	const entries = existsSync(directory) ? readdirSync(directory) : [];
	for (const entry of entries) if (entry.startsWith(name) && isRelated(entry)) removeFile(join(directory, entry));
};

/** Removes both databases and everything that belongs to them: without them nobody can read the files that wait to be sent. */
export const removeDatabases = async ({access}: Pick<ShellParts, 'access'>): Promise<void> => {
	const {files, directories} = access;
	await removeFamily(files.cryptoDatabase, directories.data);
	await removeFamily(files.accountDatabase, directories.data);
	for (const directory of [files.outgoing, files.opened]) rmSync(directory, {recursive: true, force: true});
};

/**
 * Removes databases, key and record, in this order: cut off anywhere, the next `mx login` still works.
 * @returns a sentence when the key could not be deleted; without databases it opens nothing
 */
export const wipeAccount = async (record: AccountRecord, parts: ShellParts): Promise<string | undefined> => {
	const {files} = parts.access;
	await removeDatabases(parts);
	const [{deleteMasterKey}, {removeFile}] = await Promise.all([
		import('../store/secrets/master-key.ts'),
		import('../store/private-files.ts'),
	]);
	let problem: string | undefined;
	try {
		await deleteMasterKey(record.secrets, parts.access.secretsContext());
	} catch (error) {
		problem = `The key could not be deleted, but what it opened is gone: ${error instanceof Error ? error.message : ''}`;
	}
	removeFile(files.accountRecord);
	return problem;
};
