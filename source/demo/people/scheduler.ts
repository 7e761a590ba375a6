/** The clock of everybody who does something by themselves: all of it ends together. */

export type Scheduler = {
	/** @param delay milliseconds */
	readonly after: (delay: number, act: () => void) => void;
	/** What was to come never comes. */
	readonly stop: () => void;
};

/** @param speed how many times faster than in life; 1 without */
export const createScheduler = (speed = 1): Scheduler => {
	const timers = new Set<NodeJS.Timeout>();
	let isStopped = false;
	return {
		after(delay, act) {
			if (isStopped) return;
			const timer = setTimeout(() => {
				timers.delete(timer);
				act();
			}, delay / speed);
			timers.add(timer.unref());
		},
		stop() {
			isStopped = true;
			for (const timer of timers) clearTimeout(timer);
			timers.clear();
		},
	};
};
