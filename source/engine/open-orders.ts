/** Messages that are ordered and not answered yet, so that whoever waits for one can let it go (Ctrl-C on `mx send`). */
import {interrupted} from '../domain/interruption.ts';

/** One that is being worked on. */
export type OpenOrder = {
	/** Aborted when nobody waits any more: what is stored by then is answered as it is. */
	readonly signal: AbortSignal;
	/** Called right before the message is stored. @throws ExpectedError `interrupted` where it was let go: it may not be */
	readonly store: () => void;
};

export type OpenOrders = {
	/**
	 * @param name by which the order can be let go; it cannot without
	 * @throws ExpectedError `interrupted` as soon as it is let go before it was stored; then it never is
	 */
	readonly answer: <Result>(name: string | undefined, work: (order: OpenOrder) => Promise<Result>) => Promise<Result>;
	/** Of one that is answered already, or is none, nothing comes. */
	readonly letGo: (name: string) => void;
};

export const createOpenOrders = (): OpenOrders => {
	const open = new Map<string, () => void>();
	return {
		async answer(name, work) {
			const controller = new AbortController();
			const {signal} = controller;
			const dropped = Promise.withResolvers<never>();
			let isStored = false;
			const letGo = (): void => {
				controller.abort(interrupted());
				if (!isStored) dropped.reject(signal.reason);
			};
			if (name !== undefined) open.set(name, letGo);
			const store = (): void => {
				signal.throwIfAborted();
				isStored = true;
			};
			try {
				return await Promise.race([work({signal, store}), dropped.promise]);
			} finally {
				if (name !== undefined) open.delete(name);
			}
		},
		letGo: name => open.get(name)?.(),
	};
};
