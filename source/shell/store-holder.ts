/** Who holds the lock of an account, for the sentence that says so. */
import {readFileSync, statSync} from 'node:fs';

/** A lock of this table looks like `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF` (proc(5), /proc/locks). */
const holderOf = (locks: string, inode: number): number | undefined => {
	for (const line of locks.split('\n')) {
		const [, process, lockedInode] = /\s(\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s/i.exec(line) ?? [];
		if (Number(lockedInode) === inode && Number(process) > 0) return Number(process);
	}
	return undefined;
};

/** @returns the process that holds a lock on the file; `undefined` where the system does not tell (only Linux does). */
export const findHolder = (file: string): number | undefined => {
	try {
		return holderOf(readFileSync('/proc/locks', 'utf8'), statSync(file).ino);
	} catch {
		// Not Linux, or no right to read it: the sentence does without.
		return undefined;
	}
};
