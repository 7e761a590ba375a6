/** The modes of vim in the composer, joined to the screen: which events they take, and what the line below says of them. */
import type {ScreenContext} from '../commands/define-command.ts';
import {keyLabel} from '../commands/keymap.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {emptyComposer, reduceComposer, type ComposerAction} from '../view-models/composer.ts';
import type {ComposerPart} from '../view-models/input-lines.ts';
import {span, type ScreenSpan} from '../view-models/screen-line.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {enterNormal, noteErased, noteTyped, pendingKeys} from '../view-models/vim-mode.ts';
import {insertMode, overwrite, type VimState, type VimStep} from '../view-models/vim-state.ts';
import {normalKey, visualTarget} from '../view-models/vim-visual.ts';

export type VimKeysOptions = {
	readonly model: ScreenModel;
	readonly context: ScreenContext;
	/** Whether the set of keys is that of vim. */
	readonly isOn: () => boolean;
	/** The text of the composer has changed. */
	readonly onEdit: () => void;
	/** Puts text into the clipboard of the person's terminal. @returns whether it is short enough */
	readonly copy: (text: string) => boolean;
};

export type VimKeys = {
	/** @returns whether the event is dealt with. */
	readonly take: (event: InputEvent) => boolean;
	/** @returns the mode and the keys that are waited with, at length and in short; `undefined` while one writes. */
	readonly hint: () => readonly ScreenSpan[] | undefined;
	/** @returns the mode of the composer; `undefined` where the set of keys is another one. */
	readonly mode: () => 'insert' | 'normal' | undefined;
	/** @returns the part of the text that is selected. */
	readonly selected: () => ComposerPart | undefined;
};

/** These keys of normal mode scroll the timeline, as they would scroll the text in vim. */
const scrolling: ReadonlyMap<string, (screen: ScreenContext['screen']) => void> = new Map([
	['ctrl-u', screen => screen.scrollPages(-1)],
	['ctrl-b', screen => screen.scrollPages(-1)],
	['ctrl-d', screen => screen.scrollPages(1)],
	['ctrl-f', screen => screen.scrollPages(1)],
	['ctrl-y', screen => screen.scrollLines(-1)],
	['ctrl-e', screen => screen.scrollLines(1)],
]);

/** They are not what they are in vim, and what they do while one writes is not meant. */
const otherMeaning: ReadonlySet<string> = new Set(['ctrl-a', 'ctrl-x', 'ctrl-v']);

type Place = {readonly text: string; readonly cursor: number};

const applyTo = (place: Place, action: ComposerAction): Place => reduceComposer({...emptyComposer, ...place}, action);

export const createVimKeys = ({model, context, isOn, onEdit, copy}: VimKeysOptions): VimKeys => {
	let state: VimState = insertMode;
	/** The room that the mode is about: in another one, one writes. */
	let rid: number | undefined;
	/** `^W` was pressed: the next key says where to go. */
	let isLeaving = false;

	const isCounting = (): boolean =>
		isOn() && model.focusedPane() === 'composer' && !model.isHelpOpen() && model.openedRoom() !== undefined;

	const sayUnknown = (keys: string): void =>
		model.say(`${keys} is no key of ${state.visual === undefined ? 'normal' : 'visual'} mode here.`);

	const apply = ({state: next, actions, unknown, copied}: VimStep): void => {
		state = next;
		for (const action of actions) model.edit(action);
		if (copied !== undefined)
			model.say(copy(copied) ? 'It is copied to the clipboard.' : 'This is too long for the clipboard of a terminal.');
		else if (unknown !== undefined) sayUnknown(unknown);
		if (actions.length === 0) model.update();
		else onEdit();
	};

	const takeInsert = (event: InputEvent): boolean => {
		if (event.kind === 'text') {
			state = noteTyped(state, event.text);
			if (!state.isReplacing) return false;
			apply({state, actions: [overwrite(model.composer(), event.text)]});
			return true;
		}
		if (event.kind !== 'key') return false;
		if (event.key === 'backspace') state = noteErased(state);
		// An empty composer has nothing for normal mode: there Esc selects a message.
		if (event.key !== 'escape' || model.menuTakesKeys() || model.composer().text === '') return false;
		apply(enterNormal(state, model.composer()));
		return true;
	};

	const goFrom = (key: string): void => {
		isLeaving = false;
		if (key === 'h' || key === 'ctrl-h' || key === 'left') context.screen.toggleInbox();
		else if (['k', 'ctrl-k', 'up', 'w', 'ctrl-w', 'p'].includes(key)) context.message.select();
		model.update();
	};

	const takeNormal = (event: InputEvent): boolean => {
		if (event.kind !== 'key' && event.kind !== 'text') return false;
		const key = event.kind === 'key' ? event.key : event.text;
		const isFresh = pendingKeys(state) === '' && state.visual === undefined;
		if (isLeaving) goFrom(key);
		else if (key === 'ctrl-w') {
			isLeaving = true;
			model.update();
		} else if (scrolling.has(key)) scrolling.get(key)?.(context.screen);
		else if (isFresh && key === ':') context.find.openCommandLine();
		else if (isFresh && key === '/') context.search.open('room');
		else if (isFresh && key === 'escape' && isAboutMessage()) context.screen.cancel();
		else if (isFresh && key === 'escape') context.message.select();
		else if (isFresh && key === 'enter') {
			state = {...state, mode: 'insert'};
			return false;
		} else {
			const step = normalKey(state, model.composer(), key, applyTo);
			if (step !== undefined) apply(step);
			else if (event.kind === 'key' && !otherMeaning.has(key)) return false;
			else sayUnknown(event.kind === 'key' ? keyLabel(key) : key);
		}
		return true;
	};

	const isAboutMessage = (): boolean => rid !== undefined && model.writings.of(rid) !== undefined;

	const isHere = (): boolean => isCounting() && state.mode === 'normal' && model.openedRoom()?.rid === rid;

	return {
		take(event) {
			const opened = model.openedRoom()?.rid;
			const pane = model.focusedPane();
			// Who comes back from elsewhere writes; from a list or the help, all is as it was.
			if (opened !== rid || pane === 'timeline' || pane === 'inbox') {
				state = {...insertMode, register: state.register, change: state.change};
				isLeaving = false;
			}
			if (!isCounting()) return false;
			rid = opened;
			return state.mode === 'insert' ? takeInsert(event) : takeNormal(event);
		},
		hint() {
			if (!isHere()) return undefined;
			const pending = isLeaving ? '^W' : pendingKeys(state);
			const {visual} = state;
			const mode = visual === undefined ? literal`NORMAL` : visual.isLinewise ? literal`VISUAL LINE` : literal`VISUAL`;
			const said = (...parts: readonly SafeText[]): ScreenSpan =>
				span(joinSafe([mode, ...parts], literal` · `), 'accent');
			if (pending !== '') return [said(safeText(pending, 'name'))];
			if (visual !== undefined)
				return [
					said(literal`y copies · d cuts · c changes · p replaces · Esc ends`),
					said(literal`y copies · d cuts · Esc ends`),
					said(),
				];
			const writes = literal`i writes`;
			const escape = literal`Esc ${isAboutMessage() ? literal`drops the line above` : literal`selects a message`}`;
			return [said(writes, literal`Enter sends`, escape), said(writes, escape), said(writes), said()];
		},
		mode() {
			if (!isOn()) return undefined;
			return state.mode === 'normal' && model.openedRoom()?.rid === rid ? 'normal' : 'insert';
		},
		selected: () => (isHere() ? visualTarget(state, model.composer()) : undefined),
	};
};
