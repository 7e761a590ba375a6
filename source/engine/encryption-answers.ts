/** The part of the Session that is about encryption. */
import type {EncryptionRequests} from '../domain/encryption-requests.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountStores} from './account-stores.ts';
import {createDeviceAnswers, type DeviceAnswerOptions} from './device-answers.ts';
import {createKeyFileAnswers, type KeyFileAnswerOptions} from './key-file-answers.ts';
import {createRecoveryAnswers, type RecoveryAnswerOptions} from './recovery-answers.ts';
import {createVerificationAnswers, type VerificationAnswerOptions} from './verification-answers.ts';

export type EncryptionAnswerOptions = DeviceAnswerOptions &
	KeyFileAnswerOptions &
	RecoveryAnswerOptions &
	VerificationAnswerOptions & {
		readonly stores: Pick<AccountStores, 'account' | 'rooms'>;
		/** @throws ExpectedError `notFound` */
		readonly requireRoom: (roomId: string) => RoomRow;
	};

export const createEncryptionAnswers = (options: EncryptionAnswerOptions): EncryptionRequests => ({
	...createDeviceAnswers(options),
	...createKeyFileAnswers(options),
	...createRecoveryAnswers(options),
	...createVerificationAnswers(options),
	async discardSession({roomId}) {
		const {rid, isEncrypted} = options.requireRoom(roomId);
		if (!isEncrypted) throw new ExpectedError({message: 'This room is not encrypted.', reason: 'encryption'});
		// It holds over a restart, and until something was encrypted.
		const {stores} = options;
		stores.account.writeDurably(() => stores.rooms.setMustRotateSession(rid, true));
		return {};
	},
});
