/** Where a motion leads in a text: graphemes, words, lines. Only a window around the cursor is looked at, never a megabyte. */
import {lazily} from '../domain/lazily.ts';

/** A way from the cursor to another place; erasing and killing take the same ways. */
export type ComposerMotion =
	| 'left'
	| 'right'
	| 'word-left'
	| 'word-right'
	/** Back to the last blank: a whole address or path (readline `unix-word-rubout`). */
	| 'blank-left'
	| 'line-start'
	| 'line-end'
	| 'text-start'
	| 'text-end';

const graphemes = lazily(() => new Intl.Segmenter(undefined, {granularity: 'grapheme'}));
const words = lazily(() => new Intl.Segmenter(undefined, {granularity: 'word'}));

/** UTF-16 code units: the first look at a grapheme or a word, and how far back a motion ever looks. */
const graphemeWindow = 64;
const wordWindow = 256;
const farthest = 4096;

/** Letters that never join one another: between two of them there is always a boundary (UAX #29). */
const simple =
	/[\n -~\u00AE-\u02FF\u0370-\u0482\u048A-\u052F\u05D0-\u05EA\u0620-\u064A\u3000-\u3029\u3041-\u3096\u309B-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF60]/;

const isSimple = (code: number): boolean =>
	(code >= 0x20 && code < 0x7f) || code === 0x0a || (code > 0xad && simple.test(String.fromCharCode(code)));

const isSimpleAt = (text: string, index: number): boolean =>
	index < 0 || index >= text.length || isSimple(text.charCodeAt(index));

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** @returns an index that does not cut a surrogate pair. */
const wholeCharacter = (text: string, index: number): number =>
	isLowSurrogate(text.charCodeAt(index)) ? index - 1 : index;

const isFlagHalf = (text: string, index: number): boolean =>
	text.charCodeAt(index) === 0xd83c && text.charCodeAt(index + 1) >= 0xdde6 && text.charCodeAt(index + 1) <= 0xddff;

/** Two letters make a flag, so in a long row of them only counting from its beginning tells where a flag begins. */
const wholeFlag = (text: string, index: number): number => {
	let first = index;
	while (isFlagHalf(text, first) && isFlagHalf(text, first - 2)) first -= 2;
	return (index - first) % 4 === 0 ? index : index - 2;
};

/** @returns a boundary before `index` from where graphemes can be counted. */
const certainBoundary = (text: string, index: number): number => {
	for (let start = index - 1; start > 0; start--) {
		if (isSimpleAt(text, start) && isSimpleAt(text, start - 1)) return start;
		if (index - start >= farthest) return wholeFlag(text, wholeCharacter(text, start));
	}
	return 0;
};

const firstGrapheme = (text: string): number => {
	for (const {segment} of graphemes().segment(text)) return segment.length;
	return 0;
};

/** @param index A boundary. @returns the boundary behind the next grapheme. */
export const graphemeAfter = (text: string, index: number): number => {
	if (index >= text.length) return text.length;
	if (isSimpleAt(text, index) && isSimpleAt(text, index + 1)) return index + 1;
	for (let size = graphemeWindow; ; size *= 2) {
		const length = firstGrapheme(text.slice(index, index + size));
		// What ends with the window may go on behind it: three hundred accents on one letter are one grapheme.
		if (length < size - 2 || index + size >= text.length) return index + length;
	}
};

/** @param index A boundary. @returns the boundary before the previous grapheme. */
export const graphemeBefore = (text: string, index: number): number => {
	if (index <= 0) return 0;
	if (isSimpleAt(text, index - 1) && isSimpleAt(text, index - 2)) return index - 1;
	const start = certainBoundary(text, index);
	let last = start;
	for (const {index: offset} of graphemes().segment(text.slice(start, index))) last = start + offset;
	return last;
};

/** @returns the first boundary at or behind the index: an edit may have joined what stands before and behind it. */
export const graphemeBoundary = (text: string, index: number): number => {
	if (index <= 0) return 0;
	if (index >= text.length) return text.length;
	if (isSimpleAt(text, index) && isSimpleAt(text, index - 1)) return index;
	const start = certainBoundary(text, index);
	for (const {index: offset, segment} of graphemes().segment(text.slice(start, index + graphemeWindow))) {
		const end = start + offset + segment.length;
		if (end === index) return index;
		if (end > index) return graphemeAfter(text, start + offset);
	}
	return text.length;
};

/** Emoji count as words, or one key would take a whole row of them with the word before. */
const isWord = ({isWordLike, segment}: Intl.SegmentData): boolean =>
	isWordLike === true || /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment);

const wordAfter = (text: string, index: number): number => {
	const end = wholeCharacter(text, Math.min(text.length, index + farthest));
	for (const word of words().segment(text.slice(index, end))) {
		if (isWord(word)) return index + word.index + word.segment.length;
	}
	return end;
};

const lastWord = (text: string): number | undefined => {
	let last: number | undefined;
	for (const word of words().segment(text)) if (isWord(word)) last = word.index;
	return last;
};

const wordBefore = (text: string, index: number): number => {
	for (const size of [wordWindow, farthest]) {
		const start = wholeCharacter(text, Math.max(0, index - size));
		const word = lastWord(text.slice(start, index));
		// A word that begins with the window may begin before it.
		if (word !== undefined && (word > 0 || start === 0)) return start + word;
		if (start === 0) return 0;
	}
	return wholeCharacter(text, Math.max(0, index - farthest));
};

const blankBefore = (text: string, index: number): number => {
	let start = index;
	while (start > 0 && /\s/.test(text.charAt(start - 1))) start--;
	while (start > 0 && !/\s/.test(text.charAt(start - 1))) start--;
	return start;
};

/** @returns the index of the first character of the line. */
export const lineStart = (text: string, index: number): number =>
	index <= 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1;

/** @returns the index of the line feed that ends the line, or the length of the text. */
export const lineEnd = (text: string, index: number): number => {
	const end = text.indexOf('\n', index);
	return end === -1 ? text.length : end;
};

const aimOf = (text: string, cursor: number, motion: ComposerMotion): number => {
	switch (motion) {
		case 'left':
			return graphemeBefore(text, cursor);
		case 'right':
			return graphemeAfter(text, cursor);
		case 'word-left':
			return wordBefore(text, cursor);
		case 'word-right':
			return wordAfter(text, cursor);
		case 'blank-left':
			return blankBefore(text, cursor);
		case 'line-start':
			return lineStart(text, cursor);
		case 'line-end':
			return lineEnd(text, cursor);
		case 'text-start':
			return 0;
		case 'text-end':
			return text.length;
		default:
			return motion satisfies never;
	}
};

/** @param cursor A grapheme boundary, UTF-16 index. @returns the boundary where the motion leads. */
export const motionTarget = (text: string, cursor: number, motion: ComposerMotion): number => {
	const target = graphemeBoundary(text, aimOf(text, cursor, motion));
	// A word may begin inside a grapheme, whose end is then where the motion came from.
	return motion === 'word-left' && target >= cursor ? graphemeBefore(text, cursor) : target;
};
