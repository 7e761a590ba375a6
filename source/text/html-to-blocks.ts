/** Matrix HTML to blocks: the allowed elements become mx's own styles, everything else only lends its text. */
import {Parser} from 'htmlparser2';
import {createBlockBuilder, type BlockBuilder} from './block-builder.ts';
import {hostSuffix, linkStyle, parseLink} from './links.ts';
import {literal, safeText, type SafeText} from './safe-text.ts';
import {mutedStyle, plainStyle, type Block, type SpanStyle} from './spans.ts';

const maxLength = 65_536;
const maxDepth = 100;

/** Dropped with all they hold. */
const dropped: ReadonlySet<string> = new Set(['mx-reply', 'script', 'style']);

const inlineStyles: ReadonlyMap<string, SpanStyle> = new Map<string, SpanStyle>([
	['b', {isBold: true}],
	['strong', {isBold: true}],
	['i', {isItalic: true}],
	['em', {isItalic: true}],
	['u', {isUnderlined: true}],
	['del', {isStruck: true}],
	['s', {isStruck: true}],
	['strike', {isStruck: true}],
	['code', {isCode: true}],
	['tt', {isCode: true}],
	['summary', {isBold: true}],
	['th', {isBold: true}],
]);

const lineElements: ReadonlySet<string> = new Set([
	'p',
	'div',
	'details',
	'summary',
	'caption',
	'table',
	'ul',
	'ol',
	'tr',
]);

type Attributes = Readonly<Record<string, string>>;
type Element = {readonly style: SpanStyle; readonly close: (() => void) | undefined};

type Walk = {
	readonly builder: BlockBuilder;
	/** Open elements, at most 100. */
	readonly elements: Element[];
	/** Counters of the open lists; `undefined` for bullets. */
	readonly lists: Array<{next: number} | undefined>;
	/** Depth inside a dropped element. */
	droppedDepth: number;
	/** Depth of table rows: what is in a cell stays on one row. */
	rowDepth: number;
	/** Depth of tables that are not in a row of another one. */
	tableDepth: number;
	/** A cell is open; what is in a table within it is part of it. */
	isInCell: boolean;
	/** The block of code that is open; gets its language from a `code` inside. */
	code: {readonly kind: 'code'; language: SafeText | undefined} | undefined;
	/** Text of the link that is open. */
	linkText: string | undefined;
};

/**
 * Parses untrusted HTML by the client-server API's list of elements (§m.room.message msgtypes, `org.matrix.custom.html`).
 * Linear in the length; cut at 64 KiB.
 *
 * @returns `undefined` if it nests deeper than 100 elements: show the plain body instead.
 */
export const htmlToBlocks = (html: string): readonly Block[] | undefined => {
	const walk: Walk = {
		builder: createBlockBuilder(),
		elements: [],
		lists: [],
		droppedDepth: 0,
		rowDepth: 0,
		tableDepth: 0,
		isInCell: false,
		code: undefined,
		linkText: undefined,
	};
	let isTooDeep = false;
	const parser = new Parser({
		onopentag(name, attributes) {
			if (walk.elements.length + walk.droppedDepth >= maxDepth) {
				// The parser searches its stack at each closing tag: unbounded depth would cost quadratic time.
				isTooDeep = true;
				parser.pause();
			} else if (walk.droppedDepth > 0 || dropped.has(name)) {
				walk.droppedDepth++;
			} else {
				walk.elements.push(openElement(walk, name, attributes));
			}
		},
		onclosetag() {
			if (walk.droppedDepth > 0) {
				walk.droppedDepth--;
			} else {
				walk.elements.pop()?.close?.();
			}
		},
		ontext(text) {
			addText(walk, text);
		},
	});
	parser.write(html.slice(0, maxLength));
	if (isTooDeep) {
		return undefined;
	}

	if (html.length > maxLength) {
		addText(walk, '…');
	}

	parser.end();
	return walk.builder.finish();
};

const styleOf = (walk: Walk): SpanStyle => walk.elements.at(-1)?.style ?? plainStyle;

const addText = (walk: Walk, text: string): void => {
	if (walk.droppedDepth > 0) {
		return;
	}

	if (walk.linkText !== undefined && walk.linkText.length < maxLength) {
		walk.linkText += text;
	}

	walk.builder.addText(text, styleOf(walk));
};

const openElement = (walk: Walk, name: string, attributes: Attributes): Element => {
	const parent = styleOf(walk);
	const added = inlineStyles.get(name);
	const style = added === undefined ? parent : {...parent, ...added};
	if (walk.rowDepth > 0) {
		return openInRow(walk, name, {attributes, style});
	}

	if (lineElements.has(name)) {
		return openLines(walk, name, {attributes, style});
	}

	return openBlock(walk, name, {attributes, style}) ?? openInline(walk, name, {attributes, style});
};

type Opening = {readonly attributes: Attributes; readonly style: SpanStyle};

/** Elements that only start and end a row, and lists. */
const openLines = (walk: Walk, name: string, {attributes, style}: Opening): Element => {
	const {builder} = walk;
	builder.startBlock({kind: 'text'});
	if (name === 'p') {
		builder.addGap();
	} else if (name === 'ul' || name === 'ol') {
		const start = Number.parseInt(attributes['start'] ?? '1', 10);
		walk.lists.push(name === 'ul' ? undefined : {next: Number.isSafeInteger(start) ? start : 1});
	} else if (name === 'tr' || name === 'table') {
		return openTable(walk, name, style);
	}

	const close = () => {
		builder.startBlock({kind: 'text'});
		if (name === 'ul' || name === 'ol') {
			walk.lists.pop();
		}
	};
	return {style, close};
};

