/** The engine's thread counts in shared memory; the screen's thread looks whether the count still rises. */

/** One counter, which both threads see. */
export type Heartbeat = Int32Array<SharedArrayBuffer>;

export const createHeartbeat = (): Heartbeat => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Looks in the time of a patience. */
const looks = 3;

/** Beats between two looks. */
const beats = 5;

/** Counts several times between two looks, as long as the thread's event loop turns. @param patience milliseconds, as of who watches */
export const beat = (heartbeat: Heartbeat, patience: number): void => {
	setInterval(() => Atomics.add(heartbeat, 0, 1), patience / looks / beats).unref();
};

/**
 * Looks three times in the given patience, and tells when the count has stood still at all of them.
 * @param options.patience milliseconds
 * @returns a function that ends it
 */
export const watchHeartbeat = (
	heartbeat: Heartbeat,
	{patience, onDead}: {readonly patience: number; readonly onDead: () => void},
): (() => void) => {
	const interval = patience / looks;
	let seen = Atomics.load(heartbeat, 0);
	let missed = 0;
	let last = performance.now();
	const timer = setInterval(() => {
		const now = performance.now();
		// Who looks late was asleep, or blocked, and so may the other have been.
		const isLate = now - last > 2 * interval;
		last = now;
		const count = Atomics.load(heartbeat, 0);
		missed = count === seen && !isLate ? missed + 1 : 0;
		seen = count;
		if (missed < looks) return;
		clearInterval(timer);
		onDead();
	}, interval);
	timer.unref();
	return () => clearInterval(timer);
};
