/** The room list: which rooms, in which order, which one is open, which part is seen. */
import type {InboxFilter} from '../domain/inbox-filter.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import {emptyText, headingLine, isFleeting, isSameFilter, namedFilters, type NamedFilter} from './inbox-filters.ts';
import {createNarrowing} from './inbox-narrowing.ts';
import {inboxLine, isWaiting} from './inbox-row.ts';
import {createSameKeeper} from './keep-same.ts';
import {blanks, cutLine, span, type ScreenLine} from './screen-line.ts';
import {dayNumber} from './time-text.ts';

/** One row that is seen. The same object as long as it says the same. */
export type InboxRow = {readonly rid: number; readonly line: ScreenLine};

export type InboxView = {readonly heading: ScreenLine; readonly rows: readonly InboxRow[]};

/** Stands for the row that says why there is none. */
const noRow = -1;

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

/** The row of an empty list is made anew each time. */
const isSameRow = (row: InboxRow, before: InboxRow | undefined): boolean =>
	row === before || (row.rid === noRow && JSON.stringify(row) === JSON.stringify(before));

/** @param now milliseconds since the Unix epoch */
export const createInbox = (source: AccountSource, now: () => number) => {
	const keepSame = createSameKeeper<RoomRow>(room => room.rid);
	const lines = new WeakMap<RoomRow, Map<string, InboxRow>>();
	const narrowing = createNarrowing(source);
	let filter: InboxFilter = {kind: 'all'};
	/** Rooms that were open since the filter was chosen. */
	const kept = new Set<number>();
	let limit = pageSize;
	/** The row that a step down is on its way to. */
	let target = 0;
	let count = 0;
	/** Of the whole account. */
	let total = 0;
	let unread = 0;
	let filterName: string | undefined;
	let rooms: readonly RoomRow[] = [];
	let selected: number | undefined;
	let top = 0;
	let lastMove = Number.NEGATIVE_INFINITY;
	/** The list was scrolled: the open room may be out of sight until the next step. */
	let isScrolled = false;
	let lastView: InboxView = {heading: [], rows: []};

	/** Reads the part of the list that is needed, as the filter and what was typed select it. */
	const readList = (): readonly RoomRow[] => {
		if (narrowing.isOn()) {
			count = narrowing.rids().length;
			return narrowing
				.rids()
				.slice(0, limit)
				.flatMap(rid => source.room(rid) ?? []);
		}
		count = source.roomCount(filter);
		const listed = source.rooms({offset: 0, limit, asRead: selected, filter});
		if (!isFleeting(filter)) return listed;
		const missing = [...kept].filter(rid => !listed.some(room => room.rid === rid));
		return [...listed, ...missing.flatMap(rid => source.room(rid) ?? [])];
	};

	const refresh = (): void => {
		// Who walked far down and came back does not read thousands of rooms for ever.
		const needed = Math.max(indexOfSelected(), top, target) + pageSize;
		limit = Math.min(limit, Math.ceil(needed / pageSize) * pageSize);
		total = source.roomCount();
		unread = source.totals().unread;
		const listed = readList();
		const isListed = narrowing.isOn() || selected === undefined || listed.some(room => room.rid === selected);
		// Among the read rooms the open one may be further down than what is read.
		const open = isListed ? undefined : source.room(selected ?? 0);
		const isAdded = open !== undefined && isInInbox(open) && filter.kind === 'all';
		const fresh = isAdded ? [...listed, open] : listed;
		const isCalm = now() - lastMove < calmTime || isFleeting(filter);
		const order = rooms.map(room => room.rid);
		rooms = keepSame(isCalm && !narrowing.isOn() ? inOldOrder(fresh, order, selected) : fresh);
	};

	/** Another list: from its top, in its own order. */
	const beginAnew = (): void => {
		rooms = [];
		kept.clear();
		if (selected !== undefined && isFleeting(filter)) kept.add(selected);
		limit = pageSize;
		top = 0;
		target = 0;
		refresh();
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

	const filters = (): readonly NamedFilter[] => namedFilters(source.spaces());

	const headingOf = (width: number, isFocused: boolean): ScreenLine =>
		headingLine({width, isFocused, name: filterName, narrow: narrowing.text(), count, unread});

	const emptyRow = (width: number): InboxRow => {
		const words = emptyText({filter, isNarrowed: narrowing.isOn()});
		return {rid: noRow, line: cutLine([span(blanks(2)), span(words, 'muted')], width)};
	};

	/** Rooms that wait, by the order of the list. */
	const waiting = (): readonly RoomRow[] =>
		source
			.rooms({offset: 0, limit: pageSize, filter: {kind: 'unread'}})
			.filter(room => isWaiting(room) && room.rid !== selected);

	return {
		/** Reads the list again. */
		refresh,
		/** @returns the open room, or the one under the cursor; as the list has it. */
		selected: (): RoomRow | undefined => rooms.find(room => room.rid === selected),
		selectedRid: (): number | undefined => selected,
		/** Rooms of the account, whatever the filter. */
		count: (): number => total,
		first: (): RoomRow | undefined => rooms[0],
		select(rid: number | undefined): void {
			if (rid !== selected) isScrolled = false;
			selected = rid;
			if (rid !== undefined && isFleeting(filter)) kept.add(rid);
		},

		filter: (): InboxFilter => filter,
		filters,
		/** Also chosen again, the list is read anew: what was read meanwhile goes from that of the unread. */
		setFilter(next: InboxFilter): void {
			filter = next;
			filterName = next.kind === 'all' ? undefined : filters().find(each => isSameFilter(each.filter, next))?.name;
			narrowing.set(undefined);
			beginAnew();
		},

		/** What the list is narrowed by; `undefined`: not at all. */
		narrow: (): string | undefined => narrowing.text(),
		setNarrow(text: string | undefined): void {
			narrowing.set(text);
			beginAnew();
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
			target = clamp(target, 0, Math.max(0, rooms.length - 1));
			return rooms[target];
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
		nextUnread: (): RoomRow | undefined => waiting().toSorted((first, second) => weightOf(first) - weightOf(second))[0],

		/** @returns the nearest room further up the list that waits; at its top, the last one of all. */
		previousUnread(): RoomRow | undefined {
			const above = rooms.slice(0, Math.max(0, indexOfSelected())).findLast(isWaiting);
			return above ?? waiting().at(-1);
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
			const shown = rooms.slice(top, top + rowCount).map(each => rowOf(each, width));
			const isEmpty = shown.length === 0 && rowCount > 0 && (filter.kind !== 'all' || narrowing.isOn());
			const rows = isEmpty ? [emptyRow(width)] : shown;
			const heading = headingOf(width, isFocused);
			const isSame =
				rows.length === lastView.rows.length &&
				rows.every((row, place) => isSameRow(row, lastView.rows[place])) &&
				JSON.stringify(heading) === JSON.stringify(lastView.heading);
			if (!isSame) lastView = {heading, rows};
			return lastView;
		},
	};
};
