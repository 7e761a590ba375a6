/** Requests and transactions of IndexedDB as promises, and a crypto store's factory under the DOM's types. */
import {IDBKeyRange as OwnKeyRange} from '../../../source/store/crypto-store/indexed-db-key-range.ts';
import type {CryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';

/** An implementation of IndexedDB. */
export type Implementation = {readonly factory: IDBFactory; readonly KeyRange: typeof IDBKeyRange};

/** @returns the store under the types of the DOM, of which it has a part. */
export const implementationOf = (store: CryptoStore): Implementation => ({
	factory: store.factory as unknown as IDBFactory,
	KeyRange: OwnKeyRange as unknown as typeof IDBKeyRange,
});

/** @returns the request's result; its failure does not abort the transaction. */
export const resultOf = <Result>(request: IDBRequest<Result>): Promise<Result> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.addEventListener('error', event => {
			event.preventDefault();
			reject(request.error ?? new Error('no error'));
		});
	});

/** @returns `complete`, or what the transaction was aborted with. */
export const endOf = (transaction: IDBTransaction): Promise<string> =>
	new Promise(resolve => {
		transaction.oncomplete = () => resolve('complete');
		transaction.addEventListener('abort', () => resolve(`aborted with ${transaction.error?.name}`));
	});

/** What a database is opened with. */
export type OpenRequest = {
	readonly name: string;
	readonly version?: number;
	readonly upgrade?: (database: IDBDatabase, transaction: IDBTransaction) => void;
};

/** Opens a database. */
export const openIndexedDB = (factory: IDBFactory, {name, version, upgrade}: OpenRequest): Promise<IDBDatabase> =>
	new Promise((resolve, reject) => {
		const request = factory.open(name, version);
		request.onupgradeneeded = () => upgrade?.(request.result, request.transaction as IDBTransaction);
		request.onsuccess = () => resolve(request.result);
		request.addEventListener('error', () => reject(request.error ?? new Error('no error')));
	});
