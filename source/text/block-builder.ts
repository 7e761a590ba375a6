/** Collects inline text into blocks while a parser walks a document: white space, breaks, frames and gaps. */
import {linkedSpans} from './links.ts';
import {joinSafe, literal, safeLines, safeText, type SafeText} from './safe-text.ts';
import {plainStyle, type Block, type Frame, type Span, type SpanStyle} from './spans.ts';
import {textWidth} from './width.ts';

/** What the inline text that follows is part of. */
export type BlockKind =
	| {readonly kind: 'text'}
	| {readonly kind: 'heading'; readonly level: number}
	| {readonly kind: 'code'; language: SafeText | undefined};

export type BlockBuilder = {
	/** Adds untrusted inline text; pieces of one style are cleaned together, so entities cannot split a grapheme. */
	readonly addText: (text: string, style: SpanStyle) => void;
	/** Adds what is already safe. */
	readonly addSpans: (spans: readonly Span[]) => void;
	readonly addBreak: () => void;
	/** Ends the current block, if it has text, and starts another. */
	readonly startBlock: (kind: BlockKind) => void;
	readonly addRule: () => void;
	/** The next block gets an empty row before it, unless it is the first of its container. */
	readonly addGap: () => void;
	readonly pushFrame: (frame: Frame) => void;
	/** A list item without text still shows its marker. */
	readonly popFrame: () => void;
	/** What comes until it is closed stands in rows and cells. */
	readonly openTable: () => void;
	readonly openRow: () => void;
	readonly openCell: (isHead: boolean) => void;
	readonly closeCell: () => void;
	readonly closeTable: () => void;
	readonly finish: () => readonly Block[];
};

type Container = {frame: Frame | undefined; isEmpty: boolean};

/** @returns an empty builder. */
export const createBlockBuilder = (): BlockBuilder => {
	const blocks: Block[] = [];
	const containers: Container[] = [{frame: undefined, isEmpty: true}];
	let kind: BlockKind = {kind: 'text'};
	let spans: Span[] = [];
	let pending: string[] = [];
	let pendingStyle = plainStyle;
	let isAfterSpace = true;
	let hasGap = false;
	let table: Array<{isHead: boolean; readonly cells: Array<readonly Span[]>}> | undefined;

	const flushText = () => {
		const text = pending.join('');
		pending = [];
		if (text === '') {
			return;
		}

		if (kind.kind === 'code') {
			spans.push({text: joinSafe(safeLines(text), literal`\n`), style: pendingStyle});
		} else if (pendingStyle.isCode || pendingStyle.link) {
			spans.push({text: safeText(text, 'line'), style: pendingStyle});
		} else {
			spans.push(...linkedSpans(safeText(text, 'line'), pendingStyle));
		}
	};

	const place = () => {
		const isFirst = containers.at(-1)?.isEmpty ?? true;
		const frames = containers.flatMap(({frame}) => (frame === undefined ? [] : [frame]));
		const placed = {frames, hasGap: hasGap && !isFirst};
		hasGap = false;
		for (const container of containers) {
			container.isEmpty = false;
			if (container.frame?.kind === 'item') {
				container.frame = {kind: 'indent', cells: textWidth(container.frame.marker)};
			}
		}

		return placed;
	};

	const endBlock = () => {
		flushText();
		const trimmed = trimBreaks(spans);
		if (trimmed.length > 0) {
			blocks.push({...place(), ...kind, spans: trimmed});
		} else if (spans.length > 0) {
			hasGap = true;
		}

		spans = [];
		isAfterSpace = true;
	};

	const addText = (text: string, style: SpanStyle) => {
		if (style !== pendingStyle) {
			flushText();
			pendingStyle = style;
		}

		if (kind.kind === 'code') {
			pending.push(text);
			return;
		}

		const collapsed = text.replaceAll(/[\t\n\f\r ]+/g, ' ');
		const added = isAfterSpace && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
		if (added !== '') {
			pending.push(added);
			isAfterSpace = added.endsWith(' ');
		}
	};

	return {
		addText,
		addSpans(added) {
			flushText();
			spans.push(...added);
			isAfterSpace = added.at(-1)?.text.endsWith(' ') ?? isAfterSpace;
		},
		addBreak() {
			flushText();
			spans.push({text: literal`\n`, style: plainStyle});
			isAfterSpace = true;
		},
		startBlock(next) {
			endBlock();
			kind = next;
		},
		addRule() {
			endBlock();
			blocks.push({...place(), kind: 'rule'});
		},
		addGap() {
			hasGap = true;
		},
		pushFrame(frame) {
			endBlock();
			containers.push({frame, isEmpty: true});
		},
		popFrame() {
			endBlock();
			if (containers.at(-1)?.frame?.kind === 'item') {
				blocks.push({...place(), kind: 'text', spans: []});
			}

			containers.pop();
		},
		openTable() {
			endBlock();
			table = [];
		},
		openRow() {
			endBlock();
			table?.push({isHead: false, cells: []});
		},
		openCell(isHead) {
			endBlock();
			const row = table?.at(-1);
			if (row !== undefined && isHead) row.isHead = true;
		},
		closeCell() {
			flushText();
			table?.at(-1)?.cells.push(trimBreaks(spans));
			spans = [];
			isAfterSpace = true;
		},
		closeTable() {
			endBlock();
			const rows = (table ?? []).filter(({cells}) => cells.some(cell => cell.length > 0));
			table = undefined;
			if (rows.length > 0) blocks.push({...place(), kind: 'table', rows});
		},
		finish() {
			endBlock();
			return blocks;
		},
	};
};

/** Without the breaks and spaces at both ends of a block. */
const trimBreaks = (spans: readonly Span[]): readonly Span[] => {
	const first = spans.findIndex(span => span.text.trim() !== '');
	if (first === -1) {
		return [];
	}

	const kept = spans.slice(first, spans.findLastIndex(span => span.text.trim() !== '') + 1);
	return kept.map((span, index) => {
		const start = index === 0 ? /^\n+/ : /^/;
		const text = index === kept.length - 1 ? span.text.trimEnd() : span.text;
		return {text: text.replace(start, '') as SafeText, style: span.style};
	});
};
