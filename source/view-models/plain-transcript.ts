/** What is to be said of the open room: its last messages when it is opened, and from then on only what is new. */
import type {Message} from '../domain/message.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import {unreadableText} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {comparePlaces, type TimelinePlace} from './account-source.ts';
import {changeSummary} from './change-summary.ts';
import {
	editSentence,
	isBeingDecrypted,
	messageSentence,
	outboxSentence,
	outboxTrouble,
	reactionSentence,
	removalSentence,
	type ReactionChange,
} from './plain-sentences.ts';
import {clockText, dayNumber, dayText} from './time-text.ts';
import {messageOf, type TimelineItem} from './timeline-items.ts';

export type PlainTranscriptOptions = {
	readonly ownUserId: string;
	/** Whether own messages are said too: where what is typed is not seen anyway. */
	readonly saysOwn: boolean;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly nameOf: (userId: string) => string | undefined;
	/** @returns the network of a room, where it is another one than that which what is typed goes to. */
	readonly networkOf: (rid: number) => SafeText | undefined;
	/** A message of the room by its event id. */
	readonly messageOf: (eventId: string) => Message | undefined;
	/** Who reacted to a message. */
	readonly reactors: (
		message: Message,
	) => readonly {readonly key: string; readonly userId: string; readonly name: string | undefined}[];
};

/** Messages that are said when a room is opened: without unread ones, and at most. */
const fewMessages = 8;
const mostMessages = 40;

/** Messages that are watched for changes, about: the timeline has fewer in memory. */
const mostKept = 1500;

type Reactors = ReturnType<PlainTranscriptOptions['reactors']>;

/** A message of which changes are said. */
type Known = {readonly message: Message; readonly reactors: Reactors};

/** @param item of the timeline. @returns the message it is. */
const messageIn = (item: TimelineItem): Message | undefined => (item.kind === 'message' ? item.message : undefined);

const isLater = (place: TimelinePlace | undefined, than: TimelinePlace | undefined): boolean =>
	place !== undefined && (than === undefined || comparePlaces(place, than) > 0);

const latest = (items: readonly TimelineItem[], before: TimelinePlace | undefined): TimelinePlace | undefined =>
	items.map(messageOf).reduce((found, place) => (isLater(place, found) ? place : found), before);

const contentKey = (item: {readonly content: object}): string => JSON.stringify(item.content);

