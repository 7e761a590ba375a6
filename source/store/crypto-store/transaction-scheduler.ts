/** Decides which transaction may run and when its events are dispatched, and keeps the first failure of the storage. */
import {reportException} from './indexed-db-events.ts';

export type TransactionMode = 'readonly' | 'readwrite' | 'versionchange';

/** What the scheduler knows of a transaction. */
export type ScheduledTransaction = {
	readonly mode: TransactionMode;
	readonly databaseName: string;
	/** Names of the object stores it may touch. */
	readonly scope: ReadonlySet<string>;
	/** Called once, when no earlier transaction stands in the way. */
	start(): void;
};

type Barrier = {
	readonly waitingFor: Set<ScheduledTransaction>;
	readonly resolve: () => void;
};

const defaultSlice = 4;

/** @returns whether the later transaction must wait for the end of the earlier one. */
const isConflict = (earlier: ScheduledTransaction, later: ScheduledTransaction): boolean => {
	if (earlier.mode === 'readonly' && later.mode === 'readonly') return false;
	// One writer at a time on the connection, over all databases of the file.
	if (earlier.mode !== 'readonly' && later.mode !== 'readonly') return true;
	if (earlier.databaseName !== later.databaseName) return false;
	if (earlier.mode === 'versionchange' || later.mode === 'versionchange') return true;
	return [...earlier.scope].some(name => later.scope.has(name));
};

/** One per SQLite connection: the queue of all its transactions, in the order in which they were created. */
export class TransactionScheduler {
	readonly #sliceMilliseconds: number;
	readonly #toError: (error: unknown) => Error;
	readonly #queue: ScheduledTransaction[] = [];
	readonly #started = new Set<ScheduledTransaction>();
	readonly #listeners: ((error: Error) => void)[] = [];
	#barriers: Barrier[] = [];
	#sliceStart: number | undefined;
	#failure: Error | undefined;

	/**
	 * @param options.sliceMilliseconds how long events are dispatched from microtasks before timers and I/O get a turn
	 * @param options.toError makes a failure of the driver the error that others see
	 */
	constructor(options: {readonly sliceMilliseconds?: number; readonly toError: (error: unknown) => Error}) {
		this.#sliceMilliseconds = options.sliceMilliseconds ?? defaultSlice;
		this.#toError = options.toError;
	}

	/** The first failure of the storage; after it nothing is written any more, so the disk keeps what was before. */
	get failure(): Error | undefined {
		return this.#failure;
	}

	/** Records a failure and tells the listeners, before anyone else can learn of it. */
	fail(cause: unknown): Error {
		if (this.#failure) return this.#failure;
		const failure = this.#toError(cause);
		this.#failure = failure;
		for (const listener of this.#listeners) this.#tell(listener, failure);
		return failure;
	}

	/** Calls back at the first failure; at once if there was one. */
	onFailure(listener: (error: Error) => void): void {
		this.#listeners.push(listener);
		if (this.#failure) this.#tell(listener, this.#failure);
	}

	enqueue(transaction: ScheduledTransaction): void {
		this.#queue.push(transaction);
		this.soon(() => this.#startAll());
	}

	/** Takes a committed or aborted transaction out of the queue, which lets later ones run. */
	finish(transaction: ScheduledTransaction): void {
		const index = this.#queue.indexOf(transaction);
		if (index !== -1) this.#queue.splice(index, 1);
		this.#started.delete(transaction);
		if (this.#queue.length > 0) this.soon(() => this.#startAll());
		for (const {waitingFor} of this.#barriers) waitingFor.delete(transaction);
		if (this.#barriers.length === 0) return;
		const done = this.#barriers.filter(({waitingFor}) => waitingFor.size === 0);
		this.#barriers = this.#barriers.filter(({waitingFor}) => waitingFor.size > 0);
		for (const {resolve} of done) resolve();
	}

	/** Resolves when every write transaction queued so far has ended. Rejects with the failure of the storage. */
	async flush(): Promise<void> {
		const writers = this.#queue.filter(({mode}) => mode !== 'readonly');
		if (writers.length > 0) await this.#endOf(writers);
		if (this.#failure) throw this.#failure;
	}

	/** Resolves when the queue is empty, whether the storage failed or not: each transaction ends by itself. */
	async drain(): Promise<void> {
		while (this.#queue.length > 0) await this.#endOf(this.#queue);
	}

	/**
	 * Runs the work in a microtask while the current slice is young, else after timers and I/O had their turn.
	 * Work of one transaction keeps its order only if it never has two of these under way.
	 */
	soon(work: () => void): void {
		const now = performance.now();
		if (this.#sliceStart === undefined) {
			this.#sliceStart = now;
			setImmediate(() => {
				this.#sliceStart = undefined;
			});
		}
		if (now - this.#sliceStart < this.#sliceMilliseconds) queueMicrotask(work);
		else setImmediate(work);
	}

	#startAll(): void {
		const isReady = (transaction: ScheduledTransaction, index: number): boolean =>
			!this.#started.has(transaction) &&
			!this.#queue.some((earlier, position) => position < index && isConflict(earlier, transaction));
		for (const transaction of this.#queue.filter(isReady)) {
			// The start of one may have ended another.
			if (!this.#queue.includes(transaction) || this.#started.has(transaction)) continue;
			this.#started.add(transaction);
			transaction.start();
		}
	}

	#tell(listener: (error: Error) => void, failure: Error): void {
		try {
			listener(failure);
		} catch (error) {
			reportException(error);
		}
	}

	/** Resolves when these transactions, at least one, have ended; a failure of the storage ends them too. */
	#endOf(transactions: readonly ScheduledTransaction[]): Promise<void> {
		const {promise, resolve} = Promise.withResolvers<void>();
		this.#barriers.push({waitingFor: new Set(transactions), resolve});
		return promise;
	}
}
