/** Commands for polls. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import {outsideOfRoom} from '../why-not.ts';

export const pollCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'vote-key',
		summary: 'Vote in the poll',
		group: 'message',
		keys: ['V'],
		scope: 'message',
		isSlash: false,
		parameters: {},
		run: (_, {poll}) => poll.vote(undefined),
	}),
	defineScreenCommand({
		name: 'vote',
		summary: 'Vote in the selected poll, or the newest',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {numbers: {kind: 'text', summary: 'Numbers of answers', isRest: true, isOptional: true}},
		run: ({numbers}, {poll}) => poll.vote(numbers),
	}),
	defineScreenCommand({
		name: 'endpoll',
		summary: 'End the selected poll, or your newest, after a question',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {poll}) => poll.end(),
	}),
];
