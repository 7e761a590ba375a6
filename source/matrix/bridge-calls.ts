/** What a homeserver tells of its bridges. */
import {asInteger, asString} from '../domain/json.ts';
import type {JsonAnswer} from './json-request.ts';
import type {RoomCall} from './room-calls.ts';

/** Whose a name is: of an appservice, of a person, of nobody; `unknown` where the server does not say. */
export type NameOwner = 'appservice' | 'person' | 'nobody' | 'unknown';

export type BridgeCallOptions = {
	readonly call: RoomCall;
	/** A request whose error status is an answer. */
	readonly ask: (...request: Parameters<RoomCall>) => Promise<JsonAnswer>;
};

export const createBridgeCalls = ({ask, call}: BridgeCallOptions) => ({
	/**
	 * Asks whether somebody could register a name (client-server API §GET /register/available): names of appservices are
	 * exclusive. Servers without open registration say nothing.
	 * @throws whatever the fetch throws
	 */
	async nameOwner(localpart: string): Promise<NameOwner> {
		const path = `/_matrix/client/v3/register/available?username=${encodeURIComponent(localpart)}`;
		const {isOk, status, body} = await ask(path, 'GET');
		if (isOk) return 'nobody';
		if (status !== 400) return 'unknown';
		if (body['errcode'] === 'M_EXCLUSIVE') return 'appservice';
		return body['errcode'] === 'M_USER_IN_USE' ? 'person' : 'unknown';
	},

	/** A token by which others may ask the server who the account is (§POST /user/{userId}/openid/request_token). */
	async openIdToken(userId: string): Promise<{readonly token: string; readonly lifetime: number}> {
		const path = `/_matrix/client/v3/user/${encodeURIComponent(userId)}/openid/request_token`;
		const body = await call(path, 'POST', {});
		return {token: asString(body['access_token']) ?? '', lifetime: (asInteger(body['expires_in']) ?? 0) * 1000};
	},
});
