/** The room list: which rooms, in which order, which one is open, which part is seen. */
import type {RoomRow} from '../domain/room.ts';
import {literal} from '../text/safe-text.ts';
import type {AccountSource} from './account-source.ts';
import {inboxLine, isWaiting} from './inbox-row.ts';
import {createSameKeeper} from './keep-same.ts';
import {boldSpan, fillLine, span, spreadLine, type ScreenLine} from './screen-line.ts';
import {dayNumber} from './time-text.ts';

/** One row that is seen. The same object as long as it says the same. */
export type InboxRow = {readonly rid: number; readonly line: ScreenLine};

export type InboxView = {readonly heading: ScreenLine; readonly rows: readonly InboxRow[]};

/** Rooms that are read at a time. */
const pageSize = 100;

/** Milliseconds after a step in the list in which rooms do not jump under the finger. */
const calmTime = 5000;

/** Rows that stay visible above and below the open room. */
const margin = 2;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * Rooms in the order they had; those that were not there come first, but what is only further down comes last.
 * @param open room whose place among the fresh ones says nothing: it is listed as read already
 */
const inOldOrder = (
	fresh: readonly RoomRow[],
	order: readonly number[],
	open: number | undefined,
): readonly RoomRow[] => {
	const places = new Map(order.map((rid, index) => [rid, index]));
	const lastKnown = fresh.findLastIndex(room => places.has(room.rid) && room.rid !== open);
	const placed = fresh.map((room, index) => {
		const place = places.get(room.rid) ?? (index > lastKnown ? Number.POSITIVE_INFINITY : -1);
		return {room, place, index};
	});
	return placed
		.toSorted((first, second) =>
			first.place === second.place ? first.index - second.index : first.place - second.place,
		)
		.map(({room}) => room);
};

const isInInbox = ({membership}: RoomRow): boolean => membership === 'join' || membership === 'invite';

const weightOf = (room: RoomRow): number => {
	if (room.highlightCount > 0) return 0;
	return room.isDirect && room.membership === 'join' ? 1 : 2;
};

/** @param now milliseconds since the Unix epoch */
export const createInbox = (source: AccountSource, now: () => number) => {
	const keepSame = createSameKeeper<RoomRow>(room => room.rid);
	const lines = new WeakMap<RoomRow, Map<string, InboxRow>>();
	let limit = pageSize;
	/** The row that a step down is on its way to. */
	let target = 0;
	let count = 0;
	let rooms: readonly RoomRow[] = [];
	let selected: number | undefined;
	let top = 0;
	let lastMove = Number.NEGATIVE_INFINITY;
	/** The list was scrolled: the open room may be out of sight until the next step. */
	let isScrolled = false;
	let lastView: InboxView = {heading: [], rows: []};

	const refresh = (): void => {
		count = source.roomCount();
		// Who walked far down and came back does not read thousands of rooms for ever.
		const needed = Math.max(indexOfSelected(), top, target) + pageSize;
		limit = Math.min(limit, Math.ceil(needed / pageSize) * pageSize);
		const listed = source.rooms({offset: 0, limit, asRead: selected});
		const isListed = selected === undefined || listed.some(room => room.rid === selected);
		// Among the read rooms the open one may be further down than what is read.
		const open = isListed ? undefined : source.room(selected ?? 0);
		const fresh = open === undefined || !isInInbox(open) ? listed : [...listed, open];
		const isCalm = now() - lastMove < calmTime;
		const order = rooms.map(room => room.rid);
		rooms = keepSame(isCalm ? inOldOrder(fresh, order, selected) : fresh);
	};

	const indexOfSelected = (): number => rooms.findIndex(room => room.rid === selected);

	const rowOf = (room: RoomRow, width: number): InboxRow => {
		const isSelected = room.rid === selected;
		const variant = `${width} ${isSelected} ${dayNumber(now())}`;
		const known = lines.get(room) ?? new Map<string, InboxRow>();
		lines.set(room, known);
		const row = known.get(variant) ?? {rid: room.rid, line: inboxLine(room, {width, now: now(), isSelected})};
		if (known.size > 4) known.clear();
		known.set(variant, row);
		return row;
	};

	const headingOf = (width: number, isFocused: boolean): ScreenLine => {
		const title = boldSpan(literal` INBOX`, isFocused ? 'accent' : 'muted');
		return fillLine(spreadLine([title], [span(literal`${count} `, 'muted')], width), width);
	};

	return {
		/** Reads the list again. */
		refresh,
		/** @returns the open room, or the one under the cursor; as the list has it. */
		selected: (): RoomRow | undefined => rooms.find(room => room.rid === selected),
		selectedRid: (): number | undefined => selected,
		count: (): number => count,
		first: (): RoomRow | undefined => rooms[0],
		select(rid: number | undefined): void {
			if (rid !== selected) isScrolled = false;
			selected = rid;
		},

		/** @returns the room `steps` further down (up, if negative) the list; `undefined` in an empty one. */
		neighbour(steps: number): RoomRow | undefined {
			lastMove = now();
			isScrolled = false;
			const index = indexOfSelected();
			target = index === -1 ? 0 : index + steps;
			if (target >= rooms.length && rooms.length < count) {
				limit = Number.POSITIVE_INFINITY;
				refresh();
			}
			return rooms[clamp(target, 0, rooms.length - 1)];
		},

		/** Scrolls the list; the open room stays open. */
		scroll(by: number): void {
			lastMove = now();
			isScrolled = true;
			top = Math.max(0, top + by);
			if (top + pageSize < rooms.length || rooms.length >= count) return;
			limit = Number.POSITIVE_INFINITY;
			refresh();
		},

		/** @returns the room that waits most: mentions, then direct chats, then the rest, each by the order of the list. */
		nextUnread(): RoomRow | undefined {
			const waiting = rooms.filter(room => isWaiting(room) && room.rid !== selected);
			return waiting.toSorted((first, second) => weightOf(first) - weightOf(second))[0];
		},

		/** @returns the same object as long as nothing that is seen changes. */
		view({
			width,
			height,
			isFocused,
		}: {
			readonly width: number;
			readonly height: number;
			readonly isFocused: boolean;
		}): InboxView {
			if (width <= 0) return lastView;
			const rowCount = Math.max(0, height - 1);
			const index = indexOfSelected();
			const room = Math.min(margin, Math.floor((rowCount - 1) / 2));
			if (index !== -1 && !isScrolled) top = clamp(top, index - rowCount + 1 + room, index - room);
			top = clamp(top, 0, Math.max(0, rooms.length - rowCount));
			const rows = rooms.slice(top, top + rowCount).map(each => rowOf(each, width));
			const heading = headingOf(width, isFocused);
			const isSame =
				rows.length === lastView.rows.length &&
				rows.every((row, place) => row === lastView.rows[place]) &&
				JSON.stringify(heading) === JSON.stringify(lastView.heading);
			if (!isSame) lastView = {heading, rows};
			return lastView;
		},
	};
};