/** A row outside of a table is a table of its own. */
const openTable = (walk: Walk, name: 'tr' | 'table', style: SpanStyle): Element => {
	const {builder} = walk;
	const isOutermost = walk.tableDepth === 0;
	walk.tableDepth++;
	if (isOutermost) {
		builder.openTable();
	}

	if (name === 'tr') {
		walk.rowDepth++;
		builder.openRow();
	}

	const close = () => {
		walk.tableDepth--;
		if (name === 'tr') {
			walk.rowDepth--;
		}

		if (isOutermost) {
			builder.closeTable();
		} else {
			builder.startBlock({kind: 'text'});
		}
	};
	return {style, close};
};

/** Elements with a frame or a kind of block of their own. */
const openBlock = (walk: Walk, name: string, {style}: Opening): Element | undefined => {
	const {builder} = walk;
	switch (name) {
		case 'blockquote':
			builder.pushFrame({kind: 'quote'});
			return {style, close: builder.popFrame};
		case 'li':
			builder.pushFrame({kind: 'item', marker: nextMarker(walk)});
			return {style, close: builder.popFrame};
		case 'hr':
			builder.addRule();
			return {style, close: undefined};
		case 'h1':
		case 'h2':
		case 'h3':
		case 'h4':
		case 'h5':
		case 'h6':
			builder.startBlock({kind: 'heading', level: Number(name.slice(1))});
			builder.addGap();
			return {style, close: () => builder.startBlock({kind: 'text'})};
		case 'pre':
			return openCode(walk, style);
		default:
			return undefined;
	}
};

const openCode = (walk: Walk, style: SpanStyle): Element => {
	walk.code = {kind: 'code', language: undefined};
	walk.builder.startBlock(walk.code);
	const close = () => {
		walk.builder.startBlock({kind: 'text'});
		walk.code = undefined;
	};
	return {style: {...style, isCode: true}, close};
};

const nextMarker = (walk: Walk): SafeText => {
	const list = walk.lists.at(-1);
	return list === undefined ? literal`• ` : literal`${list.next++}. `;
};

/** Inside a table row blocks are only spaces. */
const openInRow = (walk: Walk, name: string, opening: Opening): Element => {
	const {builder} = walk;
	const {style} = opening;
	if ((name === 'td' || name === 'th') && !walk.isInCell) {
		walk.isInCell = true;
		builder.openCell(name === 'th');
		const close = () => {
			walk.isInCell = false;
			builder.closeCell();
		};
		return {style, close};
	}

	if (
		name === 'td' ||
		name === 'th' ||
		name === 'br' ||
		name === 'hr' ||
		name === 'pre' ||
		name === 'li' ||
		name === 'blockquote' ||
		lineElements.has(name)
	) {
		builder.addText(' ', style);
		return {style, close: () => builder.addText(' ', style)};
	}

	return openInline(walk, name, opening);
};

const openInline = (walk: Walk, name: string, {attributes, style}: Opening): Element => {
	switch (name) {
		case 'br':
			walk.builder.addBreak();
			return {style, close: undefined};
		case 'img':
			walk.builder.addText(imageText(attributes), style);
			return {style, close: undefined};
		case 'sup':
		case 'sub':
			walk.builder.addText(name === 'sup' ? '^' : '_', style);
			return {style, close: undefined};
		case 'a':
			return openLink(walk, attributes, style);
		case 'span':
			return openSpan(walk, attributes, style);
		case 'code':
			if (walk.code !== undefined) {
				walk.code.language = languageOf(attributes);
			}

			return {style, close: undefined};
		default:
			return {style, close: undefined};
	}
};

const openLink = (walk: Walk, attributes: Attributes, style: SpanStyle): Element => {
	const parsed = parseLink(attributes['href'] ?? '');
	if (parsed === undefined || style.link !== undefined) {
		return {style, close: undefined};
	}

	walk.linkText = '';
	const close = () => {
		const shown = safeText(walk.linkText, 'name');
		walk.linkText = undefined;
		walk.builder.addSpans(hostSuffix(shown, parsed, style));
	};
	return {style: linkStyle(style, parsed), close};
};

/** A spoiler shows its reason; its text is hidden until asked for (client-server API §Spoiler messages). */
const openSpan = (walk: Walk, attributes: Attributes, style: SpanStyle): Element => {
	const reason = attributes['data-mx-spoiler'];
	if (reason === undefined) {
		return {style, close: undefined};
	}

	const shown = safeText(reason, 'name');
	if (shown !== '') {
		walk.builder.addSpans([{text: literal`(${shown}) `, style: mutedStyle}]);
	}

	return {style: {...style, isSpoiler: true}, close: undefined};
};

const imageText = (attributes: Attributes): string => {
	const text = safeText(attributes['alt'] ?? attributes['title'], 'name');
	return text === '' ? '[image]' : text;
};

const languageOf = (attributes: Attributes): SafeText | undefined => {
	const language = /(?:^|\s)language-(\S{1,40})/.exec(attributes['class'] ?? '')?.[1];
	return language === undefined ? undefined : safeText(language, 'name');
};
