/** The modes of vim in the composer: what the keys of normal mode do to the text. A pure machine, key by key. */
import type {ComposerAction} from './composer.ts';
import {graphemeAfter, graphemeBefore, lineEnd, lineStart} from './composer-motions.ts';
import {needsMore, parse, withCount, type Parsed} from './vim-command.ts';
import {vimMotion, vimObject} from './vim-motions.ts';
import {
	insert,
	isCharacter,
	motionOf,
	normal,
	onCharacter,
	operateOn,
	overwrite,
	point,
	replace,
	toggleCase,
	wholeLines,
	type Place,
	type Target,
	type VimState,
	type VimStep,
} from './vim-state.ts';

/** @returns what an operator takes: to where a motion leads, a text object, or whole lines (`dd`). */
const targetOf = (state: VimState, {text, cursor}: Place, {count, operator, rest}: Parsed): Target | undefined => {
	const [key = '', next = ''] = rest;
	if (key === operator || (operator?.length === 2 && (key === operator[1] || key + next === operator))) {
		const last = vimMotion(text, cursor, 'j', (count ?? 1) - 1)?.at ?? cursor;
		return {...wholeLines(text, {from: cursor, to: (count ?? 1) > 1 ? last : cursor}), isLinewise: true};
	}
	if (key === 'i' || key === 'a') {
		const range = vimObject(text, cursor, key + next);
		return range === undefined ? undefined : {...range, isLinewise: false};
	}
	// `cw` changes the word and not the blanks behind it.
	const isChangeOfWord = operator === 'c' && (key === 'w' || key === 'W') && /\S/.test(text[cursor] ?? ' ');
	const target = isChangeOfWord
		? vimMotion(text, graphemeBeforeWord(text, cursor), key === 'w' ? 'e' : 'E', count)
		: vimMotion(text, cursor, motionOf(state, rest) ?? '', count);
	if (target === undefined) return undefined;
	const [from, end] = [Math.min(cursor, target.at), Math.max(cursor, target.at)];
	if (target.isLinewise) return {...wholeLines(text, {from, to: end}), isLinewise: true};
	let to = target.isInclusive && target.at >= cursor ? graphemeAfter(text, end) : end;
	// A word at the end of a line ends there.
	if ((key === 'w' || key === 'W') && to > lineEnd(text, cursor) && count === undefined) to = lineEnd(text, cursor);
	return {from, to, isLinewise: false};
};

/** `e` from the last character of a word leads to the next one: from before it, it stays. */
const graphemeBeforeWord = (text: string, cursor: number): number => {
	const next = text[graphemeAfter(text, cursor)] ?? ' ';
	return /\s/.test(next) ? graphemeBefore(text, cursor) : cursor;
};

const put = (
	{register}: VimState,
	{text, cursor}: Place,
	isBefore: boolean,
	count: number,
): readonly ComposerAction[] => {
	if (register.text === '') return [];
	if (register.isLinewise) {
		const lines = Array.from({length: count}, () => register.text).join('\n');
		const at = isBefore ? lineStart(text, cursor) : lineEnd(text, cursor);
		return [replace({from: at, to: at}, isBefore ? `${lines}\n` : `\n${lines}`), point(isBefore ? at : at + 1)];
	}
	const put = register.text.repeat(count);
	const at = isBefore || cursor >= lineEnd(text, cursor) ? cursor : graphemeAfter(text, cursor);
	return [replace({from: at, to: at}, put), point(graphemeBefore(text + put, at + put.length))];
};

/** Shorthands, and what they stand for. */
const shorthands: ReadonlyMap<string, readonly string[]> = new Map([
	['x', ['d', 'l']],
	['delete', ['d', 'l']],
	['X', ['d', 'h']],
	['D', ['d', '$']],
	['C', ['c', '$']],
	['s', ['c', 'l']],
	['S', ['c', 'c']],
	['Y', ['y', 'y']],
]);

/** @returns what a complete command does; `undefined` for keys that are none. */
const run = (state: VimState, place: Place, parsed: Parsed): VimStep | undefined => {
	const {text, cursor} = place;
	const {count, operator, rest, isOperatorThere} = parsed;
	const [key = '', next = ''] = rest;
	const often = count ?? 1;
	if (!isOperatorThere) return undefined;
	if (operator !== undefined) {
		const target = targetOf(state, place, parsed);
		return target === undefined ? {state: normal(state), actions: []} : operateOn(state, place, operator, target);
	}
	const long = shorthands.get(key);
	if (long !== undefined)
		return run(state, place, parse([...(count === undefined ? [] : Array.from(String(count))), ...long]));
	const [start, end] = [lineStart(text, cursor), lineEnd(text, cursor)];
	const repeats = often > 1 ? {often, isByLines: key === 'o' || key === 'O'} : undefined;
	const insertAt = (at: number, ...actions: readonly ComposerAction[]): VimStep => ({
		state: insert(state, {repeats}),
		actions: [...actions, point(at)],
	});
	const change = (...actions: readonly ComposerAction[]): VimStep => ({state: normal(state), actions});
	switch (key) {
		case 'i':
			return insertAt(cursor);
		case 'a':
			return insertAt(cursor < end ? graphemeAfter(text, cursor) : cursor);
		case 'I':
			return insertAt(vimMotion(text, cursor, '^', undefined)?.at ?? start);
		case 'A':
			return insertAt(end);
		case 'o':
			return insertAt(end + 1, replace({from: end, to: end}, '\n'));
		case 'O':
			return insertAt(start, replace({from: start, to: start}, '\n'));
		case 'R':
			return {state: insert(state, {repeats, isReplacing: true}), actions: []};
		case 'p':
		case 'P':
			return change(...put(state, place, key === 'P', often));
		case 'u':
			return change(...Array.from({length: often}, (): ComposerAction => ({kind: 'undo'})));
		case 'ctrl-r':
			return change(...Array.from({length: often}, (): ComposerAction => ({kind: 'redo'})));
		case 'r':
			return cursor < end && isCharacter(next)
				? change(replace({from: cursor, to: graphemeAfter(text, cursor)}, next), point(cursor))
				: change();
		case '~': {
			const to = Math.min(end, vimMotion(text, cursor, 'l', often)?.at ?? cursor);
			return change(replace({from: cursor, to}, toggleCase(text.slice(cursor, to))), point(to));
		}
		case 'J': {
			if (end >= text.length) return change();
			const blanks = /^[^\S\n]*/.exec(text.slice(end + 1))?.[0].length ?? 0;
			return change(replace({from: end, to: end + 1 + blanks}, ' '), point(end));
		}
		default: {
			const motion = motionOf(state, rest);
			const target = motion === undefined ? undefined : vimMotion(text, cursor, motion, count);
			const find = typeof motion === 'object' && key !== ';' && key !== ',' ? motion : state.find;
			if (target === undefined) {
				const isKnown = isMotion(key) && (key !== 'g' || next === 'g');
				return isKnown ? {state: normal(state, {find}), actions: []} : undefined;
			}
			return {state: normal(state, {find}), actions: [point(onCharacter({text, cursor: target.at}))]};
		}
	}
};

