/** A disk of a test's own that can be filled and made read-only: a small tmpfs. */
import {execFileSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
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

/**
 * Options for tests and suites with a small disk. Where nothing can be mounted (scripts/test.ts tries it) they are skipped,
 * and the reason is in the report.
 *
 * @param others of the same test; the first reason is told
 */
export const needsSmallDisk = (
	others: {readonly skip: string | false} = {skip: false},
): {readonly skip: string | false} => {
	if (others.skip !== false || process.env['MX_TEST_MOUNT'] !== 'no') return others;
	return {
		skip: 'A disk that is full or read-only cannot be tried: nobody may mount one here, not under `unshare -rm` either.',
	};
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
