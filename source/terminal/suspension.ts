/** Job control: a stop from outside gives the terminal back first; whoever continues the program finds its screen again. */
import type {GuardedProcess} from './exit-guard.ts';

export type SuspensionOptions = {
	readonly process: GuardedProcess;
	/** Gives the terminal back. */
	readonly leave: () => void;
	/** Takes the terminal, whatever became of it meanwhile, and draws everything anew. */
	readonly enter: () => void;
};

export type Suspension = {
	/** Stops the program as Ctrl-Z does elsewhere; nothing happens where there is no shell to continue it. */
	readonly suspend: () => void;
	/** Takes the handlers away. */
	readonly dispose: () => void;
};

/** Milliseconds within which the stop takes effect; where it has none, the screen comes back. */
const patience = 200;

/** Installs the handlers. SIGSTOP cannot be heard: after it, only the return is. */
export const installSuspension = ({process, leave, enter}: SuspensionOptions): Suspension => {
	let timer: NodeJS.Timeout | undefined;
	const resume = (): void => {
		if (timer !== undefined) process.on('SIGTSTP', suspend);
		clearTimeout(timer);
		timer = undefined;
		enter();
	};
	const suspend = (): void => {
		if (timer !== undefined) return;
		leave();
		// With its default effect: without a shell that could continue it, the system ignores the signal.
		process.off('SIGTSTP', suspend);
		process.kill(process.pid, 'SIGTSTP');
		timer = setTimeout(resume, patience);
	};
	process.on('SIGTSTP', suspend);
	process.on('SIGCONT', resume);
	return {
		suspend,
		dispose() {
			clearTimeout(timer);
			process.off('SIGTSTP', suspend);
			process.off('SIGCONT', resume);
		},
	};
};
