/** Commands on people whom the owner of the account knows on several networks. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom} from '../why-not.ts';

export const mergingCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'merge',
		summary: 'Say that this chat is with the same person as another one: they become one row',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {
			person: {kind: 'text', summary: 'A part of the name of the other chat', isRest: true, isOptional: true},
		},
		run: ({person}, {merging}) => merging.merge(person),
	}),
	defineScreenCommand({
		name: 'unmerge',
		summary: 'Take a chat out of the person that it was merged into, or all of them',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {merging}) => merging.unmerge(),
	}),
];
