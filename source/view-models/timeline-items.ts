/** The rows of a timeline before they are laid out: messages, and what is made up between them. */
import {asObject, type JsonObject} from '../domain/json.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {comparePlaces, type TimelinePlace} from './account-source.ts';
import {isEmote} from './message-body.ts';
import {noMarks, type MessageMarks} from './message-marks.ts';
import type {MessageRun} from './message-window.ts';
import {dayNumber} from './time-text.ts';
import type {ShownMessage} from './timeline-echo.ts';

/** A state event, and the content it replaced where that is known. */
export type StateChangeItem = {readonly message: Message; readonly previous: JsonObject | undefined};

/** How the server's older messages stand. */
export type OlderState =
	| {readonly kind: 'idle'}
	| {readonly kind: 'loading'}
	| {readonly kind: 'failed'; readonly reason: string}
	/** The server has no more that this account may see. */
	| {readonly kind: 'end'};

/** One entry of a timeline. Keys are stable while the entry stays. */
export type TimelineItem = {readonly key: string} & (
	| {readonly kind: 'start'}
	/** Above the oldest message that the archive has. */
	| {readonly kind: 'older'; readonly state: OlderState}
	/** Between two messages. */
	| {readonly kind: 'gap'; readonly state: OlderState}
	| {readonly kind: 'day'; readonly time: number}
	| {readonly kind: 'unread'}
	| {readonly kind: 'changes'; readonly changes: readonly StateChangeItem[]}
	/** What came as events of the room and is none. */
	| {readonly kind: 'unreadable'; readonly messages: readonly Message[]}
	/** `isContinued`: same sender and minute as the message above. */
	| {
			readonly kind: 'message';
			readonly message: ShownMessage;
			readonly isContinued: boolean;
			readonly marks: MessageMarks;
	  }
	| {readonly kind: 'outbox'; readonly item: OutboxItem; readonly isContinued: boolean}
);

export type TimelineRequest = {
	readonly run: Omit<MessageRun, 'messages'> & {readonly messages: readonly ShownMessage[]};
	readonly outbox: readonly OutboxItem[];
	/** The last message that was read when the room was opened. */
	readonly readUpTo: TimelinePlace | undefined;
	readonly older: OlderState;
	/** What stands beside a message. @default nothing */
	readonly marksOf?: ((message: ShownMessage) => MessageMarks) | undefined;
};

/** Events for programs: how a bridge sent a message, the steps of a verification. */
const isSilent = (type: string): boolean =>
	type === 'com.beeper.message_send_status' || type.startsWith('m.key.verification.');

const minuteOf = (time: number): number => Math.floor(time / 60_000);

/** What folds into a line: changes of the room, and what the bot of its bridge says beside. */
const isStateChange = (message: Message): boolean =>
	message.redactedBy === undefined && (message.stateKey !== undefined || message.isChatter === true);

/** What stands above the oldest message. */
const topItem = ({run, older}: TimelineRequest): TimelineItem | undefined => {
	if (run.hasOlder) return undefined;
	return run.isStartKnown ? {kind: 'start', key: 'start'} : {kind: 'older', key: 'older', state: older};
};

type Walk = {
	readonly items: TimelineItem[];
	readonly members: Map<string, JsonObject>;
	previous: Message | undefined;
	changes: StateChangeItem[];
	unreadable: Message[];
	/** The chunk of the last row of any kind. */
	chunkOrder: number | undefined;
	/** Whether what is read ends in what is in memory, so that the line between has a place. */
	isReadSeen: boolean;
	isUnreadShown: boolean;
};

/** Ends what is folded into one row. */
const endFolding = (walk: Walk): void => {
	const last = walk.changes.at(-1);
	if (last !== undefined) walk.items.push({kind: 'changes', key: `c${last.message.pk}`, changes: walk.changes});
	walk.changes = [];
	const unreadable = walk.unreadable.at(-1);
	if (unreadable !== undefined)
		walk.items.push({kind: 'unreadable', key: `x${unreadable.pk}`, messages: walk.unreadable});
	walk.unreadable = [];
};

const addVirtual = (walk: Walk, item: TimelineItem): void => {
	endFolding(walk);
	walk.items.push(item);
};

