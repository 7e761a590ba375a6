/** From the editing steps of the command table to the actions of the composer. */
import type {EditStep} from '../commands/define-command.ts';
import type {ComposerView as ComposerMeasure} from '../view-models/composer-layout.ts';
import type {ComposerAction} from '../view-models/composer.ts';

type SimpleStep = Exclude<EditStep, 'up' | 'down'>;

const actions: Readonly<Record<SimpleStep, ComposerAction>> = {
	newline: {kind: 'newline'},
	left: {kind: 'move', to: 'left'},
	right: {kind: 'move', to: 'right'},
	'word-left': {kind: 'move', to: 'word-left'},
	'word-right': {kind: 'move', to: 'word-right'},
	'line-start': {kind: 'move', to: 'line-start'},
	'line-end': {kind: 'move', to: 'line-end'},
	'delete-back': {kind: 'erase', to: 'left'},
	'delete-forward': {kind: 'erase', to: 'right'},
	'kill-blank-back': {kind: 'kill', to: 'blank-left'},
	'kill-word-back': {kind: 'kill', to: 'word-left'},
	'kill-word-forward': {kind: 'kill', to: 'word-right'},
	'kill-to-start': {kind: 'kill', to: 'line-start'},
	'kill-to-end': {kind: 'kill', to: 'line-end'},
	yank: {kind: 'yank'},
	'yank-pop': {kind: 'yank-pop'},
	undo: {kind: 'undo'},
	redo: {kind: 'redo'},
	transpose: {kind: 'transpose'},
};

/** @param measure how wide the composer is, for moves by row. */
export const composerAction = (step: EditStep, measure: ComposerMeasure): ComposerAction => {
	if (step === 'up') return {kind: 'row', by: -1, view: measure};
	if (step === 'down') return {kind: 'row', by: 1, view: measure};
	return actions[step];
};
