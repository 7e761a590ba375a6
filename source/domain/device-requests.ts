/** What can be asked of an account about devices, its own and those of other people: part of `Session`. */
import type {JsonObject} from './json.ts';

/**
 * How far a device is to be trusted (client-server API §Cross-signing). `signed`: its owner vouches for it, but who the owner
 * is was not verified from here; `no-keys`: it takes no part in encryption.
 */
export type DeviceTrust = 'verified' | 'signed' | 'unverified' | 'no-keys';

/** A device; its name is untrusted. */
export type KnownDevice = {
	readonly deviceId: string;
	readonly name: string | undefined;
	readonly trust: DeviceTrust;
};

/** A device of the account. */
export type OwnDevice = KnownDevice & {
	/** Milliseconds since the Unix epoch, server time; `undefined` where the server does not tell. */
	readonly lastSeen: number | undefined;
	/** Whether it is the one that is asked. */
	readonly isThis: boolean;
};

/** Whether the identity of a person was verified. `changed`: it was, and is another one now; `none`: there is no identity. */
export type IdentityTrust = 'verified' | 'unverified' | 'changed' | 'none';

export type PersonDevices = {readonly identity: IdentityTrust; readonly devices: readonly KnownDevice[]};

export type DeviceRequests = {
	/** Asks the server for the devices of the account. */
	devices(request: JsonObject): Promise<{readonly devices: readonly OwnDevice[]}>;
	/** Asks the server for the devices of a person that take part in encryption. */
	devicesOf(request: {readonly userId: string}): Promise<PersonDevices>;
	renameDevice(request: {readonly deviceId: string; readonly name: string}): Promise<JsonObject>;
	/**
	 * Signs another device of the account out.
	 * @returns isDone: false where the server wants the password first. Fails with `refused` for a wrong one, or where this
	 * cannot be done with a password
	 */
	signOutDevice(request: {
		readonly deviceId: string;
		readonly password?: string | undefined;
	}): Promise<{readonly isDone: boolean}>;
};

/** The method names of this part. */
export const deviceMethods = [
	'devices',
	'devicesOf',
	'renameDevice',
	'signOutDevice',
] as const satisfies readonly (keyof DeviceRequests)[];
