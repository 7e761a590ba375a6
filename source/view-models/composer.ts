/** The text that is being written: a pure reducer with readline's keys, a kill ring and undo by words. */
import type {Mention} from '../domain/mention.ts';
import {cleanOutgoing} from '../text/safe-text.ts';
import {moveByRow} from './composer-layout.ts';
import {graphemeAfter, graphemeBefore, graphemeBoundary, lineEnd, lineStart, motionTarget} from './composer-motions.ts';
import type {ComposerMotion} from './composer-motions.ts';
import type {ComposerView} from './composer-layout.ts';

/** One step of undo: at an index, this was removed and that inserted. */
type Edit = {
	readonly at: number;
	readonly removed: string;
	readonly inserted: string;
	/** Where the cursor was before and after. */
	readonly cursor: readonly [before: number, after: number];
	/** Undone and done again together with the one before. */
	readonly isJoined: boolean;
};

/** The composer of one room or thread. */
export type Composer = {
	readonly text: string;
	/** UTF-16 index, always between two graphemes. */
	readonly cursor: number;
	/** Newest last. */
	readonly undo: readonly Edit[];
	readonly redo: readonly Edit[];
	/** Killed texts, the one to yank last. */
	readonly kill: readonly string[];
	/** Cells from the left that a move by row strives for. */
	readonly goal: number | undefined;
	/** Whom the text names, as it was put in; the words may be gone again. */
	readonly mentions: readonly Mention[];
	/** A change is going on that is one step of undo, and what comes next is its first part or more of it. */
	readonly change: 'first' | 'more' | undefined;
	/** What the last action was: like ones are one step of undo, or one killed text. */
	readonly last: 'insert' | 'erase' | 'kill' | 'yank' | 'paste' | 'other';
};

/** What can be done with it. The command table maps keys to these. */
export type ComposerAction =
	/** Typed text; a word is one step of undo. */
	| {readonly kind: 'insert'; readonly text: string}
	| {readonly kind: 'newline'}
	/** One step of undo, whatever it holds. */
	| {readonly kind: 'paste'; readonly text: string; readonly mentions?: readonly Mention[]}
	| {readonly kind: 'move'; readonly to: ComposerMotion}
	/** To an index, or the next one between two graphemes. */
	| {readonly kind: 'point'; readonly at: number}
	/** Up or down, by wrapped rows of the view, without one by lines. The same state comes back where there is no row. */
	| {readonly kind: 'row'; readonly by: -1 | 1; readonly view?: ComposerView}
	/** Backspace is `left`, Delete is `right`. */
	| {readonly kind: 'erase'; readonly to: ComposerMotion}
	/** As `erase`, and `yank` brings it back. At its end, a line is joined with the next one; at its start with the one before. */
	| {readonly kind: 'kill'; readonly to: ComposerMotion}
	| {readonly kind: 'yank'}
	/** Right after a yank: the killed text before instead. */
	| {readonly kind: 'yank-pop'}
	| {readonly kind: 'transpose'}
	| {readonly kind: 'undo'}
	| {readonly kind: 'redo'}
	/** What is done between these two is one step of undo. */
	| {readonly kind: 'begin-change'}
	| {readonly kind: 'end-change'}
	/** A range becomes a text, in one step of undo: completion, sent history, what `$EDITOR` gave back. */
	| {
			readonly kind: 'replace';
			readonly from: number;
			readonly to: number;
			readonly text: string;
			readonly mentions?: readonly Mention[];
	  }
	/** Everything goes, but undo brings it back. */
	| {readonly kind: 'clear'}
	/** A draft is loaded, or the text was sent: undo begins anew; the kill ring stays. */
	| {readonly kind: 'set'; readonly text: string; readonly cursor?: number; readonly mentions?: readonly Mention[]};

/** Nothing written yet. */
export const emptyComposer: Composer = {
	text: '',
	cursor: 0,
	undo: [],
	redo: [],
	kill: [],
	goal: undefined,
	mentions: [],
	change: undefined,
	last: 'other',
};

const undoLimit = 200;
const killLimit = 30;
const mentionLimit = 100;