export const isMotion = (key: string): boolean =>
	'hlwbeWBE0^$jkgGfFtT;, '.includes(key) || key === 'left' || key === 'right' || key === 'backspace';

/** Keys that change the text: `.` does them again. */
const isChange = ({operator, rest: [key = '']}: Parsed): boolean =>
	(operator !== undefined && operator !== 'y') ||
	(operator === undefined && 'xXDCsSiaIAoOpPr~JR'.includes(key)) ||
	key === 'delete';

/** Applies actions to nothing but text and cursor, for keys that are done again. */
export type Apply = (place: Place, action: ComposerAction) => Place;

/** @returns where the cursor stands when insert mode is left: a character to the left. */
const leaveInsert = ({text, cursor}: Place): number =>
	cursor > lineStart(text, cursor) ? graphemeBefore(text, cursor) : cursor;

/** @returns what was typed once more, as often as insert mode was to put it in. */
const typedAgain = ({repeats, change: {typed}}: VimState): string =>
	repeats === undefined ? '' : `${repeats.isByLines ? '\n' : ''}${typed}`.repeat(repeats.often - 1);

/** `.`: the last change, its count replaced by another one if there is one. */
const changeAgain = (state: VimState, place: Place, count: number | undefined, apply: Apply): VimStep => {
	const keys = withCount(state.change.keys, count);
	const {typed} = state.change;
	const done = keys.length === 0 ? undefined : run(normal(state), place, parse(keys));
	if (done === undefined) return {state: normal(state), actions: []};
	const change = {keys, typed};
	if (done.state.mode === 'normal') return {...done, state: {...done.state, change}};
	const text = typed + typedAgain({...done.state, change});
	let after = place;
	for (const action of done.actions) after = apply(after, action);
	const again: ComposerAction = done.state.isReplacing ? overwrite(after, text) : {kind: 'paste', text};
	return {
		state: normal(done.state, {change, isNoting: false}),
		actions: [
			{kind: 'begin-change'},
			...done.actions,
			again,
			point(leaveInsert(apply(after, again))),
			{kind: 'end-change'},
		],
	};
};

/**
 * Takes one key of normal mode.
 * @param key a character, or the name of a key
 * @param apply what the composer would make of an action
 * @returns `undefined` where the key means nothing in normal mode: then it is one of the composer's other keys
 */
export const vimKey = (state: VimState, place: Place, key: string, apply: Apply): VimStep | undefined => {
	const isBegun = state.pending.length > 0 || state.into !== undefined;
	if (key === 'escape') return isBegun ? {state: normal(state), actions: []} : undefined;
	const keys = [...state.pending, key];
	const parsed = parse(keys);
	if (parsed.operator === undefined && parsed.rest[0] === '.') return changeAgain(state, place, parsed.count, apply);
	if (needsMore(parsed))
		return /^.$/su.test(key) || isBegun ? {state: {...state, pending: keys}, actions: []} : undefined;
	const done = run(state, place, parsed);
	if (done === undefined)
		return keys.length > 1 ? {state: normal(state), actions: [], unknown: keys.join('')} : undefined;
	if (!isChange(parsed)) return done;
	return {...done, state: {...done.state, change: {keys, typed: ''}}};
};

/** Escape in insert mode. */
export const enterNormal = (state: VimState, place: Place): VimStep => {
	const again = typedAgain(state);
	const at = again === '' ? place.cursor : place.cursor + again.length;
	const text = place.text.slice(0, place.cursor) + again + place.text.slice(place.cursor);
	return {
		state: normal(state, {isNoting: false}),
		actions: [
			...(again === '' ? [] : [{kind: 'paste', text: again} as const]),
			point(leaveInsert({text, cursor: at})),
			{kind: 'end-change'},
		],
	};
};

/** Notes what is typed in insert mode, for `.`. */
export const noteTyped = (state: VimState, text: string): VimState =>
	state.isNoting ? {...state, change: {...state.change, typed: state.change.typed + text}} : state;

/** The character before was taken away again. */
export const noteErased = (state: VimState): VimState => {
	const {typed} = state.change;
	return {...state, change: {...state.change, typed: typed.slice(0, graphemeBefore(typed, typed.length))}};
};

/** @returns the keys that are waited with, for the screen: `2d`. */
export const pendingKeys = ({pending, into}: VimState): string =>
	`${into === undefined ? '' : `"${into}`}${pending.join('')}`;
