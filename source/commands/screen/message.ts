/** Commands on the selected message: single letters while it is selected, slash commands while writing. */
import {defineScreenCommand, type CommandGroup, type ScreenCommand} from '../define-command.ts';
import type {MessageActions} from '../message-actions.ts';

type Key = {
	readonly name: string;
	readonly summary: string;
	readonly group: CommandGroup;
	readonly keys: readonly string[];
	readonly run: (actions: MessageActions) => void;
};

const movements: readonly Key[] = [
	{
		name: 'message-up',
		summary: 'Select the message above',
		group: 'movement',
		keys: ['k', 'up', 'ctrl-up', 'ctrl-p'],
		run: message => message.move(-1),
	},
	{
		name: 'message-down',
		summary: 'Select the message below',
		group: 'movement',
		keys: ['j', 'down', 'ctrl-down', 'ctrl-n'],
		run: message => message.move(1),
	},
	{
		name: 'message-page-up',
		summary: 'Go up a page',
		group: 'movement',
		keys: ['page-up', 'ctrl-u'],
		run: message => message.movePages(-1),
	},
	{
		name: 'message-page-down',
		summary: 'Go down a page',
		group: 'movement',
		keys: ['page-down', 'ctrl-d'],
		run: message => message.movePages(1),
	},
	{
		name: 'message-oldest',
		summary: 'Select the oldest message that is loaded; again: further',
		group: 'movement',
		keys: ['g', 'home', 'ctrl-home'],
		run: message => message.moveToEnd('oldest'),
	},
	{
		name: 'message-newest',
		summary: 'Select the newest message',
		group: 'movement',
		keys: ['G', 'end', 'ctrl-end'],
		run: message => message.moveToEnd('newest'),
	},
	{
		name: 'message-day-up',
		summary: 'Go to the beginning of the day, then to the day before',
		group: 'movement',
		keys: ['{'],
		run: message => message.moveDay(-1),
	},
	{
		name: 'message-day-down',
		summary: 'Go to the next day',
		group: 'movement',
		keys: ['}'],
		run: message => message.moveDay(1),
	},
	{
		name: 'leave-messages',
		summary: 'Go back to writing',
		group: 'screen',
		keys: ['escape', 'i', 'a'],
		run: message => message.leave(),
	},
	{
		name: 'message-command',
		summary: 'Write a slash command about the message',
		group: 'screen',
		keys: [':'],
		run: message => message.command(),
	},
];

const acts: readonly Key[] = [
	{name: 'reply-key', summary: 'Reply', group: 'message', keys: ['r'], run: message => message.reply()},
	{name: 'edit-key', summary: 'Edit', group: 'message', keys: ['e'], run: message => message.edit()},
	{
		name: 'react-key',
		summary: 'React, or take a reaction back',
		group: 'message',
		keys: ['+'],
		run: message => message.openReactions(),
	},
	{
		name: 'react-again',
		summary: 'React with what you reacted with last',
		group: 'message',
		keys: ['='],
		run: message => message.reactAgain(),
	},
	{
		name: 'remove-key',
		summary: 'Remove for everybody, after a question',
		group: 'message',
		keys: ['d', 'delete'],
		run: message => message.remove(undefined),
	},
	{
		name: 'pick-message',
		summary: 'Choose several messages for y and d',
		group: 'message',
		keys: [' '],
		run: message => message.pick(),
	},
	{
		name: 'quoted',
		summary: 'Go to the message that is answered',
		group: 'movement',
		keys: ['enter'],
		run: message => message.jumpToQuoted(),
	},
	{
		name: 'jump-back',
		summary: 'Go back to where you jumped from',
		group: 'movement',
		keys: ['alt-<', 'backspace'],
		run: message => message.jumpBack(),
	},
	{name: 'yank', summary: 'Copy the text', group: 'message', keys: ['y'], run: message => message.copy()},
	{
		name: 'yank-link',
		summary: 'Copy a link to the message',
		group: 'message',
		keys: ['Y'],
		run: message => message.copyLink(),
	},
	{
		name: 'yank-code',
		summary: 'Copy the code blocks',
		group: 'message',
		keys: ['c'],
		run: message => message.copyCode(),
	},
	{
		name: 'details',
		summary: 'Show versions, who reacted and who read it',
		group: 'message',
		keys: ['v'],
		run: message => message.details(),
	},
	{
		name: 'open-key',
		summary: 'Open a web address in it, after a question',
		group: 'message',
		keys: ['o'],
		run: message => message.openLinks(),
	},
	{
		name: 'retry-key',
		summary: 'Send again what failed',
		group: 'message',
		keys: ['R'],
		run: message => message.retry(),
	},
	{
		name: 'discard-key',
		summary: 'Forget what is not sent, after a question',
		group: 'message',
		keys: ['x'],
		run: message => message.discard(),
	},
];

