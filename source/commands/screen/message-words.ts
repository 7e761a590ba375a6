/** Slash words that send: how a text is meant, polls, places, and when it is sent. And what becomes of what is not sent yet. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import type {Parameter} from '../parameter.ts';
import {messageWords} from '../message-styles.ts';
import {outsideOfRoom} from '../why-not.ts';

type Sending = {
	readonly name: string;
	readonly summary: string;
	readonly parameters: Readonly<Record<string, Parameter>>;
};

const sendings: readonly Sending[] = [
	...messageWords.map(({name, summary, what, isOptional = false}) => ({
		name,
		summary,
		parameters: {text: {kind: 'text', summary: what, isRest: true, isOptional}} as const,
	})),
	{
		name: 'poll',
		summary: 'Ask a question with answers to choose from, divided by |',
		parameters: {question: {kind: 'text', summary: 'QUESTION | ANSWER | ANSWER', isRest: true}},
	},
	{
		name: 'location',
		summary: 'Send a place',
		parameters: {
			place: {kind: 'word', summary: 'geo:LATITUDE,LONGITUDE'},
			name: {kind: 'text', summary: 'What is there', isRest: true, isOptional: true},
		},
	},
	{
		name: 'later',
		summary: 'Send at a time: 10m, 18:30, tomorrow 9:00; /outbox lists and cancels it',
		parameters: {
			when: {kind: 'time', summary: '10m, 18:30, tomorrow, monday 9:00, 2026-12-24 18:00'},
			text: {kind: 'text', summary: 'The message; other words such as /me may begin it', isRest: true},
		},
	},
	{
		name: 'split',
		summary: 'Send a text that is too long for one message as several',
		parameters: {text: {kind: 'text', summary: 'The text', isRest: true}},
	},
];

const sendingCommand = ({name, summary, parameters}: Sending): ScreenCommand =>
	defineScreenCommand({
		name,
		summary,
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		isTextKept: true,
		whyNot: outsideOfRoom,
		parameters,
		run: (_, {composer}) => composer.sendWritten(),
	});

export const messageWordCommands: readonly ScreenCommand[] = [
	...sendings.map(sendingCommand),
	defineScreenCommand({
		name: 'undo',
		summary: 'Take back what is not sent yet, or remove your last message after a question',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		whyNot: outsideOfRoom,
		parameters: {},
		run: (_, {composer}) => composer.takeBack(),
	}),
	defineScreenCommand({
		name: 'outbox',
		summary: 'List what is not sent yet: to send it now, cancel it or write it anew',
		group: 'message',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {composer}) => composer.openOutbox(),
	}),
	defineScreenCommand({
		name: 'outbox-send',
		summary: 'Send it now, or again',
		group: 'message',
		keys: ['s', 'R'],
		scope: 'outbox',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.actOnWaiting('send'),
	}),
	defineScreenCommand({
		name: 'outbox-cancel',
		summary: 'Cancel it, after a question',
		group: 'message',
		keys: ['d', 'x', 'delete'],
		scope: 'outbox',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.actOnWaiting('discard'),
	}),
	defineScreenCommand({
		name: 'outbox-edit',
		summary: 'Take it back into the composer of its room',
		group: 'message',
		keys: ['e'],
		scope: 'outbox',
		isSlash: false,
		parameters: {},
		run: (_, {composer}) => composer.actOnWaiting('edit'),
	}),
];
