/** From input events to commands and text: the one place that keys come through. */
import type {CommandScope, ScreenActions} from '../commands/define-command.ts';
import type {Keymap} from '../commands/keymap.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import type {Sender} from './sender.ts';

/** Commands that change the composer wait while its text is being stored. */
const composerScope = 'composer';

export type DispatcherOptions = {
	readonly model: ScreenModel;
	readonly keymap: Keymap;
	readonly actions: ScreenActions;
	readonly sender: Pick<Sender, 'hold'>;
	readonly drafts: Pick<DraftKeeper, 'touch'>;
	readonly onFocus: (isFocused: boolean) => void;
	/** An answer of the terminal. */
	readonly onReply: (text: string) => void;
};

export const createDispatcher = (options: DispatcherOptions): ((event: InputEvent) => void) => {
	const {model, keymap, actions, sender, drafts} = options;

	const scopes = (): readonly CommandScope[] => {
		if (model.isHelpOpen()) return ['help', 'everywhere'];
		return [model.focusedPane(), 'everywhere'];
	};

	const press = (event: InputEvent, key: string): void => {
		const command = keymap.find(scopes(), key);
		if (command === undefined) return;
		if (command.scope === composerScope && sender.hold(event)) return;
		command.run({}, {screen: actions});
	};

	/** Text goes to the composer, wherever the keys are, as long as a room is open to take it. */
	const write = (event: InputEvent, kind: 'insert' | 'paste', text: string): void => {
		if (model.isHelpOpen() || model.openedRoom() === undefined) {
			if (kind === 'insert') press(event, text);
			return;
		}
		if (sender.hold(event)) return;
		if (model.focusedPane() === 'inbox') actions.leaveInbox();
		// What is pasted is never a command.
		const isCommand = kind === 'paste' && model.composer()?.cursor === 0 && text.startsWith('/');
		model.edit({kind, text: isCommand ? `/${text}` : text});
		drafts.touch();
	};

	return event => {
		switch (event.kind) {
			case 'text':
				model.fadeSentence();
				write(event, 'insert', event.text);
				break;
			case 'key':
				model.fadeSentence();
				press(event, event.key);
				break;
			case 'paste':
				write(event, 'paste', event.text);
				break;
			case 'quarantine':
				model.say('Keys that came right behind a paste were dropped.', 'warning');
				break;
			case 'mouse':
				if (event.action === 'wheel-up') actions.scrollLines(-3);
				if (event.action === 'wheel-down') actions.scrollLines(3);
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
};
