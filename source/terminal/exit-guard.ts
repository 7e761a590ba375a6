/** Every way out of the screen: signals, uncaught errors, a vanished terminal, `/quit`. The terminal is restored first. */
import {constants} from 'node:os';

/** Why the program ends. */
export type ExitCause =
	| {readonly kind: 'quit'; readonly code: number}
	| {readonly kind: 'signal'; readonly signal: NodeJS.Signals}
	/** The terminal is gone (EIO, EPIPE, end of input). */
	| {readonly kind: 'hang-up'}
	| {readonly kind: 'error'; readonly error: unknown};

/** The part of `process` that is needed. */
export type GuardedProcess = NodeJS.EventEmitter & {
	readonly pid: number;
	readonly exit: (code: number) => void;
	readonly kill: (pid: number, signal: NodeJS.Signals) => unknown;
};

/** What the guard is made of. */
export type ExitGuardOptions = {
	readonly process: GuardedProcess;
	/** Its `error` event is a hang-up. */
	readonly stdout: NodeJS.EventEmitter;
	/** Gives the terminal back: closes the screen output, stops the input, leaves the modes. */
	readonly leave: () => void;
	/** Last chance at the `exit` event; synchronous. */
	readonly leaveAtExit: () => void;
	/** Saves what must be saved and ends the engine; it has `patience` milliseconds. */
	readonly onExit: (cause: ExitCause) => Promise<void>;
	/** Shows or logs a bug; the terminal is restored by then. Not through `process.stderr`, see `TerminalModes.print`. */
	readonly report: (error: unknown) => void;
	/** Whether another program has the terminal: an interrupt from the keys is for it. @default never */
	readonly isAway?: () => boolean;
	/** Milliseconds. @default 2000 */
	readonly patience?: number;
};

/** The guard of one process. */
export type ExitGuard = {
	/** Begins to end the program, once; a second signal, but that of the same hang-up, ends it at once. */
	readonly end: (cause: ExitCause) => void;
	/** Takes the handlers away, for tests and for verbs that follow a screen. */
	readonly dispose: () => void;
};

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGABRT'] as const;

const signalCode = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

const codeOf = (cause: ExitCause): number => {
	if (cause.kind === 'quit') return cause.code;
	if (cause.kind === 'error') return 1;
	return signalCode(cause.kind === 'signal' ? cause.signal : 'SIGHUP');
};

/**
 * Ends the process by the signal itself, with its default effect. `process.exit` waits for worker threads, and one
 * that is inside a long database call does not stop [measured: 6 s]; a shell shows 128 + n either way.
 */
const raise = ({process, leaveAtExit}: ExitGuardOptions, signal: NodeJS.Signals): void => {
	leaveAtExit();
	process.removeAllListeners(signal);
	process.kill(process.pid, signal);
};

/** @returns what became of the task within the time. */
const outcomeOf = async (task: () => Promise<void>, patience: number): Promise<'done' | 'late'> => {
	const timeout = Promise.withResolvers<'late'>();
	const timer = setTimeout(timeout.resolve, patience, 'late');
	try {
		return await Promise.race([task().then(() => 'done' as const), timeout.promise]);
	} finally {
		clearTimeout(timer);
	}
};

/** A write to a terminal that is gone. To report it would be another such write, and its failure the next: for ever. */
const isHangUp = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && ['EIO', 'EPIPE', 'ENXIO', 'EBADF'].includes(String(error.code));

/**
 * A terminal that vanishes says so several times: the end of its input, the kernel's SIGHUP, and that of the shell to its
 * jobs. What is typed must be kept nevertheless.
 */
const isSameHangUp = (first: ExitCause, next: ExitCause): boolean =>
	next.kind === 'signal' &&
	next.signal === 'SIGHUP' &&
	(first.kind === 'hang-up' || (first.kind === 'signal' && first.signal === 'SIGHUP'));

/** Installs the handlers. */
export const installExitGuard = (options: ExitGuardOptions): ExitGuard => {
	const {process, stdout, leave, leaveAtExit, onExit, report, isAway = () => false, patience = 2000} = options;
	let first: ExitCause | undefined;
	const finish = async (cause: ExitCause): Promise<void> => {
		const signal = cause.kind === 'signal' ? cause.signal : 'SIGTERM';
		try {
			const outcome = await outcomeOf(async () => onExit(cause), patience);
			if (outcome === 'done') process.exit(codeOf(cause));
			else raise(options, signal);
		} catch (error) {
			report(error);
			process.exit(codeOf(cause) || 1);
		}
	};
	const restore = (): void => {
		try {
			leave();
		} catch (error) {
			report(error);
		}
	};
	const end = (given: ExitCause): void => {
		const cause: ExitCause = given.kind === 'error' && isHangUp(given.error) ? {kind: 'hang-up'} : given;
		if (first !== undefined) {
			if (cause.kind === 'signal' && !isSameHangUp(first, cause)) raise(options, cause.signal);
			if (cause.kind === 'error') report(cause.error);
			return;
		}
		first = cause;
		restore();
		if (cause.kind === 'error') report(cause.error);
		void finish(cause);
	};
	const handlers: readonly (readonly [string, (value: unknown) => unknown])[] = [
		...signals.map(signal => {
			const isFromKeys = signal === 'SIGINT' || signal === 'SIGQUIT';
			return [signal, () => !(isFromKeys && isAway()) && end({kind: 'signal', signal})] as const;
		}),
		['uncaughtException', error => end({kind: 'error', error})],
		['unhandledRejection', error => end({kind: 'error', error})],
		['exit', leaveAtExit],
	];
	for (const [event, handler] of handlers) process.on(event, handler);
	const hangUp = () => end({kind: 'hang-up'});
	stdout.on('error', hangUp);
	return {
		end,
		dispose: () => {
			for (const [event, handler] of handlers) process.off(event, handler);
			stdout.off('error', hangUp);
		},
	};
};
