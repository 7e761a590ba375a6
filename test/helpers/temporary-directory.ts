/** A directory for the files of one test, or of a whole test file. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

/** Directories without an owner: one listener for all, as Node warns of more than ten. */
const ownerless: string[] = [];

const remove = (directory: string): void => rmSync(directory, {recursive: true, force: true});

const removeAtExit = (directory: string): void => {
	if (ownerless.length === 0)
		process.once('exit', () => {
			for (const each of ownerless) remove(each);
		});
	ownerless.push(directory);
};

/** @returns a new directory, which is removed when its owner has ended; without an owner, when this process ends. */
export const temporaryDirectory = (owner?: {readonly after: (cleanUp: () => void) => void}): string => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-'));
	if (owner === undefined) removeAtExit(directory);
	else owner.after(() => remove(directory));
	return directory;
};
