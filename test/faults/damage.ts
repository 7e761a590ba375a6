/** Ways to damage a database file of a home that nobody has open. */
import {closeSync, openSync, statSync, writeSync} from 'node:fs';
import {accountFiles, resolveDirectories, type AccountFiles} from '../../source/domain/directories.ts';
import {readAccountRecord} from '../../source/store/account-record.ts';
import {prepare} from '../../source/store/bind.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {loadMasterKey} from '../../source/store/secrets/master-key.ts';

export const pageSize = 4096;

export const filesAt = (home: string): AccountFiles =>
	accountFiles(resolveDirectories({MX_HOME: home}, {home: '/nowhere', platform: process.platform}));

/** Overwrites the pages, counted from 1, with something that no cipher makes sense of. */
export const spoilPages = (file: string, first: number, last: number = first): void => {
	const descriptor = openSync(file, 'r+');
	try {
		writeSync(descriptor, Buffer.alloc((last - first + 1) * pageSize, 0x5a), 0, undefined, (first - 1) * pageSize);
	} finally {
		closeSync(descriptor);
	}
};

export const pageCount = (file: string): number => Math.floor(statSync(file).size / pageSize);

/** Overwrites the first page of a home's archive, or of a table of it. */
export const spoilArchive = async (home: string, table?: string): Promise<void> => {
	const files = filesAt(home);
	const record = readAccountRecord(files.accountRecord, Date.now());
	if (record === undefined) throw new Error('Nobody is signed in.');
	const masterKey = await loadMasterKey(record.secrets, {
		files,
		environment: {},
		now: Date.now,
		askPassphrase: undefined,
	});
	const database = openDatabase({
		file: files.accountDatabase,
		key: deriveKeys(masterKey).accountDatabase,
		cipher: record.cipher,
		mode: 'owner',
		durability: 'full',
	});
	const row = table && prepare(database, 'SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
	// All is in the file itself then, and nothing in its log.
	database.pragma('wal_checkpoint(TRUNCATE)');
	database.close();
	spoilPages(files.accountDatabase, row ? Number(row['rootpage']) : 1);
};
