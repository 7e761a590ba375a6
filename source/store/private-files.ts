/** Small private files (0600): read without following links, written whole or not at all, set aside but never discarded. */
import {closeSync, constants, existsSync, fchmodSync, fstatSync, fsyncSync, openSync} from 'node:fs';
import {readFileSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import process from 'node:process';
import {ExpectedError} from '../domain/errors.ts';

/** Larger files are not ours. Bytes. */
const maximumSize = 1_048_576;

/** Windows has neither flag. */
const noFollow = constants.O_NOFOLLOW ?? 0;
/** A named pipe at the path must not block the open. */
const noBlock = constants.O_NONBLOCK ?? 0;

const sentences: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	ENOSPC: 'the disk is full',
	EDQUOT: 'the disk quota is used up',
	EROFS: 'the disk is read-only',
	ENOTDIR: 'a part of the path is not a directory',
	EISDIR: 'it is a directory',
	ENXIO: 'it is not a regular file',
	ELOOP: 'it is a symbolic link',
	EMLINK: 'it is a symbolic link',
	EEXIST: 'something else is in its place',
	ENAMETOOLONG: 'the path is too long',
};

const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** @returns an ExpectedError for an error of the file system; any other error as it is. */
export const fileError = (path: string, error: unknown): unknown => {
	const code = codeOf(error);
	if (code === undefined || error instanceof ExpectedError) return error;
	const message = `${path} cannot be used: ${sentences[code] ?? `error ${code}`}.`;
	return new ExpectedError({message, reason: 'error'}, {cause: error});
};

/** @returns whether the error is of a disk that is full or read-only. */
export const isDiskRefusal = (error: unknown): boolean =>
	['ENOSPC', 'EDQUOT', 'EROFS'].includes(codeOf(error instanceof ExpectedError ? error.cause : error) ?? '');

const unusable = (path: string, why: string, next: string): ExpectedError =>
	new ExpectedError({message: `${path} ${why}.`, next, reason: 'error'});

/** The file is not one that mx has written. */
export class FileTooLarge extends ExpectedError {
	constructor(path: string) {
		super({message: `${path} is larger than mx ever writes it.`, next: 'Move it away.', reason: 'error'});
		this.name = 'FileTooLarge';
	}
}

/** Which files readPrivateFile accepts. */
export type ReadRules = {
	/** Refuse a file that others may read or write: it holds a key. @default false */
	readonly isSecret?: boolean;
	/** A person or the service manager named the path: links are followed, another owner is accepted. @default false */
	readonly isGiven?: boolean;
};

const checkFile = (descriptor: number, path: string, rules: ReadRules): void => {
	const stats = fstatSync(descriptor);
	const {size, mode, uid} = stats;
	if (!stats.isFile()) throw unusable(path, 'is not a regular file', 'Move it away.');
	if (size > maximumSize) throw new FileTooLarge(path);
	const user = process.geteuid?.();
	if (user === undefined) return;
	if (!rules.isGiven && uid !== user) throw unusable(path, 'belongs to another user', 'Run mx as that user.');
	if (rules.isSecret && (mode & 0o077) !== 0) {
		throw unusable(path, 'holds a key and can be read by other users', `Run: chmod 600 ${path}`);
	}
};

/**
 * @returns the text of the file, or `undefined` if there is none
 * @throws ExpectedError when it is a link, not a file, of another user, or cannot be read
 */
export const readPrivateFile = (path: string, rules: ReadRules = {}): string | undefined => {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(path, constants.O_RDONLY | noBlock | (rules.isGiven ? 0 : noFollow));
		checkFile(descriptor, path, rules);
		return readFileSync(descriptor, 'utf8');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw fileError(path, error);
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
};

const writeNew = (path: string, text: string): void => {
	const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, 0o600);
	try {
		// The umask may have taken more than it should.
		fchmodSync(descriptor, 0o600);
		writeFileSync(descriptor, text);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
};

/** Puts what was made and renamed in a directory on disk. */
export const syncDirectory = (directory: string): void => {
	// Windows cannot open a directory, and keeps the order of renames by itself.
	if (process.platform === 'win32') return;
	const descriptor = openSync(directory, constants.O_RDONLY);
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
};

/**
 * Replaces the file at once (0600): after a crash there is the old text or the new one. A link in its place is
 * replaced, its target untouched.
 * @throws ExpectedError when the disk refuses; the old file is as it was then
 */
export const writePrivateFile = (path: string, text: string): void => {
	const temporary = `${path}.${crypto.randomUUID()}.tmp`;
	try {
		writeNew(temporary, text);
		renameSync(temporary, path);
		syncDirectory(dirname(path));
	} catch (error) {
		removeFile(temporary);
		throw fileError(path, error);
	}
};

/**
 * Makes a file (0600) where there is none.
 * @throws ExpectedError when there is something in its place, or the disk refuses; nothing is left behind then
 */
export const writeNewPrivateFile = (path: string, text: string): void => {
	try {
		writeNew(path, text);
		syncDirectory(dirname(path));
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') removeFile(path);
		throw fileError(path, error);
	}
};

/** Deletes a file; that there is none is fine. @throws ExpectedError when the system refuses */
export const removeFile = (path: string): void => {
	try {
		unlinkSync(path);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw fileError(path, error);
	}
};

/**
 * Renames a file that cannot be used, so that nothing is lost.
 * @param label goes into the new name: `account.json.bad-2026-11-25T22-45-00-123Z`
 * @param now milliseconds since the Unix epoch
 * @returns the new path, or `undefined` if another process was faster
 */
export const setAside = (path: string, label: string, now: number): string | undefined => {
	const wished = `${path}.${label}-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
	const aside = existsSync(wished) ? `${wished}-${crypto.randomUUID()}` : wished;
	try {
		renameSync(path, aside);
		return aside;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw fileError(path, error);
	}
};
