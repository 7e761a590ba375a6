/** The factory of IndexedDB: opens, upgrades and deletes the databases of one crypto store. */
import {domError} from './dom-error.ts';
import {IDBDatabase} from './indexed-db-database.ts';
import {IDBEvent, IDBVersionChangeEvent} from './indexed-db-events.ts';
import {encodeKey} from './indexed-db-keys.ts';
import {IDBOpenDBRequest} from './indexed-db-request.ts';
import type {StoreContext} from './indexed-db-transaction-port.ts';
import type {IDBTransaction} from './indexed-db-transaction.ts';
import type {DatabaseMeta} from './record-catalogue.ts';

/** @returns whether the transaction was committed, once its events are dispatched */
const endOf = (transaction: IDBTransaction): Promise<boolean> =>
	new Promise(resolve => {
		transaction.addEventListener('complete', () => resolve(true));
		transaction.addEventListener('abort', () => resolve(false));
	});

/** Indexed Database API 3.0 §4.3. */
export class IDBFactory {
	readonly #context: StoreContext;
	/** One per database that was asked for: all connections see the same stores and indexes. */
	readonly #metas = new Map<string, DatabaseMeta>();
	readonly #connections = new Set<IDBDatabase>();
	/** The end of the last open or delete of each name: they run one after the other. */
	readonly #pending = new Map<string, Promise<void>>();
	#closeListeners: (() => void)[] = [];
	#isClosing = false;

	constructor(context: StoreContext) {
		this.#context = context;
	}

	/** @returns the request for a connection; without a version, to the version that exists, or 1 */
	open(name: string, version?: number): IDBOpenDBRequest {
		if (version !== undefined && !(version >= 1 && version <= Number.MAX_SAFE_INTEGER))
			throw new TypeError('A version is a number from 1 on');
		return this.#enqueue(name, request => this.#open(name, version, request));
	}

	deleteDatabase(name: string): IDBOpenDBRequest {
		return this.#enqueue(name, request => this.#delete(name, request));
	}

	/** @returns -1, 0 or 1. @throws DataError */
	cmp(first: unknown, second: unknown): number {
		return Buffer.compare(encodeKey(first), encodeKey(second));
	}

	databases(): Promise<{readonly name: string; readonly version: number}[]> {
		return Promise.resolve(this.#context.engine.catalogue.list());
	}

	/** Closes all connections and takes no more work; transactions that run go on to their end. */
	closeAll(): void {
		this.#isClosing = true;
		for (const connection of this.#connections) connection.close();
	}

	#enqueue(name: string, work: (request: IDBOpenDBRequest) => Promise<void>): IDBOpenDBRequest {
		const request = new IDBOpenDBRequest();
		const run = async (): Promise<void> => {
			try {
				if (this.#isClosing) throw domError('InvalidStateError', 'The crypto store is closed');
				await work(request);
			} catch (error) {
				this.#fail(request, error);
			}
		};
		// `run` never rejects.
		this.#pending.set(name, (this.#pending.get(name) ?? Promise.resolve()).then(run));
		return request;
	}

	#fail(request: IDBOpenDBRequest, error: unknown): void {
		const reason =
			error instanceof DOMException ? error : domError('UnknownError', this.#context.scheduler.fail(error).message);
		request.transaction = null;
		request.fail(reason);
		request.dispatch(new IDBEvent('error', request, true));
	}

	async #open(name: string, wanted: number | undefined, request: IDBOpenDBRequest): Promise<void> {
		const meta = this.#metaOf(name);
		const version = wanted === undefined ? meta.version || 1 : Math.floor(wanted);
		if (version < meta.version)
			throw domError('VersionError', `${name} has version ${meta.version}, which is above ${version}`);
		const connection = this.#connect(meta);
		if (version > meta.version) {
			await this.#closeOthers(connection, request, version);
			await this.#upgrade(connection, request, version);
		}
		request.succeed(connection);
		request.dispatch(new IDBEvent('success', request));
	}

	async #upgrade(connection: IDBDatabase, request: IDBOpenDBRequest, version: number): Promise<void> {
		const {meta} = connection;
		const oldVersion = meta.version;
		const transaction = connection.beginUpgrade();
		const end = endOf(transaction);
		const {catalogue} = this.#context.engine;
		const first = transaction.add({
			source: connection,
			run: () => catalogue.saveVersion(meta, version),
			isWrite: true,
		});
		first.onsuccess = () => {
			connection.version = version;
			connection.upgrade = transaction;
			request.succeed(connection);
			request.transaction = transaction;
			const event = new IDBVersionChangeEvent('upgradeneeded', request, oldVersion, version);
			if (request.dispatch(event) && !transaction.isFinished)
				transaction.abortWith(domError('AbortError', 'An event listener threw'));
		};
		const isCommitted = await end;
		connection.upgrade = undefined;
		request.transaction = null;
		if (isCommitted && !connection.isClosing) return;
		connection.close();
		throw domError('AbortError', `The upgrade of ${meta.name} was aborted`);
	}

	async #delete(name: string, request: IDBOpenDBRequest): Promise<void> {
		const meta = this.#metaOf(name);
		const oldVersion = meta.version;
		if (oldVersion > 0) {
			const connection = this.#connect(meta);
			await this.#closeOthers(connection, request, null);
			const transaction = connection.beginUpgrade();
			const end = endOf(transaction);
			const {engine} = this.#context;
			transaction.add({source: connection, run: () => engine.deleteDatabase(meta), isWrite: true});
			transaction.commit();
			const isCommitted = await end;
			connection.close();
			if (!isCommitted) throw transaction.error ?? domError('AbortError', `${name} was not deleted`);
		}
		request.succeed(undefined);
		request.dispatch(new IDBVersionChangeEvent('success', request, oldVersion, null));
	}

	#metaOf(name: string): DatabaseMeta {
		const meta = this.#metas.get(name) ?? this.#context.engine.catalogue.load(name);
		this.#metas.set(name, meta);
		return meta;
	}

	#connect(meta: DatabaseMeta): IDBDatabase {
		const connection = new IDBDatabase({
			meta,
			context: this.#context,
			onClosed: closed => this.#disconnect(closed),
		});
		this.#connections.add(connection);
		return connection;
	}

	#disconnect(connection: IDBDatabase): void {
		this.#connections.delete(connection);
		const listeners = this.#closeListeners;
		this.#closeListeners = [];
		for (const listener of listeners) listener();
	}

	/** Asks the other connections to close, and waits until they have. */
	async #closeOthers(own: IDBDatabase, request: IDBOpenDBRequest, version: number | null): Promise<void> {
		const {meta} = own;
		const others = (): IDBDatabase[] =>
			[...this.#connections].filter(connection => connection !== own && connection.meta === meta);
		for (const other of others()) {
			if (!other.isClosing) other.dispatch(new IDBVersionChangeEvent('versionchange', other, meta.version, version));
		}
		if (others().some(({isClosing}) => !isClosing))
			request.dispatch(new IDBVersionChangeEvent('blocked', request, meta.version, version));
		while (others().length > 0) await new Promise<void>(resolve => this.#closeListeners.push(resolve));
		if (this.#isClosing) throw domError('AbortError', 'The crypto store is closed');
	}
}
