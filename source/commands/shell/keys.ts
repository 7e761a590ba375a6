/** `mx keys`: shows what the terminal sends for each key, and what mx makes of it. */
import {defineShellCommand} from '../define-command.ts';

/** What `mx keys` runs. */
export const keysCommand = defineShellCommand({
	name: 'keys',
	summary: 'Show what the terminal sends for each key',
	group: 'help',
	parameters: {},
	flags: {},
	exits: [],
	examples: ['mx keys'],
	run: async (_values, _flags, context) => context.shell.keys(),
});
