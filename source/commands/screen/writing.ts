/** Commands for the text as a whole: what was sent before, the editor of the person. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const writingCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'older-text',
		summary: 'Bring back what you sent before',
		group: 'editing',
		keys: ['ctrl-p'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.moveHistory(-1),
	}),
	defineScreenCommand({
		name: 'newer-text',
		summary: 'Bring back what you sent after that, at last what you were writing',
		group: 'editing',
		keys: ['ctrl-n'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.moveHistory(1),
	}),
	defineScreenCommand({
		name: 'editor',
		summary: 'Write with your editor: $VISUAL or $EDITOR',
		group: 'editing',
		keys: ['alt-e'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.openEditor(),
	}),
];
