/** Requests: what every operation of IndexedDB answers with. */
import {domError} from './dom-error.ts';
import {IDBEventTarget, type IDBHandler} from './indexed-db-events.ts';

/** Indexed Database API 3.0 §4.1. */
export class IDBRequest extends IDBEventTarget {
	onsuccess: IDBHandler = null;
	onerror: IDBHandler = null;
	source: object | null = null;
	transaction: object | null = null;
	readyState: 'pending' | 'done' = 'pending';
	#result: unknown = undefined;
	#error: DOMException | null = null;

	get result(): unknown {
		this.#requireDone();
		return this.#result;
	}

	get error(): DOMException | null {
		this.#requireDone();
		return this.#error;
	}

	succeed(result: unknown): void {
		this.readyState = 'done';
		this.#result = result;
		this.#error = null;
	}

	fail(error: DOMException): void {
		this.readyState = 'done';
		this.#result = undefined;
		this.#error = error;
	}

	#requireDone(): void {
		if (this.readyState === 'pending') throw domError('InvalidStateError', 'The request is not finished');
	}
}

/** Indexed Database API 3.0 §4.1: answers `open` and `deleteDatabase`. */
export class IDBOpenDBRequest extends IDBRequest {
	onupgradeneeded: IDBHandler = null;
	onblocked: IDBHandler = null;
}