/** @returns text for the composer: without escape sequences and controls, tabs as four blanks, LF at every line end. */
export const cleanComposerText = (text: string): string => {
	const plain = text.replaceAll(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g, '');
	return cleanOutgoing(plain.replaceAll('\t', '    '));
};

/** @returns both edits as one, or `undefined` where they are two steps: a word begins with the blank before it. */
const merge = (first: Edit, second: Edit, last: Composer['last']): Edit | undefined => {
	const changed = second.inserted + second.removed;
	if (/^\s/.test(changed)) return undefined;
	const cursor = [first.cursor[0], second.cursor[1]] as const;
	if (last === 'insert' && second.at === first.at + first.inserted.length) {
		return {...first, inserted: first.inserted + second.inserted, cursor};
	}
	if (last !== 'erase') return undefined;
	if (second.at === first.at) return {...first, removed: first.removed + second.removed, cursor};
	const isBefore = second.at + second.removed.length === first.at;
	return isBefore ? {...first, at: second.at, removed: second.removed + first.removed, cursor} : undefined;
};

const splice = (text: string, at: number, removed: string, inserted: string): string =>
	text.slice(0, at) + inserted + text.slice(at + removed.length);

type Range = {readonly from: number; readonly to: number};

const change = (state: Composer, {from, to}: Range, inserted: string, last: Composer['last']): Composer => {
	if (from === to && inserted === '') return state;
	const removed = state.text.slice(from, to);
	const text = splice(state.text, from, removed, inserted);
	const cursor = graphemeBoundary(text, from + inserted.length);
	const edit: Edit = {at: from, removed, inserted, cursor: [state.cursor, cursor], isJoined: state.change === 'more'};
	const before = state.undo.at(-1);
	const merged = before !== undefined && state.last === last ? merge(before, edit, last) : undefined;
	const undo = merged === undefined ? [...state.undo.slice(1 - undoLimit), edit] : [...state.undo.slice(0, -1), merged];
	const more = state.change === undefined ? undefined : 'more';
	return {...state, text, cursor, undo, redo: [], goal: undefined, change: more, last};
};

const rangeTo = ({text, cursor}: Composer, to: ComposerMotion): Range => {
	const target = motionTarget(text, cursor, to);
	return {from: Math.min(cursor, target), to: Math.max(cursor, target)};
};

const moveTo = (state: Composer, cursor: number): Composer =>
	cursor === state.cursor ? state : {...state, cursor, goal: undefined, last: 'other'};

const killRange = (state: Composer, to: ComposerMotion): Range => {
	const {text, cursor} = state;
	if (to === 'line-end' && cursor === lineEnd(text, cursor)) return rangeTo(state, 'right');
	if (to === 'line-start' && cursor === lineStart(text, cursor)) return rangeTo(state, 'left');
	return rangeTo(state, to);
};

const kill = (state: Composer, to: ComposerMotion): Composer => {
	const range = killRange(state, to);
	if (range.from === range.to) return state;
	const killed = state.text.slice(range.from, range.to);
	const newest = state.last === 'kill' ? state.kill.at(-1) : undefined;
	const isBackward = range.from < state.cursor;
	const ring =
		newest === undefined
			? [...state.kill.slice(1 - killLimit), killed]
			: [...state.kill.slice(0, -1), isBackward ? killed + newest : newest + killed];
	return {...change(state, range, '', 'kill'), kill: ring};
};

const yank = (state: Composer): Composer =>
	change(state, {from: state.cursor, to: state.cursor}, state.kill.at(-1) ?? '', 'yank');

const yankPop = (state: Composer): Composer => {
	const yanked = state.undo.at(-1);
	const newest = state.kill.at(-1);
	if (state.last !== 'yank' || yanked === undefined || newest === undefined || state.kill.length < 2) return state;
	const ring = [newest, ...state.kill.slice(0, -1)];
	const range = {from: yanked.at, to: yanked.at + yanked.inserted.length};
	return {...change(state, range, ring.at(-1) ?? '', 'yank'), kill: ring};
};

const transpose = (state: Composer): Composer => {
	const {text, cursor} = state;
	// At the end of a line the two before the cursor change places, as in readline.
	const middle = cursor === lineEnd(text, cursor) ? graphemeBefore(text, cursor) : cursor;
	if (middle <= lineStart(text, cursor)) return state;
	const range = {from: graphemeBefore(text, middle), to: graphemeAfter(text, middle)};
	return change(state, range, text.slice(middle, range.to) + text.slice(range.from, middle), 'other');
};

