/** Commands on events as they are. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom} from '../why-not.ts';

export const devtoolsCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'devtools',
		summary: 'List the state of the room, event by event',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {devtools}) => devtools.openState(),
	}),
	defineScreenCommand({
		name: 'raw',
		summary: 'Send an event of any type, its content as JSON',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {
			type: {kind: 'word', summary: 'Its type, such as m.room.message'},
			content: {kind: 'text', summary: 'Its content as JSON', isRest: true},
		},
		run: ({type, content}, {devtools}) => devtools.sendRaw(type, content),
	}),
	defineScreenCommand({
		name: 'rawstate',
		summary: 'Show a state event; with a content as JSON, set it after a question',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {
			type: {kind: 'word', summary: 'Its type, such as m.room.topic'},
			rest: {kind: 'text', summary: 'Its key, and what it is set to, as JSON', isRest: true, isOptional: true},
		},
		run: ({type, rest = ''}, {devtools}) => devtools.rawState(type, rest),
	}),
];
