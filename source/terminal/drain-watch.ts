/** How fast the terminal takes what is written to it: whether the link is too slow for a screen of many parts. */

export type DrainWatch = {
	/** A write begins. @returns to be called when the terminal has taken it */
	readonly begin: () => () => void;
	/** Whether several writes in a row took long. A single pause, as after Ctrl-S, does not count. */
	readonly isSlow: () => boolean;
};

/** Milliseconds: a local terminal takes a frame in less than ten, a link of 6 KB/s needs a second. */
const slowTime = 250;
const fastTime = 60;
/** Slow writes, more than fast ones, that make a slow link; and so many at most are remembered. */
const enough = 3;
const most = 6;

/** @param now milliseconds @default performance.now */
export const createDrainWatch = (now: () => number = () => performance.now()): DrainWatch => {
	let slowness = 0;
	let isSlow = false;
	return {
		begin() {
			const began = now();
			return () => {
				const took = now() - began;
				if (took >= slowTime) slowness = Math.min(most, slowness + 1);
				else if (took <= fastTime) slowness = Math.max(0, slowness - 1);
				// It must become fast for good before it counts as fast again.
				if (slowness >= enough) isSlow = true;
				else if (slowness === 0) isSlow = false;
			};
		},
		isSlow: () => isSlow,
	};
};
