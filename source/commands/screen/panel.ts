/** Commands within an open list: walking, choosing, narrowing. */
import {defineScreenCommand, type EditStep, type ScreenCommand, type ScreenContext} from '../define-command.ts';

type Step = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly run: (context: ScreenContext) => void;
};

const steps: readonly Step[] = [
	{name: 'list-up', summary: 'Go up the list', keys: ['up', 'ctrl-p', 'shift-tab'], run: ({panel}) => panel.move(-1)},
	{name: 'list-down', summary: 'Go down the list', keys: ['down', 'ctrl-n', 'tab'], run: ({panel}) => panel.move(1)},
	{name: 'list-page-up', summary: 'Go up a page', keys: ['page-up'], run: ({panel}) => panel.movePages(-1)},
	{name: 'list-page-down', summary: 'Go down a page', keys: ['page-down'], run: ({panel}) => panel.movePages(1)},
	{
		name: 'list-first',
		summary: 'Go to the first entry',
		keys: ['ctrl-home'],
		run: ({panel}) => panel.moveToEnd('first'),
	},
	{name: 'list-last', summary: 'Go to the last entry', keys: ['ctrl-end'], run: ({panel}) => panel.moveToEnd('last')},
	{name: 'list-choose', summary: 'Choose the entry', keys: ['enter'], run: ({panel}) => panel.choose()},
	{
		name: 'list-help',
		summary: 'Show the keys of this list, and all others',
		keys: ['?'],
		run: ({screen}) => screen.toggleHelp(),
	},
	{name: 'list-close', summary: 'Close the list', keys: ['escape'], run: ({panel}) => panel.close()},
];

const edits: readonly (readonly [step: EditStep, summary: string, ...keys: readonly string[]])[] = [
	['left', 'Move left in what narrows the list', 'left'],
	['right', 'Move right in what narrows the list', 'right'],
	['line-start', 'Move to its beginning', 'home', 'ctrl-a'],
	['line-end', 'Move to its end', 'end', 'ctrl-e'],
	['delete-back', 'Delete the character before', 'backspace'],
	['delete-forward', 'Delete the character behind', 'delete'],
	['kill-blank-back', 'Delete back to the last blank', 'ctrl-w'],
	['kill-to-start', 'Delete to the beginning', 'ctrl-u'],
];

/** Commands of scope `panel`. */
export const panelCommands: readonly ScreenCommand[] = [
	...steps.map(({run, ...step}) =>
		defineScreenCommand({
			...step,
			group: 'movement',
			scope: 'panel',
			isSlash: false,
			parameters: {},
			run: (_, context) => run(context),
		}),
	),
	...edits.map(([step, summary, ...keys]) =>
		defineScreenCommand({
			name: `list-${step}`,
			summary,
			group: 'editing',
			keys,
			scope: 'panel',
			isSlash: false,
			parameters: {},
			run: (_, {panel}) => panel.edit(step),
		}),
	),
];