const keyCommand = ({run, ...key}: Key): ScreenCommand =>
	defineScreenCommand({
		...key,
		scope: 'message',
		isSlash: false,
		parameters: {},
		run: (_, {message}) => run(message),
	});

/** Slash words without parameters. */
const words: ReadonlyArray<Omit<Key, 'keys' | 'group'> & {readonly aliases: readonly string[]}> = [
	{name: 'reply', aliases: ['r'], summary: 'Reply to the selected message', run: message => message.reply()},
	{name: 'copy', aliases: [], summary: 'Copy the text of the selected message', run: message => message.copy()},
	{
		name: 'open',
		aliases: ['o'],
		summary: 'Open a web address of the selected message',
		run: message => message.openLinks(),
	},
	{
		name: 'source',
		aliases: [],
		summary: 'Show the selected message as it came',
		run: message => message.source(),
	},
	{name: 'edit', aliases: ['e'], summary: 'Edit the selected message, or your last', run: message => message.edit()},
];

export const messageCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'select',
		summary: 'Select a message; then single letters act on it',
		group: 'movement',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {message}) => message.select(),
	}),
	defineScreenCommand({
		name: 'reply-up',
		summary: 'Choose the message that you reply to: further up',
		group: 'message',
		keys: ['ctrl-up'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {message}) => message.chooseReply(-1),
	}),
	defineScreenCommand({
		name: 'reply-down',
		summary: 'Choose the message that you reply to: further down',
		group: 'message',
		keys: ['ctrl-down'],
		scope: 'composer',
		isSlash: false,
		parameters: {},
		run: (_, {message}) => message.chooseReply(1),
	}),
	...movements.map(keyCommand),
	...acts.map(keyCommand),
	defineScreenCommand({
		name: 'message-help',
		summary: 'Show all keys and commands',
		group: 'help',
		keys: ['?'],
		scope: 'message',
		isSlash: false,
		parameters: {},
		run: (_, {screen}) => screen.toggleHelp(),
	}),
	defineScreenCommand({
		name: 'copy-source',
		summary: 'Copy the source',
		group: 'message',
		keys: ['y'],
		scope: 'source',
		isSlash: false,
		parameters: {},
		run: (_, {message}) => message.copySource(),
	}),
	...words.map(({run, ...word}) =>
		defineScreenCommand({
			...word,
			group: 'message',
			keys: [],
			scope: 'everywhere',
			isSlash: true,
			parameters: {},
			run: (_, {message}) => run(message),
		}),
	),
	defineScreenCommand({
		name: 'react',
		summary: 'React to the selected message, or the newest',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {reaction: {kind: 'text', summary: 'An emoji or a word', isRest: true, isOptional: true}},
		run: ({reaction}, {message}) => (reaction === undefined ? message.openReactions() : message.react(reaction)),
	}),
	defineScreenCommand({
		name: 'unreact',
		summary: 'Take your reaction back',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			reaction: {kind: 'text', summary: 'Which, where there are several', isRest: true, isOptional: true},
		},
		run: ({reaction}, {message}) => message.unreact(reaction),
	}),
	defineScreenCommand({
		name: 'redact',
		aliases: ['del', 'rm'],
		summary: 'Remove the selected message, or your last, for everybody',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {reason: {kind: 'text', summary: 'Why', isRest: true, isOptional: true}},
		run: ({reason}, {message}) => message.remove(reason),
	}),
];
