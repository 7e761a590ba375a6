/** Commands of the completion menu. */
import {defineScreenCommand, type ScreenCommand, type ScreenContext} from '../define-command.ts';

type Step = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly scope: 'completion' | 'composer';
	readonly run: (context: ScreenContext) => void;
};

const steps: readonly Step[] = [
	{
		name: 'complete',
		summary: 'Complete the name, room, emoji or command before the cursor',
		keys: ['tab'],
		scope: 'composer',
		run: ({composer}) => composer.complete(),
	},
	{
		name: 'completion-take',
		summary: 'Put in the row, or the first one',
		keys: ['tab'],
		scope: 'completion',
		run: ({composer}) => composer.complete(),
	},
	{
		name: 'completion-enter',
		summary: 'Put in the chosen row; a command runs as it is typed',
		keys: ['enter'],
		scope: 'completion',
		run: ({composer}) => composer.enterCompletion(),
	},
	{
		name: 'completion-up',
		summary: 'Go up the menu',
		keys: ['up', 'ctrl-p'],
		scope: 'completion',
		run: ({composer}) => composer.moveCompletion(-1),
	},
	{
		name: 'completion-down',
		summary: 'Go down the menu',
		keys: ['down', 'ctrl-n'],
		scope: 'completion',
		run: ({composer}) => composer.moveCompletion(1),
	},
	{
		name: 'completion-close',
		summary: 'Close the menu for this word',
		keys: ['escape'],
		scope: 'completion',
		run: ({composer}) => composer.closeCompletion(),
	},
];

export const completionCommands: readonly ScreenCommand[] = steps.map(({run, ...step}) =>
	defineScreenCommand({
		...step,
		group: 'editing',
		isSlash: false,
		parameters: {},
		run: (_, context) => run(context),
	}),
);
