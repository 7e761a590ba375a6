/** What happens in a room as sentences, for the view that only adds lines: messages, changes of them, what failed. */
import {relationOf} from '../domain/edits.ts';
import {asString} from '../domain/json.ts';
import {isByPerson, type Message, type Reaction} from '../domain/message.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import {plainSummary} from '../text/message-text.ts';
import {endTypes, pollOf, responseTypes, type Poll, type PollVotes} from '../domain/poll.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {plainLines} from './plain-text.ts';
import {clockText} from './time-text.ts';
import {shieldText, undecryptedText} from './unreadable-text.ts';

/** Characters of a message that stand for it where another sentence names it. */
const briefLength = 60;

/** Custom emoji are pictures, which have no text. */
const reactionName = (key: string): SafeText =>
	key.startsWith('mxc://') ? literal`a picture` : (safeText(key, 'name', 'nothing').slice(0, briefLength) as SafeText);

const nameOf = (message: Message): SafeText => {
	if (message.isPhone === true) return literal`you (phone)`;
	if (message.isMine) return literal`you`;
	const sender = safeText(message.senderName, 'name', message.sender);
	return message.author === undefined ? sender : literal`${safeText(message.author, 'name')} by ${sender}`;
};

const capital = (text: SafeText): SafeText => (text.charAt(0).toUpperCase() + text.slice(1)) as SafeText;

/** Whom a message answers, from the view of who reads it. */
const aboutText = (message: Message, ownUserId: string): SafeText => {
	const {replyTo, threadRoot, sender} = message;
	if (replyTo !== undefined) {
		if (replyTo.sender === undefined) return literal`, answering a message that is not here`;
		if (replyTo.sender === sender)
			return isByPerson(message) ? literal`, answering yourself` : literal`, answering their own message`;
		const whom = replyTo.sender === ownUserId ? literal`you` : safeText(replyTo.senderName, 'name', replyTo.sender);
		return literal`, answering ${whom}`;
	}
	return threadRoot === undefined ? literal`` : literal`, in a thread`;
};

const reactionsText = (reactions: readonly Reaction[]): SafeText => {
	if (reactions.length === 0) return literal``;
	const parts = reactions.slice(0, 12).map(({key, count}) => {
		return count === 1 ? reactionName(key) : literal`${reactionName(key)} ${count} times`;
	});
	return literal` (reactions: ${joinSafe(parts, literal`, `)})`;
};

const threadText = ({thread}: Message): SafeText => {
	if (thread === undefined) return literal``;
	return thread.count === 1 ? literal` (1 reply in its thread)` : literal` (${thread.count} replies in its thread)`;
};

/** What follows the first line begins with blanks, so that a body cannot pass for another message. */
const withHead = (
	head: SafeText,
	[first = literal``, ...others]: readonly SafeText[],
	tail: SafeText,
): readonly SafeText[] => {
	const lines = [literal`${head}${first}`, ...others.map(line => literal`    ${line}`)];
	return [...lines.slice(0, -1), literal`${lines.at(-1) ?? literal``}${tail}`];
};

/** A poll: its question, each answer with a number for /vote, and how it stands. */
const pollSentences = (poll: Poll, {counts, own, voters, isEnded}: PollVotes): readonly SafeText[] => {
	const isSeen = poll.isDisclosed || isEnded;
	const answers = poll.answers.map(({id, text}, index) => {
		const count = counts[id] ?? 0;
		const votes = isSeen ? (count === 1 ? literal`, 1 vote` : literal`, ${count} votes`) : literal``;
		const mine = own.includes(id) ? literal`, yours` : literal``;
		return literal`${index + 1}. ${safeText(text, 'name', 'nothing')}${votes}${mine}`;
	});
	const people = voters === 1 ? literal`1 person has` : literal`${voters} people have`;
	const hidden = isSeen ? literal`` : literal` The votes are hidden till the end.`;
	const way = isEnded ? literal`The poll has ended.` : literal`${people} voted; /vote and a number votes.${hidden}`;
	return [literal`a poll: ${safeText(poll.question, 'name', 'no question')}`, ...answers, way];
};

/** What a message says, as lines. */
const bodySentences = ({content, type, votes}: Message, isSpoilerShown: boolean): readonly SafeText[] => {
	const poll = votes === undefined ? undefined : pollOf(type, content);
	if (poll === undefined || votes === undefined) return plainLines(content, type, isSpoilerShown);
	return pollSentences(poll, votes);
};

/** @returns whether a message is only about to become readable. */
export const isBeingDecrypted = ({encryption, undecryptableReason, redactedBy}: Message): boolean =>
	encryption === 'undecrypted' && undecryptableReason === undefined && redactedBy === undefined;

type SentenceOptions = {
	/** Whether hidden words are said. @default false */
	readonly isSpoilerShown?: boolean;
	/** Said where it is another one than what is typed goes to. */
	readonly network?: SafeText | undefined;
};

