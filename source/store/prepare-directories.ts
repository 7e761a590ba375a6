/** Makes the directories of a profile, private to the user, and refuses those that are not safely his. */
import {chmodSync, lstatSync, mkdirSync, statSync} from 'node:fs';
import process from 'node:process';
import {whyUnsafe} from '../domain/directories.ts';
import type {Directories, DirectoryState} from '../domain/directories.ts';
import {ExpectedError} from '../domain/errors.ts';
import {fileError} from './private-files.ts';

const stateOf = (path: string): DirectoryState => {
	const link = lstatSync(path);
	const target = link.isSymbolicLink() ? statSync(path) : link;
	return {
		linkOwner: link.isSymbolicLink() ? link.uid : undefined,
		isDirectory: target.isDirectory(),
		owner: target.uid,
		mode: target.mode & 0o7777,
	};
};

const prepareDirectory = (path: string): void => {
	const user = process.geteuid?.();
	let state: DirectoryState;
	try {
		mkdirSync(path, {recursive: true, mode: 0o700});
		state = stateOf(path);
		if (whyUnsafe({...state, mode: 0o700}, user) === undefined && (state.mode & 0o077) !== 0) {
			chmodSync(path, 0o700);
			state = stateOf(path);
		}
	} catch (error) {
		throw fileError(path, error);
	}
	const why = whyUnsafe(state, user);
	if (why === undefined) return;
	throw new ExpectedError({
		message: `${path} ${why}, so mx keeps nothing there.`,
		next: 'Move it away, or set MX_HOME to a directory of your own.',
		reason: 'error',
	});
};

/**
 * Makes each directory that is missing, and sets 0700 on those that are the user's. The program sets umask 077 before.
 * @throws ExpectedError when one belongs to somebody else, is somebody else's link, or cannot be made private
 */
export const prepareDirectories = (directories: Directories): void => {
	for (const path of Object.values(directories)) prepareDirectory(path);
};
