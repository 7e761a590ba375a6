/** Questions to the server about a stored session that need no engine. */
import {asObject} from '../domain/json.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {AccountRecord} from '../store/account-record.ts';

/** @returns whether the token still works; @throws ExpectedError when the server cannot be asked */
export const tokenState = async (
	{homeserver}: Pick<AccountRecord, 'homeserver'>,
	accessToken: string,
): Promise<'good' | 'ended'> => {
	const [{whoAmI}, {createGuardedFetch}] = await Promise.all([
		import('../matrix/login.ts'),
		import('../matrix/guarded-fetch.ts'),
	]);
	try {
		await whoAmI({baseUrl: homeserver, accessToken}, createGuardedFetch({isFailed: () => undefined}));
		return 'good';
	} catch (error) {
		if (error instanceof ExpectedError && error.report.reason === 'notSignedIn') return 'ended';
		throw error;
	}
};

/**
 * Asks for the keys of the device (client-server API §POST /keys/query).
 * @param send A guarded fetch.
 * @throws ExpectedError when the server cannot be asked
 */
export const isDeviceKnown = async (
	{homeserver, userId, deviceId}: Pick<AccountRecord, 'homeserver' | 'userId' | 'deviceId'>,
	accessToken: string,
	send: typeof fetch,
): Promise<boolean> => {
	const [{requestJson}, {toExpectedError}, {classifyAnswer, NetworkError}] = await Promise.all([
		import('../matrix/json-request.ts'),
		import('../matrix/expected-errors.ts'),
		import('../matrix/network-errors.ts'),
	]);
	try {
		const answer = await requestJson(send, {
			baseUrl: homeserver,
			path: '/_matrix/client/v3/keys/query',
			method: 'POST',
			body: {device_keys: {[userId]: []}},
			accessToken,
		});
		if (!answer.isOk) throw new NetworkError(classifyAnswer(answer));
		return asObject(asObject(answer.body['device_keys'])[userId])[deviceId] !== undefined;
	} catch (error) {
		throw toExpectedError(error, 'check the device');
	}
};
