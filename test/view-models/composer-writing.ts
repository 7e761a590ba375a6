/** Composers for tests: a text with `|` where the cursor is, and actions after one another. */
import {emptyComposer, reduceComposer} from '../../source/view-models/composer.ts';
import type {Composer, ComposerAction} from '../../source/view-models/composer.ts';
import type {ComposerMotion} from '../../source/view-models/composer-motions.ts';

/** @returns a composer that holds the text without the bar, with the cursor where the bar was. */
export const write = (marked: string): Composer => {
	const cursor = marked.indexOf('|');
	return reduceComposer(emptyComposer, {kind: 'set', text: marked.replace('|', ''), cursor});
};

/** @returns the text with a bar where the cursor is. */
export const show = ({text, cursor}: Composer): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

/** @returns the state after the actions. */
export const run = (state: Composer, ...actions: readonly ComposerAction[]): Composer =>
	actions.reduce((current, action) => reduceComposer(current, action), state);

/** @returns one action a grapheme, as a keyboard gives them. */
export const type = (text: string): readonly ComposerAction[] =>
	Array.from(new Intl.Segmenter().segment(text), ({segment}) => ({kind: 'insert', text: segment}));

export const move = (to: ComposerMotion): ComposerAction => ({kind: 'move', to});
export const erase = (to: ComposerMotion): ComposerAction => ({kind: 'erase', to});
export const kill = (to: ComposerMotion): ComposerAction => ({kind: 'kill', to});
export const backspace = erase('left');
export const undo: ComposerAction = {kind: 'undo'};
export const redo: ComposerAction = {kind: 'redo'};
export const yank: ComposerAction = {kind: 'yank'};
export const up: ComposerAction = {kind: 'row', by: -1};
export const down: ComposerAction = {kind: 'row', by: 1};
