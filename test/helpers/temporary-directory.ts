/** A directory for the files of one test, or of a whole test file. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

/** @returns a new directory, which is removed when its owner has ended; without an owner, when this process ends. */
export const temporaryDirectory = (owner?: {readonly after: (cleanUp: () => void) => void}): string => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-'));
	const remove = (): void => rmSync(directory, {recursive: true, force: true});
	if (owner === undefined) process.once('exit', remove);
	else owner.after(remove);
	return directory;
};
