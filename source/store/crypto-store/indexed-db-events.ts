/** The events of IndexedDB and what they are dispatched to: small and synchronous, without the DOM's event machinery. */

/** Rethrows what a listener threw where the process sees it: as an uncaught exception, after the current work. */
export const reportException = (error: unknown): void => {
	queueMicrotask(() => {
		throw error;
	});
};

/** An event; listeners see the members of the DOM's Event that IndexedDB's callers use. */
export class IDBEvent {
	readonly type: string;
	readonly target: object;
	currentTarget: object;
	/** Whether it goes on from a request to its transaction and from there to the database. */
	bubbles: boolean;
	defaultPrevented = false;

	constructor(type: string, target: object, bubbles = false) {
		this.type = type;
		this.target = target;
		this.currentTarget = target;
		this.bubbles = bubbles;
	}

	preventDefault(): void {
		this.defaultPrevented = true;
	}

	stopPropagation(): void {
		this.bubbles = false;
	}
}

/** Indexed Database API 3.0 §4.2. `newVersion` is null when the database is deleted. */
export class IDBVersionChangeEvent extends IDBEvent {
	readonly oldVersion: number;
	readonly newVersion: number | null;

	constructor(...[type, target, oldVersion, newVersion]: [string, object, number, number | null]) {
		super(type, target);
		this.oldVersion = oldVersion;
		this.newVersion = newVersion;
	}
}

/** A function, or an object with `handleEvent`. */
export type IDBListener = ((event: IDBEvent) => void) | {handleEvent(event: IDBEvent): void};

/** What an `on…` attribute holds. */
export type IDBHandler = ((event: IDBEvent) => void) | null;

/** Something with `on…` attributes and listeners. */
export class IDBEventTarget {
	readonly #listeners = new Map<string, Set<IDBListener>>();

	addEventListener(type: string, listener: IDBListener | null): void {
		if (!listener) return;
		const listeners = this.#listeners.get(type);
		if (listeners) listeners.add(listener);
		else this.#listeners.set(type, new Set([listener]));
	}

	removeEventListener(type: string, listener: IDBListener | null): void {
		if (listener) this.#listeners.get(type)?.delete(listener);
	}

	/** @returns whether anyone would see an event of this type here. */
	hasListener(type: string): boolean {
		return this.#handler(type) !== undefined || (this.#listeners.get(type)?.size ?? 0) > 0;
	}

	/** Calls the handler and the listeners. @returns whether one of them threw; the exception is reported. */
	dispatch(event: IDBEvent): boolean {
		event.currentTarget = this;
		let hasThrown = false;
		const handler = this.#handler(event.type);
		const listeners = [...(this.#listeners.get(event.type) ?? [])];
		for (const listener of handler ? [handler, ...listeners] : listeners) {
			try {
				if (typeof listener === 'function') listener.call(this, event);
				else listener.handleEvent(event);
			} catch (error) {
				hasThrown = true;
				reportException(error);
			}
		}
		return hasThrown;
	}

	#handler(type: string): IDBListener | undefined {
		const handler: unknown = Reflect.get(this, `on${type}`);
		return typeof handler === 'function' ? (handler as IDBListener) : undefined;
	}
}
