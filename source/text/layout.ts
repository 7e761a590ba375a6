/** Blocks to rows of the screen, each at most as wide as asked: heights are exact because rows are made, not guessed. */
import type {Highlight} from './highlighter.ts';
import {joinSafe, literal, type SafeText} from './safe-text.ts';
import {mutedStyle, type Block, type Frame, type Line, type Span, type SpanStyle} from './spans.ts';
import {textWidth} from './width.ts';
import {createRowWriter} from './row-writer.ts';
import {layoutTable} from './table-layout.ts';

export type LayoutOptions = {
	/** Whether spoilers are readable. @default false */
	readonly isSpoilerShown?: boolean;
	/** Colours code. @default nothing does */
	readonly highlight?: Highlight | undefined;
	/** Rows at most; the last one then counts what is missing. @default 400 */
	readonly maxRows?: number;
};

const quoteBar = literal`▎ `;
const borderStyle: SpanStyle = {role: 'border'};
const hiddenStyle: SpanStyle = {isSpoiler: true, role: 'muted'};

/**
 * Lays blocks out. Pure, linear in the text.
 *
 * @param width cells, at least 1.
 * @returns rows of at most `width` cells without line breaks; none for no blocks.
 */
export const layoutBlocks = (blocks: readonly Block[], width: number, options: LayoutOptions = {}): readonly Line[] => {
	const {maxRows = 400} = options;
	const cells = Math.max(1, Math.trunc(width) || 1);
	const rows: Line[] = [];
	for (const block of blocks) {
		const prefix = prefixOf(block.frames, cells);
		if (block.hasGap) {
			rows.push(prefix.others);
		}

		const inner = contentRows(block, cells - prefix.width, options);
		for (const [index, row] of inner.entries()) {
			rows.push([...(index === 0 ? prefix.first : prefix.others), ...row]);
		}
	}

	return cutRows(rows, {cells, maxRows: Math.max(1, maxRows)});
};

const contentRows = (
	block: Block,
	width: number,
	{isSpoilerShown = false, highlight}: LayoutOptions,
): readonly Line[] => {
	const writer = createRowWriter(width);
	switch (block.kind) {
		case 'rule':
			return [[{text: literal`─`.repeat(width) as SafeText, style: borderStyle}]];
		case 'table':
			return layoutTable(
				block.rows.map(({isHead, cells}) => ({isHead, cells: cells.map(cell => shownSpans(cell, isSpoilerShown))})),
				width,
			);
		case 'code':
			for (const span of codeSpans(block, highlight) ?? shownSpans(block.spans, isSpoilerShown)) {
				writer.addVerbatim(span);
			}

			return writer.finish();
		case 'heading':
			for (const {text, style} of shownSpans(block.spans, isSpoilerShown)) {
				writer.addWords({text, style: {...style, isBold: true, heading: block.level}});
			}

			return writer.finish();
		case 'text':
			for (const span of shownSpans(block.spans, isSpoilerShown)) {
				writer.addWords(span);
			}

			return writer.finish();
		default:
			return block satisfies never;
	}
};

const codeSpans = (
	{language, spans}: Extract<Block, {readonly kind: 'code'}>,
	highlight: Highlight | undefined,
): readonly Span[] | undefined => {
	// In colours, what is hidden would be shown.
	const isHiding = spans.some(({style}) => style.isSpoiler);
	return language === undefined || isHiding ? undefined : highlight?.(spans, language);
};

type Prefix = {readonly first: Line; readonly others: Line; readonly width: number};

/** Frames take at most half of the width; the innermost ones give way. */
const prefixOf = (frames: readonly Frame[], cells: number): Prefix => {
	const first: Span[] = [];
	const others: Span[] = [];
	let width = 0;
	let depth = 0;
	for (const frame of frames) {
		const frameWidth = frameCells(frame);
		if (width + frameWidth > cells / 2) {
			break;
		}

		width += frameWidth;
		if (frame.kind === 'quote') {
			depth++;
			const bar: Span = {text: quoteBar, style: {...borderStyle, quoteDepth: depth}};
			first.push(bar);
			others.push(bar);
		} else {
			const blank = {text: literal` `.repeat(frameWidth) as SafeText, style: mutedStyle};
			first.push(frame.kind === 'item' ? {text: frame.marker, style: mutedStyle} : blank);
			others.push(blank);
		}
	}

	return {first, others, width};
};

const frameCells = (frame: Frame): number => {
	switch (frame.kind) {
		case 'quote':
			return 2;
		case 'item':
			return textWidth(frame.marker);
		case 'indent':
			return frame.cells;
		default:
			return frame satisfies never;
	}
};

/** A hidden spoiler keeps its width, so that showing it moves nothing. */
const shownSpans = (spans: readonly Span[], isSpoilerShown: boolean): readonly Span[] =>
	isSpoilerShown ? spans : spans.map(span => (span.style.isSpoiler ? hiddenSpan(span) : span));

const hiddenSpan = ({text}: Span): Span => {
	const lines = text.split('\n') as SafeText[];
	const words = lines.map(line => joinSafe(line.split(' ').map(hiddenWord), literal` `));
	return {text: joinSafe(words, literal`\n`), style: hiddenStyle};
};

const hiddenWord = (word: string): SafeText => literal`▒`.repeat(textWidth(word as SafeText)) as SafeText;

const cutRows = (
	rows: readonly Line[],
	{cells, maxRows}: {readonly cells: number; readonly maxRows: number},
): readonly Line[] => {
	if (rows.length <= maxRows) {
		return rows;
	}

	const rest = literal`… ${rows.length - maxRows + 1} more lines`;
	const writer = createRowWriter(cells);
	writer.addVerbatim({text: rest, style: mutedStyle});
	return [...rows.slice(0, maxRows - 1), writer.finish()[0] ?? []];
};
