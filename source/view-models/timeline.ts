/** The timeline of the open room: what is in memory, where it is scrolled to, which rows are seen. */
import {relationOf} from '../domain/edits.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Highlighter} from '../text/highlighter.ts';
import {comparePlaces, placeAbove, type AccountSource, type TimelinePlace} from './account-source.ts';
import {createDrawnPictures} from './picture-lines.ts';
import type {KeyOf} from './key-of.ts';
import {createMessageWindow} from './message-window.ts';
import {anchorToTop, scrollBy, visibleSlices, type Heights, type ScrollAnchor} from './scroll.ts';
import {createEcho} from './timeline-echo.ts';
import {isHeaded, messageOf, timelineItems, type OlderState, type TimelineItem} from './timeline-items.ts';
import {indexOfAnchor, missingPlace, type KeptAnchor, type MissingPlace} from './timeline-places.ts';
import {createTimelineRooms} from './timeline-rooms.ts';
import {createMarker, createRowMaker, type TimelineRow} from './timeline-rows.ts';
import {createTimelineView, type TimelineView} from './timeline-view.ts';
import {createTransfers} from './transfers.ts';
import {createSelecting} from './timeline-selecting.ts';
import {createUnreadLine} from './unread-line.ts';

export type TimelineOptions = {
	readonly source: AccountSource;
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly keyOf: KeyOf;
	/** Colours code. @default nothing does */
	readonly highlighter?: Highlighter | undefined;
	/** An entry that cannot be shown. */
	readonly onError: (error: unknown) => void;
};

/** Lines that two pages have in common. */
const overlap = 2;

/** The newest messages, among which is looked for what is not read. */
const newestCount = 60;

/** Pages of the archive that one step may read, where events fold into few lines. */
const maxPages = 5;

const idle: OlderState = {kind: 'idle'};

