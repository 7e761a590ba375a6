/** `mx read ROOM`: the last messages of a room, from the store. */
import {protocolOf} from '../../bridges/protocols.ts';
import {asString, type JsonObject} from '../../domain/json.ts';
import {isUnreadable, type Message} from '../../domain/message.ts';
import type {WaitingMessage} from '../../domain/outbox-item.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {layoutBlocks} from '../../text/layout.ts';
import type {messageBlocks, unreadableText} from '../../text/message-text.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {stateText} from '../../text/state-text.ts';
import {defineShellCommand, type OutputView} from '../define-command.ts';
import {isoTime, localTime, staleness} from './printed-time.ts';
import {roomJson} from './rooms.ts';

const defaultCount = 20;

/** Of an own message behind a bridge. */
const deliveryJson = ({status, isFolded = false}: Message): JsonObject | null =>
	status === undefined
		? null
		: {
				stage: status.stage,
				certain: status.isCertain,
				reason: status.reason ?? null,
				text: status.text ?? null,
				delivered_to: status.deliveredTo ?? null,
				resent: isFolded,
			};

/** @returns what a bridge says of an own message that did not arrive */
const deliveryText = ({status}: Message): SafeText => {
	if (status?.stage !== 'failed') return literal``;
	const how = status.isCertain ? literal`not delivered` : literal`perhaps not delivered`;
	return literal` (${how}: ${safeText(status.text ?? status.reason, 'name', 'no reason given')})`;
};

const messageJson = (message: Message, room: RoomRow): JsonObject => ({
	room_id: room.roomId,
	network: room.protocol ?? null,
	event_id: isUnreadable(message) ? null : message.eventId,
	ts: isoTime(message.timestamp),
	ts_ms: message.timestamp,
	sender: isUnreadable(message) ? null : message.sender,
	sender_name: message.senderName ?? null,
	mine: message.isMine,
	phone: message.isPhone === true,
	type: message.type,
	state_key: message.stateKey ?? null,
	msgtype: asString(message.content['msgtype']) ?? null,
	body: asString(message.content['body']) ?? null,
	content: message.content,
	edited: message.isEdited,
	encryption: message.encryption,
	undecryptable_reason: message.undecryptableReason ?? null,
	shield: message.shield ?? null,
	redacted_by: message.redactedBy ?? null,
	delivery: deliveryJson(message),
	reply_to: message.replyTo?.eventId ?? null,
	thread: message.threadRoot ?? null,
	reactions: message.reactions.map(({key, count, isMine}) => ({key, count, mine: isMine})),
});

type Texts = {
	readonly messageBlocks: typeof messageBlocks;
	readonly unreadableText: typeof unreadableText;
	readonly layoutBlocks: typeof layoutBlocks;
	readonly stateText: typeof stateText;
};

/** The parser of HTML is only loaded where text is printed. */
const loadTexts = async (): Promise<Texts> => ({
	...(await import('../../text/message-text.ts')),
	...(await import('../../text/layout.ts')),
	...(await import('../../text/state-text.ts')),
});

/** Lines of a pipe are not folded. */
const unfolded = 100_000;

const rowsOf = (content: JsonObject, type: string, width: number, texts: Texts): readonly SafeText[] =>
	texts.layoutBlocks(texts.messageBlocks(content, type), width).map(row => joinSafe(row.map(span => span.text)));

const bodyLines = (message: Message, width: number, texts: Texts): readonly SafeText[] => {
	const {sender, senderName, stateKey, content, type} = message;
	if (isUnreadable(message)) return [literal`(${texts.unreadableText(1)})`];
	if (message.redactedBy !== undefined) return [literal`(removed)`];
	if (message.encryption === 'undecrypted') {
		const reason = safeText(message.undecryptableReason, 'name');
		// Without a reason it was not tried yet.
		return [reason === '' ? literal`(not decrypted yet)` : literal`(cannot be decrypted: ${reason})`];
	}
	if (stateKey !== undefined) {
		const nameOf = (userId: string): string | undefined => (userId === sender ? senderName : undefined);
		return [literal`* ${texts.stateText({type, stateKey, sender, content, nameOf})}`];
	}
	return rowsOf(content, type, width, texts);
};

/** Whom a message is from, and in which room. */
type Sent = Pick<Message, 'rid' | 'sender' | 'senderName'>;

/**
 * @param rooms where the messages are; of several, each name has its network behind it
 * @returns how the sender of each is called; those who cannot be told apart by it have their id behind it
 */
const createNaming = (messages: readonly Sent[], rooms: readonly RoomRow[]): ((message: Sent) => SafeText) => {
	const nameOf = ({rid, sender, senderName}: Sent): SafeText => {
		const name = safeText(senderName, 'name', sender === '' ? '-' : sender);
		const network = safeText(protocolOf(rooms.find(room => room.rid === rid)?.protocol).name, 'name');
		return rooms.length === 1 ? name : literal`${name} (${network})`;
	};
	const senders = new Map<string, Set<string>>();
	for (const message of messages) {
		const name = nameOf(message);
		senders.set(name, (senders.get(name) ?? new Set()).add(message.sender));
	}
	return message => {
		const name = nameOf(message);
		const isUnique = senders.get(name)?.size === 1;
		return isUnique ? name : literal`${name} ${safeText(message.sender, 'name')}`;
	};
};

