/** What may stay of one grapheme of untrusted text: rules for joiners, selectors, marks, blanks and unassigned code points. */

import {lazily} from '../domain/lazily.ts';

export type GraphemeLimits = {
	/** Combining marks on one base. */
	readonly maxMarks: number;
	/** Whether invisible letters (Hangul fillers, Braille blank) become a space; otherwise they vanish. */
	readonly hasBlanks: boolean;
	/** Whether a mark at the beginning has something to stand on: Burmese has marks that are graphemes by themselves. */
	readonly isAfterVisible: boolean;
};

const maxCodePoints = 32;
const dottedCircle = '\u25CC';

const rgiEmoji = lazily(() => /^\p{RGI_Emoji}$/v);
/** Black flag, country and subdivision in TAG letters, cancel tag (UTS #51 ED-14a). */
const tagFlag = /^\u{1f3f4}[\u{e0061}-\u{e007a}]{2}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,3}\u{e007f}$/u;
const singleVisible = lazily(() => /^[[\p{L}\p{N}\p{P}\p{S}\p{Zs}]--[\p{Default_Ignorable_Code_Point}\u2800]]$/v);
const blank = /^[\u115f\u1160\u2800\u3164\uffa0]$/;
/** Signs that Unicode calls format characters though they are drawn: Arabic and Syriac number signs, Kaithi. */
const drawnFormat = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u;
/** Bidi controls among them: an override or isolate of a sender never reaches the screen. */
const invisible = lazily(() => /^[\p{Default_Ignorable_Code_Point}\p{Cf}]$/u);
const unassigned = lazily(() => /^[\p{Cn}\p{Co}\p{Cs}]$/u);
const emoji = /^\p{Emoji}$/u;
const modifier = /^\p{Emoji_Modifier}$/u;
const modifierBase = lazily(() => /^\p{Emoji_Modifier_Base}$/u);
const pictograph = lazily(() => /^\p{Extended_Pictographic}$/u);
const endsPictograph = lazily(() => /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u);
const mark = /^\p{M}$/u;
const joiningLetter = lazily(
	() =>
		/^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u,
);

/** @returns whether the grapheme is LRM, RLM or ALM. */
export const isDirectionMark = (grapheme: string): boolean =>
	grapheme === '\u200E' || grapheme === '\u200F' || grapheme === '\u061C';

/** @returns `grapheme` if it is harmless as it is, else what may stay of it; perhaps nothing. */
export const cleanGrapheme = (grapheme: string, limits: GraphemeLimits): string => {
	if (grapheme === '\n' || singleVisible().test(grapheme) || rgiEmoji().test(grapheme) || tagFlag.test(grapheme)) {
		return grapheme;
	}

	const state: GraphemeState = {kept: '', base: '', previous: '', marks: 0, hasJoiner: false};
	let seen = 0;
	for (const character of grapheme) {
		if (seen === maxCodePoints) {
			break;
		}

		seen++;
		addCharacter(state, character, limits);
	}

	return state.kept;
};

type GraphemeState = {
	kept: string;
	/** The character that carries the others. */
	base: string;
	/** The last character kept. */
	previous: string;
	/** Marks since the last letter; a conjunct has several letters. */
	marks: number;
	/** A ZWJ after a pictograph, kept only if another pictograph follows. */
	hasJoiner: boolean;
};

const addCharacter = (state: GraphemeState, character: string, limits: GraphemeLimits): void => {
	const hadJoiner = state.hasJoiner;
	state.hasJoiner = false;
	if (character === '\u200C' || character === '\u200D') {
		addJoiner(state, character);
	} else if (character === '\uFE0E' || character === '\uFE0F') {
		keepIf(state, character, emoji.test(state.previous));
	} else if (modifier.test(character)) {
		// Elsewhere a modifier is drawn as a swatch of two cells that no width table counts.
		keepIf(state, character, state.base === '' || modifierBase().test(state.previous));
	} else if (blank.test(character)) {
		keepIf(state, ' ', limits.hasBlanks);
	} else if (invisible().test(character) && !drawnFormat.test(character)) {
		return;
	} else if (unassigned().test(character)) {
		keepIf(state, '\uFFFD', true);
	} else if (mark.test(character)) {
		addMark(state, character, limits);
	} else {
		keepIf(state, hadJoiner && pictograph().test(character) ? `\u200D${character}` : character, true);
		state.previous = character;
		state.marks = 0;
	}
};

const addJoiner = (state: GraphemeState, character: string): void => {
	const isRepeated = state.previous === '\u200C' || state.previous === '\u200D';
	if (joiningLetter().test(state.base) && !isRepeated) {
		keepIf(state, character, true);
	} else {
		state.hasJoiner = character === '\u200D' && endsPictograph().test(state.previous);
	}
};

const addMark = (state: GraphemeState, character: string, limits: GraphemeLimits): void => {
	if (state.marks === limits.maxMarks) {
		return;
	}

	if (state.base === '' && !limits.isAfterVisible) {
		keepIf(state, dottedCircle, true);
	}

	keepIf(state, character, true);
	state.marks++;
};

const keepIf = (state: GraphemeState, character: string, isKept: boolean): void => {
	if (!isKept) {
		return;
	}

	state.kept += character;
	state.base ||= character;
	state.previous = character;
};
