/** A message, or one on its way, as lines: quote, text, reactions, warnings, state. Laid out once, then cached. */
import {asString} from '../domain/json.ts';
import {relationOf} from '../domain/edits.ts';
import type {Transfer} from '../domain/media-requests.ts';
import type {Message, Reaction, ReplyTarget, ThreadSummary} from '../domain/message.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import {endTypes, pollOf, responseTypes} from '../domain/poll.ts';
import type {Highlight} from '../text/highlighter.ts';
import {plainSummary} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth, truncate} from '../text/width.ts';
import {pollLines} from './poll-lines.ts';
import {blanks, boldSpan, cutLine, lineWidth, span, type ScreenLine, type ScreenSpan} from './screen-line.ts';
import {bodyLines, isEmote} from './message-body.ts';
import {noMarks, readByText, type MessageMarks} from './message-marks.ts';
import {awaitedWords, failedActions, sendNotes} from './send-words.ts';
import {clockText, shortTimeText} from './time-text.ts';
import type {ShownMessage} from './timeline-echo.ts';
import {inColumns, type Header, type TimelineColumns} from './timeline-columns.ts';
import {shieldText, undecryptedText} from './unreadable-text.ts';
import {transferLine, uploadLine} from './transfers.ts';
import {wrapLine} from './wrap-line.ts';

const maxReactions = 12;
const maxReactionWidth = 16;

/** Where a message stands in its group. */
export type MessagePlace = {
	readonly columns: TimelineColumns;
	readonly isContinued: boolean;
	/** What stands beside it. @default nothing */
	readonly marks?: MessageMarks | undefined;
	/** @returns the name of a member of the room. */
	readonly nameOf: (userId: string) => string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	/** Its picture, where it is drawn. */
	readonly picture?: readonly ScreenLine[] | undefined;
	/** How far its file is that is being fetched. */
	readonly transfer?: Transfer | undefined;
	/** Colours code. @default nothing does */
	readonly highlight?: Highlight | undefined;
	/** The letters of its network. @default none */
	readonly label?: ScreenSpan | undefined;
};

const senderName = (message: Message): SafeText =>
	safeText(message.author ?? message.senderName, 'name', message.sender);

/** How the person is called over what they wrote in the app of another network. @param width cells */
const phoneName = (width: number): SafeText => {
	if (width >= 11) return literal`you (phone)`;
	return width >= 5 ? literal`phone` : literal`you`;
};

const headerOf = (message: Message, width: number): Header => {
	const time = clockText(message.timestamp);
	if (isEmote(message.content)) return {time, name: literal`*`, role: 'muted'};
	if (message.isPhone === true) return {time, name: phoneName(width), role: 'own'};
	return message.isMine ? {time, name: literal`you`, role: 'own'} : {time, name: senderName(message), role: 'name'};
};

/** Cells for the name. */
const nameCells = ({columns, label}: Pick<MessagePlace, 'columns' | 'label'>): number =>
	columns.name - (label === undefined ? 0 : textWidth(label.text) + 1);

const quoteLine = (reply: ReplyTarget, width: number): ScreenLine => {
	const bar = span(literal`┃ `, 'border');
	if (reply.sender === undefined) return [bar, span(literal`a message that is not here yet`, 'muted')];
	const name = safeText(reply.senderName, 'name', reply.sender);
	// As a reply, so that what it quoted itself is left out.
	const quoted = {msgtype: 'm.text', body: reply.body, 'm.relates_to': {'m.in_reply_to': {}}};
	const body = reply.body === undefined ? literal`a message without text` : plainSummary(quoted, 'm.room.message');
	return cutLine([bar, span(literal`${name}: ${body}`, 'muted')], width);
};

/** Custom emoji are pictures, which have no text. */
const reactionKey = (key: string): SafeText =>
	key.startsWith('mxc://') ? literal`(picture)` : truncate(safeText(key, 'name', '(empty)'), maxReactionWidth);

const reactionLine = (reactions: readonly Reaction[]): ScreenLine => {
	if (reactions.length === 0) return [];
	const shown = reactions.slice(0, maxReactions);
	const spans = shown.flatMap(({key, count, isMine}, index) => [
		...(index === 0 ? [] : [span(literal`  `)]),
		span(reactionKey(key)),
		span(literal` ${count}`, isMine ? 'accent' : 'muted'),
	]);
	const rest = reactions.length - shown.length;
	return rest === 0 ? spans : [...spans, span(literal`  and ${rest} more`, 'muted')];
};

/** What belongs to a message stands behind its last line if there is room, else below it. */
const withAddition = (lines: readonly ScreenLine[], addition: ScreenLine, width: number): readonly ScreenLine[] => {
	if (addition.length === 0) return lines;
	const last = lines.at(-1) ?? [];
	if (lineWidth(last) + lineWidth(addition) + 3 > width) return [...lines, ...wrapLine(addition, width, 2)];
	return [...lines.slice(0, -1), [...last, span(literal`   `), ...addition]];
};

