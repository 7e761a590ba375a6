/** Commands of the composer: sending, and readline's editing keys. */
import {defineScreenCommand, type EditStep, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom} from '../why-not.ts';

type Edit = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly step: EditStep;
};

const edits: readonly Edit[] = [
	{name: 'newline', summary: 'Begin a new line', keys: ['ctrl-j', 'alt-enter', 'shift-enter'], step: 'newline'},
	{name: 'left', summary: 'Move left', keys: ['left'], step: 'left'},
	{name: 'right', summary: 'Move right', keys: ['right'], step: 'right'},
	{name: 'word-left', summary: 'Move a word left', keys: ['alt-b', 'ctrl-left', 'alt-left'], step: 'word-left'},
	{name: 'word-right', summary: 'Move a word right', keys: ['alt-f', 'ctrl-right', 'alt-right'], step: 'word-right'},
	{name: 'line-start', summary: 'Move to the beginning of the line', keys: ['home', 'ctrl-a'], step: 'line-start'},
	{name: 'line-end', summary: 'Move to the end of the line', keys: ['end', 'ctrl-e'], step: 'line-end'},
	{name: 'up', summary: 'Move a row up; in an empty composer, edit your last message', keys: ['up'], step: 'up'},
	{name: 'down', summary: 'Move a row down', keys: ['down'], step: 'down'},
	{name: 'delete-back', summary: 'Delete the character before', keys: ['backspace'], step: 'delete-back'},
	{name: 'delete-forward', summary: 'Delete the character behind', keys: ['delete', 'ctrl-d'], step: 'delete-forward'},
	{name: 'kill-blank-back', summary: 'Cut back to the last blank', keys: ['ctrl-w'], step: 'kill-blank-back'},
	{name: 'kill-word-back', summary: 'Cut the word before', keys: ['alt-backspace'], step: 'kill-word-back'},
	{
		name: 'kill-word-forward',
		summary: 'Cut the word behind',
		keys: ['alt-d', 'ctrl-delete'],
		step: 'kill-word-forward',
	},
	{name: 'kill-to-start', summary: 'Cut to the beginning of the line', keys: ['ctrl-u'], step: 'kill-to-start'},
	{
		name: 'kill-to-end',
		summary: 'Cut to the end of the line; at the end of the text, go to a room',
		keys: ['ctrl-k'],
		step: 'kill-to-end',
	},
	{name: 'yank', summary: 'Put in what was cut', keys: ['ctrl-y'], step: 'yank'},
	{name: 'yank-pop', summary: 'Put in what was cut before that', keys: ['alt-y'], step: 'yank-pop'},
	{name: 'undo-typing', summary: 'Undo what was typed', keys: ['alt-z'], step: 'undo'},
	{name: 'redo-typing', summary: 'Redo it', keys: ['alt-Z'], step: 'redo'},
	{name: 'transpose', summary: 'Swap two characters', keys: ['ctrl-t'], step: 'transpose'},
];

/** Names of the commands that edit at the cursor. */
export const editNames: ReadonlySet<string> = new Set(edits.map(({name}) => name));

const editCommand = ({name, summary, keys, step}: Edit): ScreenCommand =>
	defineScreenCommand({
		name,
		summary,
		group: 'editing',
		keys,
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {screen}) => screen.edit(step),
	});

export const composerCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'send',
		summary: 'Send the message',
		group: 'message',
		keys: ['enter'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		whyNot: outsideOfRoom,
		run: (_, {screen}) => screen.submit(),
	}),
	...edits.map(editCommand),
];
