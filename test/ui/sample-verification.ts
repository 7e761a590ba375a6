/** A verification that another device of the account asks for. */
import type {Verification} from '../../source/domain/verification-requests.ts';
import {me} from './sample-account.ts';

export const askedVerification: Verification = {
	id: 'one',
	userId: me,
	isOwn: true,
	deviceId: 'LAPTOP',
	deviceName: 'Laptop',
	roomId: undefined,
	isIncoming: true,
	step: 'requested',
	emoji: undefined,
	decimals: undefined,
	expiresAt: undefined,
	isTrusted: false,
	cancelCode: undefined,
	ending: undefined,
};
