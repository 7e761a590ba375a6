/** Where the motions and text objects of vim lead in a text: characters, words, lines, quotes and brackets. */
import {graphemeAfter, graphemeBefore, lineEnd, lineStart} from './composer-motions.ts';

/** A part of the text, in UTF-16 indices, from its first character to behind its last. */
export type VimRange = {readonly from: number; readonly to: number};

/** Where a motion leads, and what an operator takes on the way. */
export type VimTarget = {
	readonly at: number;
	/** Whether an operator takes the character there too. */
	readonly isInclusive: boolean;
	/** Whether an operator takes whole lines. */
	readonly isLinewise: boolean;
};

type Kind = 'blank' | 'word' | 'other';

/** `isBig`: as in `W B E`, only blanks end a word. */
const kindAt = (text: string, index: number, isBig: boolean): Kind => {
	const character = String.fromCodePoint(text.codePointAt(index) ?? 0x20);
	if (/\s/.test(character)) return 'blank';
	return isBig || /[\p{L}\p{N}\p{M}_]/u.test(character) ? 'word' : 'other';
};

const nextWord = (text: string, start: number, isBig: boolean): number => {
	let at = start;
	const kind = at < text.length ? kindAt(text, at, isBig) : 'blank';
	while (at < text.length && kind !== 'blank' && kindAt(text, at, isBig) === kind) at = graphemeAfter(text, at);
	while (at < text.length && kindAt(text, at, isBig) === 'blank') {
		at = graphemeAfter(text, at);
		// An empty line is a word.
		if (text[at] === '\n' && text[at - 1] === '\n') break;
	}
	return at;
};

const wordBefore = (text: string, start: number, isBig: boolean): number => {
	let at = graphemeBefore(text, start);
	while (at > 0 && kindAt(text, at, isBig) === 'blank') at = graphemeBefore(text, at);
	const kind = kindAt(text, at, isBig);
	while (at > 0) {
		const before = graphemeBefore(text, at);
		if (kindAt(text, before, isBig) !== kind) break;
		at = before;
	}
	return at;
};

/** @returns the index of the last character of the word. */
const wordEnd = (text: string, start: number, isBig: boolean): number => {
	let at = graphemeAfter(text, start);
	while (at < text.length && kindAt(text, at, isBig) === 'blank') at = graphemeAfter(text, at);
	if (at >= text.length) return graphemeBefore(text, text.length);
	const kind = kindAt(text, at, isBig);
	for (;;) {
		const next = graphemeAfter(text, at);
		if (next >= text.length || kindAt(text, next, isBig) !== kind) return at;
		at = next;
	}
};

const firstNonBlank = (text: string, index: number): number => {
	const start = lineStart(text, index);
	const indent = /^[^\S\n]*/.exec(text.slice(start, lineEnd(text, index)))?.[0].length ?? 0;
	return start + indent;
};

const lastOfLine = (text: string, index: number): number => {
	const end = lineEnd(text, index);
	return end > lineStart(text, index) ? graphemeBefore(text, end) : end;
};

/** @returns the place in the line `by` further down, as far from its beginning as here; as far as there are lines. */
const lineFurther = (text: string, index: number, by: number): number => {
	const column = index - lineStart(text, index);
	let start = lineStart(text, index);
	for (let left = Math.abs(by); left > 0; left--) {
		if (by > 0) {
			const end = lineEnd(text, start);
			if (end >= text.length) break;
			start = end + 1;
		} else {
			if (start === 0) break;
			start = lineStart(text, start - 1);
		}
	}
	return Math.min(start + column, lineEnd(text, start));
};

const times = (count: number, index: number, step: (index: number) => number): number => {
	let at = index;
	for (let left = count; left > 0; left--) {
		const next = step(at);
		if (next === at) break;
		at = next;
	}
	return at;
};

/** A search within the line: `f F t T` and the character. */
export type VimFind = {readonly way: 'f' | 'F' | 't' | 'T'; readonly character: string};

const findInLine = (text: string, index: number, {way, character}: VimFind, count: number): number | undefined => {
	const isForward = way === 'f' || way === 't';
	const [start, end] = [lineStart(text, index), lineEnd(text, index)];
	let at = index;
	for (let left = count; left > 0; left--) {
		const found = isForward
			? text.indexOf(character, graphemeAfter(text, at) + (way === 't' && left < count ? 1 : 0))
			: at > start
				? text.lastIndexOf(character, at - 1)
				: -1;
		if (found < start || found >= end || found === -1) return undefined;
		at = found;
	}
	if (way === 't') return graphemeBefore(text, at);
	return way === 'T' ? graphemeAfter(text, at) : at;
};

const exclusive = (at: number): VimTarget => ({at, isInclusive: false, isLinewise: false});
const inclusive = (at: number): VimTarget => ({at, isInclusive: true, isLinewise: false});
const linewise = (at: number): VimTarget => ({at, isInclusive: false, isLinewise: true});

/**
 * @param motion the keys: `h l w b e W B E 0 ^ $ j k gg G`, or a search
 * @param count how often; `undefined` where none was given
 * @returns where it leads; `undefined` where there is no way, or no such motion
 */
