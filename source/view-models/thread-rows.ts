/** The rows of a thread, and of the list of a room's threads. */
import {relationOf} from '../domain/edits.ts';
import {isByPerson, type Message, type ReadPlace} from '../domain/message.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import type {UnreadCounts} from '../domain/sync-response.ts';
import type {Highlight} from '../text/highlighter.ts';
import {literal, safeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {messageLines, outboxLines, unreadWords} from './message-lines.ts';
import {createMarks} from './message-marks.ts';
import {messageSummary} from './message-summary.ts';
import {boldSpan, cutLine, span, type ScreenLine, type ScreenSpan} from './screen-line.ts';
import {shortTimeText} from './time-text.ts';
import {createEcho} from './timeline-echo.ts';
import {timelineColumns} from './timeline-columns.ts';

/** What a thread is made of. */
export type ThreadFacts = {
	readonly root: Message | undefined;
	readonly rootId: string;
	/** Oldest first, without the root. */
	readonly replies: readonly Message[];
	readonly outbox: readonly OutboxItem[];
	/** How far others have read the thread, who has read furthest first. */
	readonly reads: readonly ReadPlace[];
	/** Event ids of pinned messages. */
	readonly pinned: ReadonlySet<string>;
	/** Event ids of messages whose spoilers are readable. */
	readonly revealed: ReadonlySet<string>;
	/** Name of the network of the room's bridge, where it is believed. */
	readonly network?: string | undefined;
};

export type ThreadContext = {
	readonly ownUserId: string;
	readonly nameOf: (userId: string) => string | undefined;
	readonly quoteOf: (eventId: string) => Message | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	/** Colours code. */
	readonly highlight: Highlight;
};

const missingRoot = [[span(literal`The first message is not stored here yet.`, 'muted')]] as const;

/** @returns the rows of a thread; their keys are event ids, where they have one */
export const threadRows = (
	{root, rootId, replies, outbox, reads, pinned, revealed, network}: ThreadFacts,
	{ownUserId, nameOf, quoteOf, now, highlight}: ThreadContext,
): readonly PanelRow[] => {
	const all = root === undefined ? replies : [root, ...replies];
	const echoed = createEcho(ownUserId)(all, outbox);
	const waiting = echoed.outbox.filter(item => isMessageOfItsOwn(item) && relationOf(item.content).thread === rootId);
	const marksOf = createMarks(echoed.messages, {reads, pinned, revealed, hasReaders: true, network, now});
	const author = safeText(nameOf(ownUserId), 'name', ownUserId);
	return [
		...(root === undefined ? [{key: rootId, isHeading: true, lines: () => missingRoot}] : []),
		...echoed.messages.map((message): PanelRow => ({
			key: message.eventId,
			lines(width) {
				const place = {
					columns: timelineColumns(width),
					isContinued: false,
					marks: marksOf(message),
					nameOf,
					now,
					highlight,
				};
				// Here all of them are in the thread.
				return messageLines({...message, threadRoot: undefined, thread: undefined}, place);
			},
		})),
		...waiting.map((item): PanelRow => ({
			key: `o${item.id}`,
			lines: width => outboxLines(item, {columns: timelineColumns(width), isContinued: false, author, quoteOf}),
		})),
	];
};

/** A thread of a list. */
export type ThreadEntry = {
	readonly rid: number;
	readonly rootId: string;
	readonly root: Message | undefined;
	readonly last: Message | undefined;
	readonly unread: UnreadCounts | undefined;
	/** Of the chat, where it is one of several of a person. */
	readonly network: ScreenSpan | undefined;
};

const summaryLine = ({root, network}: ThreadEntry, width: number): ScreenLine => {
	const label = network === undefined ? [] : [network, span(literal` `)];
	if (root === undefined)
		return cutLine([...label, span(literal`a thread whose first message is not stored here`, 'muted')], width);
	const name = isByPerson(root) ? literal`you` : safeText(root.senderName, 'name', root.sender);
	return cutLine([...label, boldSpan(name, 'name'), span(literal`  ${messageSummary(root)}`)], width);
};

/** @returns the key of its row. */
export const threadKey = ({rid, rootId}: Pick<ThreadEntry, 'rid' | 'rootId'>): string => `${rid} ${rootId}`;

/** @returns one row for each thread. @param now milliseconds since the Unix epoch */
export const threadListRows = (threads: readonly ThreadEntry[], now: number): readonly PanelRow[] =>
	threads.map(entry => ({
		key: threadKey(entry),
		lines(width) {
			const {root, last, unread} = entry;
			const count = root?.thread?.count ?? 0;
			const replies = count === 1 ? literal`1 reply` : literal`${count} replies`;
			const name = last === undefined ? literal`` : safeText(last.senderName, 'name', last.sender);
			const time = last === undefined ? literal`` : shortTimeText(last.timestamp, now);
			const line = [
				span(literal`  ⤷ ${replies}`, 'muted'),
				...unreadWords(unread),
				span(literal`, ${name} ${time}`, 'muted'),
			];
			return [summaryLine(entry, width), cutLine(line, width)];
		},
	}));
