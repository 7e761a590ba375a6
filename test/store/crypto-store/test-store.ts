/** A crypto store in a directory of its own, and a record of the transactions that it makes in SQLite. */
import type {TestContext} from 'node:test';
import {
	createCryptoStore,
	openCryptoStore,
	type CryptoStore,
} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {openDatabase, type Database} from '../../../source/store/open-database.ts';
import {implementationOf, openIndexedDB, type Implementation} from './indexed-db-promises.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

/** A key of 32 equal bytes. */
export const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

export type TestStore = Implementation & {
	readonly store: CryptoStore;
	readonly database: Database;
	readonly file: string;
	/** BEGIN, COMMIT and ROLLBACK as they happen; tests add their own events. */
	readonly log: string[];
	/** Beginnings of statements that fail as on a broken disk. */
	readonly broken: string[];
};

const failure = (): Error => Object.assign(new Error('disk I/O error'), {code: 'SQLITE_IOERR_WRITE'});

/** Makes the database note its transactions, and fail where it shall. */
const recorded = (database: Database, {log, broken}: Pick<TestStore, 'log' | 'broken'>): Database => ({
	get open() {
		return database.open;
	},
	get inTransaction() {
		return database.inTransaction;
	},
	name: database.name,
	exec: sql => database.exec(sql),
	pragma: (source, options) => database.pragma(source, options),
	close: () => database.close(),
	prepare: sql => {
		const statement = database.prepare(sql);
		const [verb = ''] = sql.split(' ');
		const isNoted = ['BEGIN', 'COMMIT', 'ROLLBACK'].includes(verb);
		const pass = <Result>(work: () => Result): Result => {
			if (broken.some(beginning => sql.startsWith(beginning))) throw failure();
			const result = work();
			if (isNoted) log.push(verb);
			return result;
		};
		return {
			get: (...parameters) => pass(() => statement.get(...parameters)),
			all: (...parameters) => pass(() => statement.all(...parameters)),
			iterate: (...parameters) => pass(() => statement.iterate(...parameters)),
			run: (...parameters) => pass(() => statement.run(...parameters)),
		};
	},
});

/** Makes a crypto store in a new directory; it is closed when the test has ended. */
export const createTestStore = (context: TestContext, sliceMilliseconds?: number): TestStore => {
	const file = `${temporaryDirectory(context)}/crypto.db`;
	const log: string[] = [];
	const broken: string[] = [];
	const connection = openDatabase({file, key: keyOf(1), cipher: 'aegis', mode: 'exclusive', durability: 'normal'});
	const database = recorded(connection, {log, broken});
	const store = createCryptoStore(database, {file, ...(sliceMilliseconds !== undefined && {sliceMilliseconds})});
	context.after(() => store.close());
	return {...implementationOf(store), store, database, file, log, broken};
};

/** Opens the file of a test store that was closed. */
export const reopen = (context: TestContext, file: string): CryptoStore => {
	const store = openCryptoStore({file, key: keyOf(1), cipher: 'aegis', mustExist: true});
	context.after(() => store.close());
	return store;
};

/** Opens a database with empty object stores of these names, without keys inside of the values. */
export const openWithStores = (factory: IDBFactory, ...names: readonly string[]): Promise<IDBDatabase> =>
	openIndexedDB(factory, {
		name: 'test',
		version: 1,
		upgrade: database => {
			for (const name of names) database.createObjectStore(name);
		},
	});
