/** The write transactions of the crypto store's connection: one at a time, and on demand several that reach the disk as one. */
import type {Database} from '../open-database.ts';
import type {RecordStatements} from './record-statements.ts';

/** Throws the driver's errors when the storage fails. */
export class WriteTransactions {
	readonly #database: Database;
	readonly #statements: RecordStatements;
	/** Whether a transaction is being written. */
	#hasBegun = false;
	/** How many ask that what is committed stays together. */
	#joins = 0;
	/** Whether SQLite has a transaction open in which the others are savepoints. */
	#isJoint = false;

	constructor(database: Database, statements: RecordStatements) {
		this.#database = database;
		this.#statements = statements;
	}

	/** Whether what was committed waits only for the end of the transaction that is being written. */
	get isEnding(): boolean {
		return this.#isJoint && this.#joins === 0;
	}

	/** Begins a transaction unless one is being written. */
	begin(): void {
		if (this.#hasBegun) return;
		if (!this.#isJoint) this.#statements.begin.run();
		this.#isJoint ||= this.#joins > 0;
		if (this.#isJoint) this.#statements.savepoint.run();
		this.#hasBegun = true;
	}

	/** Commits what is being written; when it returns, that is on disk, or will be with the others that it is joined with. */
	commit(): void {
		if (!this.#hasBegun) return;
		(this.#isJoint ? this.#statements.release : this.#statements.commit).run();
		this.#hasBegun = false;
		this.#endJoint();
	}

	/** Undoes what was written since `begin`. @returns whether there was a transaction */
	rollback(): boolean {
		if (!this.#hasBegun) return false;
		this.#hasBegun = false;
		// After some failures (a full disk) SQLite itself has rolled back everything already.
		if (!this.#database.inTransaction) this.#isJoint = false;
		else if (this.#isJoint) {
			this.#statements.undo.run();
			this.#statements.release.run();
		} else this.#statements.rollback.run();
		this.#endJoint();
		return true;
	}

	/** From now on what is committed stays together, until as many calls of `part`. */
	join(): void {
		this.#joins++;
	}

	/** Puts on disk what was joined; if a transaction is being written, when that ends. */
	part(): void {
		this.#joins--;
		this.#endJoint();
	}

	/** Undoes all that was joined: a part of it may not have been written. Does not throw. */
	giveUp(): void {
		if (!this.#isJoint) return;
		this.#isJoint = false;
		this.#hasBegun = false;
		try {
			if (this.#database.inTransaction) this.#statements.rollback.run();
		} catch {
			// Without a COMMIT the file keeps what was before, whether this succeeds or not.
		}
	}

	#endJoint(): void {
		if (!this.isEnding || this.#hasBegun) return;
		try {
			this.#statements.commit.run();
			this.#isJoint = false;
		} catch (error) {
			this.giveUp();
			throw error;
		}
	}
}