const redactedText = (message: Message, nameOf: MessagePlace['nameOf']): SafeText => {
	const {redactedBy = '', sender} = message;
	return redactedBy === sender
		? literal`removed`
		: literal`removed by ${safeText(nameOf(redactedBy), 'name', redactedBy)}`;
};

const quietLine = (message: Message, {nameOf}: MessagePlace): ScreenLine | undefined => {
	if (message.redactedBy !== undefined) return [span(redactedText(message, nameOf), 'muted')];
	if (message.encryption === 'undecrypted') return [span(undecryptedText(message), 'muted')];
	return undefined;
};

/** Rows at most of why a message cannot be read, and of why one could not be sent. */
const maxReasonRows = 4;

const textLines = (message: Message, {columns, marks, highlight, isContinued}: MessagePlace): readonly ScreenLine[] => {
	const {content, type, isEdited, threadRoot, votes} = message;
	const {text: width} = columns;
	const poll = votes === undefined ? undefined : pollOf(type, content);
	if (poll !== undefined && votes !== undefined) return pollLines(poll, votes, width);
	const author = senderName(message);
	const {author: claimed, title} = message;
	const via = claimed === undefined || isContinued ? undefined : safeText(message.senderName, 'name', message.sender);
	const about = title === undefined ? undefined : safeText(title, 'name');
	const body = bodyLines(
		{content, type, author, isEdited, isInThread: threadRoot !== undefined, title: about, via},
		{width, isSpoilerShown: marks?.isRevealed, highlight},
	);
	const quote = message.replyTo === undefined ? [] : [quoteLine(message.replyTo, width)];
	return [...quote, ...body];
};

const shieldLine = ({shield}: Message): ScreenLine =>
	// What is so of a whole room its header says.
	shield === undefined || shield.colour === 'neutral'
		? []
		: [span(literal`⚠ ${shieldText(shield)}`, shield.colour === 'red' ? 'error' : 'warning')];

const awaitedLine = ({awaited, network}: MessageMarks): ScreenLine =>
	awaited === undefined || network === undefined ? [] : [span(awaitedWords(awaited, network), 'muted')];

const sentMark: ScreenLine = [span(literal`✓ `, 'ok')];
const deliveredMark: ScreenLine = [span(literal`✓✓`, 'ok')];
const readMark: ScreenLine = [span(literal`◉ `, 'ok')];
const failedMark: ScreenLine = [span(literal`✗ `, 'error')];
const doubtMark: ScreenLine = [span(literal`? `, 'warning')];
const pinnedMark: ScreenLine = [span(literal`⚑ pinned`, 'muted')];

/** What a row of the outbox that is no message does to one. */
const changeWords = ({type, content}: OutboxItem): SafeText => {
	if (type === 'm.reaction') return literal`the reaction ${reactionKey(relationOf(content).key ?? '')}`;
	if (responseTypes.includes(type)) return literal`the vote`;
	if (endTypes.includes(type)) return literal`the end of the poll`;
	return type === 'm.room.redaction' ? literal`the removal` : literal`the edit`;
};

/** The state of a message: that of its changes which are on their way, else that it is sent, delivered or read. */
const stateMark = (
	{pending = [], isMine, isPhone, redactedBy, status, failedChanges = []}: ShownMessage,
	{isRead}: MessageMarks,
): ScreenLine => {
	if (pending.some(({state}) => state === 'failed') || failedChanges.length > 0) return failedMark;
	if (pending.some(({type}) => type !== 'm.reaction')) return [span(literal`⧗ `, 'muted')];
	if (!(isMine || isPhone === true) || redactedBy !== undefined) return [];
	if (status?.stage === 'failed') return status.isCertain ? failedMark : doubtMark;
	if (isRead) return readMark;
	// That it was sent goes without saying.
	if (isPhone === true) return [];
	return status?.stage === 'bridged' || status?.stage === 'delivered' ? deliveredMark : sentMark;
};

/** Who has read a message stands behind its last line, where there is room; nothing moves when it goes elsewhere. */
const withReaders = (lines: readonly ScreenLine[], {readBy}: MessageMarks, width: number): readonly ScreenLine[] => {
	if (readBy.length === 0) return lines;
	const last = lines.at(-1) ?? [];
	const gap = lineWidth(last) === 0 ? 0 : 3;
	const words = readByText(readBy, width - lineWidth(last) - gap);
	if (words === '') return lines;
	return [...lines.slice(0, -1), [...last, span(blanks(gap)), span(words, 'muted')]];
};

/** @returns how much of a thread is not read, for behind what is said of it. */
export const unreadWords = ({
	unread = 0,
	highlights = 0,
}: Pick<ThreadSummary, 'unread' | 'highlights'> = {}): ScreenLine => {
	if (unread === 0 && highlights === 0) return [];
	const count = Math.max(unread, highlights);
	return [span(literal` · `, 'muted'), boldSpan(literal`${count} new`, highlights > 0 ? 'mention' : 'unread')];
};

