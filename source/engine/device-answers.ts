/** The part of the Session that is about devices: the server has the list, the crypto knows whom to trust. */
import type {DeviceRequests} from '../domain/device-requests.ts';
import {ExpectedError} from '../domain/errors.ts';
import {parseUserId} from '../domain/identifiers.ts';
import {withExpectedErrors} from '../matrix/expected-errors.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {SdkHost} from './sdk-host.ts';

export type DeviceAnswerOptions = {
	readonly record: Pick<AccountRecord, 'userId' | 'deviceId'>;
	readonly homeserver: Pick<Homeserver, 'devices'>;
	readonly sdk: Pick<SdkHost, 'load'>;
};

const refused = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'refused'});

export const createDeviceAnswers = ({record, homeserver, sdk}: DeviceAnswerOptions): DeviceRequests => {
	const {userId: self, deviceId: own} = record;
	const calls = homeserver.devices;
	return {
		devices: async () =>
			withExpectedErrors('list the devices', async () => {
				const listed = await calls.list();
				const {devices} = await (await sdk.load()).readPersonDevices(self);
				const trusts = new Map(devices.map(({deviceId, trust}) => [deviceId, trust]));
				return {
					devices: listed.map(device => ({
						...device,
						trust: trusts.get(device.deviceId) ?? 'no-keys',
						isThis: device.deviceId === own,
					})),
				};
			}),
		async devicesOf({userId}) {
			if (!parseUserId(userId)?.localpart)
				throw new ExpectedError({
					message: `${userId} is not the id of a person.`,
					next: 'An id looks like @anna:example.org.',
					reason: 'usage',
				});
			return withExpectedErrors('list the devices', async () => (await sdk.load()).readPersonDevices(userId));
		},
		renameDevice: async ({deviceId, name}) =>
			withExpectedErrors('rename the device', async () => {
				await calls.rename(deviceId, name);
				return {};
			}),
		async signOutDevice({deviceId, password}) {
			if (deviceId === own) throw refused('This is the device that you are using.', 'Quit mx and run `mx logout`.');
			const outcome = await withExpectedErrors('sign the device out', async () =>
				calls.signOut(deviceId, {userId: self, password}),
			);
			if (outcome === 'password-wrong') throw refused('The password is wrong.', 'Type the password of the account.');
			if (outcome === 'elsewhere')
				throw refused(
					'This server does not sign devices out for a password.',
					'Sign it out on the web page of the account, or in another client.',
				);
			return {isDone: outcome === 'done'};
		},
	};
};
