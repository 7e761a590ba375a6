/** Signing in with a password, and the two calls about a session that need no client. */
import {ExpectedError} from '../domain/errors.ts';
import {isLoopbackHost, parseUserId} from '../domain/identifiers.ts';
import {asObject, asString} from '../domain/json.ts';
import {parseBaseUrl} from './discovery.ts';
import {requestJson, type JsonAnswer} from './json-request.ts';
import {toExpectedError} from './expected-errors.ts';
import {classifyAnswer, NetworkError} from './network-errors.ts';

export type PasswordLogin = {
	readonly baseUrl: string;
	/** Localpart or full user id. */
	readonly user: string;
	readonly password: string;
	/** To come back on the same device after a soft logout, so that its encryption keys stay good. */
	readonly deviceId?: string | undefined;
	/** Name under which other devices list this one. */
	readonly deviceName: string;
};

/** A session of one device. The token is a secret: it goes to the secret store only. */
export type SignedIn = {
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: string;
	/** Base URL that the server says to use from now on, if it names a safe one. */
	readonly homeUrl: string | undefined;
};

/** What every call about an existing session needs. */
export type SessionToken = {readonly baseUrl: string; readonly accessToken: string};

const refusedLogin = (answer: JsonAnswer): ExpectedError => {
	if (answer.status === 403 && answer.body['errcode'] === 'M_FORBIDDEN') {
		return new ExpectedError({
			message: 'The user name or the password is wrong.',
			next: 'Try again with `mx login`; a user name is the part before the colon of @anna:example.org',
			reason: 'refused',
		});
	}
	return toExpectedError(new NetworkError(classifyAnswer(answer)), 'sign in');
};

const strangeAnswer = (what: string): ExpectedError =>
	new ExpectedError({
		message: `Cannot sign in: the server ${what}.`,
		next: 'Ask the people who run the server',
		reason: 'error',
	});

const readSession = (answer: JsonAnswer, login: PasswordLogin): SignedIn => {
	const userId = parseUserId(asString(answer.body['user_id']) ?? '')?.id;
	const deviceId = asString(answer.body['device_id']);
	const accessToken = asString(answer.body['access_token']);
	if (userId === undefined || !deviceId || !accessToken) throw strangeAnswer('gave an incomplete answer');
	if (login.user.startsWith('@') && userId.toLowerCase() !== login.user.toLowerCase()) {
		throw strangeAnswer(`signed in another account, ${userId}`);
	}
	if (login.deviceId !== undefined && login.deviceId !== deviceId) {
		throw strangeAnswer('did not give the device back, and its encryption keys fit no other');
	}
	const published = asObject(asObject(answer.body['well_known'])['m.homeserver'])['base_url'];
	return {
		userId,
		deviceId,
		accessToken,
		homeUrl: parseBaseUrl(published, isLoopbackHost(new URL(login.baseUrl).hostname)),
	};
};

/**
 * Signs in (client-server API §Login, `m.login.password`). Never asks for a refresh token: the SDK renews only OAuth
 * sessions, so such a token would end after minutes.
 * @param send A guarded fetch.
 * @throws ExpectedError `refused` for wrong credentials, else by kind of failure.
 */
export const logInWithPassword = async (login: PasswordLogin, send: typeof fetch): Promise<SignedIn> => {
	let answer: JsonAnswer;
	try {
		answer = await requestJson(send, {
			baseUrl: login.baseUrl,
			path: '/_matrix/client/v3/login',
			method: 'POST',
			body: {
				type: 'm.login.password',
				identifier: {type: 'm.id.user', user: login.user},
				password: login.password,
				initial_device_display_name: login.deviceName,
				device_id: login.deviceId,
			},
		});
	} catch (error) {
		throw toExpectedError(error, 'sign in');
	}
	if (!answer.isOk) throw refusedLogin(answer);
	return readSession(answer, login);
};

/**
 * Ends the session on the server: token and device are gone. A session that the server no longer knows is done too.
 * @param send A guarded fetch.
 * @throws ExpectedError if the server could not be told.
 */
export const logOut = async ({baseUrl, accessToken}: SessionToken, send: typeof fetch): Promise<void> => {
	try {
		const answer = await requestJson(send, {
			baseUrl,
			path: '/_matrix/client/v3/logout',
			method: 'POST',
			body: {},
			accessToken,
		});
		const failure = answer.isOk ? undefined : classifyAnswer(answer);
		if (failure && failure.kind !== 'logged-out' && failure.kind !== 'soft-logout') throw new NetworkError(failure);
	} catch (error) {
		throw toExpectedError(error, 'sign out');
	}
};

/**
 * Asks whose token this is (client-server API §whoami).
 * @param send A guarded fetch.
 * @throws ExpectedError `notSignedIn` if the token is no longer good.
 */
export const whoAmI = async (
	{baseUrl, accessToken}: SessionToken,
	send: typeof fetch,
): Promise<{userId: string; deviceId: string | undefined}> => {
	try {
		const answer = await requestJson(send, {baseUrl, path: '/_matrix/client/v3/account/whoami', accessToken});
		if (!answer.isOk) throw new NetworkError(classifyAnswer(answer));
		return {userId: asString(answer.body['user_id']) ?? '', deviceId: asString(answer.body['device_id'])};
	} catch (error) {
		throw toExpectedError(error, 'check the session');
	}
};
