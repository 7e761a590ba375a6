/** Job control: a stop from outside gives the terminal back first; whoever continues the program finds its screen again. */
import {constants} from 'node:os';
import type {GuardedProcess} from './exit-guard.ts';

export type SuspensionOptions = {
	readonly process: GuardedProcess;
	/** Gives the terminal back, and calls when it has taken what restores it, perhaps at once; draws nothing from then on. */
	readonly leave: (whenOut: () => void) => void;
	/** Gives the terminal back past all that still waits to be written: it has not taken it in time. */
	readonly leaveAtOnce: () => void;
	/** Takes the terminal, whatever became of it meanwhile, and draws everything anew. */
	readonly enter: () => void;
	/** Says that programs cannot be stopped here. */
	readonly refuse: () => void;
	/** Whether the system can stop a program and continue it. @default whether it knows the signal: Windows does not */
	readonly canStop?: boolean;
};

export type Suspension = {
	/** Stops the program as Ctrl-Z does elsewhere; nothing happens where there is no shell to continue it. */
	readonly suspend: () => void;
	/**
	 * Gives the terminal to another program for as long as the task takes. Meanwhile a stop stops this program without a
	 * word: the other one has the screen.
	 * @throws what the task throws
	 */
	readonly away: <Result>(task: () => Promise<Result>) => Promise<Result>;
	/** Whether another program has the terminal. */
	readonly isAway: () => boolean;
	/** Takes the handlers away. */
	readonly dispose: () => void;
};

/** Milliseconds that a slow terminal has to take what waits for it. */
const slowness = 1000;

/** Milliseconds within which the stop takes effect; where it has none, the screen comes back. */
const patience = 200;

/** Installs the handlers. SIGSTOP cannot be heard: after it, only the return is. */
export const installSuspension = (options: SuspensionOptions): Suspension => {
	const {process, leave, leaveAtOnce, enter, refuse, canStop = 'SIGTSTP' in constants.signals} = options;
	let state: 'running' | 'leaving' | 'stopped' | 'away' | 'gone' = 'running';
	let timer: NodeJS.Timeout | undefined;
	const resume = (): void => {
		if (state === 'away') {
			process.off('SIGTSTP', suspend);
			process.on('SIGTSTP', suspend);
			clearTimeout(timer);
			return;
		}
		if (state === 'stopped') process.on('SIGTSTP', suspend);
		clearTimeout(timer);
		state = 'running';
		enter();
	};
	const stop = (): void => {
		// Continued or ended meanwhile, or out of patience.
		if (state !== 'leaving') return;
		state = 'stopped';
		clearTimeout(timer);
		// With its default effect: without a shell that could continue it, the system ignores the signal.
		process.off('SIGTSTP', suspend);
		process.kill(process.pid, 'SIGTSTP');
		timer = setTimeout(resume, patience);
	};
	/** The other program stops too, and has the terminal again when both go on. */
	const stopAway = (): void => {
		process.off('SIGTSTP', suspend);
		process.kill(process.pid, 'SIGTSTP');
		timer = setTimeout(resume, patience);
	};
	const away = async <Result>(task: () => Promise<Result>): Promise<Result> => {
		if (state !== 'running') throw new Error('The terminal is given away already');
		state = 'away';
		await new Promise<void>(resolve => {
			const slow = setTimeout(() => {
				leaveAtOnce();
				resolve();
			}, slowness);
			leave(() => {
				clearTimeout(slow);
				resolve();
			});
		});
		try {
			return await task();
		} finally {
			clearTimeout(timer);
			if (isAway()) {
				state = 'running';
				enter();
			}
		}
	};
	const isAway = (): boolean => state === 'away';
	const suspend = (): void => {
		if (canStop && state === 'away') stopAway();
		if (!canStop) refuse();
		if (!canStop || state !== 'running') return;
		state = 'leaving';
		timer = setTimeout(() => {
			leaveAtOnce();
			stop();
		}, slowness);
		leave(stop);
	};
	process.on('SIGTSTP', suspend);
	process.on('SIGCONT', resume);
	return {
		suspend,
		away,
		isAway,
		dispose() {
			state = 'gone';
			clearTimeout(timer);
			process.off('SIGTSTP', suspend);
			process.off('SIGCONT', resume);
		},
	};
};
