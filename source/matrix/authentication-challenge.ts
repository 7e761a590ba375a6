/** What a server wants before it does something grave (client-server API §User-Interactive Authentication API). */
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';

export type Challenge = {
	/** Whether the password of the account answers it. */
	readonly isPasswordEnough: boolean;
	readonly session: string;
};

/** @returns `undefined` for an answer that is no challenge. */
export const readChallenge = (status: number | undefined, body: JsonObject): Challenge | undefined => {
	if (status !== 401 || !Array.isArray(body['flows'])) return undefined;
	const isPasswordEnough = asArray(body['flows']).some(flow => {
		const stages = asArray(asObject(flow)['stages']);
		return stages.length === 1 && stages[0] === 'm.login.password';
	});
	return {isPasswordEnough, session: asString(body['session']) ?? ''};
};

/** @returns the `auth` of a request that answers a challenge. */
export const passwordAnswer = (
	{session}: Challenge,
	{userId, password}: {readonly userId: string; readonly password: string},
) => ({type: 'm.login.password', identifier: {type: 'm.id.user', user: userId}, password, session});
