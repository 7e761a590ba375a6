/** The entries of a timeline as rows of the screen, each laid out once as long as what it shows stays the same. */
import {fetchKey, type Transfer} from '../domain/media-requests.ts';
import type {Message} from '../domain/message.ts';
import type {Highlighter} from '../text/highlighter.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {KeyOf} from './key-of.ts';
import {changeSummary} from './change-summary.ts';
import {messageLines, outboxLines} from './message-lines.ts';
import {marksKey} from './message-marks.ts';
import {cutLine, span, type ScreenLine, type ScreenSpan, type ThemeRole} from './screen-line.ts';
import {dayNumber, dayText} from './time-text.ts';
import {markedLines, noteLines, timelineColumns} from './timeline-columns.ts';
import {textWidth} from '../text/width.ts';
import {messageOf, type OlderState, type TimelineItem} from './timeline-items.ts';
import type {TimelineNetwork} from './timeline-rooms.ts';
import {unreadableText} from '../text/message-text.ts';

/** Rows of one entry. The same object as long as they are the same rows. */
export type TimelineRow = {readonly key: string; readonly lines: readonly ScreenLine[]};

export type RowContext = {
	/** Cells. */
	readonly width: number;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	/** @param rid room of the message. @default the open one */
	readonly nameOf: (userId: string, rid?: number) => string | undefined;
	/** @returns a message of a room that is quoted. */
	readonly quoteOf: (eventId: string, rid: number) => Message | undefined;
	/** @returns the network of a room, where those of several are mixed. */
	readonly networkOf: (rid: number) => TimelineNetwork | undefined;
	/** The first of what is seen that names who wrote it. @default false */
	readonly isTop?: boolean | undefined;
	readonly ownUserId: string;
	/** @returns how far the file of an own message is, by its transaction id. */
	readonly transferOf: (key: string) => Transfer | undefined;
	/** Colours code. @default nothing does */
	readonly highlighter?: Highlighter | undefined;
	/** @returns the picture of a message, if it is to be drawn. */
	readonly pictureOf: (eventId: string) => readonly ScreenLine[] | undefined;
	readonly keyOf: KeyOf;
};

/** Entries whose rows are kept; some screens. */
const maxRows = 400;

const dividerLine = (
	label: SafeText,
	{
		width,
		rule,
		role,
		labelRole,
	}: {readonly width: number; readonly rule: string; readonly role: ThemeRole; readonly labelRole: ThemeRole},
): ScreenLine => {
	const cells = Math.max(0, width - 1 - textWidth(label) - 2);
	const left = Math.floor(cells / 2);
	const side = (count: number) => span(rule.repeat(count) as SafeText, role);
	return cutLine([side(left), span(literal` ${label} `, labelRole), side(cells - left)], width);
};

const olderText = (
	state: OlderState,
	isGap: boolean,
	{keyOf, network}: {readonly keyOf: KeyOf; readonly network: SafeText | undefined},
): SafeText => {
	const missing = network === undefined ? literal`history missing here` : literal`history of ${network} missing here`;
	const what = isGap ? literal`${missing}: ` : literal``;
	switch (state.kind) {
		case 'idle':
			return isGap ? literal`${missing}: mx fetches it` : literal`${keyOf('page-up')} loads older messages`;
		case 'loading':
			return literal`${what}loading…`;
		case 'failed':
			return literal`${what}could not be loaded: ${safeText(state.reason, 'name', 'no reason given')}`;
		case 'end':
			return isGap ? literal`${missing}, and the server has none` : literal`the server has no older messages`;
		default:
			return state satisfies never;
	}
};

/** The room of an entry. */
const ridOf = (item: TimelineItem): number | undefined => {
	if (item.kind === 'outbox') return item.item.rid;
	return item.kind === 'gap' || item.kind === 'older' ? item.hole?.rid : messageOf(item)?.rid;
};

const networkNameOf = (item: TimelineItem, {networkOf}: RowContext): SafeText | undefined => {
	const rid = ridOf(item);
	return rid === undefined ? undefined : networkOf(rid)?.name;
};

/** The letters of the network stand where another one begins, and at the top of what is seen. */
const labelOf = (item: TimelineItem, {networkOf, isTop}: RowContext): ScreenSpan | undefined => {
	if (item.kind !== 'message' && item.kind !== 'outbox') return undefined;
	const rid = ridOf(item);
	return rid !== undefined && (item.isTurn === true || isTop === true) ? networkOf(rid)?.label : undefined;
};

