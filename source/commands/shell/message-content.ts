/** From what a person or a script wrote to the content of a message event. */
import {ExpectedError} from '../../domain/errors.ts';
import type {JsonObject} from '../../domain/json.ts';
import {mentionsContent, namedIn, noMentions, type MentionRules, type Named} from '../../domain/mention.ts';
import {cleanOutgoing} from '../../text/safe-text.ts';
import type {Span} from '../../text/spans.ts';

/** How the text is meant. */
export type TextFormat = 'markdown' | 'plain' | 'html';
export type MessageKind = 'm.text' | 'm.notice' | 'm.emote';

const usage = (message: string, next?: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** Bytes of both bodies together: an event is at most 64 KiB, and encryption adds a third (§Size limits). */
const maximumSize = 45_000;

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

const bodiesOf = async (text: string, format: TextFormat, rules: MentionRules): Promise<Bodies> => {
	if (format === 'html') return bodiesOfHtml(text, rules);
	if (plainWords.test(text)) return {body: cleanOutgoing(text), named: nobody};
	if (format === 'plain') return {body: cleanOutgoing(text), named: namedIn(cleanOutgoing(text), rules)};
	const {markdownToHtml} = await import('../../text/markdown.ts');
	return markdownToHtml(text, rules);
};

/**
 * Makes the content of a message (client-server API §m.room.message).
 * @param rules whom it may name; without them nobody
 * @throws ExpectedError `usage` when there is nothing to send, or too much
 */
export const messageContent = async (
	text: string,
	format: TextFormat,
	kind: MessageKind,
	rules: MentionRules = noMentions,
): Promise<JsonObject> => {
	const {body, formattedBody, named} = await bodiesOf(text, format, rules);
	if (body.trim() === '') throw usage('There is no text to send.', 'Give the text after the room, or on stdin.');
	if (Buffer.byteLength(body) + Buffer.byteLength(formattedBody ?? '') > maximumSize) {
		throw usage('The text is too long for one message.', `A message holds about ${maximumSize} bytes.`);
	}
	const content = {msgtype: kind, body, 'm.mentions': mentionsContent(named)};
	return formattedBody === undefined
		? content
		: {...content, format: 'org.matrix.custom.html', formatted_body: formattedBody};
};
