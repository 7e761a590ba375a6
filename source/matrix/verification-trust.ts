/** Whether a verification could come to trust, and whether it did: as the crypto and the server have it now. */
import type {MatrixClient} from 'matrix-js-sdk';
import type {CryptoApi} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../domain/errors.ts';
import {readPersonDevices} from './device-trust.ts';

const refused = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'});

/** The other side of a verification. */
type OtherSide = {readonly userId: string; readonly deviceId: string | undefined};

export const createVerificationTrust = (client: MatrixClient) => {
	const crypto = client.getCrypto() as CryptoApi;
	const self = client.getSafeUserId();

	/** Whether the account vouches for this device. */
	const isThisVerified = async (): Promise<boolean> =>
		(await crypto.getDeviceVerificationStatus(self, client.getDeviceId() ?? ''))?.crossSigningVerified === true;

	return {
		isThisVerified,

		/** Whether the signatures are there: of a person their identity, of an own device that and this one. */
		async isTrusted({userId, deviceId}: OtherSide): Promise<boolean> {
			const {identity, devices} = await readPersonDevices(client, userId);
			if (userId !== self) return identity === 'verified';
			const both = [client.getDeviceId(), deviceId];
			return both.every(id => devices.some(device => device.deviceId === id && device.trust === 'verified'));
		},

		/** @throws ExpectedError unless this device could sign what comes of it */
		async requireAble(userId: string): Promise<void> {
			if (userId === self) return;
			const {privateKeysCachedLocally: keys} = await crypto.getCrossSigningStatus();
			if (keys.userSigningKey && (await isThisVerified())) return;
			throw refused(
				'This device is not verified itself, so it cannot vouch for other people.',
				'Verify it first: /verify, or /recovery with the recovery key.',
			);
		},

		/** A device alone would not be worth it: nobody could say whose it is. @throws ExpectedError */
		async requireIdentity(userId: string): Promise<void> {
			if (userId === self || (await readPersonDevices(client, userId)).identity !== 'none') return;
			throw refused(
				`${userId} has no identity that could be verified.`,
				'They set encryption up in their client first.',
			);
		},
	};
};
