/** `mx login [SERVER] [USER]`: sign in, on a new device or again on this one. */
import {safeText} from '../../text/safe-text.ts';
import {defineShellCommand} from '../define-command.ts';

/** What `mx login` runs. */
export const loginCommand = defineShellCommand({
	name: 'login',
	summary: 'Sign in, and set up encryption',
	group: 'account',
	parameters: {
		server: {kind: 'word', summary: 'example.org, https://matrix.example.org, or @anna:example.org', isOptional: true},
		user: {kind: 'user', summary: 'anna, or @anna:example.org', isOptional: true},
	},
	flags: {
		'password-stdin': {kind: 'switch', summary: 'Read the password from the first line of stdin'},
		'recovery-key-stdin': {kind: 'switch', summary: 'Read the recovery key from stdin, the line after the password'},
		'recovery-key-file': {
			kind: 'text',
			placeholder: 'FILE',
			summary: 'Write the recovery key of a new account to a new file, readable by you alone',
		},
		'skip-verification': {kind: 'switch', summary: 'Leave encryption as it is: old encrypted messages stay closed'},
		secrets: {
			kind: 'text',
			placeholder: 'WHERE',
			summary: 'Where the key of the local store is kept: keyring, passphrase, file, or command',
		},
		'secrets-command': {
			kind: 'text',
			placeholder: 'COMMAND',
			summary: 'A program that prints the passphrase, for --secrets command',
		},
		'device-name': {kind: 'text', placeholder: 'NAME', summary: 'What your other devices call this one'},
	},
	exits: ['notSignedIn', 'notReady', 'notFound', 'refused', 'encryption'],
	examples: [
		'mx login example.org anna',
		'mx login @anna:example.org --password-stdin --recovery-key-file anna.key < password',
		'mx login @anna:example.org --password-stdin --recovery-key-stdin < password-and-key',
	],
	async run({server, user}, flags, context) {
		const result = await context.shell.login({
			server,
			user,
			isPasswordOnStdin: flags['password-stdin'],
			isRecoveryKeyOnStdin: flags['recovery-key-stdin'],
			recoveryKeyFile: flags['recovery-key-file'],
			isVerificationSkipped: flags['skip-verification'],
			secrets: flags.secrets,
			secretsCommand: flags['secrets-command'],
			deviceName: flags['device-name'],
		});
		const {userId, deviceId, homeserver, encryption} = result;
		context.print({
			text: () => [safeText(userId, 'name')],
			document: {
				user_id: userId,
				device_id: deviceId,
				homeserver,
				encryption: {state: encryption.state, message: encryption.message, next: encryption.next ?? null},
				recovery_key_file: result.recoveryKeyFile ?? null,
			},
		});
	},
});
