/** What is seen of a timeline: the same object as long as it is the same. */
import type {Slice} from './scroll.ts';
import type {TimelineRow} from './timeline-rows.ts';

/** What is seen. The same object as long as it is the same. */
export type TimelineView = {
	readonly rows: readonly TimelineRow[];
	/** Rows that stay blank above a short timeline. */
	readonly blankRows: number;
	readonly isAtEnd: boolean;
	/** Messages of others that came below what is seen. */
	readonly newBelow: number;
	/** Unread messages begin above what is seen, and were not seen since the room was opened. */
	readonly isNewAbove: boolean;
};

/** What it is made of. */
type ViewFacts = Pick<TimelineView, 'isAtEnd' | 'newBelow' | 'isNewAbove'> & {
	/** Oldest first. */
	readonly slices: readonly Slice[];
	/** Rows that the timeline has. */
	readonly rows: number;
	/** @returns an entry as it is marked. */
	readonly rowAt: (index: number) => TimelineRow | undefined;
};

const nothing: TimelineView = {rows: [], blankRows: 0, isAtEnd: true, newBelow: 0, isNewAbove: false};

export const createTimelineView = (): ((facts: ViewFacts) => TimelineView) => {
	let last = nothing;
	const partial = new WeakMap<TimelineRow, {readonly from: number; readonly to: number; readonly row: TimelineRow}>();

	const sliceOf = (row: TimelineRow, from: number, to: number): TimelineRow => {
		const before = partial.get(row);
		if (before?.from === from && before.to === to) return before.row;
		const sliced = {key: row.key, lines: row.lines.slice(from, to)};
		partial.set(row, {from, to, row: sliced});
		return sliced;
	};

	return ({slices, rows, rowAt, isAtEnd, newBelow, isNewAbove}) => {
		const shown = slices.flatMap(({index, from, to}) => {
			const row = rowAt(index);
			if (row === undefined) return [];
			return from === 0 && to === row.lines.length ? [row] : [sliceOf(row, from, to)];
		});
		const filled = slices.reduce((sum, {from, to}) => sum + to - from, 0);
		const next = {rows: shown, blankRows: Math.max(0, rows - filled), isAtEnd, newBelow, isNewAbove};
		const isSame =
			next.blankRows === last.blankRows &&
			isAtEnd === last.isAtEnd &&
			newBelow === last.newBelow &&
			isNewAbove === last.isNewAbove &&
			shown.length === last.rows.length &&
			shown.every((row, index) => row === last.rows[index]);
		if (!isSame) last = next;
		return last;
	};
};
