/** Links in messages: which targets are let through, and how the real one is shown. */
import {joinSafe, literal, safeLines, safeText, type SafeText} from './safe-text.ts';
import {mutedStyle, type LinkTarget, type Span, type SpanStyle} from './spans.ts';

const maxHref = 2048;
const printableAscii = /^[!-~]+$/;
const webLinks = /\bhttps?:\/\/[^\s<>"`⟨⟩│]+/giu;
const trailingPunctuation = `.,;:!?'*_~`;
const matrixId = /^[@#!]\S{1,254}$/;

/** A target, and the Matrix user or room if it is a mention of one (Matrix spec appendices §Linking to Matrix things). */
export type ParsedLink = {readonly link: LinkTarget; readonly mention: SafeText | undefined};

/**
 * Reads an untrusted target.
 *
 * @returns `undefined` for another scheme than http, https, mailto and matrix, for credentials in the URL, for controls and
 * for what is not a URL.
 */
export const parseLink = (href: string): ParsedLink | undefined => {
	if (href.length > maxHref || /[\0-\u0020\u007f-\u009f]/.test(href.trim())) {
		return undefined;
	}

	const url = URL.parse(href.trim());
	if (url === null || url.username !== '' || url.password !== '') {
		return undefined;
	}

	const shown = shownTarget(url);
	const target = url.protocol === 'mailto:' ? `mailto:${url.pathname}` : url.href;
	if (shown === undefined || target.length > maxHref || !printableAscii.test(target)) {
		return undefined;
	}

	const mention = mentionOf(url);
	return {link: {href: target, host: mention ?? shown}, mention};
};

/**
 * The suffix ` ⟨host⟩` for a link whose text does not already show where it leads; else nothing.
 *
 * @param style of the text, so that a hidden link has a hidden suffix.
 */
export const hostSuffix = (shownText: string, {link, mention}: ParsedLink, style: SpanStyle): readonly Span[] => {
	const isShown = mention === undefined ? showsHost(shownText, link) : !isOtherId(shownText, mention);
	const suffixStyle = style.isSpoiler ? ({...mutedStyle, isSpoiler: true} as const) : mutedStyle;
	return isShown ? [] : [{text: literal` ⟨${link.host}⟩`, style: suffixStyle}];
};

/** Splits text of one line or more into spans, with its http and https addresses as links. */
export const linkedSpans = (text: SafeText, style: SpanStyle): readonly Span[] => {
	if (!text.includes('://')) {
		return text === '' ? [] : [{text, style}];
	}

	const spans: Span[] = [];
	let end = 0;
	for (const match of text.matchAll(webLinks)) {
		const address = withoutTail(match[0]);
		const parsed = parseLink(address);
		if (parsed === undefined) {
			continue;
		}

		pushPart(spans, text.slice(end, match.index), style);
		pushPart(spans, address, linkStyle(style, parsed));
		spans.push(...hostSuffix(address, parsed, style));
		end = match.index + address.length;
	}

	pushPart(spans, text.slice(end), style);
	return spans;
};

/** @returns `style` for the text of a link. */
export const linkStyle = (style: SpanStyle, {link, mention}: ParsedLink): SpanStyle =>
	mention === undefined ? {...style, link} : {...style, link, mention, role: 'mention'};

const pushPart = (spans: Span[], text: string, style: SpanStyle): void => {
	if (text !== '') {
		// A cut between graphemes changes nothing; one that took a base away is mended.
		spans.push({text: joinSafe(safeLines(text), literal`\n`), style});
	}
};

/** An address in a sentence does not own the full stop, nor a bracket that it did not open. */
const withoutTail = (address: string): string => {
	const strangers = `${trailingPunctuation}${address.includes('(') ? '' : ')'}${address.includes('[') ? '' : ']'}`;
	let end = address.length;
	while (end > 0 && strangers.includes(address.charAt(end - 1))) {
		end--;
	}

	return address.slice(0, end);
};

const shownTarget = (url: URL): SafeText | undefined => {
	switch (url.protocol) {
		case 'http:':
		case 'https:':
			return safeText(url.host, 'name');
		case 'mailto:':
			return url.pathname === '' ? undefined : safeText(url.pathname, 'name');
		case 'matrix:':
			return safeText(url.pathname, 'name');
		default:
			return undefined;
	}
};

/** Whether the text is an address of the very host: nothing before it but a scheme, after it only a path. */
const showsHost = (shownText: string, link: LinkTarget): boolean => {
	const text = shownText.trim().toLowerCase();
	if (/\s/.test(text)) {
		return false;
	}

	const host = link.host.toLowerCase();
	const rest = text.replace(/^(?:https?:\/\/|mailto:|matrix:)/, '');
	return rest === host || (rest.startsWith(host) && /^[/?#]/.test(rest.slice(host.length)));
};

/** Whether the text poses as a Matrix id that is not the one mentioned. */
const isOtherId = (shownText: string, mention: SafeText): boolean => {
	const text = shownText.trim();
	return /^[@#!].*:/.test(text) && text.toLowerCase() !== mention.toLowerCase();
};

const mentionOf = (url: URL): SafeText | undefined => {
	const id = url.protocol === 'matrix:' ? idOfMatrixUri(url.pathname) : idOfMatrixTo(url);
	const decoded = id === undefined ? undefined : decodePart(id);
	if (decoded === undefined || !matrixId.test(decoded)) {
		return undefined;
	}

	const mention = safeText(decoded, 'name');
	// An id that had something to clean is shown as a link, never as a person.
	return mention === decoded ? mention : undefined;
};

const idOfMatrixTo = (url: URL): string | undefined =>
	url.hostname === 'matrix.to' ? /^#\/([^/?]+)(?:\?.*)?$/.exec(url.hash)?.[1] : undefined;

const idOfMatrixUri = (path: string): string | undefined => {
	const parts = /^(u|r|roomid)\/([^/]+)$/.exec(path);
	const sigils = {u: '@', r: '#', roomid: '!'} as const;
	return parts === null ? undefined : sigils[parts[1] as keyof typeof sigils] + String(parts[2]);
};

const decodePart = (part: string): string | undefined => {
	try {
		return decodeURIComponent(part);
	} catch {
		// A stray percent sign: not an id.
		return undefined;
	}
};
