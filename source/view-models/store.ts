/** A value that is replaced as a whole, and those who want to know: what `useSyncExternalStore` reads. */

export type Store<Value> = {
	readonly get: () => Value;
	/** Replaces the value; the same value again tells nobody. */
	readonly set: (value: Value) => void;
	/** @returns the end of the subscription. */
	readonly subscribe: (listener: () => void) => () => void;
};

/** @returns a store that holds `initial`. */
export const createStore = <Value>(initial: Value): Store<Value> => {
	let value = initial;
	const listeners = new Set<() => void>();
	return {
		get: () => value,
		set(next) {
			if (Object.is(next, value)) return;
			value = next;
			for (const listener of listeners) listener();
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	};
};
