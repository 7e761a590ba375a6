/** Commands on bridges to other networks. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const bridgeCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'bridge',
		aliases: ['bridges'],
		summary: 'Show how bridges are; sign in at another network or out, find people there',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			action: {
				kind: 'word',
				summary: 'status, login, logout, contacts or invitations',
				isOptional: true,
				words: ['status', 'login', 'logout', 'contacts', 'invitations'],
			},
			network: {kind: 'word', summary: 'A network, as signal; for invitations accept or ask', isOptional: true},
			more: {
				kind: 'text',
				summary: 'For login how, as qr; for logout which login; for contacts a part of a name',
				isOptional: true,
				isRest: true,
			},
		},
		run: ({action, network, more}, {bridge}) => bridge.obey(action, network, more),
	}),
	defineScreenCommand({
		name: 'bridge-relogin',
		summary: 'Sign in again at the network',
		group: 'account',
		keys: ['r'],
		scope: 'bridges',
		isSlash: false,
		parameters: {},
		run: (_, {bridge}) => bridge.relogin(),
	}),
	defineScreenCommand({
		name: 'bridge-room',
		summary: 'Open the room with the bot',
		group: 'account',
		keys: ['o'],
		scope: 'bridges',
		isSlash: false,
		parameters: {},
		run: (_, {bridge}) => bridge.openConsole(),
	}),
];
