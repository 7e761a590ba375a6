/** The inbox: its list, which room is open, where the cursor is, which part is seen. */
import type {InboxFilter} from '../domain/inbox-filter.ts';
import {fixedSections, type InboxLayout, type InboxSection} from '../domain/inbox-section.ts';
import {isRowOf, type RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import {emptyText, headingLine, isSameFilter, namedFilters, type NamedFilter} from './inbox-filters.ts';
import {createInboxList, type InboxGroup} from './inbox-list.ts';
import {inboxLine, isWaiting, timesOf} from './inbox-row.ts';
import {sectionLine} from './inbox-sections.ts';
import {blanks, cutLine, span, type ScreenLine} from './screen-line.ts';

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

/** Those with rooms of several networks. */
const mixedSections: ReadonlySet<number> = new Set([fixedSections.requests, fixedSections.favourites]);

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const weightOf = (room: RoomRow): number => {
	if (room.highlightCount > 0) return 0;
	return room.isDirect && room.membership === 'join' ? 1 : 2;
};

/** The row of an empty list is made anew each time. */
const isSameRow = (row: InboxRow, before: InboxRow | undefined): boolean =>
	row === before || (row.rid === noRow && JSON.stringify(row) === JSON.stringify(before));

/** Where the cursor can be: on a room, or on the header of a folded section. */
type Stop = {readonly section: InboxSection; readonly room?: undefined} | {readonly room: RoomRow};

/** A row of the list, before it is laid out. */
type Entry = {readonly group: InboxGroup; readonly room: RoomRow | undefined};

/** Numbers of rooms are positive: a header has the number of its section, negative, below that of the empty row. */
const headerNumber = (section: number): number => noRow - section;

/** @returns the section whose header is meant by the number of a row; `undefined` for the row of a room */
export const sectionOfRow = (rid: number): number | undefined => (rid < noRow ? noRow - rid : undefined);

/**
 * @param now milliseconds since the Unix epoch
 * @param isPassing whether the open room is looked at in passing: it is not read by that
 */
export const createInbox = (source: AccountSource, now: () => number, isPassing: () => boolean = () => false) => {
	const list = createInboxList(source);
	const lines = new WeakMap<RoomRow, Map<string, InboxRow>>();
	const headers = new Map<string, InboxRow>();
	let limit = pageSize;
	/** The row that a step down is on its way to. */
	let target = 0;
	/** Of the whole account. */
	let total = 0;
	let unread = 0;
	let filterName: string | undefined;
	let selected: number | undefined;
	/** Row number of the section of the open room: read with the list, not with each key. */
	let selectedSection: number | undefined;
	/** The folded section on whose header the cursor is, in place of the open room. */
	let header: number | undefined;
	let top = 0;
	let lastMove = Number.NEGATIVE_INFINITY;
	/** The list was scrolled: the open room may be out of sight until the next step. */
	let isScrolled = false;
	let lastView: InboxView = {heading: [], rows: []};

	const readSelectedSection = (): void => {
		selectedSection = selected === undefined ? undefined : source.row(selected)?.inboxSection;
	};

	const refresh = (): void => {
		// Who walked far down and came back does not read thousands of rooms for ever.
		const needed = Math.max(indexOfSelected(), top, target) + pageSize;
		limit = Math.min(limit, Math.ceil(needed / pageSize) * pageSize);
		total = source.roomCount();
		unread = source.totals().unread;
		list.refresh({selected, isPassing: isPassing(), limit, isCalm: now() - lastMove < calmTime});
		readSelectedSection();
	};

	/** Another list: from its top, in its own order. */
	const beginAnew = (): void => {
		list.forget();
		limit = pageSize;
		top = 0;
		target = 0;
		header = undefined;
		refresh();
	};

	const indexOfSelected = (): number => list.rooms().findIndex(room => isRowOf(room, selected));

	/** The section that the cursor is in: the open room may be in a folded one. */
	const currentSection = (): InboxSection | undefined => {
		const id = header ?? selectedSection;
		return list.groups().find(({section}) => section !== undefined && section.id === id)?.section;
	};

	/** The cursor, or the open room, is in a folded section: no row of a room is marked. */
	const isOnHeader = (): boolean => {
		if (header !== undefined) return true;
		const group = list.groups().find(({section}) => section !== undefined && section.id === selectedSection);
		return group?.isFolded === true && indexOfSelected() === -1;
	};

	const isAt = (stop: Stop): boolean =>
		stop.room === undefined
			? stop.section.id === (header ?? currentSection()?.id)
			: header === undefined && isRowOf(stop.room, selected);

	const allStops = (): readonly Stop[] =>
		list
			.groups()
			.flatMap(({section, isFolded, rooms}): readonly Stop[] =>
				section !== undefined && isFolded ? [{section}] : rooms.map(room => ({room})),
			);

	/** Reads the rest of the list where a step leads behind what is read. */
	const stopsTo = (index: number): readonly Stop[] => {
		const stops = allStops();
		if (index < stops.length || list.rooms().length >= list.count()) return stops;
		limit = Number.POSITIVE_INFINITY;
		refresh();
		return allStops();
	};

	const isRoom = (stop: Stop): stop is {readonly room: RoomRow} => stop.room !== undefined;

	/** @returns where a step leads; over headers too, or from room to room. */
	const step = (steps: number, isOverHeaders: boolean): Stop | undefined => {
		lastMove = now();
		isScrolled = false;
		const stops = allStops();
		const at = stops.findIndex(isAt);
		if (isOverHeaders || at === -1) {
			target = at === -1 ? 0 : at + steps;
			const wanted = stopsTo(target);
			target = clamp(target, 0, Math.max(0, wanted.length - 1));
			return wanted[target];
		}
		const before = stops.slice(0, at).filter(isRoom).length;
		const isBetween = stops[at]?.room === undefined && steps > 0;
		target = before + steps - Number(isBetween);
		const wanted = stopsTo(target + (at - before)).filter(isRoom);
		target = clamp(target, 0, Math.max(0, wanted.length - 1));
		return wanted[target];
	};

	const rowOf = (room: RoomRow, width: number, hasLabel: boolean): InboxRow => {
		const isSelected = isRowOf(room, selected) && header === undefined;
		const variant = `${width} ${isSelected} ${hasLabel} ${timesOf(room, now())}`;
		const known = lines.get(room) ?? new Map<string, InboxRow>();
		lines.set(room, known);
		const options = {width, now: now(), isSelected, hasLabel};
		const row = known.get(variant) ?? {rid: room.rid, line: inboxLine(room, options)};
		if (known.size > 4) known.clear();
		known.set(variant, row);
		return row;
	};

	const headerOf = ({section, isFolded}: InboxGroup, width: number): InboxRow | undefined => {
		if (section === undefined) return undefined;
		const isSelected = isFolded && isAt({section});
		const variant = JSON.stringify([section, width, isFolded, isSelected]);
		const row = headers.get(variant) ?? {
			rid: headerNumber(section.id),
			line: sectionLine(section, {width, isFolded, isSelected}),
		};
		if (headers.size > 200) headers.clear();
		headers.set(variant, row);
		return row;
	};

	const filters = (): readonly NamedFilter[] => namedFilters(source.spaces());

	const headingOf = (width: number, isFocused: boolean): ScreenLine =>
		headingLine({width, isFocused, name: filterName, narrow: list.narrowing.text(), count: list.total(), unread});

	const emptyRow = (width: number): InboxRow => {
		const words = emptyText({filter: list.filter(), isNarrowed: list.narrowing.isOn()});
		return {rid: noRow, line: cutLine([span(blanks(2)), span(words, 'muted')], width)};
	};

	/** Rooms that wait, by the order of the list. */
	const waiting = (): readonly RoomRow[] =>
		source
			.rooms({offset: 0, limit: pageSize, filter: {kind: 'unread'}})
			.filter(room => isWaiting(room) && !isRowOf(room, selected));

	const entries = (): readonly Entry[] =>
		list
			.groups()
			.flatMap(group => [
				...(group.section === undefined ? [] : [{group, room: undefined}]),
				...group.rooms.map(room => ({group, room})),
			]);

	/** In the list by time, and where rooms of several networks stand together. */
	const hasLabels = ({section}: InboxGroup): boolean =>
		section === undefined ? list.hasNetworks() : mixedSections.has(section.id);

	return {
		/** Reads the list again. */
		refresh,
		/** @returns the open room, or the one under the cursor; as the list has it. */
		selected: (): RoomRow | undefined => list.rooms().find(room => isRowOf(room, selected)),
		selectedRid: (): number | undefined => selected,
		/** Rooms of the account, whatever the filter. */
		count: (): number => total,
		first: (): RoomRow | undefined => list.rooms()[0],
		/** @returns where Enter goes while the list is narrowed */
		found: (): RoomRow | undefined =>
			(list.narrowing.text()?.trim() ?? '') === ''
				? undefined
				: (list.rooms().find(room => isRowOf(room, selected)) ?? list.rooms()[0]),
		select(rid: number | undefined): void {
			const left = rid === selected ? undefined : list.rooms().find(room => isRowOf(room, selected));
			if (rid !== selected) isScrolled = false;
			selected = rid;
			header = undefined;
			readSelectedSection();
			if (rid !== undefined) list.keep(rid);
			// What was put away stood there only while it was open.
			if (left?.section === 'archived' || left?.section === 'snoozed') refresh();
		},

		filter: (): InboxFilter => list.filter(),
		filters,
		/** Also chosen again, the list is read anew: what was read meanwhile goes from that of the unread. */
		setFilter(next: InboxFilter): void {
			list.setFilter(next, selected);
			filterName = next.kind === 'all' ? undefined : filters().find(each => isSameFilter(each.filter, next))?.name;
			list.narrowing.set(undefined);
			beginAnew();
		},

		/** What the list is narrowed by; `undefined`: not at all. */
		narrow: (): string | undefined => list.narrowing.text(),
		setNarrow(text: string | undefined): void {
			list.narrowing.set(text);
			beginAnew();
		},

		layout: list.layout,
		layoutStored: (): void => list.layoutStored(),
		/** Folds, or puts sections in another order, or all in one list. It holds at once; `layoutStored` is to follow. */
		setLayout(next: InboxLayout): void {
			if (next.isByTime !== list.layout().isByTime) list.forget();
			list.setLayout(next);
			refresh();
			if (!list.groups().some(({section, isFolded}) => isFolded && section?.id === header)) header = undefined;
		},
		/** In the order of the list; none where it has no sections. */
		sections: (): readonly InboxSection[] => list.groups().flatMap(({section}) => section ?? []),
		/** The one that the cursor is in. */
		currentSection,
		/** @returns whether the cursor is on the header of a folded section, and on no room. */
		isOnHeader,
		/** Puts the cursor on the header of a folded section, or says which room is the first of one. */
		enterSection(id: number): RoomRow | undefined {
			const group = list.groups().find(({section}) => section?.id === id);
			if (group === undefined) return undefined;
			lastMove = now();
			isScrolled = false;
			if (group.isFolded) header = id;
			return group.isFolded ? undefined : group.rooms[0];
		},

		/** @returns the room `steps` further down (up, if negative) the list; `undefined` in an empty one. */
		neighbour: (steps: number): RoomRow | undefined => step(steps, false)?.room,
		/** As `neighbour`, but a folded section is a step too: the cursor goes to its header, and no room is returned. */
		walk(steps: number): RoomRow | undefined {
			const stop = step(steps, true);
			header = stop === undefined || stop.room !== undefined ? undefined : stop.section.id;
			return stop?.room;
		},

		/** Scrolls the list; the open room stays open. */
		scroll(by: number): void {
			lastMove = now();
			isScrolled = true;
			top = Math.max(0, top + by);
			const {length} = list.rooms();
			if (top + pageSize < length || length >= list.count()) return;
			limit = Number.POSITIVE_INFINITY;
			refresh();
		},

		/** @returns the room that waits most: mentions, then direct chats, then the rest, each by the order of the list. */
		nextUnread: (): RoomRow | undefined => waiting().toSorted((first, second) => weightOf(first) - weightOf(second))[0],

		/** @returns the nearest room further up the list that waits; at its top, the last one of all. */
		previousUnread(): RoomRow | undefined {
			const above = list.rooms().slice(0, Math.max(0, indexOfSelected())).findLast(isWaiting);
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
			const all = entries();
			const index = all.findIndex(({group, room}) =>
				room === undefined
					? group.isFolded && group.section !== undefined && isAt({section: group.section})
					: isAt({room}),
			);
			const room = Math.min(margin, Math.floor((rowCount - 1) / 2));
			if (index !== -1 && !isScrolled) top = clamp(top, index - rowCount + 1 + room, index - room);
			top = clamp(top, 0, Math.max(0, all.length - rowCount));
			const shown = all
				.slice(top, top + rowCount)
				.flatMap(entry =>
					entry.room === undefined
						? (headerOf(entry.group, width) ?? [])
						: rowOf(entry.room, width, hasLabels(entry.group)),
				);
			const isEmpty = shown.length === 0 && rowCount > 0 && (list.filter().kind !== 'all' || list.narrowing.isOn());
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
