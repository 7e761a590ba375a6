/** An MX_HOME that is signed in to the synthetic homeserver and has never synced. */
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {accountFiles, resolveDirectories, type AccountFiles} from '../source/domain/directories.ts';
import {openAccountStores} from '../source/engine/account-stores.ts';
import {writeAccountRecord, type AccountRecord} from '../source/store/account-record.ts';
import {chooseCipher, readCpuFlags} from '../source/store/open-database.ts';
import {deriveKeys} from '../source/store/secrets/derived-keys.ts';
import {createMasterKey} from '../source/store/secrets/master-key.ts';
import {ownUser} from './synthetic-account.ts';

/** The home and what opens it. */
export type SyntheticHome = {
	readonly home: string;
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	readonly masterKey: Uint8Array;
	readonly remove: () => void;
};

export const deviceId = 'SYNTHETIC';
export const accessToken = 'synthetic-token';

/** @param url of the homeserver */
export const createSyntheticHome = async (url: string): Promise<SyntheticHome> => {
	const home = mkdtempSync(join(tmpdir(), 'mx-bench-'));
	const remove = (): void => rmSync(home, {recursive: true, force: true});
	process.once('exit', remove);
	const directories = resolveDirectories({MX_HOME: home}, {home: '/nowhere', platform: process.platform});
	for (const directory of Object.values(directories)) mkdirSync(directory, {recursive: true, mode: 0o700});
	const files = accountFiles(directories);
	const {masterKey, secrets} = await createMasterKey(
		{backend: 'file'},
		{files, environment: {}, now: Date.now, askPassphrase: undefined},
	);
	const cipher = chooseCipher(readCpuFlags());
	const record: AccountRecord = {version: 1, userId: ownUser, deviceId, homeserver: url, cipher, secrets};
	const stores = openAccountStores({files, record, keys: deriveKeys(masterKey), isNewDevice: true});
	stores.account.writeDurably(() => stores.account.setMeta('access_token', accessToken));
	await stores.close();
	writeAccountRecord(files.accountRecord, record);
	return {home, files, record, masterKey, remove};
};
