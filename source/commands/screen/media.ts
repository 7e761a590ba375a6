/** Commands on files. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom, withoutRoom} from '../why-not.ts';

export const mediaCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'upload',
		aliases: ['attach'],
		summary: 'Send a file, with words to it if there are some',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		isTextKept: true,
		whyNot: outsideOfRoom,
		parameters: {
			path: {kind: 'file', summary: 'The file; a blank in its name stands behind a \\', isOptional: true},
			words: {kind: 'text', summary: 'What you say to it, in Markdown', isRest: true, isOptional: true},
		},
		run: ({path, words}, {media}) => (path === undefined ? media.openFiles() : media.sendFile(path, words)),
	}),
	defineScreenCommand({
		name: 'files',
		summary: 'Choose a file to send with what is written',
		group: 'message',
		keys: ['alt-u'],
		scope: 'everywhere',
		isSlash: false,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {media}) => media.openFiles(),
	}),
	defineScreenCommand({
		name: 'download',
		aliases: ['save', 'dl'],
		summary: 'Save the file of the selected message, or of the newest that has one',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: withoutRoom,
		parameters: {folder: {kind: 'file', summary: 'Where to; else your downloads', isOptional: true}},
		run: ({folder}, {media}) => media.save(folder),
	}),
	defineScreenCommand({
		name: 'save-key',
		summary: 'Save the file to your downloads',
		group: 'message',
		keys: ['s'],
		scope: 'message',
		isSlash: false,
		parameters: {},
		run: (_, {media}) => media.save(undefined),
	}),
];