export const createTimeline = ({source, userId, now, keyOf, highlighter, onError}: TimelineOptions) => {
	const rooms = createTimelineRooms(source);
	const messages = createMessageWindow(rooms);
	const makeRow = createRowMaker(onError);
	const mark = createMarker();
	const viewOf = createTimelineView();
	const echo = createEcho(userId);
	const transfers = createTransfers();
	const pictures = createDrawnPictures();
	const unreadLine = createUnreadLine();
	let rid: number | undefined;
	let outbox: readonly OutboxItem[] = [];
	/** By room, where several are mixed. */
	let older: ReadonlyMap<number, OlderState> = new Map();
	let items: readonly TimelineItem[] = [];
	/** `undefined`: the end. */
	let anchor: KeptAnchor | undefined;
	/** The newest message that was seen at the end. */
	let seenUpTo: TimelinePlace | undefined;
	/** Somebody looks at the terminal, as far as is known. */
	let isWatched = true;
	/** Event ids of messages whose spoilers are readable. */
	let revealed: ReadonlySet<string> = new Set();
	let width = 80;
	let rows = 24;

	const nameOf = (userId: string, room: number | undefined = rid): string | undefined =>
		room === undefined ? undefined : source.memberName(room, userId);
	const quoteOf = (eventId: string, room: number) => source.message(room, eventId);
	const [transferOf, pictureOf, networkOf] = [transfers.of, pictures.of, rooms.network];
	const parts = {nameOf, quoteOf, ownUserId: userId, transferOf, highlighter, pictureOf, keyOf, networkOf};
	const rowAt = (index: number, isTop = false): TimelineRow | undefined => {
		const item = items[index];
		return item === undefined ? undefined : makeRow(item, {width, now: now(), isTop, ...parts});
	};
	const heights = (): Heights => ({count: items.length, heightOf: index => rowAt(index)?.lines.length ?? 0});

	const scrollAnchor = (): ScrollAnchor => {
		const index = anchor === undefined ? undefined : indexOfAnchor(items, anchor);
		return index === undefined || anchor === undefined ? {kind: 'end'} : {kind: 'line', index, line: anchor.line};
	};

	const noteSeen = (): void => {
		if (anchor === undefined) seenUpTo = messages.run().messages.at(-1);
	};

	const keepAnchor = (next: ScrollAnchor): void => {
		const item = next.kind === 'line' ? items[next.index] : undefined;
		const isEnd = item === undefined || next.kind === 'end';
		anchor = isEnd ? undefined : {key: item.key, place: messageOf(item), line: next.line};
		noteSeen();
	};

	const olderOf = (room: number | undefined): OlderState => older.get(room ?? -1) ?? idle;
	const setOlder = (state: OlderState, room = rid ?? -1): void => {
		older = new Map([...older, [room, state]]);
	};

	const rebuild = (): void => {
		const run = messages.run();
		// What the server had no more of was something else than a gap that came later.
		for (const room of rooms.withGaps(run)) if (olderOf(room).kind === 'end') setOlder(idle, room);
		const {outbox: own, messages: shown} = echo(rooms.bridged(run.messages), outbox);
		const isHere = (item: OutboxItem) => item.state === 'failed' || relationOf(item.content).thread === undefined;
		const marksOf = rooms.marks(shown, {revealed, hasNewest: !run.hasNewer, now: now()});
		const [seen, waiting, readUpTo] = [{...run, messages: shown}, own.filter(isHere), unreadLine.readUpTo()];
		items = timelineItems({run: seen, outbox: waiting, readUpTo, older: olderOf(rid), olderOf, marksOf});
		unreadLine.note(items);
		noteSeen();
	};

	const slices = () => visibleSlices(scrollAnchor(), heights(), rows);

	/** Takes older messages from the archive while the top row is seen; at the end not so many that newer ones must go. */
	const fillAbove = (): void => {
		for (let pages = 0; pages < maxPages; pages++) {
			if ((slices()[0]?.index ?? 0) > 0 || !messages.run().hasOlder) return;
			messages.loadOlder();
			rebuild();
		}
	};

	/** Takes newer messages from the archive when the bottom of what is in memory is reached. */
	const fillBelow = (): void => {
		if (anchor !== undefined || !messages.run().hasNewer) return;
		const last = items.at(-1);
		if (!messages.loadNewer()) return;
		anchor = last === undefined ? undefined : {key: last.key, place: messageOf(last), line: Number.MAX_SAFE_INTEGER};
		rebuild();
	};

	/** Whether what is seen lowest is the newest of all, be it fixed or not. */
	const isAtEnd = (): boolean => {
		if (anchor === undefined) return true;
		const spot = scrollBy(scrollAnchor(), heights(), {lines: 0, rows});
		return spot.kind === 'end' && !messages.run().hasNewer;
	};

	const view = (): TimelineView => {
		const [seen, chosen, all, last] = [slices(), selecting.index(), messages.run().messages, seenUpTo];
		const hasEnd = isAtEnd();
		const isNew = (message: Message) =>
			!isByPerson(message) && !isUnreadable(message) && last !== undefined && comparePlaces(message, last) > 0;
		const top = rooms.isMixed() ? seen.find(({index, from}) => from === 0 && isHeaded(items[index])) : undefined;
		return viewOf({
			slices: seen,
			rows,
			isAtEnd: hasEnd,
			newBelow: hasEnd ? 0 : all.filter(isNew).length,
			isNewAbove: unreadLine.isAbove(seen[0]?.index ?? 0, all),
			rowAt(index) {
				const plain = rowAt(index, index === top?.index);
				return plain === undefined ? undefined : mark(plain, selecting.markOf(index, chosen), width);
			},
		});
	};

	/** What comes in before somebody's eyes is not new; above what came in otherwise the line stays until the room is left. */
	const noteRead = (): void => {
		if (anchor === undefined) unreadLine.read(messages.run().messages);
	};

	/** Other rooms are mixed now: what is seen stays where it is, as far as it is still there. */
	const mixAnew = (): void => {
		const seen = items.slice(0, (slices().at(-1)?.index ?? -1) + 1);
		const last =
			anchor === undefined ? undefined : seen.findLast(item => rooms.rids().includes(messageOf(item)?.rid ?? -1));
		const kept = last === undefined ? undefined : rooms.message(messageOf(last)?.eventId ?? '');
		older = new Map();
		// Places among several rooms are others than those in one.
		const newest = rooms.read({limit: newestCount}).messages;
		const fresh = rooms.message(selecting.actions.firstUnread()?.eventId ?? '');
		// The line stays above the message that it stood above.
		unreadLine.move(fresh === undefined ? rooms.readUpTo(newest) : placeAbove(fresh));
		seenUpTo = newest.at(-1);
		anchor = kept === undefined ? undefined : {key: last?.key ?? '', place: kept, line: Number.MAX_SAFE_INTEGER};
		if (kept === undefined) selecting.clear();
		if (kept === undefined) messages.open(true);
		else messages.openAt(kept);
	};

	const refresh = (): void => {
		if (rid === undefined) return;
		if (selecting.index() !== undefined) fixView();
		if (rooms.look()) mixAnew();
		else messages.refresh(anchor === undefined);
		if (isWatched) noteRead();
		outbox = rooms.outbox();
		rebuild();
		fillAbove();
	};

	/** @param lines positive: towards newer messages */
	const scrollLines = (lines: number): void => {
		keepAnchor(scrollBy(scrollAnchor(), heights(), {lines, rows}));
		if (lines < 0) fillAbove();
		else fillBelow();
		selecting.keepSeen(lines < 0 ? 'older' : 'newer');
	};

	/** Shows a message of the archive and selects it, with some rows above it. @returns whether it has a place in the timeline */
	const jumpTo = (eventId: string): boolean => {
		const isInMemory = (): boolean => messages.run().messages.some(message => message.eventId === eventId);
		if (!isInMemory()) {
			const place = rooms.message(eventId);
			// What is in a thread is shown by its root.
			if (place?.threadRoot !== undefined) return jumpTo(place.threadRoot);
			if (place === undefined || place.chunkOrder === 0) return false;
			messages.openAt(place);
			rebuild();
			if (!isInMemory()) {
				messages.refresh(true);
				rebuild();
				return false;
			}
		}
		if (!selecting.actions.selectMessage(eventId)) return false;
		const index = selecting.index() ?? 0;
		showEdge(index, 'top');
		keepAnchor(scrollBy(scrollAnchor(), heights(), {lines: -Math.floor(rows / 3), rows}));
		fillAbove();
		// Near the newest message there is nothing below that could be seen instead.
		return selecting.actions.selectMessage(eventId);
	};

	/** What is seen stays where it is while something is selected, whatever comes below. */
	const fixView = (): void => {
		const lowest = slices().at(-1);
		const item = lowest === undefined ? undefined : items[lowest.index];
		if (anchor !== undefined || lowest === undefined || item === undefined) return;
		// What comes below an entry that is seen to its end is seen as well.
		const isWhole = lowest.to === rowAt(lowest.index)?.lines.length;
		anchor = {key: item.key, place: messageOf(item), line: isWhole ? Number.MAX_SAFE_INTEGER : lowest.to - 1};
	};

	/** Puts the first line of an entry on the top row, or its last line on the lowest one. */
	const showEdge = (index: number, edge: 'top' | 'bottom'): void => {
		const item = items[index];
		if (edge === 'top') keepAnchor(anchorToTop(index, heights(), rows));
		else if (item !== undefined) anchor = {key: item.key, place: messageOf(item), line: Number.MAX_SAFE_INTEGER};
		fillAbove();
	};

	const selecting = createSelecting({
		items: () => items,
		rows: () => rows,
		heightOf: index => rowAt(index)?.lines.length ?? 0,
		slices,
		fixView,
		showEdge,
		/** The archive may have more on that side than is in memory. */
		load(direction) {
			if (direction < 0 ? messages.loadOlder() : messages.loadNewer()) rebuild();
		},
		release() {
			if (isAtEnd()) anchor = undefined;
			noteSeen();
		},
	});

	return {
		...selecting.actions,
		/** What is in memory, oldest first. */
		items: (): readonly TimelineItem[] => items,
		jumpTo,
		/** A file is on its way. */
		noteTransfer: transfers.note,
		/** What is drawn below messages. */
		pictures,
		/** @returns the messages that are seen, at least in part, oldest first. */
		seen: (): readonly Message[] =>
			slices().flatMap(({index}) => {
				const item = items[index];
				return item?.kind === 'message' ? [item.message] : [];
			}),
		view,
		scrollLines,
		/** Reads the open room again. */
		refresh,
		/** @param room `undefined`: none, or one that has no timeline, such as an invitation */
		open(room: RoomRow | undefined): void {
			rid = room?.rid;
			rooms.open(rid);
			outbox = rooms.outbox();
			pictures.clear();
			anchor = undefined;
			selecting.clear();
			older = new Map();
			revealed = new Set();
			messages.open(rid !== undefined);
			unreadLine.open(rooms.readUpTo(messages.run().messages));
			rebuild();
			fillAbove();
		},
		/** Another of its rooms is written in; what is seen stays. @returns whether it is one of them */
		turn(room: number): boolean {
			if (!rooms.rids().includes(room)) return false;
			rid = room;
			rooms.turn(room);
			return true;
		},
		/** The rooms whose messages are mixed; else the open room alone. */
		rids: rooms.rids,
		/** @returns whether a change of these rooms is one of the timeline; that other rooms belong to it now is one. */
		isOf: (changed: ReadonlySet<number>): boolean => rooms.rids().some(each => changed.has(each)) || rooms.isOther(),
		/** @returns the network of a room, where those of several are mixed. */
		network: rooms.network,

		/** @param size cells and rows that the timeline has. */
		resize(size: {readonly width: number; readonly rows: number}): void {
			if (size.width === width && size.rows === rows) return;
			// A picture is made for a width.
			if (size.width !== width) pictures.clear();
			width = size.width;
			rows = size.rows;
			fillAbove();
		},

		scrollPages(pages: number): void {
			const lines = Math.max(1, rows - overlap) * Math.abs(pages);
			scrollLines(pages < 0 ? -lines : lines);
		},

		/** The oldest message that is in memory, then that of the next page of the archive; or the newest of all. */
		scrollToEnd(end: 'oldest' | 'newest'): void {
			if (end === 'newest') {
				messages.toNewest();
				anchor = undefined;
				rebuild();
			} else {
				keepAnchor(anchorToTop(0, heights(), rows));
				fillAbove();
				keepAnchor(anchorToTop(0, heights(), rows));
			}
			selecting.moveToEnd(end);
		},

		/** Makes the spoilers of a message readable until the room is left. @returns whether they were not */
		reveal(eventId: string): boolean {
			if (revealed.has(eventId)) return false;
			revealed = new Set([...revealed, eventId]);
			rebuild();
			return true;
		},
		/** @returns event ids of messages whose spoilers are readable. */
		revealed: (): ReadonlySet<string> => revealed,

		isAtEnd,
		/** @param isNowWatched whether somebody can see what comes in */
		setWatched(isNowWatched: boolean): void {
			if (isWatched && !isNowWatched) noteRead();
			isWatched = isNowWatched;
		},

		/** @returns whether the server could fill a hole between messages that are in memory, or one that is seen above them. */
		isMissingHistory: (): boolean =>
			items.some(({kind}) => kind === 'gap') || slices().some(({index}) => items[index]?.kind === 'older'),

		/** @returns which of the places where history is missing is the nearest. */
		missingAt: (): MissingPlace | undefined => missingPlace(items, slices()),

		/** @param room one of those that are mixed. @default the open one */
		older: (room = rid): OlderState => olderOf(room),
		setOlder(state: OlderState, room?: number): void {
			setOlder(state, room);
			rebuild();
		},

		/** After the server gave older messages. */
		acceptOlder(state: OlderState, room?: number): void {
			setOlder(state, room);
			messages.refresh(anchor === undefined);
			messages.expectOlder();
			rebuild();
			fillAbove();
		},

		/** @returns the newest own message that failed. */
		failed: (): OutboxItem | undefined => outbox.findLast(item => item.state === 'failed'),
	};
};
