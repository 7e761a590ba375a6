/** A disk of a test's own that can be filled and made read-only: a small tmpfs, or limits of the system where nobody may mount. */
import {execFileSync} from 'node:child_process';
import {chmodSync, closeSync, lstatSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Owner} from '../helpers/synapse.ts';

export type SmallDisk = {
	readonly path: string;
	/** From now on nothing more fits. @param pid the process that is to notice, where the disk is not its own */
	readonly fill: (pid: number) => void;
	/** Takes back what `fill` did. */
	readonly free: (pid: number) => void;
	/** A disk that is in use may refuse it. */
	readonly setReadOnly: (isReadOnly: boolean) => void;
};

/** More than mx wants to find free. */
const megabytes = 80;

/** Writes until the disk takes no more, down to the last byte. */
const writeBallast = (file: string): void => {
	const descriptor = openSync(file, 'w');
	try {
		for (let size = 1_048_576; size >= 1;) {
			try {
				writeSync(descriptor, Buffer.alloc(size));
			} catch {
				// This much does not fit any more.
				size = Math.floor(size / 16);
			}
		}
	} finally {
		closeSync(descriptor);
	}
};

const mountDisk = (directory: string): boolean => {
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
};

const mounted = (owner: Owner, directory: string): SmallDisk => {
	const ballast = path.join(directory, 'ballast');
	owner.after(async () => {
		// Lazily: a program of the test may still be ending.
		execFileSync('umount', ['-l', directory], {stdio: 'ignore'});
		rmSync(directory, {recursive: true});
	});
	return {
		path: directory,
		fill: () => writeBallast(ballast),
		free: () => rmSync(ballast),
		setReadOnly: isReadOnly =>
			void execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, directory], {stdio: 'ignore'}),
	};
};

const chmodTree = (entry: string, bits: {readonly directory: number; readonly file: number}): void => {
	const isDirectory = lstatSync(entry).isDirectory();
	chmodSync(entry, isDirectory ? 0o700 : bits.file);
	if (!isDirectory) return;
	for (const name of readdirSync(entry)) chmodTree(path.join(entry, name), bits);
	chmodSync(entry, bits.directory);
};

/** Limits the size of files of the one process; only the soft limit, so that it can be taken back. */
const limitFiles = (pid: number, bytes: string): void => {
	execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
};

const limited = (owner: Owner, directory: string): SmallDisk => {
	owner.after(async () => rmSync(directory, {recursive: true}));
	return {
		path: directory,
		fill: pid => limitFiles(pid, '4096'),
		free: pid => limitFiles(pid, 'unlimited'),
		setReadOnly: isReadOnly =>
			chmodTree(directory, isReadOnly ? {directory: 0o500, file: 0o400} : {directory: 0o700, file: 0o600}),
	};
};

/** Makes it; it goes when its owner ends. */
export const createSmallDisk = (owner: Owner): SmallDisk => {
	const directory = mkdtempSync(path.join(tmpdir(), 'mx-disk-'));
	const isMounted = process.env['MX_TEST_MOUNT'] !== 'no' && mountDisk(directory);
	return isMounted ? mounted(owner, directory) : limited(owner, directory);
};
