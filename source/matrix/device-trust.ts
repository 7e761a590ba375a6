/** How far the devices of a person are to be trusted, by cross-signing. */
import type {MatrixClient} from 'matrix-js-sdk';
import type {DeviceTrust, IdentityTrust, PersonDevices} from '../domain/device-requests.ts';

type Device = {
	readonly deviceId: {toString(): string};
	readonly displayName: string | undefined;
	readonly isDehydrated: boolean;
	isCrossSigningTrusted(): boolean;
	isCrossSignedByOwner(): boolean;
};

type Identity = {isVerified(): boolean; wasPreviouslyVerified(): boolean};

/**
 * Private parts of RustCrypto (contract: test/engine/devices.test.ts). Its public methods do not keep what they learn of people
 * without a common encrypted room, so they cannot tell how far to trust their devices.
 */
type QueryParts = {
	readonly olmMachine: {
		readonly userId: object;
		queryKeysForUsers(users: readonly object[]): object;
		getIdentity(user: object): Promise<Identity | undefined>;
		getUserDevices(user: object): Promise<{devices(): readonly Device[]}>;
	};
	readonly outgoingRequestProcessor: {makeOutgoingRequest(request: object): Promise<void>};
};

const trustOf = (device: Device): DeviceTrust => {
	if (device.isCrossSigningTrusted()) return 'verified';
	return device.isCrossSignedByOwner() ? 'signed' : 'unverified';
};

const identityOf = (identity: Identity | undefined): IdentityTrust => {
	if (identity === undefined) return 'none';
	if (identity.isVerified()) return 'verified';
	return identity.wasPreviouslyVerified() ? 'changed' : 'unverified';
};

/**
 * Asks the server for the keys of a person as they are now. Dehydrated devices (MSC3814) are left out: nobody sits at them.
 * @param userId a valid one
 * @throws what the SDK throws
 */
export const readPersonDevices = async (client: MatrixClient, userId: string): Promise<PersonDevices> => {
	const crypto = client.getCrypto() as unknown as QueryParts | undefined;
	if (crypto === undefined) return {identity: 'none', devices: []};
	const {olmMachine, outgoingRequestProcessor} = crypto;
	// The SDK exports no UserId; each is used up by the call that it is given to.
	const UserId = olmMachine.userId.constructor as new (id: string) => object;
	await outgoingRequestProcessor.makeOutgoingRequest(olmMachine.queryKeysForUsers([new UserId(userId)]));
	const identity = await olmMachine.getIdentity(new UserId(userId));
	const known = await olmMachine.getUserDevices(new UserId(userId));
	return {
		identity: identityOf(identity),
		devices: known
			.devices()
			.filter(device => !device.isDehydrated)
			.map(device => ({
				deviceId: device.deviceId.toString(),
				name: device.displayName || undefined,
				trust: trustOf(device),
			})),
	};
};
