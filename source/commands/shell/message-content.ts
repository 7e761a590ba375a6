/** From what a person or a script wrote to the content of a message event. */
import {ExpectedError} from '../../domain/errors.ts';
import {maximumEncrypted} from '../../domain/event-size.ts';
import type {JsonObject} from '../../domain/json.ts';
import {mentionsContent, namedIn, noMentions, type MentionRules, type Named} from '../../domain/mention.ts';
import {fenced} from '../../text/fence.ts';
import {rainbowHtml} from '../../text/rainbow.ts';
import {cleanOutgoing} from '../../text/safe-text.ts';
import type {Span} from '../../text/spans.ts';

/** How the text is meant; `spoiler` is Markdown that is hidden until it is asked for, `code` is a block of code. */
export type TextFormat = 'markdown' | 'plain' | 'html' | 'spoiler' | 'code' | 'rainbow';
export type MessageKind = 'm.text' | 'm.notice' | 'm.emote';

/** A format, and of code its language. */
type Style = {readonly format: TextFormat; readonly language?: string | undefined};

/** What becomes of a text. */
export type MessageStyle = Style & {readonly kind: MessageKind};

const usage = (message: string, next?: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** The text makes more than one message holds: it can be sent in parts. */
export class TooLongError extends ExpectedError {}

/** Bytes of the content; what it answers or belongs to comes on top. */
const maximumSize = maximumEncrypted - 1000;

/** What draws a border on the screen is a sign of Markdown in plain text. */
const plainSpan = ({text, style}: Span): string => {
	if (style.role !== 'border') return text;
	return style.quoteDepth === undefined ? '---' : '> ';
};

/** Body and formatted body; without the latter they would say the same. */
type Bodies = {readonly body: string; readonly formattedBody?: string | undefined; readonly named: Named};

const nobody: Named = {users: [], isEverybody: false};

const bodiesOfHtml = async (text: string, {isPerson}: MentionRules): Promise<Bodies> => {
	const [{htmlToBlocks}, {layoutBlocks}, {mentionLinks}] = await Promise.all([
		import('../../text/html-to-blocks.ts'),
		import('../../text/layout.ts'),
		import('../../text/mention-links.ts'),
	]);
	const formattedBody = cleanOutgoing(text);
	const blocks = htmlToBlocks(formattedBody);
	if (blocks === undefined) throw usage('The HTML is nested too deeply.');
	// Wide enough that no line is folded.
	const rows = layoutBlocks(blocks, 10_000).map(row => row.map(plainSpan).join(''));
	const users = mentionLinks(formattedBody).map(({id}) => id);
	const named = {users: users.filter(id => id.startsWith('@') && isPerson(id)), isEverybody: false};
	return {body: rows.join('\n'), formattedBody, named};
};

/** One line of words in which Markdown cannot see anything: most messages, and the parser costs 10 ms to load. */
const plainWords = /^\p{L}[\p{L}\p{N} ,!?'"()]*\.?$/u;

const bodiesOf = async (text: string, {format, language}: Style, rules: MentionRules): Promise<Bodies> => {
	if (format === 'html') return bodiesOfHtml(text, rules);
	if (format === 'spoiler') return (await import('../../text/markdown.ts')).spoilerToHtml(text, rules);
	if (format === 'code') return (await import('../../text/markdown.ts')).markdownToHtml(fenced(text, language));
	if (format === 'rainbow') {
		const body = cleanOutgoing(text);
		return {body, formattedBody: rainbowHtml(body), named: namedIn(body, rules)};
	}
	if (plainWords.test(text)) return {body: cleanOutgoing(text), named: nobody};
	if (format === 'plain') return {body: cleanOutgoing(text), named: namedIn(cleanOutgoing(text), rules)};
	const {markdownToHtml} = await import('../../text/markdown.ts');
	return markdownToHtml(text, rules);
};

const tooLong = (bytes: number): TooLongError =>
	new TooLongError({
		message: `The text is too long for one message: it makes ${bytes} bytes, and a message holds about ${maximumSize}.`,
		next: 'Send it in parts.',
		reason: 'usage',
	});

/**
 * Makes the content of a message (client-server API §m.room.message).
 * @param rules whom it may name; without them nobody
 * @throws ExpectedError `usage` when there is nothing to send; TooLongError
 */
export const messageContent = async (
	text: string,
	format: TextFormat | Style,
	kind: MessageKind,
	rules: MentionRules = noMentions,
): Promise<JsonObject> => {
	// A megabyte is not parsed first to be refused then.
	const written = Buffer.byteLength(text);
	if (written > maximumSize) throw tooLong(written);
	const {body, formattedBody, named} = await bodiesOf(text, typeof format === 'string' ? {format} : format, rules);
	if (text.trim() === '' || body.trim() === '') {
		throw usage('There is no text to send.', 'Give the text after the room, or on stdin.');
	}
	const bare = {msgtype: kind, body, 'm.mentions': mentionsContent(named)};
	const content =
		formattedBody === undefined ? bare : {...bare, format: 'org.matrix.custom.html', formatted_body: formattedBody};
	const bytes = Buffer.byteLength(JSON.stringify(content));
	if (bytes > maximumSize) throw tooLong(bytes);
	return content;
};
