/** Which names fit to what was typed, and which of them fit best: without regard to case and accents. */

/** @returns a text to be compared: lower case, without accents. */
export const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** How well one of several names fits; smaller is better. @returns `undefined` where none does */
const rankOf = (names: readonly string[], query: string): number | undefined => {
	if (query === '') return 0;
	const ranks = names.flatMap((name, index) => {
		const text = folded(name);
		// The name counts before the id.
		if (text.startsWith(query)) return [index];
		const isWord = text.split(/[^\p{L}\p{N}]+/u).some(word => word.startsWith(query));
		if (isWord) return [index + 0.5];
		return query.length > 1 && text.includes(query) ? [names.length + index] : [];
	});
	return ranks.length === 0 ? undefined : Math.min(...ranks);
};

/**
 * @param namesOf names of an entry, those that count most first
 * @returns the entries that fit, best first; those that fit alike stay in their order
 */
export const ranked = <Entry>(
	entries: readonly Entry[],
	query: string,
	namesOf: (entry: Entry) => readonly string[],
): readonly Entry[] => {
	const word = folded(query);
	return entries
		.flatMap(entry => {
			const rank = rankOf(namesOf(entry), word);
			return rank === undefined ? [] : [{entry, rank}];
		})
		.sort((first, second) => first.rank - second.rank)
		.map(({entry}) => entry);
};
