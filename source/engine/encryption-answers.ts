/** The part of the Session that is about the encryption of single rooms. */
import type {EncryptionRequests} from '../domain/encryption-requests.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountStores} from './account-stores.ts';

export type EncryptionAnswerOptions = {
	readonly stores: Pick<AccountStores, 'account' | 'rooms'>;
	/** @throws ExpectedError `notFound` */
	readonly requireRoom: (roomId: string) => RoomRow;
};

export const createEncryptionAnswers = ({stores, requireRoom}: EncryptionAnswerOptions): EncryptionRequests => ({
	async discardSession({roomId}) {
		const {rid, isEncrypted} = requireRoom(roomId);
		if (!isEncrypted) throw new ExpectedError({message: 'This room is not encrypted.', reason: 'encryption'});
		// It holds over a restart, and until something was encrypted.
		stores.account.writeDurably(() => stores.rooms.setMustRotateSession(rid, true));
		return {};
	},
});
