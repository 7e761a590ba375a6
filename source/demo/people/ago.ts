/** How long before now: `40s`, `5m`, `2d 3h`. */

const units = {d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000} as const;

/** @returns milliseconds, or `undefined` where the text is no such time. */
export const durationOf = (text: string): number | undefined => {
	let duration = 0;
	for (const part of text.split(' ')) {
		const [, count, unit] = /^(\d{1,4})([dhms])$/.exec(part) ?? [];
		if (count === undefined) return undefined;
		duration += Number(count) * units[unit as keyof typeof units];
	}
	return duration;
};
