/** The part of the Session that is about verifying devices and people. */
import {ExpectedError} from '../domain/errors.ts';
import {parseUserId} from '../domain/identifiers.ts';
import type {Verification, VerificationRequests} from '../domain/verification-requests.ts';
import type {Verifications} from '../matrix/verifications.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {RoomFinder} from './room-finder.ts';
import type {SdkHost} from './sdk-host.ts';

export type VerificationAnswerOptions = {
	readonly record: Pick<AccountRecord, 'userId'>;
	readonly sdk: Pick<SdkHost, 'load' | 'loaded'>;
	readonly finder: Pick<RoomFinder, 'findOrMake'>;
	readonly isLive: boolean;
};

type OneById = {
	[Name in keyof Verifications]: Verifications[Name] extends (id: string) => Promise<Verification> ? Name : never;
}[keyof Verifications];

export const createVerificationAnswers = (options: VerificationAnswerOptions): VerificationRequests => {
	const {finder, record, sdk} = options;

	const load = async (): Promise<Verifications> => {
		if (options.isLive) return (await sdk.load()).verifications;
		throw new ExpectedError({
			message: 'Only an mx that is in step with the server can verify.',
			next: 'Start mx, or run `mx verify`.',
			reason: 'notReady',
		});
	};

	const one =
		(name: OneById) =>
		async ({id}: {readonly id: string}): Promise<Verification> =>
			(await load())[name](id);

	return {
		verifications: async () => ({verifications: sdk.loaded()?.verifications.list() ?? []}),
		async startVerification({userId = record.userId, deviceId}) {
			const verifications = await load();
			if (!parseUserId(userId)?.localpart)
				throw new ExpectedError({
					message: `${userId} is not the id of a person.`,
					next: 'An id looks like @anna:example.org.',
					reason: 'usage',
				});
			if (userId !== record.userId)
				return verifications.startPerson(userId, async () => (await finder.findOrMake(userId)).roomId);
			return deviceId === undefined ? verifications.startOwn() : verifications.startDevice(deviceId);
		},
		acceptVerification: one('accept'),
		startSas: one('startSas'),
		confirmVerification: one('confirm'),
		mismatchVerification: one('mismatch'),
		cancelVerification: one('cancel'),
	};
};
