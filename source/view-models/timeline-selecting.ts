/** Selecting in a timeline: what is selected stays so while messages come, and is always seen. */
import type {Message} from '../domain/message.ts';
import type {Slice} from './scroll.ts';
import type {ShownMessage} from './timeline-echo.ts';
import type {TimelineItem} from './timeline-items.ts';
import type {RowMark} from './timeline-rows.ts';
import {
	indexOfSelection,
	isSelectable,
	selectionOf,
	stepDay,
	stepSelection,
	type SelectableItem,
	type Selection,
} from './timeline-selection.ts';

/** The timeline, as far as selecting needs it. */
export type SelectingPort = {
	readonly items: () => readonly TimelineItem[];
	/** Rows that are seen. */
	readonly rows: () => number;
	/** Rows of an entry. */
	readonly heightOf: (index: number) => number;
	/** What is seen, oldest first. */
	readonly slices: () => readonly Slice[];
	/** What is seen stays where it is. */
	readonly fixView: () => void;
	/** Scrolls until the entry is seen at an edge. */
	readonly showEdge: (index: number, edge: 'top' | 'bottom') => void;
	/** Reads more of the archive on one side. */
	readonly load: (direction: -1 | 1) => void;
	/** The newest messages are followed again, if they are what is seen. */
	readonly release: () => void;
};

