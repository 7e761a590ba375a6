/** Keeps the old object where a fresh one says the same, so that memoised rows and cached layouts stay valid. */

/**
 * @param keyOf what a value is recognised by
 * @returns a function that replaces each fresh value by the equal one of the call before
 */
export const createSameKeeper = <Value>(
	keyOf: (value: Value) => number | string,
): ((values: readonly Value[]) => readonly Value[]) => {
	let known = new Map<number | string, {readonly value: Value; readonly json: string}>();
	let last: readonly Value[] = [];
	return values => {
		const next = new Map<number | string, {readonly value: Value; readonly json: string}>();
		const kept = values.map(value => {
			const key = keyOf(value);
			const json = JSON.stringify(value);
			const before = known.get(key);
			const entry = before?.json === json ? before : {value, json};
			next.set(key, entry);
			return entry.value;
		});
		known = next;
		const isSame = kept.length === last.length && kept.every((value, index) => value === last[index]);
		if (!isSame) last = kept;
		return last;
	};
};
