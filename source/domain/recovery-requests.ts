/** What can be asked of an account about its recovery: part of `Session`. */
import type {EncryptionSetup} from './encryption-setup.ts';
import type {JsonObject} from './json.ts';

export type RecoveryRequests = {
	/** Asks the server and the crypto of this device how the encryption is set up now. */
	recovery(request: JsonObject): Promise<EncryptionSetup>;
	/**
	 * Verifies this device with the recovery key or passphrase of the account, and restores the room keys of the backup. Needs
	 * an engine that is in step with the server. Fails with `encryption` for a wrong key.
	 * @returns keys: how many room keys the backup gave; `undefined` where it cannot be read with this recovery key
	 */
	unlock(request: {readonly recoveryKey: string}): Promise<{readonly keys?: number | undefined}>;
};

/** The method names of this part. */
export const recoveryMethods = ['recovery', 'unlock'] as const satisfies readonly (keyof RecoveryRequests)[];
