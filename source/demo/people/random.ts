/** Choices that follow from a seed, so that the demo is the same every time (mulberry32). */

export type Choices = {
	/** @returns an integer from 0 to below `limit` */
	readonly below: (limit: number) => number;
	readonly pick: <Item>(items: readonly Item[]) => Item;
};

export const createChoices = (seed: number): Choices => {
	let state = seed;
	const below = (limit: number): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
	};
	return {below, pick: items => items[below(items.length)] as (typeof items)[number]};
};

/** Chooses between the words of each `{this|that}`. */
export const chooseWords = (line: string, {pick}: Choices): string =>
	line.replaceAll(/\{([^{}]*\|[^{}]*)\}/g, (_, words: string) => pick(words.split('|')));