/** @returns `12:41 Anna on Signal, answering you: text`, and the lines that follow. */
export const messageSentence = (
	message: Message,
	ownUserId: string,
	{isSpoilerShown = false, network}: SentenceOptions = {},
): readonly SafeText[] => {
	const {timestamp, content, redactedBy, encryption, isEdited, shield, reactions} = message;
	const name = network === undefined ? nameOf(message) : literal`${nameOf(message)} on ${network}`;
	const time = clockText(timestamp);
	if (redactedBy !== undefined) return [literal`${time} ${name}: a message that was removed`];
	const head = literal`${time} ${name}${aboutText(message, ownUserId)}`;
	if (encryption === 'undecrypted') return [literal`${head}: a message that ${undecryptedText(message)}`];
	const isEmote = asString(content['msgtype']) === 'm.emote';
	const edited = isEdited ? literal` (edited)` : literal``;
	const warning =
		shield === undefined || shield.colour === 'neutral' ? literal`` : literal` (warning: ${shieldText(shield)})`;
	const tail = literal`${edited}${warning}${reactionsText(reactions)}${threadText(message)}`;
	return withHead(literal`${head}${isEmote ? literal` ` : literal`: `}`, bodySentences(message, isSpoilerShown), tail);
};

/** @returns a message in a few words, to name it by: `Anna at 12:41, "text"`, `your message of 12:41, "text"`. */
export const briefly = (message: Message): SafeText => {
	const {timestamp, content, type, encryption, redactedBy} = message;
	const isHidden = redactedBy !== undefined || encryption === 'undecrypted';
	const text = isHidden ? literal`` : plainSummary(content, type);
	const short = text.length > briefLength ? literal`${text.slice(0, briefLength).trimEnd() as SafeText} …` : text;
	const words = short === '' ? literal`` : literal`, "${short}"`;
	const whose = isByPerson(message) ? literal`your message of` : literal`${nameOf(message)} at`;
	return literal`${whose} ${clockText(timestamp)}${words}`;
};

/** @returns what became of a message that was edited. */
export const editSentence = (message: Message): readonly SafeText[] => {
	const whose = isByPerson(message) ? literal`your` : literal`their`;
	const head = literal`${capital(nameOf(message))} changed ${whose} message of ${clockText(message.timestamp)}: `;
	return withHead(head, plainLines(message.content, message.type), literal``);
};

/** @param byName who removed it, where it was somebody else */
export const removalSentence = (message: Message, byName: SafeText | undefined): SafeText => {
	const who = byName ?? capital(nameOf(message));
	if (byName !== undefined)
		return literal`${who} removed the message of ${nameOf(message)} at ${clockText(message.timestamp)}.`;
	const whose = isByPerson(message) ? literal`your` : literal`their`;
	return literal`${who} removed ${whose} message of ${clockText(message.timestamp)}.`;
};

/** A reaction that came or went. */
export type ReactionChange = {
	readonly key: string;
	/** Untrusted; `undefined`: it is not known who. */
	readonly by: string | undefined;
	readonly isMine: boolean;
	readonly isAdded: boolean;
};

export const reactionSentence = (message: Message, {key, by, isMine, isAdded}: ReactionChange): SafeText => {
	const who = isMine ? literal`You` : safeText(by, 'name', 'Somebody');
	const did = isAdded ? literal`reacted with ${reactionName(key)} to` : literal`took back ${reactionName(key)} from`;
	return literal`${who} ${did} ${briefly(message)}.`;
};

const outboxWords = (item: OutboxItem): SafeText => {
	if (item.type === 'm.reaction') return literal`the reaction`;
	if (item.type === 'm.room.redaction') return literal`the removal`;
	if (responseTypes.includes(item.type)) return literal`the vote`;
	if (endTypes.includes(item.type)) return literal`the end of the poll`;
	if (!isMessageOfItsOwn(item)) return literal`the change`;
	const text = plainSummary(item.content, item.type);
	return literal`"${text.length > briefLength ? literal`${text.slice(0, briefLength).trimEnd() as SafeText} …` : text}"`;
};

/** Whom an own message answers that is on its way. */
const outboxAbout = ({content}: OutboxItem, messageOf: (eventId: string) => Message | undefined): SafeText => {
	const {replyTo, thread} = relationOf(content);
	const answered = replyTo === undefined ? undefined : messageOf(replyTo);
	if (answered !== undefined)
		return literal`, answering ${isByPerson(answered) ? literal`yourself` : nameOf(answered)}`;
	return thread === undefined ? literal`` : literal`, in a thread`;
};

/**
 * @param time when it was written, milliseconds since the Unix epoch
 * @param messageOf a message of the room
 * @returns what an own message says that is on its way
 */
export const outboxSentence = (
	item: OutboxItem,
	time: number,
	messageOf: (eventId: string) => Message | undefined,
): readonly SafeText[] => {
	const isEmote = asString(item.content['msgtype']) === 'm.emote';
	const about = outboxAbout(item, messageOf);
	const head = literal`${clockText(time)} you${about}${isEmote ? literal` ` : literal`: `}`;
	return withHead(head, plainLines(item.content, item.type), literal``);
};

/** @returns why something is not sent, and what can be done; `undefined` where nothing is to be said. */
export const outboxTrouble = (item: OutboxItem): SafeText | undefined => {
	const reason = safeText(item.error, 'name', 'no reason given').replace(/\.$/, '') as SafeText;
	switch (item.state) {
		case 'failed':
			return literal`Not sent: ${outboxWords(item)}: ${reason}. /retry sends it again, /discard takes it back.`;
		case 'held':
			return literal`${capital(outboxWords(item))} waits: ${reason}.`;
		case 'doubt':
			return literal`${capital(outboxWords(item))} may have been sent already; mx looks it up.`;
		case 'scheduled':
		case 'uploading':
		case 'queued':
		case 'inflight':
		case 'sent':
			return undefined;
		default:
			return item.state satisfies never;
	}
};
