/** Markdown that the user types, to what is sent: a plain body and Matrix HTML. Load it lazily: the parser is big. */
import MarkdownIt, {type Token} from 'markdown-it';
import {cleanOutgoing} from './safe-text.ts';

/** The bodies of a text message; `formattedBody` is for the format `org.matrix.custom.html`. */
export type FormattedText = {readonly body: string; readonly formattedBody?: string};

/**
 * Turns typed Markdown into message bodies. Raw HTML stays text; only http, https, mailto and matrix links become links.
 *
 * @returns the cleaned source as `body`; no `formattedBody` where the HTML would say nothing more than the body.
 */
export const markdownToHtml = (text: string): FormattedText => {
	const body = cleanOutgoing(text);
	const tokens = markdown.parse(body, {});
	if (isPlainParagraph(tokens)) {
		return {body};
	}

	return {body, formattedBody: markdown.renderer.render(tokens, markdown.options, {}).trimEnd()};
};

const createMarkdown = () => {
	const markdown = new MarkdownIt({html: false, linkify: true, breaks: true});
	// `main.rs` is a file name more often than a site of Serbia.
	markdown.linkify.set({fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false});
	// Clients show images of mxc: addresses only, and a typed one is never that.
	markdown.disable('image');
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
