/** An MX_HOME that is signed in and has never synced. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {AccountFiles} from '../source/domain/directories.ts';
import {createAccountAccess} from '../source/shell/account-access.ts';
import {storeAccount, type IssuedDevice} from '../source/shell/stored-account.ts';
import type {AccountRecord} from '../source/store/account-record.ts';

/** The home and what opens it. */
export type FreshHome = {
	readonly home: string;
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	readonly masterKey: Uint8Array;
	readonly remove: () => void;
};

/** @param device as the homeserver gave it */
export const createFreshHome = async (device: IssuedDevice): Promise<FreshHome> => {
	const home = mkdtempSync(join(tmpdir(), 'mx-bench-'));
	const remove = (): void => rmSync(home, {recursive: true, force: true});
	process.once('exit', remove);
	const access = createAccountAccess({
		environment: {MX_HOME: home},
		profile: undefined,
		now: Date.now,
		askSecret: undefined,
		say: () => undefined,
	});
	const record = await storeAccount(access, device);
	return {home, files: access.files, record, masterKey: await access.masterKey(record), remove};
};
