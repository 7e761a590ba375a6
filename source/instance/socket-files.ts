/** The files of the hand-over: the socket, its token, and the directory that both are only safe in. */
import {closeSync, constants, fchmodSync, lstatSync, openSync} from 'node:fs';
import {readFileSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import process from 'node:process';
import {whyUnsafe} from '../domain/directories.ts';
import type {AccountFiles} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';

/** The two files of the hand-over. */
export type SocketFiles = Pick<AccountFiles, 'socket' | 'socketToken'>;

const refuse = (message: string): ExpectedError =>
	new ExpectedError({message, next: 'Move it away, then start mx again.', reason: 'error'});

/** @returns the code of an error of the system, such as ENOENT. */
export const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * Node cannot ask who is at the other end of a socket, so the directory is the check, each time.
 * @throws ExpectedError when somebody else could have put the socket there
 */
export const checkSocketDirectory = (files: SocketFiles): void => {
	const directory = dirname(files.socketToken);
	const link = lstatSync(directory);
	const target = link.isSymbolicLink() ? statSync(directory) : link;
	const why = whyUnsafe(
		{
			linkOwner: link.isSymbolicLink() ? link.uid : undefined,
			isDirectory: target.isDirectory(),
			owner: target.uid,
			mode: target.mode & 0o7777,
		},
		process.geteuid?.(),
	);
	if (why !== undefined) throw refuse(`${directory} ${why}, so mx does not trust the socket in it.`);
};

const removeIfPresent = (path: string): void => {
	try {
		unlinkSync(path);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
};

/** A named pipe of Windows is not a file. */
const isFile = (socket: string): boolean => !socket.startsWith('\\\\.\\pipe\\');

/** Removes what a killed owner left. Only the holder of the account's lock may call it. */
export const removeSocketFiles = (files: SocketFiles): void => {
	removeIfPresent(files.socketToken);
	if (!isFile(files.socket)) return;
	const stats = lstatSync(files.socket, {throwIfNoEntry: false});
	if (stats !== undefined && !stats.isSocket() && !stats.isSymbolicLink()) {
		throw refuse(`${files.socket} is in the way: it is not a socket.`);
	}
	removeIfPresent(files.socket);
};

/** @returns the new token, 32 random bytes as base64url, after writing it (0600) where there is no file yet. */
export const writeToken = (files: SocketFiles): string => {
	const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
	const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
	const descriptor = openSync(files.socketToken, flags, 0o600);
	try {
		fchmodSync(descriptor, 0o600);
		writeFileSync(descriptor, token);
	} finally {
		closeSync(descriptor);
	}
	return token;
};

/** @returns the token of the running mx. @throws the system's error, ENOENT when none runs */
export const readToken = (files: SocketFiles): string => {
	const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
	const descriptor = openSync(files.socketToken, flags);
	try {
		return readFileSync(descriptor, 'utf8');
	} finally {
		closeSync(descriptor);
	}
};