const addGap = (walk: Walk, {chunkOrder}: Message, {run, older}: TimelineRequest): void => {
	const isNewChunk = walk.chunkOrder !== undefined && walk.chunkOrder !== chunkOrder;
	if (isNewChunk && run.gaps.includes(chunkOrder)) addVirtual(walk, {kind: 'gap', key: `g${chunkOrder}`, state: older});
	walk.chunkOrder = chunkOrder;
};

/** What the message makes necessary above it besides a gap: a day, the unread line. */
const addDividers = (walk: Walk, message: Message, {readUpTo}: TimelineRequest): void => {
	if (walk.previous === undefined || dayNumber(walk.previous.timestamp) !== dayNumber(message.timestamp)) {
		addVirtual(walk, {kind: 'day', key: `d${message.pk}`, time: message.timestamp});
	}
	const isRead = readUpTo === undefined || comparePlaces(message, readUpTo) <= 0;
	walk.isReadSeen ||= isRead;
	const isNew = !isRead && !isByPerson(message) && !isStateChange(message);
	if (isNew && walk.isReadSeen && !walk.isUnreadShown) {
		walk.isUnreadShown = true;
		addVirtual(walk, {kind: 'unread', key: 'unread'});
	}
};

const addChange = (walk: Walk, message: Message): void => {
	const isMember = message.type === 'm.room.member';
	const user = message.stateKey ?? '';
	if (walk.unreadable.length > 0) endFolding(walk);
	walk.changes.push({message, previous: isMember ? walk.members.get(user) : undefined});
	if (isMember) walk.members.set(user, message.content);
};

/** It has no time and nobody sent it, so it neither begins a day nor counts as new. */
const addUnreadable = (walk: Walk, message: Message): void => {
	if (walk.changes.length > 0) endFolding(walk);
	walk.unreadable.push(message);
};

const continues = (message: Message, previous: Message | undefined): boolean =>
	previous !== undefined &&
	!isStateChange(previous) &&
	previous.sender === message.sender &&
	previous.isPhone === message.isPhone &&
	previous.author === message.author &&
	minuteOf(previous.timestamp) === minuteOf(message.timestamp) &&
	!isEmote(message.content) &&
	!isEmote(previous.content);

const outboxItems = (outbox: readonly OutboxItem[], last: Message | undefined): readonly TimelineItem[] =>
	outbox.map((item, index) => {
		const before =
			outbox[index - 1]?.createdAt ?? (last?.isMine === true && last.isPhone !== true ? last.timestamp : undefined);
		const isSameMinute = before !== undefined && minuteOf(before) === minuteOf(item.createdAt);
		const isContinued = isSameMinute && asObject(item.content)['msgtype'] !== 'm.emote';
		return {kind: 'outbox', key: `o${item.id}`, item, isContinued};
	});

/** @returns all entries of a timeline, oldest first. */
export const timelineItems = (request: TimelineRequest): readonly TimelineItem[] => {
	const top = topItem(request);
	const walk: Walk = {
		items: top === undefined ? [] : [top],
		members: new Map(),
		previous: undefined,
		changes: [],
		unreadable: [],
		chunkOrder: undefined,
		isReadSeen: !request.run.hasOlder,
		isUnreadShown: false,
	};
	for (const message of request.run.messages) {
		addGap(walk, message, request);
		if (isUnreadable(message)) {
			addUnreadable(walk, message);
			continue;
		}
		if (isSilent(message.type) || message.isFolded === true) continue;
		addDividers(walk, message, request);
		if (isStateChange(message)) {
			addChange(walk, message);
		} else {
			endFolding(walk);
			const isBelowMessage = walk.items.at(-1)?.kind === 'message';
			const isContinued = isBelowMessage && continues(message, walk.previous);
			const marks = request.marksOf?.(message) ?? noMarks;
			walk.items.push({kind: 'message', key: `m${message.pk}`, message, isContinued, marks});
		}
		walk.previous = message;
	}
	endFolding(walk);
	return request.run.hasNewer ? walk.items : [...walk.items, ...outboxItems(request.outbox, walk.previous)];
};

/** @returns the place of an entry for finding it again when its key is gone; `undefined` for what has none. */
export const placeOf = (item: TimelineItem): TimelinePlace | undefined => {
	if (item.kind === 'message') return item.message;
	if (item.kind === 'unreadable') return item.messages.at(-1);
	return item.kind === 'changes' ? item.changes.at(-1)?.message : undefined;
};