const linesOf = (item: TimelineItem, context: RowContext): readonly ScreenLine[] => {
	const {width, now, ownUserId, transferOf, pictureOf, keyOf} = context;
	const columns = timelineColumns(width);
	const [rid, network, label] = [ridOf(item), networkNameOf(item, context), labelOf(item, context)];
	const nameOf = (userId: string) => context.nameOf(userId, rid);
	const via = network === undefined ? literal`` : literal`${network}: `;
	switch (item.kind) {
		case 'start':
			return noteLines(
				item.isOfAll ? literal`the beginning of these chats` : literal`the beginning of this room`,
				columns,
			);
		case 'older':
			return noteLines(olderText(item.state, false, {keyOf, network}), columns);
		case 'gap':
			return noteLines(olderText(item.state, true, {keyOf, network}), columns);
		case 'day':
			return [dividerLine(dayText(item.time, now), {width, rule: '─', role: 'border', labelRole: 'muted'})];
		case 'unread':
			return [dividerLine(literal`new`, {width, rule: '━', role: 'unread', labelRole: 'unread'})];
		case 'changes':
			return noteLines(literal`${via}${changeSummary(item.changes, {nameOf, ownUserId})}`, columns);
		case 'unreadable':
			return noteLines(unreadableText(item.messages.length), columns);
		case 'message':
			return messageLines(item.message, {
				columns,
				isContinued: item.isContinued,
				marks: item.marks,
				nameOf,
				now,
				transfer: transferOf(fetchKey(item.message.eventId)),
				highlight: context.highlighter?.highlight,
				picture: pictureOf(item.message.eventId),
				label,
			});
		case 'outbox':
			return outboxLines(item.item, {
				columns,
				isContinued: item.isContinued,
				author: safeText(nameOf(ownUserId), 'name', ownUserId),
				quoteOf: eventId => context.quoteOf(eventId, item.item.rid),
				label,
				transfer: transferOf(item.item.transactionId),
			});
		default:
			return item satisfies never;
	}
};

/** What the rows of an entry depend on, besides width and day; compared one by one. */
const inputsOf = (item: TimelineItem, context: RowContext): readonly unknown[] => {
	const {transferOf, pictureOf, keyOf} = context;
	switch (item.kind) {
		case 'message':
			return [
				item.message,
				item.isContinued,
				labelOf(item, context),
				marksKey(item.marks),
				transferOf(fetchKey(item.message.eventId)),
				pictureOf(item.message.eventId),
			];
		case 'outbox':
			return [item.item, item.isContinued, labelOf(item, context), transferOf(item.item.transactionId)];
		case 'changes':
			return [networkNameOf(item, context), ...item.changes.map(change => change.message)];
		case 'unreadable':
			return [item.messages.length];
		case 'older':
		case 'gap':
			return [item.state, keyOf('page-up'), networkNameOf(item, context)];
		case 'day':
			return [item.time];
		case 'start':
			return [item.isOfAll];
		case 'unread':
			return [];
		default:
			return item satisfies never;
	}
};

export type RowMaker = (item: TimelineItem, context: RowContext) => TimelineRow;

/**
 * @param onError told when an entry cannot be laid out: it then says so in its place, and the others stay
 * @returns a function that lays out an entry, or gives the rows it had
 */
export const createRowMaker = (onError: (error: unknown) => void): RowMaker => {
	const known = new Map<string, {readonly inputs: readonly unknown[]; readonly row: TimelineRow}>();

	const layOut = (item: TimelineItem, context: RowContext): readonly ScreenLine[] => {
		try {
			return linesOf(item, context);
		} catch (error) {
			onError(error);
			return [[span(literal`this message could not be shown`, 'error')]];
		}
	};

	return (item, context) => {
		const inputs = [context.width, dayNumber(context.now), context.highlighter?.version(), ...inputsOf(item, context)];
		// Scrolling changes which one is at the top: both forms of it are kept.
		const key = context.isTop === true ? `${item.key} top` : item.key;
		const before = known.get(key);
		const isSame =
			before?.inputs.length === inputs.length && inputs.every((input, index) => input === before.inputs[index]);
		const entry = isSame ? before : {inputs, row: {key: item.key, lines: layOut(item, context)}};
		// Behind all others, so that the first one is the one not seen for longest.
		known.delete(key);
		known.set(key, entry);
		const [oldest] = known.keys();
		if (known.size > maxRows && oldest !== undefined) known.delete(oldest);
		return entry.row;
	};
};

/** How an entry is marked. */
export type RowMark = {readonly isSelected: boolean; readonly isPicked: boolean};

/** @returns a function that marks rows; the same row with the same mark is the same object. */
export const createMarker = (): ((row: TimelineRow, mark: RowMark, width: number) => TimelineRow) => {
	const marked = new WeakMap<TimelineRow, Map<string, TimelineRow>>();
	return (row, mark, width) => {
		if (!mark.isSelected && !mark.isPicked) return row;
		const known = marked.get(row) ?? new Map<string, TimelineRow>();
		marked.set(row, known);
		const kind = `${mark.isSelected} ${mark.isPicked}`;
		const before = known.get(kind);
		if (before !== undefined) return before;
		const next = {key: row.key, lines: markedLines(row.lines, mark, timelineColumns(width))};
		known.set(kind, next);
		return next;
	};
};
