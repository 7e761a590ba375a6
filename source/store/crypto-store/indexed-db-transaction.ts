/** Transactions of IndexedDB: requests in order, one SQLite transaction for all they write, and the events. */
import {domError} from './dom-error.ts';
import {IDBEvent, IDBEventTarget, type IDBHandler} from './indexed-db-events.ts';
import {NameList} from './indexed-db-name-list.ts';
import {IDBObjectStore} from './indexed-db-object-store.ts';
import {IDBRequest} from './indexed-db-request.ts';
import type {Operation, StoreContext, TransactionPort} from './indexed-db-transaction-port.ts';
import type {DatabaseMeta} from './record-catalogue.ts';
import type {ScheduledTransaction, TransactionMode} from './transaction-scheduler.ts';

/** What a transaction needs of its connection. */
export type ConnectionPort = IDBEventTarget & {
	readonly meta: DatabaseMeta;
	/** Told when the transaction has ended. */
	release(transaction: ScheduledTransaction): void;
};

type QueuedOperation = {readonly request: IDBRequest; readonly operation: Operation};

/** Indexed Database API 3.0 §4.9. A read-only one has no SQLite transaction: the scheduler isolates it. */
export class IDBTransaction extends IDBEventTarget implements ScheduledTransaction, TransactionPort {
	oncomplete: IDBHandler = null;
	onabort: IDBHandler = null;
	onerror: IDBHandler = null;
	error: DOMException | null = null;
	readonly durability = 'default';
	readonly db: ConnectionPort;
	readonly mode: TransactionMode;
	readonly scope: ReadonlySet<string>;
	readonly context: StoreContext;
	readonly #stores = new Map<string, IDBObjectStore>();
	#operations: QueuedOperation[] = [];
	#nextOperation = 0;
	#state: 'waiting' | 'running' | 'finished' = 'waiting';
	#isCommitting = false;
	/** Whether a call of #run is on its way; there is never a second one, which keeps the events in order. */
	#isScheduled = false;
	#isAutoCommitPlanned = false;
	/** Requests made so far: tells whether a turn of the event loop brought one. */
	#requestCount = 0;

	constructor(
		db: ConnectionPort,
		options: {readonly mode: TransactionMode; readonly scope: readonly string[]; readonly context: StoreContext},
	) {
		super();
		this.db = db;
		this.mode = options.mode;
		this.scope = new Set(options.scope);
		this.context = options.context;
	}

	get databaseName(): string {
		return this.db.meta.name;
	}

	get isFinished(): boolean {
		return this.#state === 'finished';
	}

	get objectStoreNames(): NameList {
		return NameList.sorted(this.mode === 'versionchange' ? this.db.meta.stores.keys() : this.scope);
	}

	objectStore(name: string): IDBObjectStore {
		if (this.isFinished) throw domError('InvalidStateError', 'The transaction has ended');
		const meta = this.db.meta.stores.get(name);
		if (!meta || (this.mode !== 'versionchange' && !this.scope.has(name)))
			throw domError('NotFoundError', `The transaction has no object store ${name}`);
		const known = this.#stores.get(name);
		if (known?.meta === meta) return known;
		const store = new IDBObjectStore(this, meta);
		this.#stores.set(name, store);
		return store;
	}

