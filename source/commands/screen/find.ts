/** Commands that find rooms, people and messages. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const findCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'switcher',
		summary: 'Go to a room by a part of its name',
		group: 'movement',
		keys: ['alt-k'],
		scope: 'everywhere',
		isSlash: false,
		parameters: {},
		run: (_, {find}) => find.openSwitcher(),
	}),
];
