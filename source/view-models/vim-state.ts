/** What the modes of vim share: their state, the keys of motions, and what is done to a part of the text. */
import type {ComposerAction} from './composer.ts';
import {graphemeAfter, graphemeBefore, lineEnd, lineStart} from './composer-motions.ts';
import type {VimFind, VimRange} from './vim-motions.ts';

/** What was deleted or yanked last. */
export type Register = {readonly text: string; readonly isLinewise: boolean};

export type VimState = {
	readonly mode: 'insert' | 'normal';
	/** Keys of a command that is not complete. */
	readonly pending: readonly string[];
	readonly register: Register;
	/** The name of a register that was pressed behind `"`, for the next command. There is but one, and the clipboard: `+` and `*`. */
	readonly into: string | undefined;
	readonly find: VimFind | undefined;
	/** Keys of the last change, and what was typed behind it: `.` does both again. */
	readonly change: {readonly keys: readonly string[]; readonly typed: string};
	/** Text is noted for `.` since a change went to insert mode. */
	readonly isNoting: boolean;
	/** How often what is typed is put in when insert mode is left, with a line feed between where it began lines: `3i`, `2o`. */
	readonly repeats: {readonly often: number; readonly isByLines: boolean} | undefined;
	/** In insert mode: what is typed takes the place of what is there, `R`. */
	readonly isReplacing: boolean;
	/** In normal mode: text is selected from here to the cursor (vim-visual.ts). */
	readonly visual: {readonly anchor: number; readonly isLinewise: boolean} | undefined;
};

/** Where a writer begins. */
export const insertMode: VimState = {
	mode: 'insert',
	pending: [],
	register: {text: '', isLinewise: false},
	into: undefined,
	find: undefined,
	change: {keys: [], typed: ''},
	isNoting: false,
	repeats: undefined,
	isReplacing: false,
	visual: undefined,
};

export type Place = {readonly text: string; readonly cursor: number};

export type VimStep = {
	readonly state: VimState;
	/** For the composer, in their order. */
	readonly actions: readonly ComposerAction[];
	/** Keys that belong together and mean nothing here. */
	readonly unknown?: string | undefined;
	/** Text for the clipboard. */
	readonly copied?: string | undefined;
};

/** `gu gU g~` change the case. */
export type Operator = 'd' | 'c' | 'y' | 'gu' | 'gU' | 'g~';

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
	into: undefined,
	mode: 'normal',
	repeats: undefined,
	isReplacing: false,
	visual: undefined,
	...more,
});
export const insert = (state: VimState, more: Partial<VimState> = {}): VimState => ({
	...state,
	pending: [],
	into: undefined,
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
	if (operator !== 'd' && operator !== 'c' && operator !== 'y') {
		const changed = caseOf(operator.slice(1), text.slice(target.from, target.to));
		return {state: normal(state), actions: [replace(target, changed), point(target.from)]};
	}
	const register: Register = {text: text.slice(target.from, target.to), isLinewise: target.isLinewise};
	const isForClipboard = state.into === '+' || state.into === '*';
	const copied = isForClipboard ? register.text : undefined;
	if (operator === 'y')
		return {state: normal(state, {register}), actions: [point(Math.min(target.from, place.cursor))], copied};
	if (operator === 'c')
		return {state: insert(state, {register}), actions: [point(target.from), replace(target, '')], copied};
	const taken = target.isLinewise ? withLineFeed(text, target) : target;
	const left = text.slice(0, taken.from) + text.slice(taken.to);
	const at = target.isLinewise
		? lineStart(left, Math.min(taken.from === target.from ? taken.from : left.length, left.length))
		: onCharacter({text: left, cursor: taken.from});
	return {state: normal(state, {register}), actions: [replace(taken, ''), point(at)], copied};
};

export const toggleCase = (text: string): string =>
	Array.from(text, each => (each === each.toUpperCase() ? each.toLowerCase() : each.toUpperCase())).join('');

/** @param key `~`, `u` or `U` */
export const caseOf = (key: string, text: string): string => {
	if (key === '~') return toggleCase(text);
	return key === 'u' ? text.toLowerCase() : text.toUpperCase();
};

/** Typed text takes the place of as many characters of its line. */
export const overwrite = ({text, cursor}: Place, typed: string): ComposerAction => {
	let to = cursor;
	for (let at = 0; at < typed.length && to < lineEnd(text, cursor); at = graphemeAfter(typed, at))
		to = graphemeAfter(text, to);
	return replace({from: cursor, to}, typed);
};
