/** Ctrl-C and signals as an AbortSignal, so that what was begun can be taken back before the process ends. */
import {constants} from 'node:os';
import {ExpectedError} from '../domain/errors.ts';

/** A person or the system ended the verb. */
export const interrupted = (): ExpectedError => new ExpectedError({message: 'Interrupted.', reason: 'interrupted'});

/** The part of `process` that is needed. */
export type SignalSource = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;

/** The signals of one process. */
export type Interruption = {
	readonly signal: AbortSignal;
	/** Exit code of the signal that came, 128 plus its number. */
	readonly code: () => number | undefined;
	readonly dispose: () => void;
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for the signals: the first one aborts, the second ends the process at once. */
export const listenForInterruption = (source: SignalSource): Interruption => {
	const controller = new AbortController();
	let code: number | undefined;
	const onSignal = (name: NodeJS.Signals): void => {
		if (code !== undefined) source.exit(code);
		code = 128 + constants.signals[name];
		controller.abort(interrupted());
	};
	for (const name of signals) source.on(name, onSignal);
	return {
		signal: controller.signal,
		code: () => code,
		dispose() {
			for (const name of signals) source.off(name, onSignal);
		},
	};
};

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
