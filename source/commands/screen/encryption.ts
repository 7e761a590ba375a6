/** Commands on what encryption rests on: the devices of the account. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';
import type {EncryptionActions} from '../encryption-actions.ts';

type DeviceKey = {
	readonly name: string;
	readonly summary: string;
	readonly keys: readonly string[];
	readonly run: (actions: EncryptionActions) => void;
};

const deviceKeys: readonly DeviceKey[] = [
	{name: 'device-rename', summary: 'Rename the device', keys: ['r'], run: actions => actions.renameChosen()},
	{
		name: 'device-sign-out',
		summary: 'Sign the device out',
		keys: ['d', 'delete'],
		run: actions => actions.signOutChosen(),
	},
];

export const encryptionCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'devices',
		summary: 'List your devices, rename them, sign them out',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {encryption}) => encryption.openDevices(),
	}),
	...deviceKeys.map(({name, summary, keys, run}) =>
		defineScreenCommand({
			name,
			summary,
			group: 'account',
			keys,
			scope: 'devices',
			isSlash: false,
			parameters: {},
			run: (_, {encryption}) => run(encryption),
		}),
	),
];
