/** Gives a body up that has stopped coming, or only trickles in. */
import {NetworkError} from './network-errors.ts';

export type BodyWatchdog = {
	/** Aborts for a slow body, and with the outer signal. */
	readonly signal: AbortSignal;
	/** Bytes came; 0: the body begins. */
	readonly feed: (bytes: number) => void;
	/** Milliseconds of performance.now(). */
	readonly lastFed: () => number;
	readonly giveUp: () => void;
	readonly stop: () => void;
};

/** Bytes a second, on average: what is slower would take hours for a message. */
const slowest = 64;

/**
 * @param limits.idle milliseconds without a byte
 * @param limits.drip milliseconds over which the average is taken
 */
export const createBodyWatchdog = (
	outer: AbortSignal,
	{idle, drip}: {readonly idle: number; readonly drip: number},
): BodyWatchdog => {
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	let since: number | undefined;
	let received = 0;
	let lastFed = Number.NEGATIVE_INFINITY;
	const abort = (message: string): void => controller.abort(new NetworkError({kind: 'timeout', message}));
	const giveUp = (): void => abort('the server does not answer in time');
	return {
		signal: AbortSignal.any([controller.signal, outer]),
		feed(bytes) {
			clearTimeout(timer);
			timer = setTimeout(giveUp, idle);
			const now = performance.now();
			lastFed = now;
			since ??= now;
			received += bytes;
			const elapsed = now - since;
			if (elapsed < drip) return;
			if (received < (slowest * elapsed) / 1000) abort('the answer of the server trickles in too slowly');
			since = now;
			received = 0;
		},
		lastFed: () => lastFed,
		giveUp,
		stop: () => clearTimeout(timer),
	};
};
