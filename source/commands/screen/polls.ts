/** Commands for polls. */
import {defineMessageWord, defineScreenCommand, type ScreenCommand} from '../define-command.ts';
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
	defineMessageWord({
		name: 'vote',
		summary: 'Vote in the selected poll, or the newest',
		whyNot: outsideOfRoom,
		parameters: {numbers: {kind: 'text', summary: 'Numbers of answers', isRest: true, isOptional: true}},
		run: ({numbers}, {poll}) => poll.vote(numbers),
	}),
	defineMessageWord({
		name: 'endpoll',
		summary: 'End the selected poll, or your newest, after a question',
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {poll}) => poll.end(),
	}),
];
