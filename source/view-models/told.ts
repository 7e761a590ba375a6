/** What the engine told last, besides changes and files: how the connection and the encryption stand. */
import type {EncryptionSetup, EngineNotice, NetState} from '../domain/session.ts';
import type {Sayings} from './sayings.ts';
import {hasEncryptionLine, type StatusFacts} from './status-lines.ts';
import type {Typing} from './typing.ts';

export type ToldNotice = Exclude<
	EngineNotice,
	{readonly kind: 'changed' | 'transfer' | 'verification' | 'send-failed' | 'reminder'}
>;

/** @param sayings what is to be warned of goes there. @param typing who types goes there */
export const createTold = (sayings: Sayings, typing: Typing) => {
	let net: NetState | undefined;
	let encryption: EncryptionSetup | undefined;
	let isReminded = false;
	return {
		facts: (): Pick<StatusFacts, 'net' | 'encryption' | 'isReminded'> => ({net, encryption, isReminded}),
		net: (): NetState | undefined => net,
		/** Whether what is written now can go out, as far as is known, and can be kept. */
		reach: () => ({
			isOnline: net === undefined || net.state === 'online' || net.state === 'connecting',
			isDiskRefusing: net?.state === 'no-storage',
		}),
		hear(notice: ToldNotice): void {
			switch (notice.kind) {
				case 'typing':
					typing.note(notice.rid, notice.users);
					break;
				case 'net':
					net = notice.net;
					sayings.hearOfNet();
					break;
				case 'encryption':
					isReminded &&= notice.encryption.state === encryption?.state;
					encryption = notice.encryption;
					break;
				case 'alert':
					sayings.warn({message: notice.message, next: notice.next});
					break;
				default:
					notice satisfies never;
			}
		},
		/** Drops the sentence about the encryption until it stands otherwise; the title still reminds. @returns whether it was there */
		dismissReminder(): boolean {
			const wasThere = !isReminded && hasEncryptionLine(encryption);
			isReminded = true;
			return wasThere;
		},
	};
};
