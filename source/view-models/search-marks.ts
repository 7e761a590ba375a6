/** The words of a search within a text: where they stand, and a piece of the text around the first of them. */
import type {SearchWord} from '../domain/search-query.ts';
import {graphemesOf} from '../text/graphemes.ts';
import {joinSafe, literal, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {boldSpan, span, type ScreenLine, type ScreenSpan} from './screen-line.ts';

const cjk = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]`;
const startsWithCjk = new RegExp(`^${cjk}`, 'u');
const endsWithCjk = new RegExp(`${cjk}$`, 'u');

/** As the index compares: without accents and case (SQLite FTS5, unicode61 remove_diacritics 2). */
const fold = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/** @returns a pattern for folded text; `undefined` where nothing could be marked */
const patternOf = (words: readonly SearchWord[]): RegExp | undefined => {
	const parts = words.flatMap(({kind, text}) => {
		const tokens = fold(text).match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
		if (tokens.length === 0) return [];
		const body = tokens.map(escape).join(String.raw`[^\p{L}\p{N}]+`);
		const before = startsWithCjk.test(tokens[0] ?? '') ? '' : String.raw`(?<![\p{L}\p{N}])`;
		const isOpen = kind === 'prefix' || endsWithCjk.test(tokens.at(-1) ?? '');
		return [`${before}${body}${isOpen ? '' : String.raw`(?![\p{L}\p{N}])`}`];
	});
	return parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'gu');
};

/** Graphemes of a text, and which of them belong to a word that is searched for. */
const marksOf = (text: SafeText, words: readonly SearchWord[]) => {
	const graphemes = graphemesOf(text);
	const pattern = patternOf(words);
	const marked = new Set<number>();
	if (pattern === undefined) return {graphemes, marked};
	/** The grapheme that each code unit of the folded text comes from. */
	const origin: number[] = [];
	let folded = '';
	for (const [index, grapheme] of graphemes.entries()) {
		const piece = fold(grapheme);
		folded += piece;
		for (let unit = 0; unit < piece.length; unit += 1) origin.push(index);
	}
	for (const match of folded.matchAll(pattern))
		for (let unit = match.index; unit < match.index + match[0].length; unit += 1) marked.add(origin[unit] ?? 0);
	return {graphemes, marked};
};

/**
 * A text as one line with the words in it marked.
 * @param cells how many are seen: a longer text begins shortly before the first word
 */
export const markedLine = (text: SafeText, words: readonly SearchWord[], cells: number): ScreenLine => {
	const {graphemes, marked} = marksOf(text, words);
	const first = graphemes.findIndex((_, index) => marked.has(index));
	const isFar = first !== -1 && textWidth(joinSafe(graphemes.slice(0, first))) > (cells * 2) / 3;
	const from = isFar ? Math.max(0, first - Math.floor(cells / 3)) : 0;
	const spans: ScreenSpan[] = from > 0 ? [span(literal`…`, 'muted')] : [];
	let run: SafeText[] = [];
	const end = (isMarked: boolean): void => {
		if (run.length > 0) spans.push(isMarked ? boldSpan(joinSafe(run), 'mention') : span(joinSafe(run)));
		run = [];
	};
	for (let index = from; index < graphemes.length; index += 1) {
		const isMarked = marked.has(index);
		if (index > from && isMarked !== marked.has(index - 1)) end(!isMarked);
		run.push(graphemes[index] ?? literal``);
	}
	end(marked.has(graphemes.length - 1));
	return spans;
};
