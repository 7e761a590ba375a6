/** Commands on what encryption rests on: the devices of the account, files of keys, recovery. */
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
	defineScreenCommand({
		name: 'keys',
		summary: 'Export the keys of encrypted rooms into a file, or import them: /keys export FILE',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			action: {kind: 'word', summary: 'export or import', words: ['export', 'import']},
			file: {kind: 'file', summary: 'The file; a blank in its name stands behind a \\'},
		},
		run({action, file}, {encryption}) {
			if (action === 'export') encryption.exportKeys(file);
			else if (action === 'import') encryption.importKeys(file);
			else encryption.sayKeyUsage();
		},
	}),
	defineScreenCommand({
		name: 'recovery',
		summary: 'Show how the recovery of encrypted messages stands, and do what is next',
		group: 'account',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {},
		run: (_, {encryption}) => encryption.openRecovery(),
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
