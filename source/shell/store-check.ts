/** Whether a database file of the account is there and whole. */
import type {Database, OpenOptions} from '../store/open-database.ts';

/** `busy`: another process has it, so it was opened soundly there. */
export type StoreState = 'sound' | 'damaged' | 'busy' | 'missing';

/** @throws StoreCorrupt where not even the schema can be read */
const isSound = (database: Database, toStoreError: (error: unknown, file: string) => Error): boolean => {
	try {
		return database.pragma('quick_check(1)', {simple: true}) === 'ok';
	} catch (error) {
		throw toStoreError(error, database.name);
	} finally {
		database.close();
	}
};

/**
 * Opens the file and reads all of it. An empty one counts as missing: opened otherwise, it would become a store without
 * keys that looks sound.
 * @throws WrongKey, and as `openDatabase` for what is no damage
 */
export const checkDatabase = async (options: Omit<OpenOptions, 'durability' | 'mustExist'>): Promise<StoreState> => {
	const [{openDatabase}, {StoreBusy, StoreCorrupt, StoreMissing, toStoreError}] = await Promise.all([
		import('../store/open-database.ts'),
		import('../store/store-errors.ts'),
	]);
	try {
		const database = openDatabase({...options, durability: 'full', mustExist: true});
		return isSound(database, toStoreError) ? 'sound' : 'damaged';
	} catch (error) {
		if (error instanceof StoreBusy) return 'busy';
		if (error instanceof StoreMissing) return 'missing';
		if (error instanceof StoreCorrupt) return 'damaged';
		throw error;
	}
};
