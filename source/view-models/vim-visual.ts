/** The visual modes of vim in the composer: what is selected, by characters or by lines, and what is done with it. */
import {graphemeAfter, lineEnd} from './composer-motions.ts';
import {isMotion, vimKey, type Apply} from './vim-mode.ts';
import {
	caseOf,
	isCharacter,
	isDigit,
	motionOf,
	normal,
	onCharacter,
	operateOn,
	point,
	replace,
	wholeLines,
	type Place,
	type Target,
	type VimState,
	type VimStep,
} from './vim-state.ts';
import {vimMotion, vimObject} from './vim-motions.ts';

/** `v` or `V` in normal mode. */
const beginVisual = (state: VimState, {cursor}: Place, key: 'v' | 'V'): VimStep => ({
	state: {...state, visual: {anchor: cursor, isLinewise: key === 'V'}},
	actions: [],
});

/** @returns what is selected; `undefined` outside of the visual modes. */
export const visualTarget = ({visual}: VimState, {text, cursor}: Place): Target | undefined => {
	if (visual === undefined) return undefined;
	// The text may have become shorter from elsewhere.
	const anchor = Math.min(visual.anchor, text.length);
	const [from, end] = [Math.min(anchor, cursor), Math.max(anchor, cursor)];
	return visual.isLinewise
		? {...wholeLines(text, {from, to: end}), isLinewise: true}
		: {from, to: Math.min(text.length, graphemeAfter(text, end)), isLinewise: false};
};

/** Keys that need another one behind them. */
const isBegun = ([key = '', next]: readonly string[]): boolean => next === undefined && "fFtTgriam'`q@".includes(key);

const operators: ReadonlyMap<string, 'd' | 'c' | 'y'> = new Map([
	['d', 'd'],
	['x', 'd'],
	['delete', 'd'],
	['c', 'c'],
	['s', 'c'],
	['y', 'y'],
]);

/** These take whole lines, whatever is selected. */
const lineOperators: ReadonlyMap<string, 'd' | 'c' | 'y'> = new Map([
	['D', 'd'],
	['X', 'd'],
	['C', 'c'],
	['S', 'c'],
	['R', 'c'],
	['Y', 'y'],
]);

/** @returns the text with its lines joined, as `J` does. */
const joined = (text: string): string => text.replaceAll(/\n[^\S\n]*/g, ' ');

/** What becomes of the selection itself; `undefined` where the key moves or means nothing. */
const act = (state: VimState, place: Place, target: Target, [key = '', next = '']: readonly string[]) => {
	const {text} = place;
	const taken = text.slice(target.from, target.to);
	const lines = {...wholeLines(text, target), isLinewise: true};
	const change = (put: string, more: Partial<VimState> = {}): VimStep => ({
		state: normal(state, more),
		actions: [replace(target, put), point(target.from)],
	});
	const operator = operators.get(key);
	if (operator !== undefined) return operateOn(state, {...place, cursor: target.from}, operator, target);
	const lineOperator = lineOperators.get(key);
	if (lineOperator !== undefined) return operateOn(state, {...place, cursor: lines.from}, lineOperator, lines);
	switch (key) {
		case '~':
		case 'u':
		case 'U':
			return change(caseOf(key, taken));
		case 'g':
			return 'uU~'.includes(next) ? change(caseOf(next, taken)) : undefined;
		case 'r':
			return isCharacter(next) ? change(taken.replaceAll(/[^\n]/gu, next)) : {state: normal(state), actions: []};
		case 'J': {
			const isOneLine = !text.slice(lines.from, lines.to).includes('\n');
			// One line alone is joined with the next one.
			const to = isOneLine && lines.to < text.length ? lineEnd(text, lines.to + 1) : lines.to;
			return {
				state: normal(state),
				actions: [replace({from: lines.from, to}, joined(text.slice(lines.from, to))), point(lines.from)],
			};
		}
		case 'p':
		case 'P': {
			const {register} = state;
			const put = register.isLinewise && !target.isLinewise ? `\n${register.text}\n` : register.text;
			return change(put, {register: {text: taken, isLinewise: target.isLinewise}});
		}
		default:
			return undefined;
	}
};

