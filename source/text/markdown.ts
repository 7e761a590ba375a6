/** Markdown that the user types, to what is sent: a plain body and Matrix HTML. Load it lazily: the parser is big. */
import MarkdownIt, {type StateInline, type Token} from 'markdown-it';
import {matrixLink} from '../domain/matrix-link.ts';
import {namedAt, noMentions, type MentionRules, type Named} from '../domain/mention.ts';
import {cleanOutgoing} from './safe-text.ts';

/** The bodies of a text message; `formattedBody` is for the format `org.matrix.custom.html`. */
export type FormattedText = {
	readonly body: string;
	readonly formattedBody?: string;
	/** Whom it names: not in code, nor in the text of a link. */
	readonly named: Named;
};

/** What one run of the parser is given and finds out. */
type Environment = {readonly rules: MentionRules; readonly users: string[]; isEverybody: boolean};

/**
 * Turns typed Markdown into message bodies. Raw HTML stays text; only http, https, mailto and matrix links become links.
 *
 * @returns the cleaned source as `body`; no `formattedBody` where the HTML would say nothing more than the body.
 */
export const markdownToHtml = (text: string, rules: MentionRules = noMentions): FormattedText => {
	const body = cleanOutgoing(text);
	const environment: Environment = {rules, users: [], isEverybody: false};
	const tokens = markdown.parse(body, environment);
	const named = {users: environment.users, isEverybody: environment.isEverybody};
	if (isPlainParagraph(tokens)) {
		return {body, named};
	}

	return {body, formattedBody: markdown.renderer.render(tokens, markdown.options, {}).trimEnd(), named};
};

/**
 * As `markdownToHtml`, but hidden until it is asked for (client-server API §Spoiler messages). Lines of text only: a block
 * cannot stand within a spoiler. The body does not give away what is hidden.
 */
export const spoilerToHtml = (text: string, rules: MentionRules = noMentions): FormattedText => {
	const source = cleanOutgoing(text);
	const environment: Environment = {rules, users: [], isEverybody: false};
	const html = markdown.renderInline(source, environment);
	const named = {users: environment.users, isEverybody: environment.isEverybody};
	return {body: '[spoiler]', formattedBody: `<span data-mx-spoiler>${html}</span>`, named};
};

/** A name that was put in becomes a link to whom it means; what it is made of is no Markdown (§Mentions, matrix.to). */
const nameRule = (state: StateInline, isSilent: boolean): boolean => {
	const {src, pos} = state;
	if (!/[@#]/.test(src.charAt(pos)) || state.linkLevel > 0) {
		return false;
	}

	const environment = state.env as Environment;
	const word = namedAt(src, pos, environment.rules);
	if (word === undefined) {
		return false;
	}

	const {mention} = word;
	if (!isSilent && mention === undefined) {
		environment.isEverybody = true;
		state.pending += word.text;
	} else if (!isSilent && mention !== undefined) {
		if (mention.id.startsWith('@')) {
			environment.users.push(mention.id);
		}

		state.push('link_open', 'a', 1).attrs = [['href', matrixLink(mention.id, mention.servers)]];
		state.push('text', '', 0).content = word.text;
		state.push('link_close', 'a', -1);
	}

	state.pos += word.text.length;
	return true;
};

const createMarkdown = () => {
	const markdown = new MarkdownIt({html: false, linkify: true, breaks: true});
	// `main.rs` is a file name more often than a site of Serbia.
	markdown.linkify.set({fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false});
	// Clients show images of mxc: addresses only, and a typed one is never that.
	markdown.disable('image');
	markdown.inline.ruler.before('text', 'name', nameRule);
	markdown.validateLink = url => /^(?:https?:\/\/|mailto:|matrix:)/i.test(url);
	// The specification allows no style attribute.
	markdown.renderer.rules['th_open'] = () => '<th>';
	markdown.renderer.rules['td_open'] = () => '<td>';
	return markdown;
};

const markdown = createMarkdown();

/** Whether it is one paragraph of words exactly as typed; addresses that only became links say nothing new either. */
const isPlainParagraph = ([open, inline, ...rest]: readonly Token[]): boolean => {
	if (open === undefined) {
		return true;
	}

	const words = (inline?.children ?? []).filter(({markup}) => markup !== 'linkify');
	return (
		open.type === 'paragraph_open' &&
		rest.length === 1 &&
		words.every(({type}) => type === 'text' || type === 'softbreak') &&
		words.map(({type, content}) => (type === 'softbreak' ? '\n' : content)).join('') === inline?.content
	);
};
