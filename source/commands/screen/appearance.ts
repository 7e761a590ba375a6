/** Commands about how mx looks. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const appearanceCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'theme',
		summary: 'Choose the colours, looking at them; or set a theme by its name',
		group: 'screen',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {name: {kind: 'word', summary: 'auto, dark, light …', isOptional: true}},
		run: ({name}, {appearance}) => (name === undefined ? appearance.openThemes() : appearance.setTheme(name)),
	}),
];
