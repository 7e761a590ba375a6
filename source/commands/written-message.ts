/** What a text in the composer will be as a message: the words that say how it is meant, and when it is sent. */
import type {JsonObject} from '../domain/json.ts';
import {pollTypes} from '../domain/poll.ts';
import {readLaterTime} from './later-time.ts';
import {locationContent} from './location-content.ts';
import {messageWords} from './message-styles.ts';
import {pollContent} from './poll-content.ts';
import type {MessageStyle} from './shell/message-content.ts';

/** What is sent: a text of some style, or an event that is made already. */
export type Written =
	| {readonly kind: 'text'; readonly text: string; readonly style: MessageStyle}
	| {readonly kind: 'event'; readonly type: string; readonly content: JsonObject};

export type WrittenMessage = {
	readonly written: Written;
	/** Milliseconds since the Unix epoch; `undefined`: at once. */
	readonly sendAt: number | undefined;
	/** A text that is too long becomes several messages. */
	readonly isSplit: boolean;
	/** The file that it goes with is sent as it is. @default as the settings say */
	readonly keepsMetadata?: boolean;
};

/** @returns what stands behind the first word, with its indentation if it begins on a line of its own */
const textBehind = (text: string): string => text.replace(/^\/\S*(?:[ \t]*\n|\s+|$)/, '');

/** A word alone behind `/code` names the language of what stands below. */
const codeLanguage = /^\/code[ \t]+([\w+#.-]{1,20})[ \t]*\n/;

const atOnce = (written: Written): WrittenMessage => ({written, sendAt: undefined, isSplit: false});

const markdown = (text: string): Written => ({kind: 'text', text, style: {kind: 'm.text', format: 'markdown'}});

/** @returns a text of Markdown, whatever it begins with */
export const plainMessage = (text: string): WrittenMessage => atOnce(markdown(text));

const eventOrSentence = (type: string, content: JsonObject | string): WrittenMessage | string =>
	typeof content === 'string' ? content : atOnce({kind: 'event', type, content});

const later = (text: string, now: number): WrittenMessage | string => {
	const when = readLaterTime(textBehind(text), now);
	if (typeof when === 'string') return when;
	if (when.rest.trim() === '') return 'Write the text behind the time.';
	const message = writtenMessage(when.rest, now);
	if (message === undefined) return 'Only a message can be sent later.';
	return typeof message === 'string' ? message : {...message, sendAt: when.time};
};

const split = (text: string, now: number): WrittenMessage | string => {
	const message = writtenMessage(textBehind(text), now);
	if (message === undefined || typeof message === 'string') return message ?? 'Only a text can be split.';
	return message.written.kind === 'text' ? {...message, isSplit: true} : 'Only a text can be split.';
};

const styled = (name: string, text: string): WrittenMessage | undefined => {
	const word = messageWords.find(each => each.name === name);
	if (word === undefined) return undefined;
	const language = name === 'code' ? codeLanguage.exec(text)?.[1] : undefined;
	const said = language === undefined ? textBehind(text) : text.slice(text.indexOf('\n') + 1);
	const style = language === undefined ? word.style : {...word.style, language};
	return atOnce({kind: 'text', text: word.change?.(said) ?? said, style});
};

/**
 * @param text what stands in the composer
 * @param now milliseconds since the Unix epoch
 * @returns the message; a sentence that says why it cannot be one; `undefined` for another command
 */
export const writtenMessage = (text: string, now: number): WrittenMessage | string | undefined => {
	if (text.startsWith('//')) return atOnce(markdown(text.slice(1)));
	if (!text.startsWith('/')) return atOnce(markdown(text));
	const name = /^\/(\S*)/.exec(text)?.[1] ?? '';
	switch (name) {
		case 'poll':
			return eventOrSentence(pollTypes.start, pollContent(textBehind(text)));
		case 'location':
			return eventOrSentence('m.room.message', locationContent(textBehind(text)));
		case 'later':
			return later(text, now);
		case 'split':
			return split(text, now);
		default:
			return styled(name, text);
	}
};