/** What stands in the thread below a message. */
const threadLines = ({thread}: Message, {columns, now}: MessagePlace): readonly ScreenLine[] => {
	if (thread === undefined) return [];
	const count = thread.count === 1 ? literal`1 reply` : literal`${thread.count} replies`;
	const news = unreadWords(thread);
	const whole = [span(literal`⤷ ${count}, last ${shortTimeText(thread.last, now)}`, 'accent'), ...news];
	const fits = news.length === 0 || lineWidth(whole) <= columns.text;
	return [cutLine(fits ? whole : [span(literal`⤷ ${count}`, 'accent'), ...news], columns.text)];
};

/** @returns the rows of a message of the archive. */
export const messageLines = (message: ShownMessage, place: MessagePlace): readonly ScreenLine[] => {
	const {columns, isContinued, marks = noMarks} = place;
	const quiet = quietLine(message, place);
	const lines = quiet === undefined ? textLines(message, place) : wrapLine(quiet, columns.text, maxReasonRows);
	const withReactions = withAddition(lines, reactionLine(message.reactions), columns.text);
	const withPin = withAddition(withReactions, marks.isPinned ? pinnedMark : [], columns.text);
	const withShield = withAddition(withPin, shieldLine(message), columns.text);
	const shown = withAddition(withShield, awaitedLine(marks), columns.text);
	const fetched = place.transfer === undefined ? [] : [transferLine(place.transfer, columns.text)];
	const drawn = message.redactedBy === undefined ? (place.picture ?? []) : [];
	const all = withReaders([...shown, ...fetched, ...drawn, ...threadLines(message, place)], marks, columns.text);
	const header = isContinued ? undefined : {...headerOf(message, nameCells(place)), label: place.label};
	const {status, failedChanges: changes = []} = message;
	const notes = sendNotes({status, changes}, marks.network ?? '', columns.text);
	const rows = [
		...inColumns(all, {columns, header, state: stateMark(message, marks)}),
		...inColumns(notes, {columns, header: undefined}),
	];
	const failed = message.pending?.find(({state}) => state === 'failed');
	if (failed === undefined) return rows;
	return [...rows, ...inColumns(outboxNotes(failed, columns.text), {columns, header: undefined})];
};

const outboxMark = ({state}: OutboxItem): ScreenLine => {
	if (state === 'failed') return failedMark;
	return state === 'sent' ? sentMark : [span(literal`⧗ `, 'muted')];
};

/** Why an own message is not sent, and what can be done. */
const outboxNotes = (item: OutboxItem, width: number, transfer?: Transfer): readonly ScreenLine[] => {
	const {state, error} = item;
	const what = isMessageOfItsOwn(item) ? literal`` : literal`${changeWords(item)} was `;
	const reason = safeText(error, 'name', 'no reason given');
	switch (state) {
		case 'uploading':
			return wrapLine(uploadLine(transfer, error, width), width, maxReasonRows);
		case 'failed':
			return [
				...wrapLine([span(literal`✗ ${what}not sent: ${reason}`, 'error')], width, maxReasonRows),
				...wrapLine(failedActions(width), width, 2),
			];
		case 'held':
			return wrapLine([span(literal`waits: ${reason}`, 'muted')], width, maxReasonRows);
		case 'doubt':
			return wrapLine([span(literal`may have been sent already: being looked up`, 'muted')], width, maxReasonRows);
		case 'scheduled':
		case 'queued':
		case 'inflight':
		case 'sent':
			return [];
		default:
			return state satisfies never;
	}
};

type OutboxPlace = Pick<MessagePlace, 'columns' | 'isContinued' | 'label'> & {
	readonly author: SafeText;
	/** @returns a message of the room. */
	readonly quoteOf: (eventId: string) => Message | undefined;
	/** How far its file is. */
	readonly transfer?: Transfer | undefined;
};

const quoted = (eventId: string, message: Message | undefined): ReplyTarget => ({
	eventId,
	sender: message?.sender,
	senderName: message?.senderName,
	body: asString(message?.content['body']),
});

/** @returns the rows of a message that is not (yet) in the archive. */
export const outboxLines = (
	item: OutboxItem,
	{columns, isContinued, author, quoteOf, transfer, label}: OutboxPlace,
): readonly ScreenLine[] => {
	const {content, type, createdAt} = item;
	// What has failed to change a message that is not seen says so in its own place.
	if (!isMessageOfItsOwn(item)) return inColumns(outboxNotes(item, columns.text), {columns, header: undefined});
	const {replyTo, thread} = relationOf(content);
	const text = bodyLines(
		{content, type, author, isEdited: false, isInThread: thread !== undefined},
		{width: columns.text},
	);
	const body = replyTo === undefined ? text : [quoteLine(quoted(replyTo, quoteOf(replyTo)), columns.text), ...text];
	const time = clockText(createdAt);
	const header: Header = isEmote(content)
		? {time, name: literal`*`, role: 'muted', label}
		: {time, name: literal`you`, role: 'own', label};
	const place = {columns, header: isContinued ? undefined : header};
	const rows = inColumns(body, {...place, state: outboxMark(item)});
	return [...rows, ...inColumns(outboxNotes(item, columns.text, transfer), {columns, header: undefined})];
};
