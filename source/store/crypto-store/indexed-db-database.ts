/** Connections to databases of IndexedDB. */
import {domError} from './dom-error.ts';
import {IDBEventTarget, type IDBHandler} from './indexed-db-events.ts';
import {NameList} from './indexed-db-name-list.ts';
import type {IDBObjectStore} from './indexed-db-object-store.ts';
import type {StoreContext} from './indexed-db-transaction-port.ts';
import {IDBTransaction, type ConnectionPort} from './indexed-db-transaction.ts';
import type {KeyPath} from './indexed-db-values.ts';
import type {DatabaseMeta} from './record-catalogue.ts';
import type {ScheduledTransaction} from './transaction-scheduler.ts';

export type ConnectionOptions = {
	readonly meta: DatabaseMeta;
	readonly context: StoreContext;
	/** Called when the connection is closed and its last transaction has ended. */
	readonly onClosed: (connection: IDBDatabase) => void;
};

/** Indexed Database API 3.0 §4.4. */
export class IDBDatabase extends IDBEventTarget implements ConnectionPort {
	onclose: IDBHandler = null;
	onversionchange: IDBHandler = null;
	onerror: IDBHandler = null;
	onabort: IDBHandler = null;
	version: number;
	readonly meta: DatabaseMeta;
	/** The transaction of an upgrade while it runs. */
	upgrade: IDBTransaction | undefined;
	readonly #options: ConnectionOptions;
	readonly #transactions = new Set<ScheduledTransaction>();
	#isClosing = false;

	constructor(options: ConnectionOptions) {
		super();
		this.#options = options;
		this.meta = options.meta;
		this.version = options.meta.version;
	}

	get name(): string {
		return this.meta.name;
	}

	get objectStoreNames(): NameList {
		return NameList.sorted(this.meta.stores.keys());
	}

	/** Whether `close` was called; transactions may still be running. */
	get isClosing(): boolean {
		return this.#isClosing;
	}

	transaction(names: string | Iterable<string>, mode: string = 'readonly'): IDBTransaction {
		if (this.#isClosing || this.upgrade) throw domError('InvalidStateError', 'The connection takes no transaction now');
		const scope = typeof names === 'string' ? [names] : [...names];
		const missing = scope.find(name => !this.meta.stores.has(name));
		if (missing !== undefined) throw domError('NotFoundError', `${this.name} has no object store ${missing}`);
		if (scope.length === 0) throw domError('InvalidAccessError', 'A transaction needs an object store');
		if (mode !== 'readonly' && mode !== 'readwrite') throw new TypeError(`${mode} is no mode of a transaction`);
		return this.#begin(new IDBTransaction(this, {mode, scope, context: this.#options.context}));
	}

	/** Begins the transaction in which the database's version changes. */
	beginUpgrade(): IDBTransaction {
		return this.#begin(new IDBTransaction(this, {mode: 'versionchange', scope: [], context: this.#options.context}));
	}

	createObjectStore(
		name: string,
		options?: {readonly keyPath?: KeyPath; readonly autoIncrement?: boolean} | null,
	): IDBObjectStore {
		const transaction = this.#requireUpgrade();
		const keyPath = options?.keyPath ?? null;
		const isAutoIncrement = options?.autoIncrement ?? false;
		if (this.meta.stores.has(name)) throw domError('ConstraintError', `${this.name} has an object store ${name}`);
		if (isAutoIncrement && keyPath !== null && (typeof keyPath !== 'string' || keyPath === ''))
			throw domError('InvalidAccessError', 'A generated key needs one key path, or none');
		const {catalogue} = this.#options.context.engine;
		transaction.writeNow(() => catalogue.addStore(this.meta, {name, keyPath, isAutoIncrement}));
		return transaction.objectStore(name);
	}

	deleteObjectStore(name: string): void {
		const transaction = this.#requireUpgrade();
		const store = this.meta.stores.get(name);
		if (!store) throw domError('NotFoundError', `${this.name} has no object store ${name}`);
		const {engine} = this.#options.context;
		const indexes = [...store.indexes.values()];
		transaction.writeNow(() => engine.catalogue.deleteStore(this.meta, store));
		// After the requests that were made before.
		transaction.add({source: this, run: () => engine.clear(store, indexes), isWrite: true});
	}

	/** Takes no new transactions; those that run go on to their end. */
	close(): void {
		if (this.#isClosing) return;
		this.#isClosing = true;
		this.#tellIfClosed();
	}

	release(transaction: ScheduledTransaction): void {
		this.#transactions.delete(transaction);
		this.#tellIfClosed();
	}

	#begin(transaction: IDBTransaction): IDBTransaction {
		this.#transactions.add(transaction);
		this.#options.context.scheduler.enqueue(transaction);
		return transaction;
	}

	#tellIfClosed(): void {
		if (this.#isClosing && this.#transactions.size === 0) this.#options.onClosed(this);
	}

	#requireUpgrade(): IDBTransaction {
		if (!this.upgrade) throw domError('InvalidStateError', 'Object stores change in an upgrade only');
		if (this.upgrade.isFinished) throw domError('TransactionInactiveError', 'The upgrade has ended');
		return this.upgrade;
	}
}
