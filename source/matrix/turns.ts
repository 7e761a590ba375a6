/** Lets one piece of work begin only when the one before it has ended. */

/** Runs an action when its turn has come. @returns what it answers, or throws */
export type Turns = <Result>(action: () => Promise<Result>) => Promise<Result>;

export const createTurns = (): Turns => {
	let last: Promise<unknown> = Promise.resolve();
	return async action => {
		const run = last.then(action, action);
		last = run.catch(() => undefined);
		return run;
	};
};
