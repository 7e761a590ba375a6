/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
export type Random = {
	/** @returns an integer from 0 to below `limit` */
	readonly below: (limit: number) => number;
	readonly chance: (probability: number) => boolean;
	readonly pick: <Item>(items: readonly Item[]) => Item;
	/** @returns the items in another order */
	readonly shuffle: <Item>(items: readonly Item[]) => readonly Item[];
};

/** The same seed gives the same numbers, so that a failure can be played again. */
export const createRandom = (seed: number): Random => {
	let state = seed;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return {
		below,
		chance: probability => next() < probability,
		pick: items => items[below(items.length)] as (typeof items)[number],
		shuffle(items) {
			const left = [...items];
			return items.map(() => left.splice(below(left.length), 1)[0] as (typeof items)[number]);
		},
	};
};
