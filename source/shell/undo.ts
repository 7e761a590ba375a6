/** Steps that are taken back in reverse order when a later one fails. */

/** What was done so far. */
export type Undo = {
	/** @param name says in the log or to the person what could not be taken back */
	readonly push: (name: string, step: () => void | Promise<void>) => void;
	/** Takes everything back. Never rejects. @returns the names of what could not be taken back */
	readonly run: () => Promise<readonly string[]>;
};

/** @returns an empty list of steps. */
export const createUndo = (): Undo => {
	const steps: {readonly name: string; readonly step: () => void | Promise<void>}[] = [];
	return {
		push: (name, step) => void steps.push({name, step}),
		async run() {
			const failed: string[] = [];
			for (const {name, step} of steps.splice(0).toReversed()) {
				try {
					await step();
				} catch {
					// The failure that led here is the one to tell; this one is told by its name.
					failed.push(name);
				}
			}
			return failed;
		},
	};
};
