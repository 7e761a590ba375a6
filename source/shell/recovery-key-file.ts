/** The file that a script gets the recovery key in: reserved before there is a key, so that a key cannot be lost to it. */
import {closeSync, constants, fsyncSync, openSync, unlinkSync, writeSync} from 'node:fs';
import {resolve} from 'node:path';
import {ExpectedError} from '../domain/errors.ts';

/** A reserved file. */
export type RecoveryKeyFile = {
	/** Absolute. */
	readonly path: string;
	/** Writes the key and a line break; survives a power cut. @throws ExpectedError when the disk refuses */
	readonly write: (recoveryKey: string) => void;
	/** Removes the file if no key is in it. */
	readonly release: () => void;
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const unusable = (path: string, error: unknown): ExpectedError => {
	const code = codeOf(error);
	const message = code === 'EEXIST' ? `${path} exists already.` : `${path} cannot be written (${code}).`;
	return new ExpectedError(
		{message, next: 'Name a new file with --recovery-key-file.', reason: 'usage'},
		{cause: error},
	);
};

/** Makes the file, mode 0600. @throws ExpectedError `usage` when it exists or cannot be made */
export const reserveRecoveryKeyFile = (name: string): RecoveryKeyFile => {
	const path = resolve(name);
	let descriptor: number;
	try {
		descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
	} catch (error) {
		throw unusable(path, error);
	}
	let isEmpty = true;
	return {
		path,
		write(recoveryKey) {
			try {
				writeSync(descriptor, `${recoveryKey}\n`);
				fsyncSync(descriptor);
				isEmpty = false;
			} catch (error) {
				throw unusable(path, error);
			}
		},
		release() {
			closeSync(descriptor);
			if (isEmpty) unlinkSync(path);
		},
	};
};
