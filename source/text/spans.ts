/** Text with style: spans in a line, and blocks (paragraphs, code, rules) before they are laid out. */
import {literal, type SafeText} from './safe-text.ts';

/** What a link leads to. */
export type LinkTarget = {
	/** Normalised http, https, mailto or matrix URL in printable ASCII, without credentials. */
	readonly href: string;
	/** What to show as the real target: host (punycode), mail address, or Matrix id. */
	readonly host: SafeText;
};

/** Theme roles that text uses by itself; the theme gives them colours. */
export type SpanRole =
	| 'muted'
	| 'mention'
	| 'warning'
	| 'border'
	/** Parts of code. */
	| 'keyword'
	| 'string'
	| 'number'
	| 'comment'
	| 'function';

/** How a span looks; what is absent is plain. Styles are compared by reference, so share them. */
export type SpanStyle = {
	readonly isBold?: true;
	readonly isItalic?: true;
	readonly isUnderlined?: true;
	readonly isStruck?: true;
	readonly isCode?: true;
	readonly isSpoiler?: true;
	/** Level 1 to 6, in a heading. */
	readonly heading?: number;
	/** How many quotes the line is in, from 1. */
	readonly quoteDepth?: number;
	readonly link?: LinkTarget;
	/** Matrix id of the user or room that is mentioned. Untrusted, one line. */
	readonly mention?: SafeText;
	readonly role?: SpanRole;
};

/** A run of text of one style. In a block a newline in `text` is a line break; in a line there is none. */
export type Span = {readonly text: SafeText; readonly style: SpanStyle};

/** One row of the screen. */
export type Line = readonly Span[];

/** What stands before the rows of a block, outermost first. `item` shows its marker on the first row. */
export type Frame =
	| {readonly kind: 'quote'}
	| {readonly kind: 'item'; readonly marker: SafeText}
	| {readonly kind: 'indent'; readonly cells: number};

type BlockPlace = {
	readonly frames: readonly Frame[];
	/** Whether an empty row stands before it. */
	readonly hasGap: boolean;
};

/** A part of a message that starts on a row of its own. */
export type Block = BlockPlace &
	(
		| {readonly kind: 'text'; readonly spans: readonly Span[]}
		| {readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[]}
		/** Rows are kept as they are, only cut at the width. `language` as the sender names it. */
		| {readonly kind: 'code'; readonly language: SafeText | undefined; readonly spans: readonly Span[]}
		| {readonly kind: 'table'; readonly rows: readonly TableRow[]}
		| {readonly kind: 'rule'}
	);

/** Cells without line breaks. */
export type TableRow = {readonly isHead: boolean; readonly cells: ReadonlyArray<readonly Span[]>};

/** @returns all text of a block, cells of a table with a blank between them. */
export const spansOf = (block: Block): readonly Span[] => {
	if (block.kind === 'rule') return [];
	if (block.kind !== 'table') return block.spans;
	return block.rows.flatMap(({cells}) => cells.flatMap(cell => [...cell, {text: literal` `, style: plainStyle}]));
};

/** The style of plain text. */
export const plainStyle: SpanStyle = {};

/** The style of what mx adds to a message: hosts, reasons, counts. */
export const mutedStyle: SpanStyle = {role: 'muted'};