export const createPlainTranscript = (options: PlainTranscriptOptions) => {
	const {ownUserId, saysOwn, now, nameOf, reactors} = options;
	/** By event id: a row of the archive may be replaced by another one of the same event. */
	let known = new Map<string, Known>();
	/** Messages that are said as soon as they can be read. */
	let waiting = new Set<string>();
	/** Rows of the outbox by id: what was last said of their trouble, and what they are. */
	let outbox = new Map<number, {readonly item: OutboxItem; readonly trouble: SafeText | undefined}>();
	/** Event ids of state that was told. */
	let changesSaid = new Set<string>();
	let place: TimelinePlace | undefined;
	let day: number | undefined;
	/** The oldest message that was said, for reading further back. */
	let oldest: TimelinePlace | undefined;

	const dayLines = (time: number): readonly SafeText[] => {
		const number = dayNumber(time);
		if (number === day) return [];
		const isToday = day === undefined && number === dayNumber(now());
		day = number;
		return isToday ? [] : [literal`${dayText(time, now())}:`];
	};

	const sayMessage = (message: Message): readonly SafeText[] => {
		if (isBeingDecrypted(message)) {
			waiting.add(message.eventId);
			return [];
		}
		return [
			...dayLines(message.timestamp),
			...messageSentence(message, ownUserId, {network: options.networkOf(message.rid)}),
		];
	};

	/** @param after changes at this place or before it were said */
	const sayItem = (item: TimelineItem, after: TimelinePlace | undefined): readonly SafeText[] => {
		switch (item.kind) {
			case 'message':
				return sayMessage(item.message);
			case 'changes': {
				const changes = item.changes.filter(
					({message}) => isLater(message, after) && !changesSaid.has(message.eventId),
				);
				for (const {message} of item.changes) changesSaid.add(message.eventId);
				const time = changes.at(-1)?.message.timestamp;
				if (time === undefined) return [];
				return [...dayLines(time), literal`${clockText(time)} ${changeSummary(changes, {nameOf, ownUserId})}.`];
			}
			case 'unreadable':
				return [literal`There is ${unreadableText(item.messages.length)}.`];
			case 'gap':
				return [literal`History is missing here; mx fetches it.`];
			case 'unread':
				return [literal`New:`];
			default:
				return [];
		}
	};

	const reactionChanges = (message: Message, before: Reactors, after: Reactors): readonly ReactionChange[] => {
		const changeOf =
			(isAdded: boolean) =>
			({key, userId, name}: Reactors[number]): ReactionChange => {
				return {key, by: name ?? userId, isMine: userId === ownUserId, isAdded};
			};
		const lacks =
			(list: Reactors) =>
			({key, userId}: Reactors[number]) =>
				!list.some(other => other.key === key && other.userId === userId);
		const isPending = (key: string) => message.reactions.some(reaction => reaction.key === key && reaction.isMine);
		return [
			...after.filter(lacks(before)).map(changeOf(true)),
			// An own one that is on its way stands only in the message.
			...before
				.filter(lacks(after))
				.filter(({key, userId}) => userId !== ownUserId || !isPending(key))
				.map(changeOf(false)),
		];
	};

	/** Own reactions stand in the message before the server has them. */
	const reactorsOf = (message: Message): Reactors => {
		if (message.reactions.length === 0) return [];
		const stored = reactors(message).filter(({key, userId}) => {
			return userId !== ownUserId || message.reactions.some(reaction => reaction.key === key && reaction.isMine);
		});
		const own = message.reactions.filter(
			({key, isMine}) => isMine && !stored.some(each => each.key === key && each.userId === ownUserId),
		);
		return [...stored, ...own.map(({key}) => ({key, userId: ownUserId, name: undefined}))];
	};

	/** Rows of the outbox whose message has arrived in the timeline. */
	const hasArrived = (message: Message): boolean => {
		if (!message.isMine) return false;
		for (const [id, {item}] of outbox) {
			// The server may have it before its answer has told the event id.
			const isAlike = item.state !== 'failed' && item.content['body'] === message.content['body'];
			const isSame = item.eventId === undefined ? isAlike : item.eventId === message.eventId;
			if (isSame && isMessageOfItsOwn(item)) return outbox.delete(id);
		}
		return false;
	};

	const sayReactions = (message: Message, before: Reactors): readonly SafeText[] =>
		reactionChanges(message, before, reactorsOf(message)).map(change => reactionSentence(message, change));

	/** What became of a message that was there before. */
	const sayChanges = (before: Known, message: Message): readonly SafeText[] => {
		if (waiting.has(message.eventId)) {
			if (isBeingDecrypted(message)) return [];
			waiting.delete(message.eventId);
			return hasArrived(message) ? sayReactions(message, []) : sayMessage(message);
		}
		const {message: old} = before;
		if (message.redactedBy !== undefined) {
			if (old.redactedBy !== undefined) return [];
			const {redactedBy, sender} = message;
			const by =
				redactedBy === sender
					? undefined
					: redactedBy === ownUserId
						? literal`You`
						: safeText(nameOf(redactedBy), 'name', redactedBy);
			return [removalSentence(message, by)];
		}
		const wasUnreadable = old.encryption === 'undecrypted' && old.undecryptableReason !== undefined;
		if (wasUnreadable && message.encryption !== 'undecrypted')
			return [
				literal`Now it can be read:`,
				...messageSentence(message, ownUserId, {network: options.networkOf(message.rid)}),
			];
		const isEdited =
			message.isEdited && message.encryption !== 'undecrypted' && contentKey(message) !== contentKey(old);
		return [
			...(isEdited && old.encryption !== 'undecrypted' ? editSentence(message) : []),
			...sayReactions(message, before.reactors),
		];
	};

	/** What has left the memory of the timeline is forgotten here too. */
	const forget = (items: readonly TimelineItem[]): void => {
		const rows = items.flatMap(item => (item.kind === 'outbox' ? [item.item.id] : []));
		if (outbox.size > mostKept) outbox = new Map([...outbox].filter(([id]) => rows.includes(id)));
		if (known.size <= mostKept) return;
		const kept = new Set(items.map(item => messageIn(item)?.eventId));
		known = new Map([...known].filter(([eventId]) => kept.has(eventId)));
	};

	const remember = (message: Message): void => {
		const before = known.get(message.eventId);
		if (before?.message === message) return;
		known.set(message.eventId, {message, reactors: reactorsOf(message)});
	};

	/** @param time when it was written, milliseconds since the Unix epoch */
	const sayOutbox = (item: OutboxItem, time: number): readonly SafeText[] => {
		const before = outbox.get(item.id);
		const trouble = outboxTrouble(item);
		outbox.set(item.id, {item, trouble});
		const own =
			before === undefined && saysOwn && isMessageOfItsOwn(item) ? outboxSentence(item, time, options.messageOf) : [];
		return trouble === undefined || trouble === before?.trouble ? own : [...own, trouble];
	};

	return {
		/** Begins with another room. @returns what is unread in it, or its last messages */
		open(items: readonly TimelineItem[]): readonly SafeText[] {
			known = new Map();
			waiting = new Set();
			changesSaid = new Set();
			outbox = new Map();
			day = undefined;
			const unread = items.findIndex(({kind}) => kind === 'unread');
			const saidKinds = new Set<TimelineItem['kind']>(['message', 'changes', 'unreadable', 'gap', 'unread']);
			// What a room begins with says nothing where something was written.
			const first = Math.max(
				0,
				items.findIndex(({kind}) => kind === 'message' || kind === 'unread'),
			);
			const all = items.slice(first).filter(({kind}) => saidKinds.has(kind));
			const from = unread === -1 ? -1 : all.findIndex(({kind}) => kind === 'unread');
			const shown = from === -1 ? all.slice(-fewMessages) : all.slice(Math.max(0, from - 2, all.length - mostMessages));
			for (const item of items) {
				const message = messageIn(item);
				if (message !== undefined) remember(message);
			}
			const lines = shown.flatMap(item => sayItem(item, undefined));
			const own = items.flatMap(item => (item.kind === 'outbox' ? sayOutbox(item.item, item.item.createdAt) : []));
			place = latest(items, undefined);
			oldest = shown.map(messageOf).find(each => each !== undefined);
			return [...lines, ...own];
		},

		/** @returns what has come, and what became of what was there */
		news(items: readonly TimelineItem[]): readonly SafeText[] {
			const before = place;
			place = latest(items, before);
			const lines = items.flatMap((item): readonly SafeText[] => {
				if (item.kind === 'outbox') return sayOutbox(item.item, now());
				const message = messageIn(item);
				if (message === undefined) return isLater(messageOf(item), before) ? sayItem(item, before) : [];
				const last = known.get(message.eventId);
				if (last?.message === message) return [];
				const isNew = last === undefined && isLater(message, before);
				const isEcho = isNew && hasArrived(message);
				const fresh = isEcho ? sayReactions(message, []) : isNew ? sayMessage(message) : [];
				const said = last === undefined ? fresh : sayChanges(last, message);
				remember(message);
				return said;
			});
			forget(items);
			return lines;
		},

		/** @returns messages above the oldest that was said, at most some; none where there is nothing in memory */
		older(items: readonly TimelineItem[]): readonly SafeText[] {
			const above = items.filter(item => {
				const own = messageOf(item);
				return own !== undefined && oldest !== undefined && comparePlaces(own, oldest) < 0;
			});
			const shown = above.slice(-2 * fewMessages);
			const last = day;
			day = undefined;
			const lines = shown.flatMap(item => sayItem(item, undefined));
			day = last;
			oldest = shown.map(messageOf).find(each => each !== undefined) ?? oldest;
			return lines;
		},
	};
};
