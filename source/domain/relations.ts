/** The content of messages that relate to others (client-server API §Forming relationships between events). */
import {asArray, asObject, asString, type JsonObject} from './json.ts';

/** A message that another one is about. */
export type RelatedMessage = {
	readonly eventId: string;
	readonly sender: string;
	readonly content: JsonObject;
	/** Root of the thread that it is in. */
	readonly threadRoot: string | undefined;
};

const usersIn = (content: JsonObject): readonly string[] =>
	asArray(asObject(content['m.mentions'])['user_ids']).filter(user => typeof user === 'string');

const mentioning = (content: JsonObject, users: readonly string[]): JsonObject => {
	const {user_ids: _, ...rest} = asObject(content['m.mentions']);
	const unique = [...new Set(users)];
	return {...content, 'm.mentions': unique.length === 0 ? rest : {...rest, user_ids: unique}};
};

/**
 * A reply without the quote that old clients put into it; who is answered is mentioned (§Rich replies). In a thread it
 * stays in the thread.
 */
export const withReply = (content: JsonObject, target: RelatedMessage, ownUserId: string): JsonObject => {
	const answered = target.sender === ownUserId ? [] : [target.sender];
	const reply = {'m.in_reply_to': {event_id: target.eventId}};
	const thread =
		target.threadRoot === undefined ? {} : {rel_type: 'm.thread', event_id: target.threadRoot, is_falling_back: false};
	return {...mentioning(content, [...usersIn(content), ...answered]), 'm.relates_to': {...thread, ...reply}};
};

/**
 * A message of a thread (§Threading). What knows no threads shows it as a reply to the thread's last message.
 * @param lastEventId newest message of the thread, or its root
 */
export const inThread = (content: JsonObject, root: string, lastEventId: string): JsonObject => ({
	...content,
	'm.relates_to': {
		rel_type: 'm.thread',
		event_id: root,
		is_falling_back: true,
		'm.in_reply_to': {event_id: lastEventId},
	},
});

/**
 * The event that makes `target` say something else (§Event replacements). Only who is mentioned newly is notified.
 * @param content what it says from now on
 */
export const editOf = (content: JsonObject, target: RelatedMessage): JsonObject => {
	const before = usersIn(target.content);
	const now = usersIn(content);
	// Who was answered is not in the text, and would be forgotten.
	const whole = mentioning(content, [...before, ...now]);
	const fallback = {...content, body: `* ${asString(content['body']) ?? ''}`};
	const html = asString(content['formatted_body']);
	return {
		...mentioning(
			html === undefined ? fallback : {...fallback, formatted_body: `* ${html}`},
			now.filter(user => !before.includes(user)),
		),
		'm.new_content': whole,
		'm.relates_to': {rel_type: 'm.replace', event_id: target.eventId},
	};
};

/** A reaction (§Event annotations and reactions). @param key an emoji, or a word */
export const reactionTo = (eventId: string, key: string): JsonObject => ({
	'm.relates_to': {rel_type: 'm.annotation', event_id: eventId, key},
});

/** What a redaction in the outbox takes back; the server is told `redacts` and `reason` only. */
export type RedactionOrder = {
	/** The event; missing while that which is taken back is in the outbox itself. */
	readonly redacts?: string;
	/** The row of the outbox that is taken back. */
	readonly row?: number;
	readonly reason?: string;
	/** The reaction that is taken back, for the screen. */
	readonly reaction?: {readonly eventId: string; readonly key: string};
};
