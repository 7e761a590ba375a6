/** An account database as an earlier version of mx left it. */
import type {TestContext} from 'node:test';
import {openDatabase, type Database} from '../../source/store/open-database.ts';
import {migrations} from '../../source/store/schema.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/**
 * @param words in the migration that is the first one missing
 * @param fill writes what was there
 * @returns what opens, and so upgrades, it
 */
export const createOldDatabase = (t: TestContext, words: string, fill: (database: Database) => void) => {
	const options = {
		file: `${temporaryDirectory(t)}/account.db`,
		key: new Uint8Array(32).fill(7),
		cipher: 'aegis',
	} as const;
	const database = openDatabase({...options, mode: 'owner', durability: 'normal'});
	const last = migrations.findIndex(migration => migration.includes(words));
	for (const migration of migrations.slice(0, last)) database.exec(migration);
	database.exec(`PRAGMA user_version = ${last}`);
	fill(database);
	database.close();
	return options;
};
