/** `mx help [VERB]`: what there is, or everything about one verb. */
import {defineShellCommand} from '../define-command.ts';

/** What `mx help` runs. */
export const helpCommand = defineShellCommand({
	name: 'help',
	summary: 'Show all verbs, or everything about one',
	group: 'help',
	parameters: {verb: {kind: 'word', summary: 'A verb, such as send', isOptional: true}},
	flags: {},
	exits: [],
	examples: ['mx help send', 'mx send --help'],
	async run({verb}, _flags, context) {
		context.shell.help(verb);
	},
});
