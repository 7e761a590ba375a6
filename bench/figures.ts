/** Arithmetic of the benchmarks. */

/** @returns the middle of the sorted values. */
export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((left, right) => left - right);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Two digits after the point. */
export const round = (value: number): number => Math.round(value * 100) / 100;
