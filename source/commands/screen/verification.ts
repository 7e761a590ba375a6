/** Commands on verification by emoji: of own devices, and of people. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

const paneKeys: ReadonlyArray<
	readonly [name: 'accept' | 'start' | 'match' | 'mismatch' | 'cancel', keys: readonly string[], summary: string]
> = [
	['accept', ['a'], 'Accept the request'],
	['start', ['s'], 'Show the emoji'],
	['match', ['y'], 'The emoji match'],
	['mismatch', ['n'], 'The emoji do not match'],
	['cancel', ['c'], 'Decline or cancel it'],
];

export const verificationCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'verify',
		summary: 'Verify your devices, or a person, by comparing emoji; answer a request',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			user: {
				kind: 'user',
				summary: 'A person, the id of a device of yours, or an answer: accept, match, differ, cancel',
				isOptional: true,
			},
		},
		run: ({user}, {verification}) => verification.verify(user),
	}),
	defineScreenCommand({
		name: 'device-verify',
		summary: 'Verify the device',
		group: 'account',
		keys: ['v'],
		scope: 'devices',
		isSlash: false,
		parameters: {},
		run: (_, {verification}) => verification.verifyChosen(),
	}),
	...paneKeys.map(([name, keys, summary]) =>
		defineScreenCommand({
			name: `verification-${name}`,
			summary,
			group: 'account',
			keys,
			scope: 'verification',
			isSlash: false,
			parameters: {},
			run: (_, {verification}) => verification[name](),
		}),
	),
];