/** What is written after it within a change is a step of its own. */
const unbegun = ({change}: Composer): Pick<Composer, 'change'> => ({
	change: change === undefined ? undefined : 'first',
});

const undo = (state: Composer): Composer => {
	const edit = state.undo.at(-1);
	if (edit === undefined) return state;
	const text = splice(state.text, edit.at, edit.inserted, edit.removed);
	const steps = {undo: state.undo.slice(0, -1), redo: [...state.redo, edit]};
	const before: Composer = {
		...state,
		...steps,
		...unbegun(state),
		text,
		cursor: edit.cursor[0],
		goal: undefined,
		last: 'other',
	};
	return edit.isJoined ? undo(before) : before;
};

const redo = (state: Composer): Composer => {
	const edit = state.redo.at(-1);
	if (edit === undefined) return state;
	const text = splice(state.text, edit.at, edit.removed, edit.inserted);
	const steps = {undo: [...state.undo, edit], redo: state.redo.slice(0, -1)};
	const after: Composer = {
		...state,
		...steps,
		...unbegun(state),
		text,
		cursor: edit.cursor[1],
		goal: undefined,
		last: 'other',
	};
	return steps.redo.at(-1)?.isJoined === true ? redo(after) : after;
};

/** The same words name whom they were put in for last. */
const remember = (state: Composer, mentions: readonly Mention[]): Composer => {
	if (mentions.length === 0) return state;
	const others = state.mentions.filter(({text}) => !mentions.some(each => each.text === text));
	return {...state, mentions: [...others, ...mentions].slice(-mentionLimit)};
};

type Replacement = Extract<ComposerAction, {readonly kind: 'replace'}>;

const replace = (state: Composer, {from, to, text, mentions = []}: Replacement): Composer => {
	const start = graphemeBoundary(state.text, Math.min(from, to));
	const end = graphemeBoundary(state.text, Math.max(from, to));
	return remember(change(state, {from: start, to: end}, cleanComposerText(text), 'other'), mentions);
};

type Setting = Extract<ComposerAction, {readonly kind: 'set'}>;

const set = ({kill}: Composer, {text: draft, cursor, mentions = []}: Setting): Composer => {
	const text = cleanComposerText(draft);
	return {...emptyComposer, kill, mentions, text, cursor: graphemeBoundary(text, cursor ?? text.length)};
};

const moveRow = (state: Composer, by: -1 | 1, view: ComposerView | undefined): Composer => {
	const place = moveByRow(state, by, view);
	return place === undefined ? state : {...state, ...place, last: 'other'};
};

/** @returns the next state; the same one where nothing changes. */
export const reduceComposer = (state: Composer, action: ComposerAction): Composer => {
	const here = {from: state.cursor, to: state.cursor};
	switch (action.kind) {
		case 'insert':
			return change(state, here, cleanComposerText(action.text), 'insert');
		case 'newline':
			return change(state, here, '\n', 'insert');
		case 'paste':
			return remember(change(state, here, cleanComposerText(action.text), 'paste'), action.mentions ?? []);
		case 'move':
			return moveTo(state, motionTarget(state.text, state.cursor, action.to));
		case 'point':
			return moveTo(state, graphemeBoundary(state.text, action.at));
		case 'row':
			return moveRow(state, action.by, action.view);
		case 'erase':
			return change(state, rangeTo(state, action.to), '', 'erase');
		case 'kill':
			return kill(state, action.to);
		case 'yank':
			return yank(state);
		case 'yank-pop':
			return yankPop(state);
		case 'transpose':
			return transpose(state);
		case 'undo':
			return undo(state);
		case 'redo':
			return redo(state);
		case 'begin-change':
			return {...state, change: 'first', last: 'other'};
		case 'end-change':
			return state.change === undefined ? state : {...state, change: undefined, last: 'other'};
		case 'replace':
			return replace(state, action);
		case 'clear':
			return change(state, {from: 0, to: state.text.length}, '', 'other');
		case 'set':
			return set(state, action);
		default:
			return action satisfies never;
	}
};
