/** The timeline of the open room: what is in memory, where it is scrolled to, which rows are seen. */
import {relationOf} from '../domain/edits.ts';
import type {HistoryPlace} from '../domain/history-requests.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Highlighter} from '../text/highlighter.ts';
import {comparePlaces, type AccountSource, type TimelinePlace} from './account-source.ts';
import {createBridgedMessages} from './bridged-messages.ts';
import {createSameKeeper} from './keep-same.ts';
import {createMarks, markSourcesOf} from './message-marks.ts';
import {createDrawnPictures} from './picture-lines.ts';
import type {KeyOf} from './key-of.ts';
import {createMessageWindow} from './message-window.ts';
import {anchorToTop, scrollBy, visibleSlices, type Heights, type ScrollAnchor} from './scroll.ts';
import {createEcho} from './timeline-echo.ts';
import {placeOf, timelineItems, type OlderState, type TimelineItem} from './timeline-items.ts';
import {indexOfAnchor, missingPlace, readUpToOf, type KeptAnchor} from './timeline-places.ts';
import {createMarker, createRowMaker, type TimelineRow} from './timeline-rows.ts';
import {createTransfers} from './transfers.ts';
import {createSelecting} from './timeline-selecting.ts';

/** What is seen. The same object as long as it is the same. */
export type TimelineView = {
	readonly rows: readonly TimelineRow[];
	/** Rows that stay blank above a short timeline. */
	readonly blankRows: number;
	readonly isAtEnd: boolean;
	/** Messages of others that came below what is seen. */
	readonly newBelow: number;
};

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

/** Pages of the archive that one step may read, where events fold into few lines. */
const maxPages = 5;

const idle: OlderState = {kind: 'idle'};
const nothing: TimelineView = {rows: [], blankRows: 0, isAtEnd: true, newBelow: 0};

