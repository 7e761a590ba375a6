/** Undoes a part of a transaction alone: what fails on the data of one thing, a bug then, must not cost the others. */
import type {Database} from './open-database.ts';

/** Runs an action of a transaction. If it throws, everything is as before it, and the error goes on. */
export type Savepoint = <Result>(action: () => Result) => Result;

/** @param database the owner's connection; call the function inside a transaction. It may be nested. */
export const createSavepoint =
	(database: Database): Savepoint =>
	action => {
		database.exec('SAVEPOINT part');
		try {
			const result = action();
			database.exec('RELEASE part');
			return result;
		} catch (error) {
			// A storage failure may have ended the transaction already.
			if (database.inTransaction) database.exec('ROLLBACK TO part; RELEASE part');
			throw error;
		}
	};
