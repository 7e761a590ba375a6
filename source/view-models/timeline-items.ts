/** The rows of a timeline before they are laid out: messages, and what is made up between them. */
import type {TimelineHole} from '../domain/history-requests.ts';
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
export type TimelineItem = {readonly key: string} &
	/** `isOfAll`: of several rooms. */
	(
		| {readonly kind: 'start'; readonly isOfAll: boolean}
		/** Above the oldest message that the archive has. `hole`: of which room, where several are mixed. */
		| {readonly kind: 'older'; readonly state: OlderState; readonly hole?: TimelineHole | undefined}
		/** Between two messages. */
		| {readonly kind: 'gap'; readonly state: OlderState; readonly hole?: TimelineHole | undefined}
		| {readonly kind: 'day'; readonly time: number}
		| {readonly kind: 'unread'}
		| {readonly kind: 'changes'; readonly changes: readonly StateChangeItem[]}
		/** What came as events of the room and is none. */
		| {readonly kind: 'unreadable'; readonly messages: readonly Message[]}
		/** `isContinued`: same sender and minute as the message above; `isTurn`: that one is of another room. */
		| {
				readonly kind: 'message';
				readonly message: ShownMessage;
				readonly isContinued: boolean;
				readonly isTurn?: boolean | undefined;
				readonly marks: MessageMarks;
		  }
		| {
				readonly kind: 'outbox';
				readonly item: OutboxItem;
				readonly isContinued: boolean;
				readonly isTurn?: boolean | undefined;
		  }
	);

export type TimelineRequest = {
	readonly run: Omit<MessageRun, 'messages'> & {readonly messages: readonly ShownMessage[]};
	readonly outbox: readonly OutboxItem[];
	/** The last message that was read when the room was opened. */
	readonly readUpTo: TimelinePlace | undefined;
	readonly older: OlderState;
	/** How they stand in one of several rooms. @default `older` */
	readonly olderOf?: ((rid: number) => OlderState) | undefined;
	/** What stands beside a message. @default nothing */
	readonly marksOf?: ((message: ShownMessage) => MessageMarks | undefined) | undefined;
};

/** Events for programs: how a bridge sent a message, the steps of a verification. */
const isSilent = (type: string): boolean =>
	type === 'com.beeper.message_send_status' || type.startsWith('m.key.verification.');

const minuteOf = (time: number): number => Math.floor(time / 60_000);

/** What folds into a line: changes of the room, and what the bot of its bridge says beside. */
const isStateChange = (message: Message): boolean =>
	message.redactedBy === undefined && (message.stateKey !== undefined || message.isChatter === true);

const stateOf = ({older, olderOf}: TimelineRequest, {rid}: TimelineHole): OlderState => olderOf?.(rid) ?? older;

/** Of several rooms: the hole above the oldest message of all, else that of a room of which nothing is seen. */
const topHole = ({messages, holes = []}: TimelineRequest['run']): TimelineHole | undefined =>
	holes.find(({pk}) => pk !== undefined && pk === messages[0]?.pk) ?? holes.find(({pk}) => pk === undefined);

/** What stands above the oldest message. */
const topItem = (request: TimelineRequest): TimelineItem | undefined => {
	const {run, older} = request;
	if (run.hasOlder) return undefined;
	if (run.isStartKnown) return {kind: 'start', key: 'start', isOfAll: run.holes !== undefined};
	if (run.holes === undefined) return {kind: 'older', key: 'older', state: older};
	// Of a room that begins further down, its own place says what is missing.
	const hole = topHole(run);
	return hole === undefined ? undefined : {kind: 'older', key: 'older', state: stateOf(request, hole), hole};
};

type Walk = {
	readonly items: TimelineItem[];
	readonly members: Map<string, JsonObject>;
	previous: Message | undefined;
	changes: StateChangeItem[];
	unreadable: Message[];
	/** The chunk of the last row of any kind. */
	chunkOrder: number | undefined;
	/** The room of the last message. */
	lastRid: number | undefined;
	/** Whether what is read ends in what is in memory, so that the line between has a place. */
	isReadSeen: boolean;
	isUnreadShown: boolean;
};

/** Ends what is folded into one row; of several rooms, each has one of its own. */
const endFolding = (walk: Walk): void => {
	for (const changes of Map.groupBy(walk.changes, ({message}) => message.rid).values()) {
		const last = changes.at(-1);
		if (last !== undefined) walk.items.push({kind: 'changes', key: `c${last.message.pk}`, changes});
	}
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

const addHole = (walk: Walk, {pk}: Message, request: TimelineRequest): void => {
	const {messages, holes = [], hasOlder} = request.run;
	const hole = holes.find(each => each.pk === pk);
	// The one at the top has said so already.
	if (hole === undefined || (!hasOlder && pk === messages[0]?.pk)) return;
	addVirtual(walk, {kind: 'gap', key: `g${hole.rid} ${hole.chunkOrder}`, state: stateOf(request, hole), hole});
};

const addGap = (walk: Walk, message: Message, request: TimelineRequest): void => {
	const {run, older} = request;
	if (run.holes !== undefined) return addHole(walk, message, request);
	const {chunkOrder} = message;
	const isNewChunk = walk.chunkOrder !== undefined && walk.chunkOrder !== chunkOrder;
	if (isNewChunk && run.gaps.includes(chunkOrder)) addVirtual(walk, {kind: 'gap', key: `g${chunkOrder}`, state: older});
	walk.chunkOrder = chunkOrder;
	return undefined;
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
	const user = `${message.rid} ${message.stateKey ?? ''}`;
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
	previous.rid === message.rid &&
	previous.sender === message.sender &&
	previous.isPhone === message.isPhone &&
	previous.author === message.author &&
	minuteOf(previous.timestamp) === minuteOf(message.timestamp) &&
	!isEmote(message.content) &&
	!isEmote(previous.content);

const outboxItems = (
	outbox: readonly OutboxItem[],
	last: Message | undefined,
	lastRid: number | undefined,
): readonly TimelineItem[] =>
	outbox.map((item, index) => {
		const above = outbox[index - 1];
		const before = above?.createdAt ?? (last?.isMine === true && last.isPhone !== true ? last.timestamp : undefined);
		const isSameMinute = before !== undefined && minuteOf(before) === minuteOf(item.createdAt);
		const isTurn = (above?.rid ?? lastRid) !== item.rid;
		const isSame = (above?.rid ?? last?.rid) === item.rid;
		const isContinued = isSameMinute && isSame && asObject(item.content)['msgtype'] !== 'm.emote';
		return {kind: 'outbox', key: `o${item.id}`, item, isContinued, isTurn};
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
		lastRid: undefined,
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
			const isTurn = walk.lastRid !== message.rid;
			walk.lastRid = message.rid;
			walk.items.push({kind: 'message', key: `m${message.pk}`, message, isContinued, isTurn, marks});
		}
		walk.previous = message;
	}
	endFolding(walk);
	if (request.run.hasNewer) return walk.items;
	return [...walk.items, ...outboxItems(request.outbox, walk.previous, walk.lastRid)];
};

/** @returns the newest message of an entry, which is its place too; `undefined` for what has none. */
export const messageOf = (item: TimelineItem): Message | undefined => {
	if (item.kind === 'message') return item.message;
	if (item.kind === 'unreadable') return item.messages.at(-1);
	return item.kind === 'changes' ? item.changes.at(-1)?.message : undefined;
};

/** @returns whether an entry names who wrote it. */
export const isHeaded = (item: TimelineItem | undefined): boolean =>
	(item?.kind === 'message' || item?.kind === 'outbox') && !item.isContinued;
