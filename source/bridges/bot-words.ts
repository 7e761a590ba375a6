/**
 * What the bot of a bridge says while somebody signs in by talking to it, as mautrix bridgev2 words it
 * (bridgev2/commands/login.go). Pure.
 */
import {asString, type JsonObject} from '../domain/json.ts';
import type {LoginDisplay, LoginField} from '../domain/bridge-login.ts';

/** A message of the bot. */
export type BotMessage = {
	readonly content: JsonObject;
	readonly isRedacted: boolean;
	/** It came after what the person wrote last. */
	readonly isAnswer: boolean;
};

/** How the talk stands. */
export type BotTalk = {
	readonly said: readonly string[];
	readonly display: LoginDisplay | undefined;
	readonly fields: readonly LoginField[];
	readonly outcome: 'done' | 'failed' | undefined;
};

const bodyOf = ({content}: BotMessage): string => asString(content['body'])?.trim() ?? '';

/** A picture whose text is what it shows: bots have nothing else to show pictures for. */
const isCode = (message: BotMessage): boolean =>
	!message.isRedacted && message.content['msgtype'] === 'm.image' && bodyOf(message) !== '';

const doneWords =
	/^(?:successfully (?:re-?)?logged in|logged in as|log-?in successful|you(?:'re| are) now logged in)\b/i;
const failedWords =
	/^(?:log-?in (?:failed|cancell?ed|timed out|process cancell?ed)|failed to |unknown command|you(?:'re| are) already logged in|invalid login flow)/i;

/** Passwords and cookies are not to be seen over a shoulder; a number or a code is. */
const secretWords = /\b(?:cookies?|curl|password|passphrase|token|secret)\b/i;

/** What wants an answer; everything else only tells something. */
const questionWords =
	/\?\s*$|^invalid\b|\b(?:please (?!wait|scan)|enter|provide|specify|choose|paste|type|send (?:me|your|a|the)|what is)\b/i;

const flowLine = /^\s*[*•-]\s*`?(?<id>[\w.-]+)`?\s*(?:[-:–—]\s*(?<name>.+))?$/;

const optionsOf = (text: string): LoginField['options'] => {
	if (!/\blogin flow\b/i.test(text)) return [];
	return text.split('\n').flatMap(line => {
		const {id, name} = flowLine.exec(line)?.groups ?? {};
		return id === undefined ? [] : [{id, name: name?.trim() ?? id}];
	});
};

/** A code in a message of its own is to be typed on the phone. */
const codeOf = (message: BotMessage): string | undefined => {
	const html = asString(message.content['formatted_body'])?.trim() ?? '';
	return /^(?:<p>)?<code>(?<code>[^<]{1,40})<\/code>(?:<\/p>)?$/.exec(html)?.groups?.['code'];
};

/** What is asked for in the flow that one answer chooses. */
export const flowField = 'flow';
/** What the next message to the bot is. */
export const answerField = 'answer';

const fieldOf = (text: string): LoginField => {
	const options = optionsOf(text);
	if (options.length > 0) return {id: flowField, name: 'Sign in by', description: undefined, isSecret: false, options};
	return {id: answerField, name: 'Answer', description: undefined, isSecret: secretWords.test(text), options: []};
};

/** Bots may say more when it is over: how the login is. */
const outcomeOf = (texts: readonly BotMessage[]): BotTalk['outcome'] => {
	const end = texts.findLast(message => {
		const body = bodyOf(message);
		return message.isAnswer && (doneWords.test(body) || failedWords.test(body));
	});
	if (end === undefined) return undefined;
	return doneWords.test(bodyOf(end)) ? 'done' : 'failed';
};

/** @param messages of the bot since the sign-in began, oldest first */
export const readBotTalk = (messages: readonly BotMessage[]): BotTalk => {
	const codes = messages.filter(isCode);
	const texts = messages.filter(
		message => !message.isRedacted && message.content['msgtype'] !== 'm.image' && bodyOf(message) !== '',
	);
	const last = texts.at(-1);
	const lastText = last === undefined ? '' : bodyOf(last);
	const outcome = outcomeOf(texts);
	const picture = codes.at(-1);
	const typed = last === undefined ? undefined : codeOf(last);
	const display: LoginDisplay | undefined =
		picture !== undefined
			? {kind: 'qr', data: bodyOf(picture)}
			: typed === undefined
				? undefined
				: {kind: 'code', data: typed};
	const isOpen = outcome === undefined && last?.isAnswer === true && questionWords.test(lastText);
	return {
		// The list of ways is asked as a question.
		said: texts.map(bodyOf).filter(text => optionsOf(text).length === 0),
		display: outcome === undefined ? display : undefined,
		fields: isOpen && display === undefined ? [fieldOf(lastText)] : [],
		outcome,
	};
};

/** @returns the ids of logins that a bot lists (`list-logins`): `* id (name) - state`. */
export const readLogins = (text: string): readonly string[] =>
	text.split('\n').flatMap(line => /^\s*[*•-]\s*`(?<id>[^`]+)`/.exec(line)?.groups?.['id'] ?? []);

const linksInHtml = /<a\s[^<>]*?href=(?<quote>["'])https:\/\/matrix\.to\/#\/(?<room>(?:!|%21)[^\s"'?)<>/]+)/gi;
const linksInText = /https:\/\/matrix\.to\/#\/(?<room>(?:!|%21)[^\s[\]"'?)<>/]+)/gi;

/**
 * The bridge puts its link at the end; what stands before it may be the name of somebody, with a link of theirs in it.
 * @returns the id of the room that a bot links to in what it says: `https://matrix.to/#/!room`; it is untrusted still
 */
export const linkedRoom = (content: JsonObject): string | undefined => {
	const html = asString(content['formatted_body']);
	const links =
		html === undefined ? (asString(content['body']) ?? '').matchAll(linksInText) : html.matchAll(linksInHtml);
	const encoded = [...links].at(-1)?.groups?.['room'];
	try {
		return encoded === undefined ? undefined : decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
};

/** @returns whether a message says that a login is signed out. */
export const isSignedOut = (text: string): boolean =>
	/^(?:you(?:'ve| have) (?:been )?|successfully )?(?:logged|signed) out\b|^log-?out successful\b|^you(?:'re| are) now (?:logged|signed) out\b/i.test(
		text,
	);

/** @returns whether a bot refuses because there is no login at its network. */
export const isWithoutLogin = (text: string): boolean =>
	/^you(?:'re| are) not (?:logged|signed) in\b|^you (?:don't|do not) have any logins\b/i.test(text);

/** @returns whether a message says that nothing came of what was asked. */
export const isRefusal = (text: string): boolean =>
	/^(?:failed|error|unknown|invalid|usage|you(?:'re| are) not|login not found|no (?:such|user)|not found)\b/i.test(
		text,
	);
