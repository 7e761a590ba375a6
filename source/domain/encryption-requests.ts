/** What can be asked of an account about encryption: rooms, devices, files of keys, recovery, verification. Part of `Session`. */
import {deviceMethods, type DeviceRequests} from './device-requests.ts';
import type {JsonObject} from './json.ts';
import {keyFileMethods, type KeyFileRequests} from './key-file-requests.ts';
import {recoveryMethods, type RecoveryRequests} from './recovery-requests.ts';
import {verificationMethods, type VerificationRequests} from './verification-requests.ts';

export type EncryptionRequests = DeviceRequests &
	KeyFileRequests &
	RecoveryRequests &
	VerificationRequests & {
		/**
		 * The next message in an encrypted room begins a new session, whose key goes to those who are there then
		 * (client-server API §m.megolm.v1.aes-sha2). Fails with `encryption` where the room is not encrypted.
		 */
		discardSession(request: {readonly roomId: string}): Promise<JsonObject>;
	};

/** The method names of this part. */
export const encryptionMethods = [
	'discardSession',
	...deviceMethods,
	...keyFileMethods,
	...recoveryMethods,
	...verificationMethods,
] as const satisfies readonly (keyof EncryptionRequests)[];