export const createSelecting = (port: SelectingPort) => {
	const {items, slices, heightOf} = port;
	let selection: Selection | undefined;
	/** Keys of entries that are chosen to be acted on together. */
	let picked: ReadonlySet<string> = new Set();
	/** Key of the entry that they reach from, to the selected one, whichever that becomes. */
	let pickedFrom: string | undefined;

	const index = (): number | undefined => (selection === undefined ? undefined : indexOfSelection(items(), selection));

	const unpick = (): void => {
		picked = new Set();
		pickedFrom = undefined;
	};

	const pickRange = (to: number): void => {
		const from = pickedFrom === undefined ? -1 : items().findIndex(({key}) => key === pickedFrom);
		if (from === -1) return;
		const range = items().slice(Math.min(from, to), Math.max(from, to) + 1);
		picked = new Set(range.filter(isSelectable).map(({key}) => key));
	};

	const select = (at: number): void => {
		const item = items()[at];
		if (!isSelectable(item)) return;
		selection = selectionOf(item, at);
		pickRange(at);
	};

	/** Scrolls just as far as the entry needs to be seen whole. */
	const reveal = (at: number): void => {
		const seen = slices();
		const height = heightOf(at);
		const isHigh = height >= port.rows();
		const own = seen.find(slice => slice.index === at);
		const isWhole = own?.from === 0 && own.to === height;
		if (isWhole || (own !== undefined && isHigh)) return;
		const isAbove = at < (seen[0]?.index ?? 0) || (own !== undefined && own.from > 0);
		port.showEdge(at, isAbove || isHigh ? 'top' : 'bottom');
	};

	const selectAt = (at: number): boolean => {
		if (!isSelectable(items()[at])) return false;
		port.fixView();
		select(at);
		reveal(at);
		return true;
	};

	const seenMessages = (): readonly Slice[] => slices().filter(slice => isSelectable(items()[slice.index]));

	/** @param find where to go from the selected entry, when that side is in memory */
	const move = (direction: -1 | 1, find: (from: number) => number): void => {
		const from = index();
		if (from === undefined) return;
		const beyond = direction < 0 ? items().slice(0, from) : items().slice(from + 1);
		if (!beyond.some(isSelectable)) port.load(direction);
		selectAt(find(index() ?? from));
	};

	const selected = (): SelectableItem | undefined => {
		const item = items()[index() ?? -1];
		return isSelectable(item) ? item : undefined;
	};

	const clear = (): void => {
		selection = undefined;
		unpick();
	};

	return {
		index,
		clear,
		markOf: (at: number, chosen: number | undefined): RowMark => ({
			isSelected: at === chosen,
			isPicked: picked.has(items()[at]?.key ?? ''),
		}),

		/** After scrolling: what is selected is taken along. */
		keepSeen(towards: 'older' | 'newer'): void {
			const chosen = index();
			const seen = seenMessages();
			if (chosen === undefined || seen.some(slice => slice.index === chosen)) return;
			const nearest = (towards === 'older' ? seen.at(-1) : seen[0])?.index;
			if (nearest !== undefined) select(nearest);
		},

		moveToEnd(end: 'oldest' | 'newest'): void {
			if (selection === undefined) return;
			selectAt(end === 'newest' ? items().findLastIndex(isSelectable) : items().findIndex(isSelectable));
		},

		/** What the timeline offers of it. */
		actions: {
			selected,

			/** Selects the lowest message that is seen. @returns whether there is one */
			selectSeen(): boolean {
				const lowest = seenMessages().at(-1);
				return lowest !== undefined && selectAt(lowest.index);
			},

			/** @param row from 0 at the top of the timeline. @returns whether a message stands there: then it is selected */
			selectRow(row: number): boolean {
				const seen = slices();
				let left = row - port.rows() + seen.reduce((sum, {from, to}) => sum + to - from, 0);
				for (const {index, from, to} of seen) {
					if (left >= 0 && left < to - from) return selectAt(index);
					left -= to - from;
				}
				return false;
			},

			/** Selects the uppermost or lowest message that is seen whole. */
			selectSeenEnd(end: 'oldest' | 'newest'): void {
				const seen = seenMessages();
				const whole = seen.filter(slice => slice.from === 0 && slice.to === heightOf(slice.index));
				const found = (whole.length > 0 ? whole : seen).at(end === 'oldest' ? 0 : -1);
				if (found !== undefined) select(found.index);
			},

			/** @param steps positive: towards newer messages */
			moveSelection: (steps: number): void => move(steps < 0 ? -1 : 1, from => stepSelection(items(), from, steps)),
			moveSelectionByDay: (direction: -1 | 1): void => move(direction, from => stepDay(items(), from, direction)),

			/** @returns whether the message is in memory: then it is selected */
			selectMessage: (eventId: string): boolean =>
				selectAt(items().findIndex(item => item.kind === 'message' && item.message.eventId === eventId)),

			/** Nothing is selected any more; where the newest messages are seen, they are followed again. */
			deselect(): void {
				if (selection === undefined) return;
				clear();
				port.release();
			},

			/** Adds the selected entry to those that are acted on together, or takes it from them. */
			togglePicked(): void {
				const item = selected();
				if (item === undefined) return;
				pickedFrom = undefined;
				const others = [...picked].filter(key => key !== item.key);
				picked = new Set(picked.has(item.key) ? others : [...others, item.key]);
			},
			/** From now on all from the selected entry to where one goes are acted on together; again: none are. */
			togglePickedRange(): void {
				const item = selected();
				const wasPicking = pickedFrom !== undefined;
				unpick();
				if (item === undefined || wasPicking) return;
				pickedFrom = item.key;
				picked = new Set([item.key]);
			},
			/** Nothing is chosen together any more. */
			unpick,
			/** @returns the entries that are chosen, oldest first. */
			picked: (): readonly SelectableItem[] =>
				items()
					.filter(isSelectable)
					.filter(({key}) => picked.has(key)),

			/** @returns the message below the line of what is unread, where that is in memory. */
			firstUnread(): Pick<Message, 'rid' | 'eventId'> | undefined {
				const line = items().findIndex(({kind}) => kind === 'unread');
				const below =
					line === -1
						? undefined
						: items()
								.slice(line)
								.find(({kind}) => kind === 'message');
				return below?.kind === 'message' ? below.message : undefined;
			},

			/** @returns the newest message that fits. */
			findMessage: (fits: (message: ShownMessage) => boolean): ShownMessage | undefined =>
				items()
					.flatMap(item => (item.kind === 'message' ? [item.message] : []))
					.findLast(fits),

			/**
			 * @param eventId a message in memory; `undefined`: below what is seen
			 * @returns the next message above (negative) or below it that fits
			 */
			neighbour(
				eventId: string | undefined,
				steps: -1 | 1,
				fits: (message: ShownMessage) => boolean,
			): ShownMessage | undefined {
				const isFitting = (item: TimelineItem): boolean => item.kind === 'message' && fits(item.message);
				const all = items();
				const own = all.findIndex(item => item.kind === 'message' && item.message.eventId === eventId);
				const from = own === -1 ? (slices().at(-1)?.index ?? -1) + 1 : own;
				const found = steps < 0 ? all.slice(0, from).findLast(isFitting) : all.slice(from + 1).find(isFitting);
				return found?.kind === 'message' ? found.message : undefined;
			},
		},
	};
};
