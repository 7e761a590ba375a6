/** What bridges say of a message besides its text: a call, a contact, a GIF, words that were spoken. Untrusted, whoever sent it. */
import {asArray, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {literal, safeText, type SafeText} from './safe-text.ts';

/** Keys that are looked at, and characters of what was spoken. */
const mostKeys = 100;
const longestSpeech = 2000;

const keysOf = (content: JsonObject): readonly string[] => Object.keys(content).slice(0, mostKeys);

/** @returns what a picture, a film or a sound is called, where a bridge says more than its type */
export const nativeKind = (content: JsonObject, kind: string): SafeText | undefined => {
	const info = asObject(content['info']);
	if (kind === 'm.audio') return isObject(content['org.matrix.msc3245.voice']) ? literal`voice` : undefined;
	if (info['fi.mau.bridged_sticker'] !== undefined && info['fi.mau.bridged_sticker'] !== false) return literal`sticker`;
	if (info['fi.mau.gif'] === true) return literal`GIF`;
	const spoiler = content['page.codeberg.everypizza.msc4193.spoiler'];
	if (spoiler !== true) return undefined;
	return kind === 'm.video' ? literal`hidden video` : literal`hidden photo`;
};

/** @returns why a picture is hidden, where its sender says so */
export const hiddenReason = (content: JsonObject): SafeText =>
	content['page.codeberg.everypizza.msc4193.spoiler'] === true
		? safeText(content['page.codeberg.everypizza.msc4193.spoiler.reason'], 'name')
		: literal``;

const nameIn = (card: JsonObject): string => {
	const name = isObject(card['name']) ? card['name'] : card;
	const whole = ['display_name', 'displayname', 'name', 'formatted_name', 'full_name'].map(key => asString(name[key]));
	const parts = ['first_name', 'given_name', 'given', 'last_name', 'family_name', 'family'].map(key =>
		asString(name[key]),
	);
	return whole.find(each => each !== undefined && each !== '') ?? parts.filter(each => each !== undefined).join(' ');
};

const numbersIn = (card: JsonObject): readonly string[] => {
	const direct = ['phone_number', 'phone', 'number'].flatMap(key => asString(card[key]) ?? []);
	const listed = ['phone_numbers', 'phones', 'number', 'numbers'].flatMap(key =>
		asArray(card[key]).flatMap(each => asString(each) ?? asString(asObject(each)['value']) ?? []),
	);
	return [...new Set([...direct, ...listed])].slice(0, 3);
};

const contactText = (content: JsonObject): SafeText | undefined => {
	const card = keysOf(content)
		.filter(key => /^fi\.mau\.[a-z]{2,20}\.contact$/.test(key))
		.flatMap(key => [content[key], ...asArray(content[key])])
		.find(isObject);
	if (card === undefined) return undefined;
	const name = safeText(nameIn(card), 'name', 'without a name');
	const numbers = safeText(numbersIn(card).join(', '), 'name');
	return numbers === '' ? literal`contact  ${name}` : literal`contact  ${name}  ${numbers}`;
};

const actionText = (content: JsonObject): SafeText | undefined => {
	const action = asObject(content['com.beeper.action_message']);
	if (action['type'] !== 'call') return undefined;
	return action['call_type'] === 'video' ? literal`video call` : literal`call`;
};

const onlyThere = /^fi\.mau\.[a-z]{2,20}\.(?:unsupported|payment|invite)/;

/** @returns the line before a text: what it is on its own network; `undefined` for a plain text */
export const nativeLine = (content: JsonObject): SafeText | undefined => {
	const known = contactText(content) ?? actionText(content);
	if (known !== undefined) return known;
	return keysOf(content).some(key => onlyThere.test(key)) ? literal`to be seen in the app of the network` : undefined;
};

/** @returns what was spoken, as the bridge or the app has written it down */
export const transcription = (content: JsonObject): SafeText | undefined => {
	const value = content['com.beeper.transcription'];
	const words = asString(value) ?? asString(asObject(value)['text']) ?? asString(asObject(value)['transcript']);
	const text = safeText(words?.slice(0, longestSpeech), 'line');
	return text.trim() === '' ? undefined : text;
};

/** @returns the address of a message on its own network, and where it leads; only web addresses */
export const originalOf = (content: JsonObject): {readonly href: string; readonly host: SafeText} | undefined => {
	const href = asString(content['external_url']);
	if (href === undefined || href.length > 2000 || !/^https?:\/\/[\u0021-\u007E]+$/i.test(href)) return undefined;
	const url = URL.parse(href);
	if (url === null || url.host === '' || url.username !== '' || url.password !== '') return undefined;
	return {href: url.href, host: safeText(url.host, 'name')};
};
