/** What is on its way changes the timeline at once: edits, reactions and removals of the outbox as if they had arrived. */
import {relationOf} from '../domain/edits.ts';
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import type {Message, Reaction} from '../domain/message.ts';
import {choiceOf, endTypes, pollOf, responseTypes, withVote} from '../domain/poll.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';

/** A message as it is shown. */
export type ShownMessage = Message & {
	/** Changes of it that the server does not have yet, oldest first. Failed ones do not count, but are told. */
	readonly pending?: readonly OutboxItem[];
};

/** The timeline with what is on its way. */
export type Echoed = {
	readonly messages: readonly ShownMessage[];
	/** Rows that are entries of their own: new messages, and what failed to change a message that is not in memory. */
	readonly outbox: readonly OutboxItem[];
};

/** Of a redaction: the reaction that it takes back. */
const reactionIn = ({
	content,
}: OutboxItem): {readonly eventId: string | undefined; readonly key: string | undefined} => {
	const reaction = asObject(content['reaction']);
	return {eventId: asString(reaction['eventId']), key: asString(reaction['key'])};
};

/** @returns event id of the message that a row changes; `undefined` for a row that is a message. */
const targetOf = (item: OutboxItem): string | undefined => {
	if (isMessageOfItsOwn(item)) return undefined;
	if (item.type === 'm.room.redaction') return reactionIn(item).eventId ?? asString(item.content['redacts']);
	return relationOf(item.content).eventId;
};

const withReaction = (reactions: readonly Reaction[], key: string): readonly Reaction[] => {
	const known = reactions.find(reaction => reaction.key === key);
	if (known === undefined) return [...reactions, {key, count: 1, isMine: true}];
	if (known.isMine) return reactions;
	return reactions.map(reaction => (reaction === known ? {key, count: known.count + 1, isMine: true} : reaction));
};

const withoutReaction = (reactions: readonly Reaction[], key: string): readonly Reaction[] =>
	reactions.flatMap(reaction => {
		if (reaction.key !== key || !reaction.isMine) return [reaction];
		return reaction.count > 1 ? [{key, count: reaction.count - 1, isMine: false}] : [];
	});

const newContent = (item: OutboxItem): JsonObject => asObject(item.content['m.new_content']);

/** A vote that is on its way counts; an end of the poll ends it. */
const withPollChange = (message: ShownMessage, {type, content}: OutboxItem): ShownMessage => {
	const poll = pollOf(message.type, message.content);
	if (poll === undefined || message.votes === undefined) return message;
	if (endTypes.includes(type)) return {...message, votes: {...message.votes, isEnded: true}};
	return {...message, votes: withVote(message.votes, choiceOf(content, poll))};
};

const applied = (message: ShownMessage, item: OutboxItem, ownUserId: string): ShownMessage => {
	if (item.state === 'failed') return message;
	if (item.type === 'm.reaction') {
		const {key = ''} = relationOf(item.content);
		return {...message, reactions: withReaction(message.reactions, key)};
	}
	if (responseTypes.includes(item.type) || endTypes.includes(item.type)) return withPollChange(message, item);
	if (item.type !== 'm.room.redaction') return {...message, content: newContent(item), isEdited: true};
	const {key} = reactionIn(item);
	if (key !== undefined) return {...message, reactions: withoutReaction(message.reactions, key)};
	return {...message, content: {}, redactedBy: ownUserId, reactions: [], shield: undefined};
};

type Known = {readonly message: Message; readonly items: readonly OutboxItem[]; readonly shown: ShownMessage};

/** @returns a function that applies the outbox; a message of which nothing changed stays the same object. */
export const createEcho = (
	ownUserId: string,
): ((messages: readonly Message[], outbox: readonly OutboxItem[]) => Echoed) => {
	let known = new Map<number, Known>();

	const show = (message: Message, items: readonly OutboxItem[]): ShownMessage => {
		const before = known.get(message.pk);
		const isSame =
			before?.message === message &&
			before.items.length === items.length &&
			items.every((item, index) => item === before.items[index]);
		if (isSame) return before.shown;
		const pending = items.filter(({state}) => state !== 'sent');
		return {...items.reduce<ShownMessage>((shown, item) => applied(shown, item, ownUserId), message), pending};
	};

	return (messages, outbox) => {
		const byTarget = Map.groupBy(outbox, targetOf);
		if (byTarget.size === Number(byTarget.has(undefined))) {
			known = new Map();
			return {messages, outbox};
		}
		const next = new Map<number, Known>();
		const changed = new Set<OutboxItem>();
		const shown = messages.map(message => {
			const items = byTarget.get(message.eventId);
			if (items === undefined) return message;
			for (const item of items) changed.add(item);
			const result = {message, items, shown: show(message, items)};
			next.set(message.pk, result);
			return result.shown;
		});
		known = next;
		const own = outbox.filter(item => isMessageOfItsOwn(item) || (item.state === 'failed' && !changed.has(item)));
		return {messages: shown, outbox: own};
	};
};
