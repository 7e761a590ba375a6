/**
 * Polls (MSC3381): what is asked, and how the votes stand. The stable names are in the specification since it was merged, but
 * clients and bridges still send the unstable ones; both are read.
 */
import {asArray, asInteger, asObject, asString, type JsonObject} from './json.ts';

const prefix = 'org.matrix.msc3381.poll.';

/** The types and keys that are sent: what Element, the SDK and mautrix send and expect. */
export const pollTypes = {start: `${prefix}start`, response: `${prefix}response`, end: `${prefix}end`} as const;

export const startTypes: readonly string[] = [pollTypes.start, 'm.poll.start'];
export const responseTypes: readonly string[] = [pollTypes.response, 'm.poll.response'];
export const endTypes: readonly string[] = [pollTypes.end, 'm.poll.end'];

/** Answers that are read of a poll (§Poll start). */
export const mostAnswers = 20;

export type PollAnswer = {readonly id: string; readonly text: string};

/** What is asked. All texts are untrusted. */
export type Poll = {
	readonly question: string;
	/** Whether the votes are shown before the end. */
	readonly isDisclosed: boolean;
	/** Answers that one person may choose, at least 1. */
	readonly mostChoices: number;
	readonly answers: readonly PollAnswer[];
};

/** How a poll stands. */
export type PollVotes = {
	/** Votes for each answer, by its id. */
	readonly counts: Readonly<Record<string, number>>;
	/** Ids that the account chose. */
	readonly own: readonly string[];
	/** People who voted. */
	readonly voters: number;
	readonly isEnded: boolean;
};

/** An event that refers to a poll. `timestamp`: milliseconds since the Unix epoch. */
export type PollEvent = {
	readonly type: string;
	readonly sender: string;
	readonly timestamp: number;
	readonly content: JsonObject;
};

/** Extensible text: `m.text` as a list of representations or as a string, else the unstable key, else `body`. */
const textOf = (value: unknown): string | undefined => {
	const content = asObject(value);
	const stable = content['m.text'];
	const first = asString(stable) ?? asString(asObject(asArray(stable)[0])['body']);
	return first ?? asString(content['org.matrix.msc1767.text']) ?? asString(content['body']);
};

export const isPollStart = (type: string): boolean => startTypes.includes(type);

const startOf = (content: JsonObject): JsonObject =>
	asObject(content[pollTypes.start] ?? content['m.poll'] ?? content['m.poll.start']);

const answerOf = (value: unknown): readonly PollAnswer[] => {
	const answer = asObject(value);
	const id = asString(answer['id']) ?? asString(answer['m.id']);
	const text = textOf(answer);
	return id === undefined || text === undefined ? [] : [{id, text}];
};

/** @returns the poll of a start event; `undefined` where nothing can be chosen */
export const pollOf = (type: string, content: JsonObject): Poll | undefined => {
	if (!isPollStart(type)) return undefined;
	const start = startOf(content);
	const answers = asArray(start['answers']).slice(0, mostAnswers).flatMap(answerOf);
	if (answers.length === 0) return undefined;
	return {
		question: textOf(start['question']) ?? '',
		isDisclosed: (asString(start['kind']) ?? '').endsWith('.disclosed'),
		mostChoices: Math.max(1, asInteger(start['max_selections']) ?? 1),
		answers,
	};
};

/** @returns the choice of a response; nothing where it is spoiled, which takes an earlier vote back */
export const choiceOf = (content: JsonObject, {answers, mostChoices}: Poll): readonly string[] => {
	const unstable = asArray(asObject(content[pollTypes.response])['answers']);
	const stable = asArray(content['m.selections']);
	const chosen = [...new Set((unstable.length > 0 ? unstable : stable).filter(id => typeof id === 'string'))];
	const valid = chosen.every(id => answers.some(answer => answer.id === id));
	return valid ? chosen.slice(0, mostChoices) : [];
};

export type PollParties = {
	/** User id of who asked. */
	readonly asker: string;
	readonly ownUserId: string;
	/** Whether somebody may end it for the asker: they have the power to remove messages. */
	readonly mayEnd: (userId: string) => boolean;
};

/** @param events responses and ends of the poll, in any order @returns how it stands: the last vote of each person before the end counts */
export const votesOf = (
	poll: Poll,
	events: readonly PollEvent[],
	{asker, ownUserId, mayEnd}: PollParties,
): PollVotes => {
	const inOrder = events.toSorted((first, second) => first.timestamp - second.timestamp);
	const end = inOrder.find(({type, sender}) => endTypes.includes(type) && (sender === asker || mayEnd(sender)));
	const choices = new Map<string, readonly string[]>();
	for (const {type, sender, timestamp, content} of inOrder) {
		const isLate = end !== undefined && timestamp > end.timestamp;
		if (responseTypes.includes(type) && !isLate) choices.set(sender, choiceOf(content, poll));
	}
	const counts: Record<string, number> = Object.fromEntries(poll.answers.map(({id}) => [id, 0]));
	for (const id of [...choices.values()].flat()) counts[id] = (counts[id] ?? 0) + 1;
	const voters = [...choices.values()].filter(chosen => chosen.length > 0).length;
	return {counts, own: choices.get(ownUserId) ?? [], voters, isEnded: end !== undefined};
};

/** @returns how the poll stands with a vote of the account that is on its way */
export const withVote = (votes: PollVotes, chosen: readonly string[]): PollVotes => {
	const counts = {...votes.counts};
	for (const id of votes.own) counts[id] = Math.max(0, (counts[id] ?? 0) - 1);
	for (const id of chosen) counts[id] = (counts[id] ?? 0) + 1;
	const change = Number(chosen.length > 0) - Number(votes.own.length > 0);
	return {...votes, counts, own: chosen, voters: votes.voters + change};
};

/** A text for clients that know no polls: the question and its answers. */
export const pollFallback = ({question, answers}: Pick<Poll, 'question' | 'answers'>): string =>
	[question, ...answers.map(({text}, index) => `${index + 1}. ${text}`)].join('\n');

const about = (eventId: string): JsonObject => ({'m.relates_to': {rel_type: 'm.reference', event_id: eventId}});

/** @param chosen ids of answers; none takes the vote back */
export const voteContent = (eventId: string, chosen: readonly string[]): JsonObject => ({
	[pollTypes.response]: {answers: chosen},
	...about(eventId),
});

export const endContent = (eventId: string, result: string): JsonObject => ({
	[pollTypes.end]: {},
	'org.matrix.msc1767.text': result,
	...about(eventId),
});
