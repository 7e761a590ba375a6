/** The devices of the account: listed, renamed, signed out. */
import type {EncryptionActions} from '../commands/encryption-actions.ts';
import type {OwnDevice} from '../domain/device-requests.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {deviceRows} from '../view-models/device-rows.ts';
import {createForm} from '../view-models/form.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type DeviceActionOptions = ScreenPort & {
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

type DeviceActions = Pick<
	EncryptionActions,
	'openDevices' | 'reloadDevices' | 'chosenDevice' | 'renameChosen' | 'signOutChosen'
>;

export const createDeviceActions = (options: DeviceActionOptions): DeviceActions => {
	const {model, session, now} = options;
	let devices: readonly OwnDevice[] = [];
	let state: 'loading' | 'loaded' | 'failed' = 'loading';

	const run = (request: () => Promise<void>): void => void sayFailure(options, request);

	const load = async (): Promise<void> => {
		try {
			({devices} = await session.devices({}));
			state = 'loaded';
		} catch (error) {
			state = 'failed';
			throw error;
		} finally {
			model.inPanel(panels => panels.refresh());
		}
	};

	const chosen = (): OwnDevice | undefined => devices.find(({deviceId}) => deviceId === model.panels.chosen());

	const nameOf = ({name, deviceId}: OwnDevice): string => (name === undefined ? deviceId : `${name} (${deviceId})`);

	/** The person may have gone elsewhere meanwhile. */
	const closeForm = (): void => {
		if (model.panels.scope() === 'device') model.closePanel();
	};

	const rename = ({deviceId, name = ''}: OwnDevice): void => {
		const form = createForm({
			scope: 'device',
			place: 'side',
			title: literal`The name of a device`,
			hint: literal`Enter saves`,
			fields: () => [
				{kind: 'fact', key: 'id', label: literal`Id`, value: safeText(deviceId, 'name')},
				{kind: 'text', key: 'name', label: literal`Name`, value: name},
			],
			onLocked: reason => model.say(reason, 'warning'),
			onEnter(_, values) {
				const changed = (values['name'] ?? '').trim();
				if (changed === '') return model.say('Write a name first.', 'warning');
				run(async () => {
					await session.renameDevice({deviceId, name: changed});
					closeForm();
					model.say('Renamed.', 'ok');
					await load();
				});
			},
		});
		model.openPanel(form.source);
		model.inPanel(panels => panels.select('name'));
	};

	/** @returns whether it is signed out; otherwise the password is missing. */
	const signOut = async (device: OwnDevice, password?: string): Promise<boolean> => {
		const {isDone} = await session.signOutDevice({deviceId: device.deviceId, password});
		return isDone;
	};

	const said = async (device: OwnDevice): Promise<void> => {
		model.say(`${nameOf(device)} is signed out.`, 'ok');
		await load();
	};

	const askPassword = (device: OwnDevice): void => {
		let isAsking = false;
		const form = createForm({
			scope: 'device',
			place: 'side',
			title: literal`Password of the account`,
			hint: literal`Enter signs the device out`,
			fields: () => [
				{kind: 'fact', key: 'device', label: literal`Signs out`, value: safeText(nameOf(device), 'name')},
				{kind: 'text', key: 'password', label: literal`Password`, value: '', isSecret: true},
			],
			onLocked: reason => model.say(reason, 'warning'),
			onEnter(_, {password = ''}) {
				if (password === '') return model.say('Type the password first.', 'warning');
				// A second Enter on a slow line is the first one.
				if (isAsking) return;
				isAsking = true;
				model.say('Signing it out…');
				run(async () => {
					try {
						if (!(await signOut(device, password))) return;
						closeForm();
						await said(device);
					} finally {
						isAsking = false;
						form.set('password', '');
						model.inPanel(panels => panels.refresh());
					}
				});
			},
		});
		model.openPanel(form.source);
		model.inPanel(panels => panels.select('password'));
	};

	return {
		openDevices() {
			state = devices.length === 0 ? 'loading' : 'loaded';
			model.openPanel({
				scope: 'devices',
				place: 'side',
				get title() {
					return state === 'loading' ? literal`Your devices · loading…` : literal`Your devices · ${devices.length}`;
				},
				hint: literal`v verifies · r renames · d signs out`,
				rows: () => deviceRows(devices, now()),
				empty: () => (state === 'failed' ? literal`The devices could not be asked for.` : literal`Asking the server…`),
				choose: () => {
					const device = chosen();
					if (device !== undefined) rename(device);
				},
			});
			run(load);
		},
		reloadDevices() {
			// Behind another list it is read anew all the same: that one is closed next.
			if (devices.length > 0) run(load);
		},
		chosenDevice: () => chosen()?.deviceId,
		renameChosen() {
			const device = chosen();
			if (device !== undefined) rename(device);
		},
		signOutChosen() {
			const device = chosen();
			if (device === undefined) return;
			if (device.isThis) return model.say('You are using this one: quit mx and run `mx logout`.', 'warning');
			model.question.ask(
				yesQuestion(`Sign out ${nameOf(device)}?`, 'signs out', () =>
					run(async () => {
						if (await signOut(device)) await said(device);
						else askPassword(device);
					}),
				),
			);
		},
	};
};
