/** Breaks styled text into rows of a width: between words where it can, inside a word where it must. */
import {graphemesOf, isNarrow} from './graphemes.ts';
import {joinSafe, literal, type SafeText} from './safe-text.ts';
import type {Line, Span, SpanStyle} from './spans.ts';
import {graphemeWidth, textWidth} from './width.ts';

export type RowWriter = {
	/** Adds text that may be broken at spaces and around wide characters. */
	readonly addWords: (span: Span) => void;
	/** Adds text whose spaces matter: broken only at the width. */
	readonly addVerbatim: (span: Span) => void;
	/** @returns the rows, at least one. */
	readonly finish: () => readonly Line[];
};

type Piece = {readonly text: SafeText; readonly style: SpanStyle; readonly width: number};

const breakingSpace = /^[ \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]$/;
/** Closing punctuation of East Asian text never starts a row. */
const wideClosing = /^[、。，．！？：；」』）】》〉]$/;

/**
 * @param width cells of a row, at least 1. A grapheme wider than that becomes U+FFFD.
 * @returns a writer without rows.
 */
export const createRowWriter = (width: number): RowWriter => {
	const rows: Line[] = [];
	let row: Piece[] = [];
	let rowWidth = 0;
	// What comes next and is not placed yet: spaces, then a word.
	let spaces: Piece[] = [];
	let word: Piece[] = [];

	const put = (piece: Piece) => {
		row.push(piece);
		rowWidth += piece.width;
	};

	const endRow = () => {
		rows.push(mergePieces(row));
		row = [];
		rowWidth = 0;
	};

	const putBroken = (piece: Piece) => {
		if (rowWidth + piece.width <= width) {
			put(piece);
			return;
		}

		for (const part of isNarrow(piece.text)
			? narrowParts(piece, width - rowWidth, width)
			: graphemeParts(piece, width)) {
			if (rowWidth + part.width > width) {
				endRow();
			}

			put(part);
		}
	};

	const placeWord = () => {
		if (word.length === 0) {
			return;
		}

		if (rowWidth === 0) {
			// An indent wider than half a row would leave no room for words.
			takeCells(spaces, width / 2).forEach(put);
		} else if (rowWidth + cellsOf(spaces) + cellsOf(word) > width) {
			endRow();
		} else {
			spaces.forEach(put);
		}

		word.forEach(putBroken);
		spaces = [];
		word = [];
	};

	const addPart = (piece: Piece) => {
		if (breakingSpace.test(piece.text)) {
			placeWord();
			spaces.push(piece);
			return;
		}

		const last = word.at(-1);
		if (last !== undefined && (isWide(piece) || (isWide(last) && piece.width > 0)) && !wideClosing.test(piece.text)) {
			placeWord();
		}

		word.push(piece);
	};

	const endLine = () => {
		placeWord();
		spaces = [];
		endRow();
	};

	return {
		addWords: ({text, style}) => {
			for (const [index, line] of linesOf(text).entries()) {
				if (index > 0) {
					endLine();
				}

				for (const part of partsOf({text: line, style})) {
					addPart(part);
				}
			}
		},
		addVerbatim: ({text, style}) => {
			for (const [index, line] of linesOf(text).entries()) {
				if (index > 0) {
					endRow();
				}

				putBroken({text: line, style, width: textWidth(line)});
			}
		},
		finish: () => {
			endLine();
			return rows;
		},
	};
};

const linesOf = (text: SafeText): readonly SafeText[] => text.split('\n') as SafeText[];

/** Spaces and words of narrow text, single graphemes of everything else. */
const partsOf = ({text, style}: Span): readonly Piece[] => {
	if (isNarrow(text)) {
		const parts = (text.match(/ |[^ ]+/g) ?? []) as SafeText[];
		return parts.map(part => ({text: part, style, width: part.length}));
	}

	return graphemesOf(text).map(part => ({text: part, style, width: graphemeWidth(part)}));
};

const isWide = ({text, width}: Piece): boolean => width === 2 && !isNarrow(text);

const cellsOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.width, 0);

const takeCells = (pieces: readonly Piece[], cells: number): readonly Piece[] => {
	const kept: Piece[] = [];
	let width = 0;
	for (const piece of pieces) {
		width += piece.width;
		if (width > cells) {
			break;
		}

		kept.push(piece);
	}

	return kept;
};

const narrowParts = ({text, style}: Piece, firstWidth: number, width: number): readonly Piece[] => {
	const parts: Piece[] = [];
	for (let start = 0; start < text.length;) {
		const end = start + (start === 0 && firstWidth > 0 ? firstWidth : width);
		const part = text.slice(start, end) as SafeText;
		parts.push({text: part, style, width: part.length});
		start = end;
	}

	return parts;
};

const graphemeParts = ({text, style}: Piece, width: number): readonly Piece[] =>
	graphemesOf(text).map(grapheme => {
		const cells = graphemeWidth(grapheme);
		return cells > width ? {text: literal`�`, style, width: 1} : {text: grapheme, style, width: cells};
	});

/** Joins neighbours of one style. */
const mergePieces = (pieces: readonly Piece[]): Line => {
	const line: Span[] = [];
	let texts: SafeText[] = [];
	for (const [index, {text, style}] of pieces.entries()) {
		texts.push(text);
		if (pieces[index + 1]?.style !== style) {
			line.push({text: joinSafe(texts), style});
			texts = [];
		}
	}

	return line;
};
