/** The order of rooms in a space (client-server API §Ordering of children within a space): short texts that sort. */

export type OrderedChild = {readonly roomId: string; readonly order?: string | undefined};

const lowest = 0x20;
const highest = 0x7e;
const maximumLength = 50;

/**
 * @param low sorts before the result; empty for none
 * @param high sorts behind it; `undefined` for none
 * @returns a text between both; `undefined` where there is no room
 */
const between = (low: string, high: string | undefined): string | undefined => {
	let prefix = '';
	let isBound = high !== undefined;
	for (let index = 0; index < maximumLength; index++) {
		const above = index < low.length ? low.charCodeAt(index) : lowest - 1;
		if (isBound && high !== undefined && index >= high.length) return undefined;
		const below = isBound && high !== undefined ? high.charCodeAt(index) : highest + 1;
		if (below - above > 1) return prefix + String.fromCharCode(Math.floor((above + below) / 2));
		const next = Math.max(above, lowest);
		prefix += String.fromCharCode(next);
		if (next < below) isBound = false;
	}
	return undefined;
};

/** Orders that leave room for others between them. */
const freshOrder = (index: number): string => String((index + 1) * 10).padStart(5, '0');

/**
 * Moves a room by one place; few rooms get another order.
 * @param children as they are sorted now
 * @returns the orders to set; none where the room is at the end already
 */
export const moveChild = (
	children: readonly OrderedChild[],
	roomId: string,
	steps: -1 | 1,
): readonly Required<OrderedChild>[] => {
	const from = children.findIndex(child => child.roomId === roomId);
	const to = from + steps;
	const child = children[from];
	if (child === undefined || to < 0 || to >= children.length) return [];
	const moved = children.toSpliced(from, 1).toSpliced(to, 0, child);
	const before = moved[to - 1];
	if (before === undefined || before.order !== undefined) {
		const order = between(before?.order ?? '', moved[to + 1]?.order);
		if (order !== undefined) return [{roomId, order}];
	}
	// Those without an order come last, so all before the moved one need one; where there is no room, all do.
	const hasOrderBehind = moved.slice(to + 1).some(({order}) => order !== undefined);
	return moved
		.slice(0, hasOrderBehind ? moved.length : to + 1)
		.map((each, index) => ({roomId: each.roomId, order: freshOrder(index)}));
};
