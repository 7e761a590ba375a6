/** A directory for the files of one test. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';

/** @returns a new directory, which is removed when the test has ended. */
export const temporaryDirectory = (context: TestContext): string => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-store-'));
	context.after(() => rmSync(directory, {recursive: true, force: true}));
	return directory;
};
