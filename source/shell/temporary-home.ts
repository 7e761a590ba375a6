/** An MX_HOME that is gone when the process ends; one that a killed process left behind goes with the next. */
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

const prefix = 'mx-demo-';

const isRunning = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Somebody else's process runs, too.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};

const remove = (directory: string): void => {
	try {
		rmSync(directory, {recursive: true, force: true});
	} catch {
		// Another user's, or somebody removes it at the same time: theirs to care for.
	}
};

const removeOrphans = (): void => {
	for (const name of readdirSync(tmpdir())) {
		const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? Number.NaN);
		if (pid > 0 && !isRunning(pid)) remove(path.join(tmpdir(), name));
	}
};

export type TemporaryHome = {readonly directory: string; readonly remove: () => void};

/** Makes the directory, which only this user can read. */
export const createTemporaryHome = (): TemporaryHome => {
	removeOrphans();
	const directory = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
	const removeIt = (): void => remove(directory);
	process.once('exit', removeIt);
	return {directory, remove: removeIt};
};
