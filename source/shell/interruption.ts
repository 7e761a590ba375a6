/** Ctrl-C and signals as an AbortSignal, so that what was begun can be taken back before the process ends. */
import {constants} from 'node:os';
import {interrupted} from '../domain/interruption.ts';

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
