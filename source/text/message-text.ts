/** What a message says: blocks for the timeline, one line for previews and quotes. */
import {asInteger, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {endTypes, isPollStart, pollOf} from '../domain/poll.ts';
import {htmlToBlocks} from './html-to-blocks.ts';
import {plainToBlocks} from './plain-to-blocks.ts';
import {hiddenReason, nativeKind, nativeLine, transcription} from './native-content.ts';
import {joinSafe, literal, safeText, type SafeText} from './safe-text.ts';
import {mutedStyle, plainStyle, spansOf, type Block, type Span} from './spans.ts';

/** Code units of a body that a summary looks at. */
const summaryLength = 512;

/** How a message that is more than words is called. */
const mediaKinds: ReadonlyMap<string, SafeText> = new Map([
	['m.image', literal`photo`],
	['m.file', literal`file`],
	['m.video', literal`video`],
	['m.audio', literal`audio`],
	['m.sticker', literal`sticker`],
	['m.location', literal`location`],
]);

/** Its text is for clients that cannot verify. */
const verificationRequest = 'm.key.verification.request';
const asksToVerify = literal`request to verify each other by emoji · /verify`;

const textTypes: ReadonlySet<string> = new Set(['m.text', 'm.notice', 'm.emote', 'm.server_notice']);

/**
 * The blocks of a message event (client-server API §m.room.message, §m.sticker). Content is untrusted; total. An emote has
 * only what was done: the caller puts the name before it.
 *
 * @param type of the event, after decryption.
 * @returns at least one block.
 */
export const messageBlocks = (content: JsonObject, type: string): readonly Block[] => {
	const kind = kindOf(content, type);
	if (kind === undefined)
		return pollBlocks(content, type) ?? [line([{text: unsupportedWithText(content, type), style: mutedStyle}])];

	if (kind === verificationRequest) return [line([{text: asksToVerify, style: mutedStyle}])];
	if (mediaKinds.has(kind)) {
		return [line(mediaSpans(content, kind)), ...nativeBlocks(content), ...captionBlocks(content)];
	}

	const blocks = textBlocks(content);
	const native = nativeBlocks(content);
	const text = blocks.length === 0 ? [line([{text: noText(content), style: mutedStyle}])] : blocks;
	const shown = [...native, ...text];
	// Of a message with neither text nor type, one sentence says enough.
	const isEmpty = blocks.length === 0 && asString(content['msgtype']) === undefined;
	return isEmpty || textTypes.has(kind)
		? shown
		: [line([{text: unsupportedMessage(kind), style: mutedStyle}]), ...shown];
};

/** One safe line for room previews, quotes and notifications; spoilers stay hidden, line breaks become spaces. */
export const plainSummary = (content: JsonObject, type: string): SafeText => {
	const kind = kindOf(content, type);
	if (kind === undefined) return pollSummary(content, type) ?? unsupportedWithText(content, type);

	if (kind === verificationRequest) return asksToVerify;
	if (mediaKinds.has(kind)) {
		return joinSafe(
			[mediaKind(content, kind), fileName(content)].filter(part => part !== ''),
			literal` `,
		);
	}

	const html = formattedBody(content);
	const body =
		html !== undefined && /data-mx-spoiler/i.test(html) ? spanText(htmlToBlocks(html) ?? []) : plainBody(content);
	const words = safeText(body.slice(0, summaryLength), 'name');
	const native = nativeLine(content);
	const summary = native === undefined || words === '' ? words : literal`${native}  ${words}`;
	return summary === '' ? noText(content) : summary;
};

/** What is known of a poll without its votes. */
const pollBlocks = (content: JsonObject, type: string): readonly Block[] | undefined => {
	const poll = pollOf(type, content);
	if (poll === undefined) {
		const summary = pollSummary(content, type);
		return summary === undefined ? undefined : [line([{text: summary, style: mutedStyle}])];
	}

	const question = line([
		{text: literal`poll  `, style: mutedStyle},
		{text: safeText(poll.question, 'name'), style: {isBold: true}},
	]);
	const answers = poll.answers.map(({text}, index) =>
		line([{text: literal`${index + 1} ○ ${safeText(text, 'name')}`, style: plainStyle}]),
	);
	return [question, ...answers];
};

const pollSummary = (content: JsonObject, type: string): SafeText | undefined => {
	if (endTypes.includes(type)) return literal`the poll has ended`;
	if (!isPollStart(type)) return undefined;
	const poll = pollOf(type, content);
	return poll === undefined ? literal`a damaged poll` : literal`poll ${safeText(poll.question, 'name')}`;
};

/** @returns the quiet line for an event whose type mx does not know. */
export const unsupportedEvent = (type: string): SafeText =>
	literal`unsupported event ${safeText(type, 'name', 'without type')}`;

/** Where events of later kinds keep a text for clients that do not know them (MSC1767). */
const textOf = (content: JsonObject): string | undefined => {
	const texts = content['m.text'];
	const [first] = Array.isArray(texts) ? texts : [];
	return asString(content['body']) ?? asString(content['org.matrix.msc1767.text']) ?? asString(asObject(first)['body']);
};

const unsupportedWithText = (content: JsonObject, type: string): SafeText => {
	const text = safeText((textOf(content) ?? '').slice(0, summaryLength), 'name');
	return text === '' ? unsupportedEvent(type) : literal`${unsupportedEvent(type)}: ${text}`;
};

/** What stands for a text that is missing. */
const noText = (content: JsonObject): SafeText =>
	typeof content['body'] === 'string' ? literal`empty message` : literal`damaged message`;

/** @returns the quiet line for what is no event at all; nothing of it is shown. */
export const unreadableText = (count: number): SafeText =>
	count === 1 ? literal`a damaged event that mx cannot read` : literal`${count} damaged events that mx cannot read`;

const unsupportedMessage = (kind: string): SafeText =>
	literal`unsupported message ${safeText(kind, 'name', 'without type')}`;

/** The msgtype, `m.sticker`, or `undefined` for what is no message. */
const kindOf = (content: JsonObject, type: string): string | undefined => {
	if (type === 'm.sticker') {
		return type;
	}

	return type === 'm.room.message' ? (asString(content['msgtype']) ?? '') : undefined;
};

const line = (spans: readonly Span[]): Block => ({kind: 'text', frames: [], hasGap: false, spans});

const textBlocks = (content: JsonObject): readonly Block[] => {
	const html = formattedBody(content);
	const blocks = html === undefined ? [] : (htmlToBlocks(html) ?? []);
	return blocks.length > 0 ? blocks : plainToBlocks(plainBody(content));
};

const formattedBody = (content: JsonObject): string | undefined =>
	content['format'] === 'org.matrix.custom.html' ? asString(content['formatted_body']) : undefined;

/** @returns the body, without the quote that old clients put before a reply (§Fallbacks for rich replies, removed in v1.13). */
export const plainBody = (content: JsonObject): string => {
	const body = asString(content['body']) ?? '';
	const isReply = isObject(asObject(content['m.relates_to'])['m.in_reply_to']);
	if (!isReply || !body.startsWith('> ')) {
		return body;
	}

	const lines = body.split('\n');
	const end = lines.findIndex(text => !text.startsWith('> ') && text !== '>');
	const rest = end === -1 ? '' : lines.slice(lines[end]?.trim() === '' ? end + 1 : end).join('\n');
	return rest.trim() === '' ? body : rest;
};

/** @returns whether a message hides some of what it says. */
export const hasSpoiler = (content: JsonObject): boolean =>
	(htmlToBlocks(formattedBody(content) ?? '') ?? []).some(block => spansOf(block).some(({style}) => style.isSpoiler));

const spanText = (blocks: readonly Block[]): string =>
	blocks
		.map(block =>
			spansOf(block)
				.map(span => (span.style.isSpoiler ? '▒▒▒' : span.text))
				.join(''),
		)
		.join(' ');

const mediaSpans = (content: JsonObject, kind: string): readonly Span[] => {
	const details = joinSafe(
		[sizeText(content), dimensionsText(content), durationText(content), hiddenReason(content)].filter(
			text => text !== '',
		),
		literal` `,
	);
	const name = fileName(content);
	return [
		{text: literal`${mediaKind(content, kind)}  `, style: mutedStyle},
		{text: name, style: plainStyle},
		{text: details === '' ? details : literal` ${details}`, style: mutedStyle},
	].filter(({text}) => text !== '');
};

const mediaKind = (content: JsonObject, kind: string): SafeText =>
	nativeKind(content, kind) ?? mediaKinds.get(kind) ?? literal`file`;

/** What it is on the network that it comes from, and what was spoken in it. */
const nativeBlocks = (content: JsonObject): readonly Block[] => {
	const spoken = transcription(content);
	return [nativeLine(content), spoken === undefined ? undefined : literal`“${spoken}”`].flatMap(text =>
		text === undefined ? [] : [line([{text, style: mutedStyle}])],
	);
};

/** With `filename`, the body is a caption (§Media captions). */
const fileName = (content: JsonObject): SafeText => safeText(content['filename'] ?? content['body'], 'name');

const captionBlocks = (content: JsonObject): readonly Block[] => {
	const name = asString(content['filename']);
	return name === undefined || name === content['body'] ? [] : textBlocks(content);
};

const sizeText = (content: JsonObject): SafeText => {
	const bytes = positive(asObject(content['info'])['size']);
	return bytes === undefined ? literal`` : formatSize(bytes);
};

/** @param bytes not negative. @returns decimal units with one digit below ten: `950 B`, `1.2 MB`. */
export const formatSize = (bytes: number): SafeText => {
	const units = [literal`B`, literal`kB`, literal`MB`, literal`GB`, literal`TB`];
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}

	const digits = unit > 0 && value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value);
	return literal`${digits} ${units[unit] ?? literal`TB`}`;
};

const dimensionsText = (content: JsonObject): SafeText => {
	const info = asObject(content['info']);
	const width = positive(info['w']);
	const height = positive(info['h']);
	return width === undefined || height === undefined ? literal`` : literal`${width}×${height}`;
};

/** `info.duration` is milliseconds. */
const durationText = (content: JsonObject): SafeText => {
	const milliseconds = positive(asObject(content['info'])['duration']);
	if (milliseconds === undefined) {
		return literal``;
	}

	const seconds = Math.round(milliseconds / 1000);
	const rest = seconds % 60;
	return literal`${Math.floor(seconds / 60)}:${rest < 10 ? literal`0` : literal``}${rest}`;
};

const positive = (value: unknown): number | undefined => {
	const number = asInteger(value);
	return number === undefined || number <= 0 ? undefined : number;
};
