/** What is written to say what a message says: the way back from its content to the text with its slash word. */
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import {isFileMessage} from '../domain/media.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {htmlToBlocks} from '../text/html-to-blocks.ts';
import {plainBody} from '../text/message-text.ts';
import {spansOf} from '../text/spans.ts';
import {pollOf, pollTypes} from '../domain/poll.ts';

/** The words of a hidden text: its body does not have them. */
const hiddenText = (html: string): string =>
	(htmlToBlocks(html) ?? [])
		.map(block =>
			spansOf(block)
				.map(({text}) => text)
				.join(''),
		)
		.join('\n');

const placeName = (said: JsonObject): string =>
	asString(asObject(said['org.matrix.msc3488.location'])['description']) ?? '';

const wordOf = (said: JsonObject): readonly [word: string, text: string] | undefined => {
	const body = plainBody(said);
	const html = asString(said['formatted_body']) ?? '';
	switch (asString(said['msgtype'])) {
		case 'm.emote':
			return ['me', body];
		case 'm.notice':
			return ['notice', body];
		case 'm.location':
			return ['location', `${asString(said['geo_uri']) ?? ''} ${placeName(said)}`.trim()];
		default:
			if (html.startsWith('<span data-mx-spoiler>') && html.endsWith('</span>')) return ['spoiler', hiddenText(html)];
			return html.startsWith('<span data-mx-color=') ? ['rainbow', body] : undefined;
	}
};

/** @param content of a message; of an edit, what it says from then on */
export const writtenText = (content: JsonObject): string => {
	const said = content['m.new_content'] === undefined ? content : asObject(content['m.new_content']);
	const poll = pollOf(pollTypes.start, said);
	if (poll !== undefined) return `/poll ${[poll.question, ...poll.answers.map(({text}) => text)].join(' | ')}`;
	const word = wordOf(said);
	if (word !== undefined) return `/${word[0]} ${word[1]}`;
	const body = plainBody(said);
	return body.startsWith('/') ? `/${body}` : body;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** @returns a local time as `/later` reads it: `2026-12-24 18:00` */
const laterWords = (time: number): string => {
	const date = new Date(time);
	const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
	return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
};

/** @returns what was written to send a row of the outbox; of a file, the words to it */
export const unsentText = ({content, type, sendAt}: OutboxItem): string => {
	if (isFileMessage(content, type) && content['body'] === content['filename']) return '';
	const text = writtenText(content);
	return sendAt === undefined ? text : `/later ${laterWords(sendAt)} ${text}`;
};