/** Takes one key of a visual mode. */
const visualKey = (state: VimState, place: Place, key: string): VimStep | undefined => {
	const {visual, pending} = state;
	const target = visualTarget(state, place);
	if (visual === undefined || target === undefined) return undefined;
	const stay = (more: Partial<VimState>, ...actions: VimStep['actions']): VimStep => ({
		state: {...state, pending: [], ...more},
		actions,
	});
	if (key === 'escape')
		return pending.length > 0 ? stay({}) : {state: normal(state), actions: [point(onCharacter(place))]};
	const keys = [...pending, key];
	const behind = keys.findIndex((each, at) => !isDigit(each, at === 0));
	const rest = behind === -1 ? [] : keys.slice(behind);
	const count =
		behind === 0 ? undefined : Math.min(Number(keys.slice(0, behind === -1 ? undefined : behind).join('')), 9999);
	const [first = '', next = ''] = rest;
	if (rest.length === 0 || isBegun(rest)) return {state: {...state, pending: keys}, actions: []};
	if (first === 'v' || first === 'V') {
		const isLinewise = first === 'V';
		return isLinewise === visual.isLinewise
			? {state: normal(state), actions: [point(onCharacter(place))]}
			: stay({visual: {...visual, isLinewise}});
	}
	if (first === 'o' || first === 'O')
		return stay({visual: {...visual, anchor: place.cursor}}, point(Math.min(visual.anchor, place.text.length)));
	if (first === 'i' || first === 'a') {
		const range = vimObject(place.text, place.cursor, first + next);
		if (range === undefined || range.to <= range.from) return stay({});
		const last = onCharacter({text: place.text.slice(0, range.to), cursor: range.to});
		return stay({visual: {anchor: range.from, isLinewise: false}}, point(last));
	}
	const done = act(state, place, target, rest);
	if (done !== undefined) return done;
	if (first !== 'enter' && !isMotion(first)) {
		if (rest.length > 1) return {...stay({}), unknown: rest.join('')};
		return pending.length > 0 ? stay({}) : undefined;
	}
	const motion = motionOf(state, first === 'enter' ? ['j'] : rest);
	const to = motion === undefined ? undefined : vimMotion(place.text, place.cursor, motion, count);
	if (to === undefined) return stay({});
	const find = typeof motion === 'object' && first !== ';' && first !== ',' ? motion : state.find;
	return stay({find}, point(onCharacter({text: place.text, cursor: to.at})));
};

/**
 * Takes one key of normal mode, or of the visual ones within it.
 * @param key a character, or the name of a key
 * @param apply what the composer would make of an action
 * @returns `undefined` where the key means nothing there: then it is one of the composer's other keys
 */
export const normalKey = (state: VimState, place: Place, key: string, apply: Apply): VimStep | undefined => {
	const {pending, visual} = state;
	if (pending[0] === '"')
		return {state: {...state, pending: [], into: key === 'escape' || !isCharacter(key) ? undefined : key}, actions: []};
	if (key === '"' && pending.length === 0) return {state: {...state, pending: [key]}, actions: []};
	const isBeginning = pending.length === 0 && visual === undefined && (key === 'v' || key === 'V');
	if (isBeginning) return beginVisual(state, place, key);
	const step = visual === undefined ? vimKey(state, place, key, apply) : visualKey(state, place, key);
	if (step === undefined || step.state.mode === 'normal') return step;
	// What is typed from here on belongs to the change, also for undo.
	const actions = [{kind: 'begin-change'} as const, ...step.actions];
	return visual === undefined
		? {...step, actions}
		: {state: {...step.state, isNoting: false}, actions, copied: step.copied};
};
