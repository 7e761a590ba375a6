/** What a person may have meant by a mistyped name. */

/** Edit distance with swaps of neighbours (optimal string alignment). */
const distance = (left: string, right: string): number => {
	const rows: number[][] = [Array.from({length: right.length + 1}, (_, column) => column)];
	const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
	for (let row = 1; row <= left.length; row += 1) {
		const current = [row];
		rows.push(current);
		for (let column = 1; column <= right.length; column += 1) {
			const isSame = left[row - 1] === right[column - 1];
			const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
			const swapped = isSwap ? at(row - 2, column - 2) + 1 : Infinity;
			const replaced = at(row - 1, column - 1) + (isSame ? 0 : 1);
			current.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, replaced, swapped));
		}
	}
	return at(left.length, right.length);
};

/** @returns the name that differs least, if it differs little. */
export const closestName = (typed: string, names: readonly string[]): string | undefined => {
	const limit = typed.length < 4 ? 1 : 2;
	const [best] = names
		.map(name => ({name, difference: distance(typed.slice(0, 64), name)}))
		.filter(({difference}) => difference <= limit)
		.sort((left, right) => left.difference - right.difference);
	return best?.name;
};
