/** From input events to commands and text: the one place that keys come through. */
import type {CommandScope, ScreenContext} from '../commands/define-command.ts';
import {keysInRow, type Keymap} from '../commands/keymap.ts';
import type {InputEvent, MouseEvent} from '../terminal/input-event.ts';
import {cleanComposerText} from '../view-models/composer.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import {scopesOf} from './key-scopes.ts';
import type {Sender} from './sender.ts';
import type {VimKeys} from './vim-keys.ts';

/** Commands that change the composer wait while its text is being stored. */
const composerScopes: readonly CommandScope[] = ['composer', 'completion'];

export type DispatcherOptions = {
	readonly model: ScreenModel;
	/** The one that holds now. */
	readonly keymap: () => Keymap;
	/** Takes events before the table does. */
	readonly vim: Pick<VimKeys, 'take' | 'hint' | 'mode'>;
	readonly context: ScreenContext;
	readonly sender: Pick<Sender, 'hold'>;
	readonly drafts: Pick<DraftKeeper, 'touch'>;
	readonly onMouse: (event: MouseEvent) => void;
	readonly onFocus: (isFocused: boolean) => void;
	/** An answer of the terminal. */
	readonly onReply: (text: string) => void;
};

export const createDispatcher = (options: DispatcherOptions): ((event: InputEvent) => void) => {
	const {model, keymap, vim, context, sender, drafts} = options;
	const {screen: actions} = context;

	/** Keys that were pressed and wait for what follows. */
	let begun: string | undefined;

	/** @returns whether the key means something here. */
	const press = (event: InputEvent, key: string): boolean => {
		const scopes = scopesOf(model);
		const keys = keysInRow(begun, key);
		const command = keymap().find(scopes, keys);
		if (command === undefined) {
			const wasBegun = begun !== undefined;
			begun = keymap().isBeginning(scopes, keys) ? keys : undefined;
			if (begun !== undefined) model.say(`${model.keyLabel(begun)} …`);
			else if (wasBegun) model.say(`${model.keyLabel(keys)} means nothing here.`);
			return wasBegun || begun !== undefined;
		}
		if (begun !== undefined) model.say('');
		begun = undefined;
		if (composerScopes.includes(command.scope) && sender.hold(event)) return true;
		command.run({}, context);
		return true;
	};

	/** Whether the person went into the inbox, or about it, by what is no letter: else they may not know that the keys are there. */
	let hasChosenInbox = false;

	/** Keys of the inbox by which a sentence that is typed there does nothing. */
	const searching: ReadonlySet<string> = new Set(['narrow', 'inbox-commands', 'inbox-help']);

	/** A letter in the inbox is one of a sentence where nobody chose to be there: it must not open, move or put away rooms. */
	const isMeant = (letter: string): boolean =>
		hasChosenInbox || vim.mode() !== undefined || searching.has(keymap().find(['inbox'], letter)?.name ?? '');

	const pressInInbox = (event: InputEvent, letter: string): void => {
		const [up, down, enter] = (['inbox-up', 'inbox-down', 'leave-inbox'] as const).map(model.keyOf);
		if (!isMeant(letter)) model.say(`${enter} opens a room; ${up} ${down} go to others, then letters are keys.`);
		else if (!press(event, letter)) model.say(`${letter} is no key here: ${enter} goes to writing.`);
	};

	/** Where no room is open, only commands can be written. */
	const isWritable = (kind: 'insert' | 'paste', text: string): boolean =>
		model.openedRoom() !== undefined || model.composer().text !== '' || (kind === 'insert' && text.startsWith('/'));

	/** Text goes to the composer, wherever the keys are. */
	const write = (event: InputEvent, kind: 'insert' | 'paste', text: string): void => {
		if (model.isHelpOpen()) {
			if (kind === 'insert') press(event, text);
			return;
		}
		if (model.focusedPane() === 'panel') {
			if (model.panels.takesText()) model.inPanel(panels => panels.edit({kind, text: text.replaceAll(/\s+/g, ' ')}));
			else if (kind === 'insert') press(event, text);
			return;
		}
		if (model.focusedPane() === 'timeline') {
			if (kind === 'insert') {
				if (!press(event, text))
					model.say(`${text} is no key here: ${model.keyOf('leave-messages')} goes back to writing.`);
				return;
			}
			model.focusComposer();
		}
		if (model.focusedPane() === 'inbox' && (kind === 'insert' || model.inbox.narrow() !== undefined)) {
			if (model.inbox.narrow() !== undefined) context.triage.typeNarrowing(text, kind === 'paste');
			else pressInInbox(event, text);
			return;
		}
		if (!isWritable(kind, text)) {
			const isDone = kind === 'insert' && press(event, text);
			if (!isDone) model.say('Open a room first, or write a command that begins with a slash.', 'warning');
			return;
		}
		if (sender.hold(event)) return;
		// Nobody writes what he does not see.
		if (model.panes.isBare()) model.panes.setBare(false);
		if (model.openedRoom() === undefined) model.focusComposer();
		else if (model.focusedPane() === 'inbox') actions.leaveInbox();
		// What is pasted is never a command, also if an escape sequence stands before its slash.
		const clean = kind === 'paste' ? cleanComposerText(text) : text;
		const isCommand = kind === 'paste' && model.composer().cursor === 0 && clean.startsWith('/');
		model.edit({kind, text: isCommand ? `/${clean}` : clean});
		if (kind === 'insert') context.composer.afterTyping();
		drafts.touch();
	};

	/** Whether a letter is text where the keys are. */
	const isWriting = (): boolean => {
		const pane = model.focusedPane();
		return (pane === 'composer' && vim.hint() === undefined) || (pane === 'panel' && model.panels.takesText());
	};

	/**
	 * An open question takes the next key, whatever it is. But who writes on without having seen it loses nothing of the text, of which
	 * the rest alone would be another one: no command, or no word.
	 */
	const answer = (event: InputEvent): boolean => {
		if (event.kind === 'key') return model.question.answer(event.key) !== undefined;
		if (event.kind === 'paste') model.question.answer(undefined);
		if (event.kind !== 'text') return false;
		const answered = model.question.answer(event.text);
		return answered === 'dropped' ? event.text.toLowerCase() === 'n' || !isWriting() : answered !== undefined;
	};

	const dispatch = (event: InputEvent): void => {
		if (answer(event)) return;
		if (begun === undefined && (event.kind === 'key' || event.kind === 'text') && vim.take(event)) return;
		switch (event.kind) {
			case 'text':
				model.fadeSentence();
				// What follows a key that was begun is never text.
				if (begun === undefined) write(event, 'insert', event.text);
				else press(event, event.text);
				break;
			case 'key':
				model.fadeSentence();
				press(event, event.key);
				break;
			case 'paste':
				begun = undefined;
				write(event, 'paste', event.text);
				break;
			case 'quarantine':
				model.say('Keys that came right behind a paste were dropped.', 'warning');
				break;
			case 'mouse':
				options.onMouse(event);
				break;
			case 'focus':
				options.onFocus(event.isFocused);
				break;
			case 'reply':
				options.onReply(event.text);
				break;
			default:
				event satisfies never;
		}
	};

	return event => {
		if (model.focusedPane() !== 'inbox') hasChosenInbox = false;
		dispatch(event);
		if (event.kind === 'key' || event.kind === 'mouse') hasChosenInbox = model.focusedPane() === 'inbox';
	};
};