export const vimMotion = (
	text: string,
	cursor: number,
	motion: string | VimFind,
	count: number | undefined,
): VimTarget | undefined => {
	const often = count ?? 1;
	if (typeof motion !== 'string') {
		const at = findInLine(text, cursor, motion, often);
		if (at === undefined) return undefined;
		return motion.way === 'f' || motion.way === 't' ? inclusive(at) : exclusive(at);
	}
	switch (motion) {
		case 'h':
			return exclusive(times(often, cursor, at => (at > lineStart(text, at) ? graphemeBefore(text, at) : at)));
		case 'l':
			return exclusive(times(often, cursor, at => (at < lineEnd(text, at) ? graphemeAfter(text, at) : at)));
		case 'w':
		case 'W':
			return exclusive(times(often, cursor, at => nextWord(text, at, motion === 'W')));
		case 'b':
		case 'B':
			return exclusive(times(often, cursor, at => wordBefore(text, at, motion === 'B')));
		case 'e':
		case 'E':
			return inclusive(times(often, cursor, at => wordEnd(text, at, motion === 'E')));
		case '0':
			return exclusive(lineStart(text, cursor));
		case '^':
			return exclusive(firstNonBlank(text, cursor));
		case '$':
			return inclusive(lastOfLine(text, lineFurther(text, cursor, often - 1)));
		case 'j':
		case 'k': {
			const at = lineFurther(text, cursor, motion === 'j' ? often : -often);
			return lineStart(text, at) === lineStart(text, cursor) ? undefined : linewise(at);
		}
		case 'gg':
			return linewise(firstNonBlank(text, lineFurther(text, 0, often - 1)));
		case 'G': {
			const line = count === undefined ? text.length : lineFurther(text, 0, often - 1);
			return linewise(firstNonBlank(text, line));
		}
		default:
			return undefined;
	}
};

const brackets: ReadonlyMap<string, readonly [open: string, close: string]> = new Map([
	...['(', ')', 'b'].map((key): [string, [string, string]] => [key, ['(', ')']]),
	...['[', ']'].map((key): [string, [string, string]] => [key, ['[', ']']]),
	...['{', '}', 'B'].map((key): [string, [string, string]] => [key, ['{', '}']]),
	...['<', '>'].map((key): [string, [string, string]] => [key, ['<', '>']]),
]);

const aroundBrackets = (
	text: string,
	cursor: number,
	[open, close]: readonly [string, string],
): VimRange | undefined => {
	let depth = text[cursor] === close ? -1 : 0;
	let from = cursor;
	for (; from >= 0; from--) {
		if (text[from] === close) depth++;
		else if (text[from] === open && depth-- === 0) break;
	}
	if (from < 0) return undefined;
	depth = 0;
	for (let to = from; to < text.length; to++) {
		if (text[to] === open) depth++;
		else if (text[to] === close && --depth === 0) return {from, to: to + 1};
	}
	return undefined;
};

const aroundQuotes = (text: string, cursor: number, quote: string): VimRange | undefined => {
	const [start, end] = [lineStart(text, cursor), lineEnd(text, cursor)];
	for (let from = text.indexOf(quote, start); from !== -1 && from < end;) {
		const to = text.indexOf(quote, from + 1);
		if (to === -1 || to >= end) return undefined;
		// Behind the cursor on the same line counts too.
		if (cursor <= to) return {from, to: to + 1};
		from = text.indexOf(quote, to + 1);
	}
	return undefined;
};

const aroundWord = (text: string, cursor: number, isInner: boolean, isBig: boolean): VimRange | undefined => {
	if (cursor >= lineEnd(text, cursor)) return undefined;
	const kind = kindAt(text, cursor, isBig);
	const [start, end] = [lineStart(text, cursor), lineEnd(text, cursor)];
	let [from, to] = [cursor, cursor];
	while (from > start && kindAt(text, graphemeBefore(text, from), isBig) === kind) from = graphemeBefore(text, from);
	while (to < end && kindAt(text, to, isBig) === kind) to = graphemeAfter(text, to);
	if (isInner) return {from, to};
	const before = to;
	while (to < end && (kindAt(text, to, isBig) === 'blank') !== (kind === 'blank')) to = graphemeAfter(text, to);
	if (to === before && kind !== 'blank')
		while (from > start && kindAt(text, graphemeBefore(text, from), isBig) === 'blank')
			from = graphemeBefore(text, from);
	return {from, to};
};

/** @param object the keys behind an operator: `iw aW i" a( ib …`. @returns the part of the text; `undefined` where there is none */
export const vimObject = (text: string, cursor: number, object: string): VimRange | undefined => {
	const isInner = object.startsWith('i');
	const what = object.slice(1);
	if (what === 'w' || what === 'W') return aroundWord(text, cursor, isInner, what === 'W');
	const pair = brackets.get(what);
	const isQuote = what === '"' || what === "'" || what === '`';
	const range =
		pair === undefined ? (isQuote ? aroundQuotes(text, cursor, what) : undefined) : aroundBrackets(text, cursor, pair);
	if (range === undefined || !isInner) return range;
	return {from: range.from + 1, to: range.to - 1};
};
