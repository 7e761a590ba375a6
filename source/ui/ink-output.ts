/**
 * What Ink writes, before it goes to the firewall: shorter, and right on terminals that disagree about widths. Behind
 * every character whose width is disputed the column is set anew, so that one emoji cannot push what stands right of it.
 */
import {lazily} from '../domain/lazily.ts';
import type {SafeText} from '../text/safe-text.ts';
import {graphemeWidth} from '../text/width.ts';

const segmenter = lazily(() => new Intl.Segmenter(undefined, {granularity: 'grapheme'}));

/** A control sequence, a string sequence, a line break, or a run of text. */
const tokens = /\u001B\[[\d;?<>]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|\r|\n|[^\u001B\r\n]+|\u001B/g;

/** Latin, Greek, Cyrillic, common punctuation, box drawing: one cell everywhere. */
const oneCell = /^[ -~\u00A1-\u00AC\u00AE-\u024F\u0391-\u03C9\u0400-\u0482\u048A-\u04FF\u2010-\u2027\u2500-\u259F]*$/;

/** Kana, Han, Hangul: two cells everywhere. */
const twoCells = /^[\u3041-\u3096\u30A1-\u30FA\u4E00-\u9FFF\uAC00-\uD7A3]$/;

/** Several code points that terminals may draw side by side: what is drawn too wide must be erased behind. */
const isCluster = (grapheme: string): boolean =>
	/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(grapheme) && grapheme.length > 2;

type State = {
	/** Cells from the left, as Ink believes. */
	column: number;
	/** The last character may have moved the cursor elsewhere. */
	isDisputed: boolean;
	/** And may have drawn beyond its cells. */
	hasOverflow: boolean;
};

const anchor = (state: State): string => {
	if (!state.isDisputed) return '';
	const erase = state.hasOverflow ? '\u001B[K' : '';
	state.isDisputed = false;
	state.hasOverflow = false;
	return `\u001B[${state.column + 1}G${erase}`;
};

const writeText = (text: string, state: State): string => {
	let output = anchor(state);
	if (oneCell.test(text)) {
		state.column += text.length;
		return output + text;
	}
	for (const {segment} of segmenter().segment(text)) {
		output += anchor(state) + segment;
		// Only its width is asked.
		state.column += graphemeWidth(segment as SafeText);
		if (oneCell.test(segment) || twoCells.test(segment)) continue;
		state.isDisputed = true;
		state.hasOverflow = isCluster(segment);
	}
	return output;
};

/** At the end of a row only what was drawn too wide matters. */
const endRow = (state: State): string => {
	const output = state.hasOverflow ? anchor(state) : '';
	state.isDisputed = false;
	state.column = 0;
	return output;
};

const columnOf = (sequence: string, column: number): number => {
	const count = Number(/\d+/.exec(sequence)?.[0] ?? 1);
	switch (sequence.at(-1)) {
		case 'G':
			return count - 1;
		case 'C':
			return column + count;
		case 'D':
			return Math.max(0, column - count);
		case 'E':
		case 'F':
		case 'H':
			return 0;
		default:
			return column;
	}
};

const isMove = (sequence: string): boolean => /[A-HJ]$/.test(sequence);

const writeSequence = (sequence: string, state: State): string => {
	const isErase = sequence.endsWith('K');
	const before = isErase || (isMove(sequence) && state.hasOverflow) ? anchor(state) : '';
	if (isMove(sequence)) state.isDisputed = false;
	state.column = columnOf(sequence, state.column);
	return before + sequence;
};

/** Ink steps over unchanged rows one by one. */
const joinSteps = (chunk: string): string =>
	chunk.replaceAll(/(?:\u001B\[E){2,}/g, steps => `\u001B[${steps.length / 3}E`);

/** @returns a filter for the chunks of one stream; it keeps the column between them. */
export const createInkFilter = (): ((chunk: string) => string) => {
	const state: State = {column: 0, isDisputed: false, hasOverflow: false};
	return chunk => {
		let output = '';
		for (const [token] of joinSteps(chunk).matchAll(tokens)) {
			if (token === '\n' || token === '\r') {
				output += endRow(state) + token;
			} else if (token.startsWith('\u001B')) {
				output += writeSequence(token, state);
			} else {
				output += writeText(token, state);
			}
		}
		return output;
	};
};