	/** Ends the transaction once its requests have run, without waiting for further ones. */
	commit(): void {
		if (this.isFinished || this.#isCommitting) throw domError('InvalidStateError', 'The transaction has ended');
		this.#isCommitting = true;
		this.#schedule();
	}

	abort(): void {
		if (this.isFinished || this.#isCommitting) throw domError('InvalidStateError', 'The transaction has ended');
		this.abortWith(null);
	}

	/** Undoes everything; pending requests get an AbortError. */
	abortWith(error: DOMException | null): void {
		this.error = error;
		if (this.mode !== 'readonly' && this.#state === 'running') this.#rollBack();
		const pending = this.#operations.slice(this.#nextOperation).map(({request}) => request);
		this.#operations = [];
		for (const request of pending) request.fail(domError('AbortError', 'The transaction was aborted'));
		this.#finish('abort', pending);
	}

	add(operation: Operation): IDBRequest {
		if (this.isFinished || this.#isCommitting)
			throw domError('TransactionInactiveError', 'The transaction takes no more requests');
		if (operation.isWrite && this.mode === 'readonly') throw domError('ReadOnlyError', 'The transaction only reads');
		const request = operation.request ?? new IDBRequest();
		request.source = operation.source;
		request.transaction = this;
		request.readyState = 'pending';
		this.#operations.push({request, operation});
		this.#requestCount++;
		this.#schedule();
		return request;
	}

	writeNow<Result>(write: () => Result): Result {
		if (this.isFinished || this.#isCommitting)
			throw domError('TransactionInactiveError', 'The transaction takes no more requests');
		try {
			return this.#write(write);
		} catch (error) {
			throw this.#toDomError(error);
		}
	}

	/** Called by the scheduler. */
	start(): void {
		this.#state = 'running';
		this.#run();
	}

	#schedule(): void {
		if (this.#state !== 'running' || this.#isScheduled) return;
		this.#isScheduled = true;
		this.context.scheduler.soon(() => {
			this.#isScheduled = false;
			this.#run();
		});
	}

	/** Runs requests up to the first whose event somebody waits for. */
	#run(): void {
		while (this.#state === 'running') {
			const next = this.#take();
			if (!next) {
				if (this.#isCommitting) this.#commit();
				else this.#planAutoCommit();
				return;
			}
			const {request} = next;
			const event = this.#execute(next);
			// Nobody listens: no turn of the event loop is spent on it.
			if (event.type === 'success' && !request.hasListener('success')) continue;
			this.#dispatch(request, event);
			this.#schedule();
			return;
		}
	}

	#take(): QueuedOperation | undefined {
		const next = this.#operations[this.#nextOperation++];
		if (this.#nextOperation >= this.#operations.length) {
			this.#operations = [];
			this.#nextOperation = 0;
		}
		return next;
	}

	#execute({request, operation}: QueuedOperation): IDBEvent {
		try {
			request.succeed(operation.isWrite ? this.#write(operation.run) : operation.run());
			return new IDBEvent('success', request);
		} catch (error) {
			request.fail(this.#toDomError(error));
			return new IDBEvent('error', request, true);
		}
	}

	#dispatch(request: IDBRequest, event: IDBEvent): void {
		let hasThrown = request.dispatch(event);
		if (event.bubbles) hasThrown = this.dispatch(event) || hasThrown;
		if (event.bubbles) hasThrown = this.db.dispatch(event) || hasThrown;
		if (this.isFinished) return;
		if (hasThrown) this.abortWith(domError('AbortError', 'An event listener threw'));
		else if (event.type === 'error' && !event.defaultPrevented) this.abortWith(request.error);
	}

	/**
	 * Without commit() a transaction ends when a whole turn of the event loop brought no request. Not earlier: what is
	 * awaited in Rust takes several microtasks until it makes the next one.
	 */
	#planAutoCommit(): void {
		if (this.#isAutoCommitPlanned) return;
		this.#isAutoCommitPlanned = true;
		const before = this.#requestCount;
		setImmediate(() => {
			this.#isAutoCommitPlanned = false;
			if (this.isFinished || this.#isScheduled || this.#operations.length > 0) return;
			if (this.#requestCount === before) this.#commit();
			else this.#planAutoCommit();
		});
	}

	#write<Result>(write: () => Result): Result {
		const {scheduler, engine} = this.context;
		if (scheduler.failure) throw scheduler.failure;
		engine.transactions.begin();
		return write();
	}

	#commit(): void {
		if (this.mode !== 'readonly') {
			try {
				// A part of it may not have been written.
				if (this.context.scheduler.failure) throw this.context.scheduler.failure;
				this.context.engine.transactions.commit();
			} catch (error) {
				this.abortWith(this.#toDomError(error));
				return;
			}
		}
		this.#finish('complete', []);
	}

	#rollBack(): void {
		const {engine} = this.context;
		try {
			if (engine.transactions.rollback()) engine.catalogue.reload(this.db.meta);
		} catch (error) {
			this.context.scheduler.fail(error);
		}
	}

	/** @returns the error for the caller. What the caller did not cause is a failure of the storage, recorded first. */
	#toDomError(error: unknown): DOMException {
		if (error instanceof DOMException) return error;
		const failure = this.context.scheduler.fail(error);
		return domError('UnknownError', failure.message);
	}

	#finish(type: 'complete' | 'abort', pending: readonly IDBRequest[]): void {
		this.#state = 'finished';
		const {scheduler} = this.context;
		const targets: IDBEventTarget[] = type === 'abort' ? [this, this.db] : [this];
		const requests = pending.filter(request => request.hasListener('error'));
		// Before the next transaction starts.
		if (requests.length > 0 || targets.some(target => target.hasListener(type))) {
			scheduler.soon(() => {
				for (const request of requests) request.dispatch(new IDBEvent('error', request, true));
				const event = new IDBEvent(type, this, type === 'abort');
				for (const target of targets) target.dispatch(event);
			});
		}
		scheduler.finish(this);
		this.db.release(this);
	}
}