/** A message as it is printed. */
type Printed = {
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
	readonly who: SafeText;
	readonly rows: readonly SafeText[];
	/** What is to be known of it, each in brackets, behind its first row. */
	readonly marks: SafeText;
	readonly isEmote: boolean;
	/** It is from nobody. */
	readonly isNameless?: boolean;
};

const widthOf = ({isTerminal, columns}: OutputView): number => (isTerminal ? Math.max(20, columns - 4) : unfolded);

const isEmote = (content: JsonObject): boolean => content['msgtype'] === 'm.emote';

/** What follows the first line starts with blanks, so that a body cannot pass for another message. */
const printedLines = (message: Printed, {isTerminal}: OutputView): readonly SafeText[] => {
	const {time, who, rows, marks} = message;
	const [first = literal``, ...others] = rows;
	if (!isTerminal) {
		const body = message.isEmote ? literal`* ${who} ${first}` : first;
		const head = joinSafe([safeText(isoTime(time) ?? '-', 'name'), who, literal`${body}${marks}`], literal`\t`);
		return [head, ...others.map(line => literal`\t\t${line}`)];
	}
	if (message.isNameless === true) return [literal`${localTime(time)}  ${first}`];
	const said = message.isEmote ? literal`* ${who}` : literal`${who}:`;
	const head = literal`${localTime(time)}  ${said} ${first}${marks}`;
	return [head, ...others.map(line => literal`    ${line}`)];
};

const messageLines = (message: Message, who: SafeText, view: OutputView, texts: Texts): readonly SafeText[] => {
	const phone = message.isPhone === true ? literal` (phone)` : literal``;
	const printed: Printed = {
		time: message.timestamp,
		who,
		rows: bodyLines(message, widthOf(view), texts),
		marks: literal`${message.isEdited ? literal` (edited)` : literal``}${phone}${deliveryText(message)}`,
		isEmote: isEmote(message.content) && message.redactedBy === undefined,
		isNameless: isUnreadable(message),
	};
	return printedLines(printed, view);
};

const waitingJson = (item: WaitingMessage): JsonObject => ({
	room_id: item.roomId,
	transaction_id: item.transactionId,
	state: item.state,
	event_id: item.eventId ?? null,
	ts: isoTime(item.createdAt),
	ts_ms: item.createdAt,
	sender: item.sender,
	sender_name: item.senderName ?? null,
	type: item.type,
	content: item.content,
	error: item.error ?? null,
});

/** What the server has needs no mark. */
const stateMark = ({state, error}: WaitingMessage): SafeText => {
	if (state === 'sent') return literal``;
	const why = error === undefined ? literal`` : literal`: ${safeText(error, 'name')}`;
	return literal` (${safeText(state, 'name')}${why})`;
};

const waitingLines = (item: WaitingMessage, who: SafeText, view: OutputView, texts: Texts): readonly SafeText[] => {
	const {content, type, createdAt: time} = item;
	const rows = rowsOf(content, type, widthOf(view), texts);
	return printedLines({time, who, rows, marks: stateMark(item), isEmote: isEmote(content)}, view);
};

/** What `mx read` runs. */
export const readCommand = defineShellCommand({
	name: 'read',
	summary: 'Print the last messages of a room, oldest first',
	group: 'message',
	parameters: {
		room: {kind: 'room', summary: '@user:server, #alias:server, a room id, or the exact name of a room or of a person'},
	},
	flags: {
		all: {
			kind: 'switch',
			summary: 'Also what is no message: who came and went, names, settings, what programs tell each other',
		},
		count: {kind: 'count', placeholder: 'N', alias: 'n', summary: `How many messages (${defaultCount})`},
		pick: {kind: 'count', placeholder: 'N', summary: 'Which of several rooms with that name, from 1'},
	},
	exits: ['notSignedIn', 'notFound', 'ambiguous'],
	examples: ['mx read @anna:example.org', 'mx read "#general:example.org" -n 100 --jsonl'],
	async run({room: address}, flags, context) {
		const archive = await context.archive();
		const count = flags.count ?? defaultCount;
		const answer = await archive.read({room: address, count, pick: flags.pick, isSaid: !flags.all});
		const {room, rooms, messages, waiting, lastSync} = answer;
		const texts = await loadTexts();
		const roomOf = ({rid}: Message): RoomRow => rooms.find(each => each.rid === rid) ?? room;
		const items = messages.map(message => messageJson(message, roomOf(message)));
		// What another message says as well is not printed twice.
		const printed = messages.filter(({isFolded}) => isFolded !== true);
		const naming = createNaming([...messages, ...waiting], rooms);
		context.print({
			text: view =>
				[
					...printed.map(message => messageLines(message, naming(message), view, texts)),
					...waiting.map(item => waitingLines(item, naming(item), view, texts)),
				]
					.slice(-count)
					.flat(),
			document: {
				room: roomJson(room),
				rooms: rooms.map(roomJson),
				messages: items,
				waiting: waiting.map(waitingJson),
				last_sync: isoTime(lastSync),
				last_sync_ms: lastSync ?? null,
			},
			items,
		});
		const stale = staleness(lastSync, context.now());
		if (stale !== undefined) context.say(stale);
		else if (messages.length + waiting.length === 0) context.say('There is no message here yet.');
	},
});
