/** What object stores, indexes and cursors need of the transaction that they belong to. */
import type {IDBRequest} from './indexed-db-request.ts';
import type {RecordEngine} from './record-engine.ts';
import type {TransactionMode, TransactionScheduler} from './transaction-scheduler.ts';

/** One per file: its records and the order of its transactions. */
export type StoreContext = {readonly engine: RecordEngine; readonly scheduler: TransactionScheduler};

/** The work behind a request. */
export type Operation = {
	/** The object store, index or cursor that was asked. */
	readonly source: object;
	/** Runs when its turn comes. @returns the request's result. @throws DOMException when the caller erred */
	readonly run: () => unknown;
	readonly isWrite: boolean;
	/** A cursor's request is used again for each step. */
	readonly request?: IDBRequest | undefined;
};

export type TransactionPort = {
	readonly mode: TransactionMode;
	readonly isFinished: boolean;
	readonly context: StoreContext;
	/** Queues an operation. @throws TransactionInactiveError, ReadOnlyError */
	add(operation: Operation): IDBRequest;
	/** Writes at once, before queued operations. @throws DOMException */
	writeNow<Result>(write: () => Result): Result;
};
