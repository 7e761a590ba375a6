/** Repeats the requests that keep the connection until they are answered, each pause longer than the last, and ends a pause when told. */
import {isWithoutServer, type NetworkFailure} from './network-errors.ts';

/** What came of one try. */
export type Outcome<Result> =
	| {readonly kind: 'answer'; readonly result: Result}
	| {readonly kind: 'failed'; readonly failure: NetworkFailure};

/** What is to be told of a failure. */
export type Failed = {
	readonly failure: NetworkFailure;
	/** Milliseconds since the Unix epoch of the next try. */
	readonly retryAt: number;
	/** The first after a success, and over soon: nothing that a person should see. */
	readonly isQuiet: boolean;
};

export type RetryLoopOptions = {
	readonly onFailed: (failed: Failed) => void;
	/** A pause is over, and the next try begins. */
	readonly onTrying: () => void;
	/** Milliseconds since the Unix epoch. @default Date.now */
	readonly now?: (() => number) | undefined;
	/** From 0 to 1. @default Math.random */
	readonly random?: (() => number) | undefined;
	/** Milliseconds of the first pause; each further one is twice as long. @default 1000 */
	readonly firstPause?: number | undefined;
};

export type RetryLoop = {
	/**
	 * Tries until there is an answer. An attempt that throws ends the loop, unless it was aborted by `wake`.
	 * @param signal ends the loop with its reason
	 */
	readonly run: <Result>(
		attempt: (signal: AbortSignal) => Promise<Outcome<Result>>,
		signal: AbortSignal,
	) => Promise<Result>;
	/** Tries now, whatever is waited for: a pause, or an answer that may never come. */
	readonly wake: () => void;
};

const defaultFirstPause = 1000;
/** While nothing answers, a try burdens nobody, and somebody may wait for the network to come back. */
const longestPause = 15_000;
const longestPauseOfServer = 60_000;
/** A failure whose pause is shorter than this may be over before anybody has read of it. */
const quietPause = 8000;

export const createRetryLoop = (options: RetryLoopOptions): RetryLoop => {
	const {now = Date.now, random = Math.random, firstPause = defaultFirstPause} = options;
	let waker = new AbortController();
	let failures = 0;
	let hasSucceeded = false;

	/** Milliseconds; the first failure after a success is most often a connection that the server had closed. */
	const pauseAfter = (failure: NetworkFailure): number => {
		if (failure.retryAfter !== undefined) return failure.retryAfter;
		const doublings = failures - (hasSucceeded ? 2 : 1);
		const longest = isWithoutServer(failure) ? longestPause : longestPauseOfServer;
		const pause = doublings < 0 ? firstPause / 4 : Math.min(longest, firstPause * 2 ** Math.min(doublings, 10));
		return pause * (0.75 + random() / 4);
	};

	const sleep = async (milliseconds: number, signals: AbortSignal): Promise<void> => {
		if (signals.aborted) return;
		await new Promise<void>(resolve => {
			const end = (): void => {
				clearTimeout(timer);
				signals.removeEventListener('abort', end);
				resolve();
			};
			const timer = setTimeout(end, milliseconds);
			signals.addEventListener('abort', end);
		});
	};

	/** @returns `undefined` when it was woken. */
	const attemptOnce = async <Result>(
		attempt: (signal: AbortSignal) => Promise<Outcome<Result>>,
		signal: AbortSignal,
	): Promise<Outcome<Result> | undefined> => {
		const {signal: woken} = waker;
		try {
			return await attempt(AbortSignal.any([signal, woken]));
		} catch (error) {
			signal.throwIfAborted();
			if (woken.aborted) return undefined;
			throw error;
		}
	};

	return {
		async run(attempt, signal) {
			for (;;) {
				signal.throwIfAborted();
				if (waker.signal.aborted) waker = new AbortController();
				const outcome = await attemptOnce(attempt, signal);
				if (outcome === undefined) continue;
				if (outcome.kind === 'answer') {
					failures = 0;
					hasSucceeded = true;
					return outcome.result;
				}
				failures += 1;
				const {failure} = outcome;
				const pause = pauseAfter(failure);
				const isQuiet = hasSucceeded && failures === 1 && pause < quietPause;
				options.onFailed({failure, retryAt: now() + pause, isQuiet});
				await sleep(pause, AbortSignal.any([signal, waker.signal]));
				signal.throwIfAborted();
				if (!isQuiet) options.onTrying();
			}
		},
		wake() {
			failures = Math.min(failures, 1);
			waker.abort(new DOMException('Tried anew', 'AbortError'));
		},
	};
};
