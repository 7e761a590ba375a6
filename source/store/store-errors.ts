/** What can go wrong with the files of the store, as errors for a person. The driver stays unloaded. */
import {basename} from 'node:path';
import {ExpectedError} from '../domain/errors.ts';

/** Another process (or another connection) holds the file. */
export class StoreBusy extends ExpectedError {
	constructor(file: string, options?: ErrorOptions) {
		const message = `Another mx is using ${basename(file)} of this account.`;
		super({message, next: 'Close the other mx, or wait a moment and try again.', reason: 'error'}, options);
		this.name = 'StoreBusy';
	}
}

/** The key or the cipher does not fit; a damaged first page and a file that is no database look the same. */
export class WrongKey extends ExpectedError {
	constructor(file: string, options?: ErrorOptions) {
		const message = `${file} cannot be decrypted: the key is not the one it was made with, or its beginning is damaged.`;
		super({message, next: 'Check the key; `mx doctor` shows where it comes from.', reason: 'error'}, options);
		this.name = 'WrongKey';
	}
}

/** A page fails its authentication, or the file's structure is broken. */
export class StoreCorrupt extends ExpectedError {
	constructor(file: string, options?: ErrorOptions) {
		const message = `${file} is damaged on disk.`;
		super({message, next: 'Run `mx doctor`; check the disk before you go on.', reason: 'error'}, options);
		this.name = 'StoreCorrupt';
	}
}

/** The crypto store cannot be read: only a person may decide to go on without it, as another device. */
export class CryptoDamaged extends ExpectedError {
	constructor(options?: ErrorOptions) {
		super(
			{
				message: 'The encryption keys on this disk are damaged, so mx does not connect.',
				next: 'Quit mx and run `mx login`: it makes a new device, and the recovery key brings the messages back.',
				reason: 'error',
			},
			options,
		);
		this.name = 'CryptoDamaged';
	}
}

/** @returns whether a file is damaged, where its key is known to be right. */
export const isDamaged = (error: unknown): boolean => error instanceof StoreCorrupt || error instanceof WrongKey;

/** The file is missing or empty although it must exist. */
export class StoreMissing extends ExpectedError {
	constructor(file: string, options?: ErrorOptions) {
		super({message: `${file} is missing or empty.`, next: 'Run `mx login`.', reason: 'notSignedIn'}, options);
		this.name = 'StoreMissing';
	}
}

/** The disk is full, or too full to start. */
export class DiskFull extends ExpectedError {
	constructor(path: string, options?: ErrorOptions) {
		const message = `There is too little free space on the disk that holds ${path}.`;
		super({message, next: 'Free some space, then try again.', reason: 'error'}, options);
		this.name = 'DiskFull';
	}
}

/** The system refuses to write the file, or to read it: a read-only disk, a permission, a failing device. */
export class StoreUnusable extends ExpectedError {
	/** The trouble in a few words. */
	readonly trouble: string;

	constructor(file: string, trouble: string, options?: ErrorOptions) {
		const message = `${file} cannot be read or written: ${trouble}.`;
		super({message, next: 'Check its directory, the permissions and the disk.', reason: 'error'}, options);
		this.name = 'StoreUnusable';
		this.trouble = trouble;
	}
}

/** @returns in a few words why the disk takes nothing now, which may pass; `undefined` for every other failure. */
export const storageTrouble = (error: unknown): string | undefined => {
	if (error instanceof DiskFull) return 'the disk is full';
	return error instanceof StoreUnusable ? error.trouble : undefined;
};

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** @returns the ExpectedError for a failure of SQLite, or the error itself when it is a bug. */
export const toStoreError = (error: unknown, file: string): Error => {
	const code = codeOf(error);
	const options = {cause: error};
	if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new StoreBusy(file, options);
	if (code === 'SQLITE_NOTADB') return new WrongKey(file, options);
	// A full-text table with a damaged page says nothing else.
	const isBrokenIndex = error instanceof Error && error.message.startsWith('vtable constructor failed');
	if (code.startsWith('SQLITE_CORRUPT') || isBrokenIndex) return new StoreCorrupt(file, options);
	if (/^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code)) return new DiskFull(file, options);
	if (/^(?:SQLITE_READONLY|EROFS)/.test(code)) return new StoreUnusable(file, 'the disk is read-only', options);
	if (/^(?:SQLITE_(?:CANTOPEN|IOERR|PERM|AUTH|PROTOCOL)|EACCES|EPERM|EIO)/.test(code))
		return new StoreUnusable(file, `the system says ${code}`, options);
	return error instanceof Error ? error : new Error(String(error));
};
