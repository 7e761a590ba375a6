/**
 * Which lines of a timeline are seen. The anchor is an entry and a line of it, never a line number, so that edits,
 * older messages and a new width keep the place; or it is the end, which stays the end when messages come.
 */

/** What stands on the lowest row. */
export type ScrollAnchor =
	| {readonly kind: 'end'}
	/** `line` counts from 0 within the entry. */
	| {readonly kind: 'line'; readonly index: number; readonly line: number};

/** Heights of all entries, in rows, asked one by one: an entry is laid out only when it comes near. */
export type Heights = {readonly count: number; readonly heightOf: (index: number) => number};

/** Lines `from` up to, without, `to` of an entry. */
export type Slice = {readonly index: number; readonly from: number; readonly to: number};

/** Lines of an entry and how to step from one to the next. */
type Spot = {readonly index: number; readonly line: number};

const lastSpot = ({count, heightOf}: Heights): Spot | undefined => {
	for (let index = count - 1; index >= 0; index--) {
		const height = heightOf(index);
		if (height > 0) return {index, line: height - 1};
	}
	return undefined;
};

const spotOf = (anchor: ScrollAnchor, heights: Heights): Spot | undefined => {
	if (anchor.kind === 'end' || anchor.index >= heights.count) return lastSpot(heights);
	const height = heights.heightOf(anchor.index);
	return {index: anchor.index, line: Math.max(0, Math.min(anchor.line, height - 1))};
};

/** Slices from the spot upwards, oldest first, and how many rows they fill. */
const sliceUp = (
	spot: Spot,
	heights: Heights,
	rows: number,
): {readonly slices: readonly Slice[]; readonly filled: number} => {
	const slices: Slice[] = [];
	let filled = 0;
	let to = spot.line + 1;
	for (let {index} = spot; index >= 0 && filled < rows; index--) {
		const end = index === spot.index ? to : heights.heightOf(index);
		to = end;
		const from = Math.max(0, end - (rows - filled));
		if (end > from) slices.push({index, from, to: end});
		filled += end - from;
	}
	return {slices: slices.toReversed(), filled};
};

/** @returns the spot `lines` below, or the last one. */
const stepDown = (spot: Spot, heights: Heights, lines: number): Spot => {
	let {index, line} = spot;
	let left = lines;
	while (left > 0) {
		const below = heights.heightOf(index) - 1 - line;
		if (left <= below) return {index, line: line + left};
		let next = index + 1;
		while (next < heights.count && heights.heightOf(next) === 0) next++;
		if (next >= heights.count) return {index, line: Math.max(0, heights.heightOf(index) - 1)};
		left -= below + 1;
		index = next;
		line = 0;
	}
	return {index, line};
};

/** @returns the spot `lines` above, or the first one. */
const stepUp = (spot: Spot, heights: Heights, lines: number): Spot => {
	let {index, line} = spot;
	let left = lines;
	while (left > line) {
		left -= line + 1;
		let next = index - 1;
		while (next >= 0 && heights.heightOf(next) === 0) next--;
		if (next < 0) return {index, line: 0};
		index = next;
		line = heights.heightOf(index) - 1;
	}
	return {index, line: line - left};
};

/** Moves a spot down until the rows above it are all filled, if there are so many. */
const settle = (spot: Spot, heights: Heights, rows: number): Spot => {
	const {filled} = sliceUp(spot, heights, rows);
	return filled >= rows ? spot : stepDown(spot, heights, rows - filled);
};

/** @returns the slices that fill `rows` rows, oldest first; fewer rows only if there are no more lines at all. */
export const visibleSlices = (anchor: ScrollAnchor, heights: Heights, rows: number): readonly Slice[] => {
	const spot = spotOf(anchor, heights);
	if (spot === undefined || rows <= 0) return [];
	return sliceUp(settle(spot, heights, rows), heights, rows).slices;
};

/**
 * @param lines positive: towards newer messages
 * @returns the anchor after scrolling; the last line of all is the end
 */
export const scrollBy = (
	anchor: ScrollAnchor,
	heights: Heights,
	move: {readonly lines: number; readonly rows: number},
): ScrollAnchor => {
	const start = spotOf(anchor, heights);
	if (start === undefined) return anchor;
	const {lines, rows} = move;
	const from = settle(start, heights, rows);
	const to = lines > 0 ? stepDown(from, heights, lines) : settle(stepUp(from, heights, -lines), heights, rows);
	const last = lastSpot(heights);
	const isEnd = last !== undefined && last.index === to.index && last.line === to.line;
	return isEnd ? {kind: 'end'} : {kind: 'line', ...to};
};

/** @returns the anchor that puts the first line of an entry on the top row. */
export const anchorToTop = (index: number, heights: Heights, rows: number): ScrollAnchor => {
	const spot = stepDown({index, line: 0}, heights, Math.max(0, rows - 1));
	return {kind: 'line', ...spot};
};
