/** The part of the Session that is about recovery. */
import {ExpectedError} from '../domain/errors.ts';
import type {RecoveryRequests} from '../domain/recovery-requests.ts';
import type {Logger} from '../store/log-file.ts';
import type {SdkHost} from './sdk-host.ts';

export type RecoveryAnswerOptions = {
	readonly sdk: Pick<SdkHost, 'load' | 'decryption' | 'refreshEncryptionSetup'>;
	readonly isLive: boolean;
	readonly log: Pick<Logger, 'info'>;
};

export const createRecoveryAnswers = ({sdk, isLive, log}: RecoveryAnswerOptions): RecoveryRequests => ({
	async recovery() {
		await sdk.load();
		return sdk.refreshEncryptionSetup();
	},
	async unlock({recoveryKey}) {
		if (!isLive)
			throw new ExpectedError({
				message: 'A device is verified by an mx that is in step with the server.',
				next: 'Run `mx login`, or start mx.',
				reason: 'notReady',
			});
		const {restored} = await (await sdk.load()).unlock(recoveryKey);
		sdk.decryption.addStored('all');
		try {
			await sdk.refreshEncryptionSetup();
		} catch (error) {
			// What was done is done, whatever comes of asking how all stands now.
			log.info('crypto', 'The encryption state could not be read', {error});
		}
		return {keys: restored?.imported};
	},
});
