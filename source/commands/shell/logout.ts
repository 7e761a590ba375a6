/** `mx logout`: end the session on the server, and wipe what is on this machine. */
import {safeText} from '../../text/safe-text.ts';
import {defineShellCommand} from '../define-command.ts';

/** What `mx logout` runs. */
export const logoutCommand = defineShellCommand({
	name: 'logout',
	summary: 'Sign out, and wipe this account from this machine',
	group: 'account',
	parameters: {},
	flags: {
		yes: {kind: 'switch', alias: 'y', summary: 'Do not ask'},
		force: {kind: 'switch', summary: 'Wipe even if the server cannot be told'},
	},
	exits: ['notSignedIn', 'notReady'],
	examples: ['mx logout', 'mx logout --yes --profile work'],
	async run(_values, flags, context) {
		const result = await context.shell.logout({isForced: flags.force, isConfirmed: flags.yes});
		context.print({
			text: () => [safeText(result.userId, 'name')],
			document: {user_id: result.userId, device_id: result.deviceId, revoked: result.isRevoked},
		});
	},
});
