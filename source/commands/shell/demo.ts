/** `mx demo`: tries mx on a homeserver in memory, with people on many networks. */
import {defineShellCommand} from '../define-command.ts';

/** What `mx demo` runs. */
export const demoCommand = defineShellCommand({
	name: 'demo',
	summary: 'Try mx without an account: nothing leaves this machine, nothing stays',
	group: 'help',
	parameters: {},
	flags: {
		serve: {kind: 'switch', summary: 'Only serve: a homeserver on loopback for any client, until Ctrl-C'},
		port: {kind: 'count', placeholder: 'PORT', summary: 'Port of the server (a free one)'},
	},
	exits: [],
	examples: ['mx demo', 'mx demo --serve --port 8008'],
	async run(_values, flags, context) {
		await context.shell.demo({isServerOnly: flags.serve, port: flags.port});
	},
});
