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
	defineScreenCommand({
		name: 'bare',
		summary: 'Show the conversation alone, for the selection of the terminal; again for all',
		group: 'screen',
		keys: ['alt-l'],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {appearance}) => appearance.toggleBare(),
	}),
	defineScreenCommand({
		name: 'bare-leave',
		summary: 'Show everything again',
		group: 'screen',
		keys: ['escape', 'enter'],
		scope: 'bare',
		isSlash: false,
		parameters: {},
		run: (_, {appearance}) => appearance.toggleBare(),
	}),
	// Terminals whose mouse is free turn the wheel into these.
	defineScreenCommand({
		name: 'bare-up',
		summary: 'Scroll up a line',
		group: 'movement',
		keys: ['up'],
		scope: 'bare',
		isSlash: false,
		parameters: {},
		run: (_, {screen}) => screen.scrollLines(-1),
	}),
	defineScreenCommand({
		name: 'bare-down',
		summary: 'Scroll down a line',
		group: 'movement',
		keys: ['down'],
		scope: 'bare',
		isSlash: false,
		parameters: {},
		run: (_, {screen}) => screen.scrollLines(1),
	}),
	defineScreenCommand({
		name: 'set',
		summary: 'Keep a setting: keys vim, theme nord, notifyText none',
		group: 'screen',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			name: {
				kind: 'word',
				summary:
					'keys, theme, mouse, notify, notifyWhen, notifyText, pictures, pictureProtocol, receiptsBridged or receiptsMatrix',
			},
			value: {kind: 'word', summary: 'One of its values'},
		},
		run: ({name, value}, {appearance}) => appearance.keep(name, value),
	}),
	defineScreenCommand({
		name: 'mouse',
		summary: 'Use the mouse, or leave it to the terminal',
		group: 'screen',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {way: {kind: 'word', summary: 'on, or off', isOptional: true, words: ['on', 'off']}},
		run: ({way}, {appearance}) => appearance.setMouse(way),
	}),
];
