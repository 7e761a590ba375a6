/** Commands on files. */
import {readFileWord} from '../../domain/file-word.ts';
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom, withoutRoom} from '../why-not.ts';

/** In front of a path: the picture goes with what it says of place, time and camera. */
const keepMetadata = '--keep-metadata';

export const mediaCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'upload',
		aliases: ['attach'],
		summary: 'Send a file, with words to it if there are some; --keep-metadata before it sends a picture as it is',
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
		run({path, words}, {media}) {
			const isAsItIs = path === keepMetadata;
			const file = isAsItIs ? readFileWord(words ?? '') : undefined;
			const [chosen, rest] = file === undefined ? [path, words] : [file.value, words?.slice(file.length).trim()];
			if (chosen === undefined || chosen === '') media.openFiles();
			else media.sendFile(chosen, rest === '' ? undefined : rest, isAsItIs);
		},
	}),
	defineScreenCommand({
		name: 'files',
		summary: 'Choose a file to send with what is written',
		group: 'message',
		keys: ['ctrl-o'],
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
	defineScreenCommand({
		name: 'picture',
		summary: 'Draw the picture of the selected message, or of the newest that has one; again takes it away',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: withoutRoom,
		parameters: {},
		run: (_, {media}) => media.showPicture(),
	}),
	defineScreenCommand({
		name: 'picture-key',
		summary: 'Draw the picture, or take it away',
		group: 'message',
		keys: ['P'],
		scope: 'message',
		isSlash: false,
		parameters: {},
		run: (_, {media}) => media.showPicture(),
	}),
	defineScreenCommand({
		name: 'myavatar',
		aliases: ['avatar'],
		summary: 'Change your picture; - takes it away',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {path: {kind: 'file', summary: 'A picture', isOptional: true}},
		run: ({path}, {media}) => media.setAvatar('mine', path),
	}),
	defineScreenCommand({
		name: 'roomavatar',
		summary: 'Change the picture of the room; - takes it away',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {path: {kind: 'file', summary: 'A picture', isOptional: true}},
		run: ({path}, {media}) => media.setAvatar('room', path),
	}),
];
