/** Small random numbers from a seed (mulberry32), so that a failure can be played again. */
export const createRandom = (start: number) => {
	let state = start;
	return (maximum: number): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % maximum;
	};
};
