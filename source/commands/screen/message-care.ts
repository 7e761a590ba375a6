/** Commands about messages that change nothing in what they say: pin, list of pins, forward, report. */
import {defineMessageWord, defineScreenCommand, type CommandScope, type ScreenCommand} from '../define-command.ts';
import type {MessageActions} from '../message-actions.ts';
import {outsideOfRoom, withoutRoom} from '../why-not.ts';

type CareKey = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly scopes: readonly CommandScope[];
	readonly run: (actions: MessageActions) => void;
};

const keys: readonly CareKey[] = [
	{
		name: 'pin-key',
		summary: 'Pin for everybody, or take the pin off',
		keys: ['p'],
		scopes: ['message', 'thread'],
		run: message => message.togglePin(),
	},
	{
		name: 'unpin-key',
		summary: 'Take the pin off',
		keys: ['p', 'd', 'delete'],
		scopes: ['pins'],
		run: message => message.unpinChosen(),
	},
	{
		name: 'forward-key',
		summary: 'Forward to another room',
		keys: ['f'],
		scopes: ['message', 'thread', 'pins'],
		run: message => message.forward(undefined),
	},
	{name: 'pin-copy-key', summary: 'Copy the text', keys: ['y'], scopes: ['pins'], run: message => message.copy()},
];

export const messageCareCommands: readonly ScreenCommand[] = [
	...keys.flatMap(({name, summary, keys: all, scopes, run}) =>
		scopes.map((scope, index) =>
			defineScreenCommand({
				name: index === 0 ? name : `${scope}-${name}`,
				summary,
				group: 'message',
				keys: all,
				scope,
				isSlash: false,
				parameters: {},
				run: (_, {message}) => run(message),
			}),
		),
	),
	defineMessageWord({
		name: 'pin',
		summary: 'Pin the selected message, or the newest, for everybody',
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {message}) => message.setPinned(true),
	}),
	defineMessageWord({
		name: 'unpin',
		summary: 'Take the pin of the selected message off',
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {message}) => message.setPinned(false),
	}),
	defineMessageWord({
		name: 'pins',
		aliases: ['pinned'],
		summary: 'List what is pinned in the room, or in all chats of the person',
		whyNot: withoutRoom,
		parameters: {},
		run: (_, {message}) => message.openPins(),
	}),
	defineMessageWord({
		name: 'forward',
		summary: 'Forward the selected message, or the newest, to another room',
		whyNot: withoutRoom,
		parameters: {room: {kind: 'room', summary: 'Where to; a list without', isRest: true, isOptional: true}},
		run: ({room}, {message}) => message.forward(room),
	}),
	defineMessageWord({
		name: 'report',
		summary: 'Report the selected message, or the newest of somebody else, to those who run your server',
		whyNot: outsideOfRoom,
		parameters: {reason: {kind: 'text', summary: 'What is wrong', isRest: true}},
		run: ({reason}, {message}) => message.report(reason),
	}),
];
