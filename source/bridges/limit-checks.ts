/** Whether a network takes what somebody wants to send, react with, edit or remove; and if not, why, in a sentence. Pure. */
import {asInteger, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {isFileMessage} from '../domain/media.ts';
import {isPollStart} from '../domain/poll.ts';
import {levelOfType, limitsOfFile, type Level, type RoomLimits} from './capabilities.ts';

/** `refusal`: it is not sent. `warning`: it is, and arrives as something else. */
export type Verdict = {readonly refusal?: string; readonly warning?: string};

const fine: Verdict = {};
const refusal = (sentence: string): Verdict => ({refusal: sentence});
const warning = (sentence: string): Verdict => ({warning: sentence});

/** A text as networks count it. @returns characters */
export const textLength = (text: string): number => {
	let length = 0;
	for (const _ of text) length++;
	return length;
};

const counted = (count: number): string => count.toLocaleString('en-GB').replaceAll(',', ' ');

/** @param milliseconds not negative. @returns `15 minutes`, `24 hours`, `7 days` */
export const spanWords = (milliseconds: number): string => {
	const minutes = Math.max(1, Math.round(milliseconds / 60_000));
	if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
	const hours = Math.round(minutes / 60);
	if (hours <= 48) return hours === 1 ? '1 hour' : `${hours} hours`;
	return `${Math.round(hours / 24)} days`;
};

/** The same in few cells: `15 min`, `24 h`, `7 d`. */
export const shortSpan = (milliseconds: number): string => {
	const minutes = Math.max(1, Math.round(milliseconds / 60_000));
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.round(minutes / 60);
	return hours <= 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
};

const sizeWords = (bytes: number): string => {
	const [value, unit] = bytes < 999_500_000 ? [bytes / 1_000_000, 'MB'] : [bytes / 1_000_000_000, 'GB'];
	return `${value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
};

const isRefused = (level: Level | undefined): boolean => level === -2;
const isLost = (level: Level | undefined): boolean => level !== undefined && level <= 0;

/** @returns why a text is too long; `undefined` where it is not */
export const tooLongFor = ({network, maxText}: RoomLimits, text: string): string | undefined => {
	if (maxText === undefined || text.length <= maxText) return undefined;
	const length = textLength(text);
	return length <= maxText
		? undefined
		: `${network} takes texts up to ${counted(maxText)} characters; this one has ${counted(length)}.`;
};

/** Which features of `formatting` an element is. */
const features: ReadonlyMap<string, string> = new Map(
	Object.entries({
		strong: 'bold',
		b: 'bold',
		em: 'italic',
		i: 'italic',
		u: 'underline',
		del: 'strikethrough',
		s: 'strikethrough',
		code: 'inline_code',
		pre: 'code_block',
		blockquote: 'blockquote',
		ul: 'unordered_list',
		ol: 'ordered_list',
		h1: 'headers',
		h2: 'headers',
		h3: 'headers',
		h4: 'headers',
		h5: 'headers',
		h6: 'headers',
		table: 'table',
		sup: 'superscript',
		sub: 'subscript',
		hr: 'horizontal_line',
	}),
);

const tag = /<\s*([a-z][a-z0-9]*)([^>]*)>/gi;

const featuresIn = (html: string): ReadonlySet<string> => {
	const found = new Set<string>();
	for (const [, name = '', attributes = ''] of html.matchAll(tag)) {
		const feature = features.get(name.toLowerCase());
		if (feature !== undefined) found.add(feature);
		if (/data-mx-spoiler/i.test(attributes)) found.add('spoiler');
	}
	// A block of code is not code in a line as well.
	if (found.has('code_block')) found.delete('inline_code');
	return found;
};

/** What a person writes for a style, in Markdown. */
const markdown: readonly (readonly [feature: string, pattern: RegExp])[] = [
	['code block', /^ {0,3}```/m],
	['bold', /\*\*[^\s*][^*\n]*\*\*/],
	['italic', /(?:^|[\s(])(?:\*[^\s*][^*\n]*\*|_[^\s_][^_\n]*_)(?=$|[\s).,!?])/m],
	['strikethrough', /~~[^\s~][^~\n]*~~/],
	['inline code', /(?:^|[^`])`[^`\n]+`(?!`)/],
	['blockquote', /^> /m],
	['headers', /^#{1,6} /m],
	['unordered list', /^ *[-*+] \S/m],
	['ordered list', /^ *\d{1,3}[.)] \S/m],
];

/** @param text as it is written. @returns a sentence where the network does not show a style that is in it */
export const lostStyles = ({network, formatting}: RoomLimits, text: string): string | undefined => {
	if (formatting === undefined || text.length > 20_000) return undefined;
	const lost = markdown
		.filter(([feature, pattern]) => (formatting.get(feature.replaceAll(' ', '_')) ?? 0) <= 0 && pattern.test(text))
		.map(([feature]) => feature);
	return lost.length === 0 ? undefined : `${network} does not show ${lost.join(', ')}: it will arrive as plain text`;
};

/** @returns whether the network has threads in place of answers: an answer goes into the thread of its message */
export const answersInThreads = ({reply, thread}: RoomLimits): boolean => isLost(reply) && (thread ?? 0) > 0;

/** @returns what becomes of an answer on a network that has none */
export const lostReply = (limits: RoomLimits): string | undefined => {
	if (!isLost(limits.reply)) return undefined;
	return answersInThreads(limits)
		? `${limits.network} answers in threads: this goes into one`
		: `${limits.network} has no answers: this arrives as a message by itself`;
};

const plainContent = ({format: _format, formatted_body: _html, ...content}: JsonObject): JsonObject => content;

const fitFormatting = (limits: RoomLimits, content: JsonObject): Fitted => {
	const html = asString(content['formatted_body']);
	if (html === undefined || limits.formatting === undefined) return {content};
	const used = [...featuresIn(html)];
	const lost = used.filter(feature => (limits.formatting?.get(feature) ?? 0) <= 0);
	if (lost.length === 0) return {content};
	const sentence = `${limits.network} does not show ${lost.map(each => each.replaceAll('_', ' ')).join(', ')}`;
	// What hides a text would show it.
	if (lost.includes('spoiler')) return {content, ...warning(`${sentence}: the hidden text can be read at once.`)};
	if (lost.length < used.length) return {content, ...warning(`${sentence}: that will arrive as plain text.`)};
	return {content: plainContent(content), ...warning(`${sentence}: it will arrive as plain text.`)};
};

const fileKinds = (content: JsonObject): readonly string[] => {
	const kind = asString(content['msgtype']) ?? '';
	return isObject(content['org.matrix.msc3245.voice']) ? ['org.matrix.msc3245.voice', kind] : [kind];
};

/** A message as it is sent, or why it is not. */
export type Fitted = Verdict & {readonly content: JsonObject};

const plainFileKind = 'm.file';

const fitFile = (limits: RoomLimits, content: JsonObject): Fitted => {
	const {network, files} = limits;
	if (files === undefined) return {content};
	const {mimetype, size} = asObject(content['info']);
	const type = asString(mimetype) ?? 'application/octet-stream';
	const exact = limitsOfFile(files, fileKinds(content));
	const level = exact === undefined ? -2 : levelOfType(exact, type);
	if (isRefused(level)) {
		const plain = limitsOfFile(files, [plainFileKind]);
		const passes = plain !== undefined && !isRefused(levelOfType(plain, type));
		if (!passes || content['msgtype'] === plainFileKind)
			return {content, ...refusal(`${network} does not take files of the type ${type}.`)};
		const asFile = fitFile(limits, {...content, msgtype: plainFileKind});
		return {warning: `${network} takes ${type} only as a file: it is sent as one.`, ...asFile};
	}
	const name = asString(content['filename']) ?? asString(content['body']) ?? 'the file';
	const bytes = asInteger(size);
	if (exact?.maxSize !== undefined && bytes !== undefined && bytes > exact.maxSize) {
		const sentence = `${network} takes files up to ${sizeWords(exact.maxSize)}; ${name} has ${sizeWords(bytes)}.`;
		return {content, ...refusal(sentence)};
	}
	if (isLost(level)) return {content, ...warning(`${network} may not show files of the type ${type}.`)};
	const hasCaption = asString(content['filename']) !== undefined && content['filename'] !== content['body'];
	if (hasCaption && isLost(exact?.caption))
		return {content, ...warning(`${network} sends what you say to the file as a message of its own.`)};
	return {content};
};

const kindWords = (network: string, level: Level | undefined, what: string): Verdict => {
	if (isRefused(level)) return refusal(`${network} does not take ${what}.`);
	return isLost(level) ? warning(`${network} does not know ${what}: this will arrive as plain text.`) : fine;
};

/**
 * Makes a message one that the network takes: without what it does not show, so that the archive has what the other side saw.
 * @param content of a new message or of an edit, before it is related to others
 */
export const fitMessage = (limits: RoomLimits, type: string, content: JsonObject): Fitted => {
	const {network} = limits;
	if (isPollStart(type)) return {content, ...kindWords(network, limits.poll, 'polls')};
	if (type !== 'm.room.message') return {content};
	const kind = content['msgtype'];
	if (kind === 'm.location') return {content, ...kindWords(network, limits.location, 'places')};
	const isFile = isFileMessage(content, type);
	const hasWords = !isFile || content['filename'] !== content['body'];
	const tooLong = hasWords ? tooLongFor(limits, asString(content['body']) ?? '') : undefined;
	if (tooLong !== undefined) return {content, ...refusal(tooLong)};
	const fitted = fitFormatting(limits, content);
	if (isFile) {
		const file = fitFile(limits, fitted.content);
		return {...fitted, ...file};
	}
	if (fitted.warning !== undefined || kind !== 'm.notice') return fitted;
	// Bridges leave notices out, unless they are set up otherwise.
	return {...fitted, ...warning(`Bridges pass no notices on: it may not reach ${network}.`)};
};

/** @param sent when it was sent, and how often it was edited; `undefined`: not known */
export const checkEdit = (
	{network, edit, editMaxAge, editMaxCount}: RoomLimits,
	sent: {readonly timestamp: number | undefined; readonly edits: number},
	now: number,
): Verdict => {
	if (isLost(edit)) return refusal(`${network} has no edits: what you sent stays as it is.`);
	if (editMaxAge !== undefined && sent.timestamp !== undefined && now - sent.timestamp > editMaxAge)
		return refusal(`On ${network} a message can be edited for ${spanWords(editMaxAge)}; this one is older.`);
	if (editMaxCount !== undefined && sent.edits >= editMaxCount)
		return refusal(`On ${network} a message can be edited ${editMaxCount} times; this one was.`);
	if (edit === 1) return warning(`${network} may show an edit as a message of its own.`);
	return fine;
};

/** Emoji are the same with and without the sign that asks for their picture. */
const bareKey = (key: string): string => key.replaceAll('\uFE0F', '');

/** A picture of the network's own (`mxc://…`) counts as an emoji. */
const isEmoji = (key: string): boolean =>
	/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(key) || key.startsWith('mxc://');

/** Bridges hand on emoji only, whatever Matrix allows. */
export const isAllowedReaction = ({allowedReactions}: RoomLimits, key: string): boolean =>
	allowedReactions === undefined ? isEmoji(key) : allowedReactions.some(allowed => bareKey(allowed) === bareKey(key));

export const checkReaction = (limits: RoomLimits, key: string): Verdict => {
	const {network, reaction, allowedReactions} = limits;
	if (isRefused(reaction)) return refusal(`${network} has no reactions.`);
	if (!isAllowedReaction(limits, key))
		return refusal(
			allowedReactions === undefined
				? `${network} has emoji as reactions, no words: + lists some.`
				: `${network} only has these reactions here: ${allowedReactions.slice(0, 12).join(' ')}.`,
		);
	return isLost(reaction) ? warning(`Reactions do not reach ${network}.`) : fine;
};

/** @param timestamp when the message was sent */
export const checkRemoval = (
	{network, delete: level, deleteMaxAge, deleteForMe}: RoomLimits,
	timestamp: number,
	now: number,
): Verdict => {
	if (isRefused(level) && !deleteForMe) return refusal(`${network} does not let messages be removed.`);
	if (isLost(level)) return warning(`On ${network} it goes for you only: the others keep it.`);
	if (deleteMaxAge !== undefined && now - timestamp > deleteMaxAge)
		return warning(
			`On ${network} a message can be removed for everybody for ${spanWords(deleteMaxAge)}: the others will keep this one.`,
		);
	return fine;
};

/** What stands below the composer of a room: the network and its limits, from whole to short. */
export const limitPhrases = ({network, maxText, edit, editMaxAge}: RoomLimits): readonly string[] => {
	const length = maxText === undefined ? [] : [`${maxText} characters`];
	const edits = isLost(edit) ? ['no edits'] : editMaxAge === undefined ? [] : [`edits for ${shortSpan(editMaxAge)}`];
	const whole = [network, ...length, ...edits];
	return [whole, [network, ...length], [network]].map(parts => parts.join(' · '));
};
