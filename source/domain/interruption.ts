/** Work that a person or the system ends before it is done. */
import {ExpectedError} from './errors.ts';

/** Somebody ended it. */
export const interrupted = (): ExpectedError => new ExpectedError({message: 'Interrupted.', reason: 'interrupted'});

/** @returns what the work gives. @throws the signal's reason as soon as it is aborted, whatever the work does then */
export const untilInterrupted = async <Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> => {
	signal.throwIfAborted();
	const aborted = Promise.withResolvers<never>();
	const onAbort = (): void => aborted.reject(signal.reason);
	signal.addEventListener('abort', onAbort);
	try {
		return await Promise.race([work, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', onAbort);
		// Nobody waits for it any more when the race was lost.
		work.catch(() => undefined);
	}
};
