/** A text that is sent as a file: it lies in a folder of the person's own until the session has a copy. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** The name of the file for others. */
export const pastedName = 'pasted.txt';

/** @param send is done with the file when it resolves @throws what the disk or `send` throws; the file is gone in any case */
export const withTextFile = async (text: string, send: (file: string) => Promise<void>): Promise<void> => {
	// Nobody else may look into it.
	const folder = await mkdtemp(path.join(tmpdir(), 'mx-'));
	try {
		const file = path.join(folder, pastedName);
		await writeFile(file, text, {mode: 0o600, flag: 'wx'});
		await send(file);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};