export const createTimeline = ({source, userId, now, keyOf, highlighter, onError}: TimelineOptions) => {
	const messages = createMessageWindow(source);
	const makeRow = createRowMaker(onError);
	const mark = createMarker();
	const echo = createEcho(userId);
	const bridged = createBridgedMessages(source);
	const transfers = createTransfers();
	const pictures = createDrawnPictures();
	let keepOutbox = createSameKeeper<OutboxItem>(item => item.id);
	let rid: number | undefined;
	let outbox: readonly OutboxItem[] = [];
	let readUpTo: TimelinePlace | undefined;
	let older: OlderState = idle;
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
	let lastView = nothing;

	const nameOf = (userId: string): string | undefined =>
		rid === undefined ? undefined : source.memberName(rid, userId);
	const quoteOf = (eventId: string) => (rid === undefined ? undefined : source.message(rid, eventId));
	const [transferOf, pictureOf, ownUserId] = [transfers.of, pictures.of, userId];
	const parts = {nameOf, quoteOf, ownUserId, transferOf, highlighter, pictureOf, keyOf};
	const rowAt = (index: number): TimelineRow | undefined => {
		const item = items[index];
		return item === undefined ? undefined : makeRow(item, {width, now: now(), ...parts});
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
		anchor = isEnd ? undefined : {key: item.key, place: placeOf(item), line: next.line};
		noteSeen();
	};

	const rebuild = (): void => {
		// What the server had no more of was something else than a gap that came later.
		if (older.kind === 'end' && messages.run().gaps.length > 0) older = idle;
		const run = messages.run();
		const {outbox: own, messages: shown} = echo(bridged(rid, run.messages), outbox);
		const isHere = (item: OutboxItem) => item.state === 'failed' || relationOf(item.content).thread === undefined;
		const marksOf = createMarks(shown, markSourcesOf(source, rid, {revealed, hasNewest: !run.hasNewer, now: now()}));
		items = timelineItems({run: {...run, messages: shown}, outbox: own.filter(isHere), readUpTo, older, marksOf});
		noteSeen();
	};

	const slices = () => visibleSlices(scrollAnchor(), heights(), rows);

	/** Takes older messages from the archive while the top row is seen; at the end not so many that newer ones must go. */
	const fillAbove = (): void => {
		for (let pages = 0; pages < maxPages; pages++) {
			const isTopSeen = (slices()[0]?.index ?? 0) === 0;
			if (!isTopSeen || !messages.run().hasOlder) return;
			messages.loadOlder();
			rebuild();
		}
	};

	/** Takes newer messages from the archive when the bottom of what is in memory is reached. */
	const fillBelow = (): void => {
		if (anchor !== undefined || !messages.run().hasNewer) return;
		const last = items.at(-1);
		if (!messages.loadNewer()) return;
		anchor = last === undefined ? undefined : {key: last.key, place: placeOf(last), line: Number.MAX_SAFE_INTEGER};
		rebuild();
	};

	/** Whether what is seen lowest is the newest of all, be it fixed or not. */
	const isAtEnd = (): boolean => {
		if (anchor === undefined) return true;
		const spot = scrollBy(scrollAnchor(), heights(), {lines: 0, rows});
		return spot.kind === 'end' && !messages.run().hasNewer;
	};

	const view = (): TimelineView => {
		const seen = slices();
		const chosen = selecting.index();
		const shown = seen.flatMap(({index, from, to}) => {
			const plain = rowAt(index);
			if (plain === undefined) return [];
			const row = mark(plain, selecting.markOf(index, chosen), width);
			return from === 0 && to === row.lines.length ? [row] : [sliceOf(row, from, to)];
		});
		const filled = seen.reduce((sum, {from, to}) => sum + to - from, 0);
		const hasEnd = isAtEnd();
		const last = seenUpTo;
		const isNew = (message: (typeof all)[number]) =>
			!isByPerson(message) && !isUnreadable(message) && last !== undefined && comparePlaces(message, last) > 0;
		const all = messages.run().messages;
		const newBelow = hasEnd ? 0 : all.filter(isNew).length;
		const next = {rows: shown, blankRows: Math.max(0, rows - filled), isAtEnd: hasEnd, newBelow};
		const isSame =
			next.blankRows === lastView.blankRows &&
			hasEnd === lastView.isAtEnd &&
			newBelow === lastView.newBelow &&
			shown.length === lastView.rows.length &&
			shown.every((row, index) => row === lastView.rows[index]);
		if (!isSame) lastView = next;
		return lastView;
	};

	const partial = new WeakMap<TimelineRow, {readonly from: number; readonly to: number; readonly row: TimelineRow}>();
	const sliceOf = (row: TimelineRow, from: number, to: number): TimelineRow => {
		const before = partial.get(row);
		if (before?.from === from && before.to === to) return before.row;
		const sliced = {key: row.key, lines: row.lines.slice(from, to)};
		partial.set(row, {from, to, row: sliced});
		return sliced;
	};

	/** What comes in before somebody's eyes is not new; above what came in otherwise the line stays until the room is left. */
	const noteRead = (): void => {
		const hasLine = items.some(({kind}) => kind === 'unread');
		if (anchor === undefined && !hasLine) readUpTo = messages.run().messages.at(-1) ?? readUpTo;
	};

	const refresh = (): void => {
		if (rid === undefined) return;
		if (selecting.index() !== undefined) fixView();
		messages.refresh(anchor === undefined);
		if (isWatched) noteRead();
		outbox = keepOutbox(source.outbox(rid));
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
			const place = rid === undefined ? undefined : source.message(rid, eventId);
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
		anchor = {key: item.key, place: placeOf(item), line: isWhole ? Number.MAX_SAFE_INTEGER : lowest.to - 1};
	};

	/** Puts the first line of an entry on the top row, or its last line on the lowest one. */
	const showEdge = (index: number, edge: 'top' | 'bottom'): void => {
		const item = items[index];
		if (edge === 'top') keepAnchor(anchorToTop(index, heights(), rows));
		else if (item !== undefined) anchor = {key: item.key, place: placeOf(item), line: Number.MAX_SAFE_INTEGER};
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
			keepOutbox = createSameKeeper<OutboxItem>(item => item.id);
			outbox = rid === undefined ? [] : keepOutbox(source.outbox(rid));
			pictures.clear();
			anchor = undefined;
			selecting.clear();
			older = idle;
			revealed = new Set();
			messages.open(rid);
			readUpTo = room === undefined ? undefined : readUpToOf(source, room, messages.run().messages);
			rebuild();
			fillAbove();
		},

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
		missingAt: (): HistoryPlace | undefined => missingPlace(items, slices()),

		older: (): OlderState => older,
		setOlder(state: OlderState): void {
			older = state;
			rebuild();
		},

		/** After the server gave older messages. */
		acceptOlder(state: OlderState): void {
			older = state;
			messages.refresh(anchor === undefined);
			messages.expectOlder();
			rebuild();
			fillAbove();
		},

		/** @returns the newest own message that failed. */
		failed: (): OutboxItem | undefined => outbox.findLast(item => item.state === 'failed'),
	};
};
