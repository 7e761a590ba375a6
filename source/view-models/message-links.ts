/** The web addresses in a message, and the rows to choose one. */
import {parseMatrixLink} from '../domain/matrix-link.ts';
import type {Message} from '../domain/message.ts';
import {messageBlocks} from '../text/message-text.ts';
import {originalOf} from '../text/native-content.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {spansOf, type LinkTarget} from '../text/spans.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, span} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

export type MessageLink = {
	/** Checked when it was parsed: printable ASCII, http or https. */
	readonly href: string;
	/** Where it really leads. */
	readonly host: SafeText;
	/** The message itself, on the network that it comes from. */
	readonly isOriginal?: boolean | undefined;
};

/** @returns all addresses of a message, each once, in their order */
const allLinks = ({content, type, redactedBy, encryption}: Message): readonly LinkTarget[] => {
	if (redactedBy !== undefined || encryption === 'undecrypted') return [];
	const links = messageBlocks(content, type)
		.flatMap(spansOf)
		.flatMap(({style}) => style.link ?? []);
	return [...new Map(links.map(link => [link.href, link])).values()];
};

const originalLink = ({content, redactedBy}: Message): readonly Pick<LinkTarget, 'href'>[] => {
	const original = redactedBy === undefined ? originalOf(content) : undefined;
	return original === undefined ? [] : [{href: original.href}];
};

/** @returns the web addresses of a message, each once, in their order */
export const linksOf = (message: Message): readonly MessageLink[] =>
	[...new Map([...allLinks(message), ...originalLink(message)].map(link => [link.href, link])).values()]
		.filter(({href}) => /^https?:\/\//i.test(href))
		.map(({href}) => ({href, host: safeText(URL.parse(href)?.host, 'name')}))
		// People and rooms are nothing for a browser.
		.filter(({host}) => host !== 'matrix.to')
		.map(link => (link.href === originalOf(message.content)?.href ? {...link, isOriginal: true} : link));

/** @returns the links of a message to other messages, each once, in their order */
export const eventLinksOf = (message: Message): readonly MessageLink[] =>
	allLinks(message).flatMap(({href}) => {
		const link = parseMatrixLink(href);
		return link?.eventId === undefined ? [] : [{href, host: literal`a message in ${safeText(link.id, 'name')}`}];
	});

export const linkRows = (links: readonly MessageLink[]): readonly PanelRow[] =>
	links.map(({href, host, isOriginal = false}) => ({
		key: href,
		lines: width => [
			[boldSpan(host, 'link'), ...(isOriginal ? [span(literal`  the original`, 'muted')] : [])],
			...wrapLine([span(safeText(href, 'name'), 'muted')], width, 3),
		],
	}));

/** @returns the code blocks of a message as text; `undefined` where there are none */
export const codeOf = ({content, type}: Message): string | undefined => {
	const blocks = messageBlocks(content, type).flatMap(block => (block.kind === 'code' ? [block.spans] : []));
	return blocks.length === 0 ? undefined : blocks.map(spans => spans.map(({text}) => text).join('')).join('\n\n');
};
