/** The calls of the client-server API on the devices of the account (§Device Management). */
import {asArray, asInteger, asObject, asString, type JsonObject} from '../domain/json.ts';
import {passwordAnswer, readChallenge} from './authentication-challenge.ts';
import type {JsonAnswer} from './json-request.ts';
import {classifyAnswer, NetworkError} from './network-errors.ts';
import type {RoomCall} from './room-calls.ts';

/** As the server knows it; the name is untrusted. */
export type ListedDevice = {
	readonly deviceId: string;
	readonly name: string | undefined;
	/** Milliseconds since the Unix epoch, server time. */
	readonly lastSeen: number | undefined;
};

/** What came of signing a device out; `elsewhere`: the server does not do that for a password. */
export type SignOutOutcome = 'done' | 'password-needed' | 'password-wrong' | 'elsewhere';

export type DeviceCallOptions = {
	readonly call: RoomCall;
	/** A request whose error status is an answer. */
	readonly ask: (...request: Parameters<RoomCall>) => Promise<JsonAnswer>;
};

const pathOf = (deviceId?: string): string =>
	`/_matrix/client/v3/devices${deviceId === undefined ? '' : `/${encodeURIComponent(deviceId)}`}`;

/** Every call throws a NetworkError for an error status, and whatever the fetch throws. */
export const createDeviceCalls = ({call, ask}: DeviceCallOptions) => ({
	list: async (): Promise<readonly ListedDevice[]> =>
		asArray((await call(pathOf(), 'GET'))['devices'])
			.map(asObject)
			.flatMap(device => {
				const deviceId = asString(device['device_id']);
				if (deviceId === undefined) return [];
				const name = asString(device['display_name']);
				return [{deviceId, name: name === '' ? undefined : name, lastSeen: asInteger(device['last_seen_ts'])}];
			}),

	rename: async (deviceId: string, name: string): Promise<void> =>
		void (await call(pathOf(deviceId), 'PUT', {display_name: name})),

	/** A device that is gone is signed out. @param password sent only in answer to a challenge that asks for it */
	async signOut(
		deviceId: string,
		{userId, password}: {readonly userId: string; readonly password: string | undefined},
	): Promise<SignOutOutcome> {
		const remove = async (body: JsonObject) => ask(pathOf(deviceId), 'DELETE', body);
		const first = await remove({});
		if (first.isOk) return 'done';
		const challenge = readChallenge(first.status, first.body);
		// Where another service signs people in, the server does not know this request.
		if (challenge === undefined) {
			if (first.status === 404 && first.body['errcode'] === 'M_UNRECOGNIZED') return 'elsewhere';
			throw new NetworkError(classifyAnswer(first));
		}
		if (!challenge.isPasswordEnough) return 'elsewhere';
		if (password === undefined) return 'password-needed';
		const second = await remove({auth: passwordAnswer(challenge, {userId, password})});
		if (second.isOk) return 'done';
		if (second.body['errcode'] === 'M_FORBIDDEN') return 'password-wrong';
		throw new NetworkError(classifyAnswer(second));
	},
});
