/** The modes of vim in the composer, joined to the screen: which events they take, and what the line below says of them. */
import type {ScreenContext} from '../commands/define-command.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {emptyComposer, reduceComposer, type ComposerAction} from '../view-models/composer.ts';
import {span, type ScreenSpan} from '../view-models/screen-line.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {
	enterNormal,
	insertMode,
	noteErased,
	noteTyped,
	pendingKeys,
	vimKey,
	type VimState,
	type VimStep,
} from '../view-models/vim-mode.ts';

export type VimKeysOptions = {
	readonly model: ScreenModel;
	readonly context: ScreenContext;
	/** Whether the set of keys is that of vim. */
	readonly isOn: () => boolean;
	/** The text of the composer has changed. */
	readonly onEdit: () => void;
};

export type VimKeys = {
	/** @returns whether the event is dealt with. */
	readonly take: (event: InputEvent) => boolean;
	/** @returns the mode and the keys that are waited with; `undefined` while one writes. */
	readonly hint: () => ScreenSpan | undefined;
};

type Place = {readonly text: string; readonly cursor: number};

const applyTo = (place: Place, action: ComposerAction): Place => reduceComposer({...emptyComposer, ...place}, action);

export const createVimKeys = ({model, context, isOn, onEdit}: VimKeysOptions): VimKeys => {
	let state: VimState = insertMode;
	/** The room that the mode is about: in another one, one writes. */
	let rid: number | undefined;

	const isCounting = (): boolean =>
		isOn() && model.focusedPane() === 'composer' && !model.isHelpOpen() && model.openedRoom() !== undefined;

	const apply = ({state: next, actions}: VimStep): void => {
		state = next;
		for (const action of actions) model.edit(action);
		if (actions.length === 0) model.update();
		else onEdit();
	};

	const takeInsert = (event: InputEvent): boolean => {
		if (event.kind === 'text') state = noteTyped(state, event.text);
		if (event.kind !== 'key') return false;
		if (event.key === 'backspace') state = noteErased(state);
		// An empty composer has nothing for normal mode: there Esc selects a message.
		if (event.key !== 'escape' || model.menuTakesKeys() || model.composer().text === '') return false;
		apply(enterNormal(state, model.composer()));
		return true;
	};

	const takeNormal = (event: InputEvent): boolean => {
		if (event.kind !== 'key' && event.kind !== 'text') return false;
		const key = event.kind === 'key' ? event.key : event.text;
		const isFresh = state.pending.length === 0;
		if (isFresh && key === ':') context.find.openCommands();
		else if (isFresh && key === '/') context.search.open('room');
		else if (isFresh && key === 'escape') context.message.select();
		else if (isFresh && key === 'enter') {
			state = {...state, mode: 'insert'};
			return false;
		} else {
			const step = vimKey(state, model.composer(), key, applyTo);
			if (step !== undefined) apply(step);
			else if (event.kind === 'key') return false;
			else model.say(`${key} is no key of normal mode here.`);
		}
		return true;
	};

	return {
		take(event) {
			if (!isCounting()) return false;
			const opened = model.openedRoom()?.rid;
			if (opened !== rid) state = {...insertMode, register: state.register, change: state.change};
			rid = opened;
			return state.mode === 'insert' ? takeInsert(event) : takeNormal(event);
		},
		hint() {
			if (!isCounting() || state.mode === 'insert' || model.openedRoom()?.rid !== rid) return undefined;
			const pending = pendingKeys(state);
			return pending === ''
				? span(literal`NORMAL · i writes · Enter sends · Esc selects a message`, 'accent')
				: span(literal`NORMAL · ${safeText(pending, 'name')}`, 'accent');
		},
	};
};
