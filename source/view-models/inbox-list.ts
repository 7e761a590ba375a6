/** What the inbox lists: the rooms of a filter, found by a name, or in sections, as far down as they are needed. */
import {sectionKey} from '../domain/inbox-layout.ts';
import {fixedSections, type InboxLayout, type InboxSection} from '../domain/inbox-section.ts';
import type {InboxFilter} from '../domain/inbox-filter.ts';
import {isRowOf, rowKey, type RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import {isFleeting} from './inbox-filters.ts';
import {createNarrowing} from './inbox-narrowing.ts';
import {inSectionOrder} from './inbox-sections.ts';
import {createSameKeeper} from './keep-same.ts';

/** Rooms under one header, or the whole list, which has none. */
export type InboxGroup = {
	readonly section: InboxSection | undefined;
	readonly isFolded: boolean;
	/** None of a folded section; of one that is far down, not all. */
	readonly rooms: readonly RoomRow[];
};

/** What the list is read for. */
export type ListNeed = {
	/** The open room. */
	readonly selected: number | undefined;
	/** It is looked at in passing. Otherwise it stands where what is read does. */
	readonly isPassing: boolean;
	/** Rooms from the top that may be seen. */
	readonly limit: number;
	/** Rooms stay where they were. */
	readonly isCalm: boolean;
};

/**
 * Rooms in the order they had; those that were not there come first, but what is only further down comes last.
 * @param order keys of the rows
 * @param open room whose place among the fresh ones says nothing: it is listed as read already
 */
const inOldOrder = (
	fresh: readonly RoomRow[],
	order: readonly number[],
	open: number | undefined,
): readonly RoomRow[] => {
	const places = new Map(order.map((key, index) => [key, index]));
	const lastKnown = fresh.findLastIndex(room => places.has(rowKey(room)) && !isRowOf(room, open));
	const placed = fresh.map((room, index) => {
		const place = places.get(rowKey(room)) ?? (index > lastKnown ? Number.POSITIVE_INFINITY : -1);
		return {room, place, index};
	});
	return placed
		.toSorted((first, second) =>
			first.place === second.place ? first.index - second.index : first.place - second.place,
		)
		.map(({room}) => room);
};

const isInInbox = ({membership}: RoomRow): boolean => membership === 'join' || membership === 'invite';

/** Without a network there is nothing to tell apart. */
export const hasNetworks = (sections: readonly InboxSection[]): boolean =>
	sections.some(({id}) => id > fixedSections.bridges);

export const createInboxList = (source: AccountSource) => {
	const keepSame = createSameKeeper<RoomRow>(rowKey);
	const narrowing = createNarrowing(source);
	let filter: InboxFilter = {kind: 'all'};
	/** Rooms that were open since the filter was chosen. */
	const kept = new Set<number>();
	let groups: readonly InboxGroup[] = [];
	let count = 0;
	/** Those of all groups, in the order of the list. */
	let rooms: readonly RoomRow[] = [];
	let isBridged = false;
	let layout: InboxLayout = {isByTime: false, folded: [], order: []};
	/** As it was read last. */
	let storedLayout: InboxLayout | undefined;
	/** Changes of the layout that are on their way to the store. */
	let unstored = 0;

	const readLayout = (): void => {
		if (unstored > 0) return;
		const next = source.inboxLayout();
		if (JSON.stringify(next) === JSON.stringify(storedLayout)) return;
		storedLayout = next;
		layout = next;
	};

	const readFlat = ({selected, isPassing, limit}: ListNeed): readonly InboxGroup[] => {
		const group = (rooms: readonly RoomRow[]) => [{section: undefined, isFolded: false, rooms}];
		if (narrowing.isOn()) {
			count = narrowing.rids().length;
			const found = narrowing.rids().slice(0, limit);
			return group(found.flatMap(rid => source.row(rid) ?? []));
		}
		count = source.roomCount(filter);
		const listed = source.rooms({offset: 0, limit, asRead: isPassing ? undefined : selected, filter});
		if (!isFleeting(filter)) return group(listed);
		const rows = [...listed];
		for (const rid of kept) if (!rows.some(room => isRowOf(room, rid))) rows.push(...[source.row(rid) ?? []].flat());
		return group(rows);
	};

	const readSections = (
		sections: readonly InboxSection[],
		{selected, isPassing, limit}: ListNeed,
	): readonly InboxGroup[] => {
		let left = limit;
		count = 0;
		return inSectionOrder(sections, layout.order).map(section => {
			const isFolded = layout.folded.includes(sectionKey(section));
			if (!isFolded) count += section.rooms;
			const isRead = !isFolded && left > 0;
			const asRead = isPassing ? undefined : selected;
			const window = {offset: 0, limit: left, asRead, filter: {kind: 'section', id: section.id} as const};
			const rooms = isRead ? source.rooms(window) : [];
			left -= rooms.length;
			return {section, isFolded, rooms};
		});
	};

	const roomsOfSection = (id: number | undefined): readonly RoomRow[] =>
		groups.find(({section}) => section?.id === id)?.rooms ?? [];

	/** The open room may be further down than what is read; one that was just put away stays where it is while it is open. */
	const withOpen = (read: readonly InboxGroup[], selected: number | undefined): readonly InboxGroup[] => {
		if (selected === undefined || narrowing.isOn() || filter.kind !== 'all') return read;
		if (read.some(({rooms}) => rooms.some(room => isRowOf(room, selected)))) return read;
		const open = source.row(selected);
		if (open === undefined || !isInInbox(open)) return read;
		const isPlace = ({section, isFolded}: InboxGroup): boolean =>
			section === undefined || (section.id === open.inboxSection && !isFolded);
		return read.map(group => {
			if (!isPlace(group)) return group;
			const before = roomsOfSection(group.section?.id).findIndex(room => isRowOf(room, selected));
			return {...group, rooms: group.rooms.toSpliced(before === -1 ? group.rooms.length : before, 0, open)};
		});
	};

	/** A room is opened: from a list that it leaves when it is read, it does not go at once. */
	const keep = (rid: number): void => {
		if (isFleeting(filter)) kept.add(rid);
	};

	const roomsOf = (read: readonly InboxGroup[]): readonly RoomRow[] => read.flatMap(({rooms}) => rooms);

	return {
		refresh(need: ListNeed): void {
			readLayout();
			const isPlain = filter.kind !== 'all' || narrowing.isOn() || layout.isByTime;
			const sections = isPlain ? [] : source.sections();
			const read = withOpen(hasNetworks(sections) ? readSections(sections, need) : readFlat(need), need.selected);
			const isCalm = (need.isCalm || isFleeting(filter)) && !narrowing.isOn();
			const orderOf = (id: number | undefined): readonly number[] => roomsOfSection(id).map(rowKey);
			const ordered = read.map(group =>
				isCalm ? {...group, rooms: inOldOrder(group.rooms, orderOf(group.section?.id), need.selected)} : group,
			);
			rooms = keepSame(roomsOf(ordered));
			isBridged = rooms.some(({protocol}) => protocol !== undefined);
			let from = 0;
			groups = ordered.map(group => {
				const to = from + group.rooms.length;
				const ofGroup = {...group, rooms: rooms.slice(from, to)};
				from = to;
				return ofGroup;
			});
		},
		groups: (): readonly InboxGroup[] => groups,
		/** Those that are read, in the order of the list. */
		rooms: (): readonly RoomRow[] => rooms,
		/** Whether one of them is of another network than Matrix. */
		hasNetworks: (): boolean => isBridged,
		/** Rooms of the list, read or not; without those of folded sections. */
		count: (): number => count,
		/** The same with them. */
		total: (): number =>
			count + groups.reduce((sum, {isFolded, section}) => sum + (isFolded ? (section?.rooms ?? 0) : 0), 0),
		narrowing,
		filter: (): InboxFilter => filter,
		/** @param selected the open room */
		setFilter(next: InboxFilter, selected: number | undefined): void {
			filter = next;
			kept.clear();
			if (selected !== undefined) keep(selected);
		},
		keep,
		/** Another list: its rooms have no order yet. */
		forget(): void {
			groups = [];
			rooms = [];
			isBridged = false;
		},
		layout: (): InboxLayout => layout,
		/** Holds from now on, whatever is stored, until `layoutStored` was called as often. */
		setLayout(next: InboxLayout): void {
			layout = next;
			unstored += 1;
		},
		layoutStored(): void {
			unstored -= 1;
		},
	};
};
