/** What the modes of vim share: their state, the keys of motions, and what is done to a part of the text. */
import type {ComposerAction} from './composer.ts';
import {graphemeBefore, lineEnd, lineStart} from './composer-motions.ts';
import type {VimFind, VimRange} from './vim-motions.ts';

/** What was deleted or yanked last. */
export type Register = {readonly text: string; readonly isLinewise: boolean};

export type VimState = {
	readonly mode: 'insert' | 'normal';
	/** Keys of a command that is not complete. */
	readonly pending: readonly string[];
	readonly register: Register;
	readonly find: VimFind | undefined;
	/** Keys of the last change, and what was typed behind it: `.` does both again. */
	readonly change: {readonly keys: readonly string[]; readonly typed: string};
	/** Text is noted for `.` since a change went to insert mode. */
	readonly isNoting: boolean;
	/** In normal mode: text is selected from here to the cursor (vim-visual.ts). */
	readonly visual: {readonly anchor: number; readonly isLinewise: boolean} | undefined;
};

/** Where a writer begins. */
export const insertMode: VimState = {
	mode: 'insert',
	pending: [],
	register: {text: '', isLinewise: false},
	find: undefined,
	change: {keys: [], typed: ''},
	isNoting: false,
	visual: undefined,
};

export type Place = {readonly text: string; readonly cursor: number};

export type VimStep = {
	readonly state: VimState;
	/** For the composer, in their order. */
	readonly actions: readonly ComposerAction[];
};

export type Operator = 'd' | 'c' | 'y';

export const isDigit = (key: string, isFirst: boolean): boolean => (isFirst ? /^[1-9]$/ : /^\d$/).test(key);

/** Whether it is text and not the name of a key, as `enter`. */
export const isCharacter = (key: string): boolean => !/^[\w-]{2,}$/.test(key);

/** In normal mode the cursor stands on a character. */
export const onCharacter = ({text, cursor}: Place): number =>
	cursor > lineStart(text, cursor) && cursor >= lineEnd(text, cursor) ? graphemeBefore(text, cursor) : cursor;

export const wholeLines = (text: string, {from, to}: VimRange): VimRange => ({
	from: lineStart(text, from),
	to: lineEnd(text, to),
});

/** What is left is one line less: with the line feed behind it, or that before it where it is the last one. */
const withLineFeed = (text: string, {from, to}: VimRange): VimRange => {
	if (to < text.length) return {from, to: to + 1};
	return from > 0 ? {from: from - 1, to} : {from, to};
};

export const point = (at: number): ComposerAction => ({kind: 'point', at});
export const replace = ({from, to}: VimRange, text: string): ComposerAction => ({kind: 'replace', from, to, text});

export const normal = (state: VimState, more: Partial<VimState> = {}): VimState => ({
	...state,
	pending: [],
	mode: 'normal',
	visual: undefined,
	...more,
});
export const insert = (state: VimState, more: Partial<VimState> = {}): VimState => ({
	...state,
	pending: [],
	mode: 'insert',
	visual: undefined,
	isNoting: true,
	...more,
});

export type Target = VimRange & {readonly isLinewise: boolean};

const opposite = {f: 'F', F: 'f', t: 'T', T: 't'} as const;

export const motionOf = ({find}: VimState, [key = '', next = '']: readonly string[]): string | VimFind | undefined => {
	if (key === 'f' || key === 'F' || key === 't' || key === 'T') return {way: key, character: next};
	if (key === ';') return find;
	if (key === ',') return find === undefined ? undefined : {...find, way: opposite[find.way]};
	if (key === 'left' || key === 'backspace') return 'h';
	if (key === 'right' || key === ' ') return 'l';
	return key === 'g' ? `g${next}` : key;
};

/** Does to a part of the text what an operator does. */
export const operateOn = (state: VimState, place: Place, operator: Operator, target: Target): VimStep => {
	const {text} = place;
	const register: Register = {text: text.slice(target.from, target.to), isLinewise: target.isLinewise};
	if (operator === 'y')
		return {state: normal(state, {register}), actions: [point(Math.min(target.from, place.cursor))]};
	if (operator === 'c') return {state: insert(state, {register}), actions: [replace(target, '')]};
	const taken = target.isLinewise ? withLineFeed(text, target) : target;
	const left = text.slice(0, taken.from) + text.slice(taken.to);
	const at = target.isLinewise
		? lineStart(left, Math.min(taken.from === target.from ? taken.from : left.length, left.length))
		: onCharacter({text: left, cursor: taken.from});
	return {state: normal(state, {register}), actions: [replace(taken, ''), point(at)]};
};

export const toggleCase = (text: string): string =>
	Array.from(text, each => (each === each.toUpperCase() ? each.toLowerCase() : each.toUpperCase())).join('');
