/** A disk of a test's own that can be filled and made read-only: a small tmpfs. */
import {execFileSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Owner} from '../helpers/synapse.ts';

export type SmallDisk = {
	readonly path: string;
	/** From now on nothing more fits. */
	readonly fill: () => void;
	/** Takes back what `fill` did. */
	readonly free: () => void;
	/** A disk that is being written to may refuse it. */
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

const mount = (...words: readonly string[]): void => {
	try {
		execFileSync('mount', words, {stdio: ['ignore', 'ignore', 'pipe']});
	} catch (error) {
		const hint = 'Tests with a disk of their own need the right to mount: run them as root or under `unshare -rm`.';
		throw new Error(hint, {cause: error});
	}
};

/** Mounts it; it goes when its owner ends. @throws Error where nobody may mount */
export const createSmallDisk = (owner: Owner): SmallDisk => {
	const directory = mkdtempSync(path.join(tmpdir(), 'mx-disk-'));
	const ballast = path.join(directory, 'ballast');
	mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory);
	owner.after(async () => {
		// Lazily: a program of the test may still be ending.
		execFileSync('umount', ['-l', directory], {stdio: 'ignore'});
		rmSync(directory, {recursive: true});
	});
	return {
		path: directory,
		fill: () => writeBallast(ballast),
		free: () => rmSync(ballast),
		setReadOnly: isReadOnly => mount('-o', `remount,bind,${isReadOnly ? 'ro' : 'rw'}`, directory),
	};
};
