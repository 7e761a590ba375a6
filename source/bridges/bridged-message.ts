/**
 * What a bridge marks in what it brings: who really wrote it, what it is called there, what is only noise. Pure; only the bot of a
 * bridge that is believed and its ghosts are listened to: anybody else could write under any name, or hide what they do.
 */
import {asString, isObject, type JsonObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import {isGrouped, type BotFacts, type Portal} from '../domain/portal.ts';
import {isGhostOf} from './detect.ts';
import {protocolOf} from './protocols.ts';

/** A room as far as its bridge is believed. */
export type BridgedRoom = {
	readonly portal: Portal;
	/** On whose side somebody is; `undefined`: they are of Matrix. */
	readonly sideOf: (userId: string) => 'bot' | 'ghost' | undefined;
};

/** @returns `undefined` for a room that is not bridged, or not believed to be */
export const bridgedRoom = (
	portal: Portal | undefined,
	bots: ReadonlyMap<string, BotFacts>,
): BridgedRoom | undefined => {
	const bot = portal?.bot;
	if (portal === undefined || bot === undefined || !isGrouped(portal)) return undefined;
	const network = protocolOf(portal.protocol);
	const facts = bots.get(bot);
	return {
		portal,
		sideOf(userId) {
			if (userId === bot) return 'bot';
			return isGhostOf(userId, bot, network, facts) ? 'ghost' : undefined;
		},
	};
};

/** State that only programs read. */
const silentStates: ReadonlySet<string> = new Set([
	'com.beeper.room_features',
	'io.element.functional_members',
	'm.member_hints',
	'uk.half-shot.bridge',
]);

const noiseKeys = [
	'com.beeper.exclude_from_timeline',
	'fi.mau.implicit_name',
	'fi.mau.will_auto_accept',
	'com.beeper.member_rollback',
] as const;

const isNoise = ({type, content}: Message): boolean =>
	silentStates.has(type) || noiseKeys.some(key => content[key] === true);

/** Bytes of a name (MSC4144), and characters of the subject of a mail. */
const longestName = 255;
const longestTitle = 400;

const profileOf = (content: JsonObject): JsonObject | undefined =>
	[content['com.beeper.per_message_profile'], content['m.per_message_profile']].find(isObject);

const nameIn = (profile: JsonObject): string | undefined => {
	const name = asString(profile['displayname'])?.trim();
	return name === undefined || name === '' || Buffer.byteLength(name) > longestName ? undefined : name;
};

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The name before the text is for clients that do not know of such profiles: it goes only where it is exactly that (MSC4144). */
const withoutFallback = (content: JsonObject, name: string): JsonObject => {
	const body = asString(content['body']);
	const prefix = `${name}: `;
	if (body === undefined || !body.startsWith(prefix) || body.length === prefix.length) return content;
	const bare = {...content, body: body.slice(prefix.length)};
	const html = asString(content['formatted_body']);
	if (html === undefined) return bare;
	const before = [escaped(name), name].map(each => `<strong data-mx-profile-fallback>${each}: </strong>`);
	const found = before.find(each => html.startsWith(each));
	return found === undefined ? content : {...bare, formatted_body: html.slice(found.length)};
};

const withProfile = (message: Message): Message => {
	const profile = profileOf(message.content);
	const author = profile === undefined ? undefined : nameIn(profile);
	if (profile === undefined || author === undefined) return message;
	const content = profile['has_fallback'] === true ? withoutFallback(message.content, author) : message.content;
	return {...message, author, content};
};

/** All mail comes from the bot (postmoogle). */
const withMail = (message: Message): Message => {
	const {content} = message;
	const from = asString(content['cc.etke.postmoogle.from'])?.trim();
	const subject = asString(content['cc.etke.postmoogle.subject'])?.trim().slice(0, longestTitle);
	return {
		...message,
		...(from === undefined || from === '' ? {} : {author: from.slice(0, longestName)}),
		...(subject === undefined || subject === '' ? {} : {title: subject}),
	};
};

/** @returns the message as its bridge means it; the same object where it means nothing */
export const asBridged = (message: Message, room: BridgedRoom): Message => {
	const side = room.sideOf(message.sender);
	if (side === undefined || message.redactedBy !== undefined || message.encryption === 'undecrypted') return message;
	if (message.stateKey !== undefined) return isNoise(message) ? {...message, isFolded: true} : message;
	if (side === 'bot' && message.content['msgtype'] === 'm.notice' && room.portal.kind !== 'console')
		return {...message, isChatter: true};
	if (side === 'bot' && room.portal.protocol === 'email') return withMail(message);
	return withProfile(message);
};
