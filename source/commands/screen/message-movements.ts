/** Moving among messages while one is selected. */
import type {CommandGroup} from '../define-command.ts';
import type {MessageActions} from '../message-actions.ts';

/** A key that acts on the selected message. */
export type Key = {
	readonly name: string;
	readonly summary: string;
	readonly group: CommandGroup;
	readonly keys: readonly string[];
	readonly run: (actions: MessageActions) => void;
};

/** Keys that go from message to message, and out of the messages. */
export const movements: readonly Key[] = [
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
		keys: ['i', 'a', 'escape'],
		run: message => message.leave(),
	},
];
