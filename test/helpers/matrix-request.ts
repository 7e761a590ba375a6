/** One request to a homeserver without any SDK: for setting up tests and for looking at what the server really holds. */

import {asObject, asString, parseJson, type JsonObject} from '../../source/domain/json.ts';

/** A homeserver and, for all that is not public, the access token of a user. */
export type Access = {readonly url: string; readonly accessToken?: string | undefined};

/** An answer other than 2xx. */
export class MatrixRequestError extends Error {
	readonly status: number;
	/** For example `M_FORBIDDEN`; empty when the server sent none. */
	readonly errcode: string;

	constructor(request: string, status: number, errcode: string) {
		super(`${request} was answered ${status} ${errcode}`);
		this.status = status;
		this.errcode = errcode;
	}
}

/**
 * @param path with its prefix and query, percent-encoded, for example `/_matrix/client/v3/sync?timeout=0`.
 * @returns the JSON object of the answer; empty when the answer is none.
 * @throws MatrixRequestError when the answer is not 2xx.
 */
export const matrixRequest = async (
	{url, accessToken}: Access,
	method: 'GET' | 'POST' | 'PUT' | 'DELETE',
	path: string,
	body?: JsonObject,
): Promise<JsonObject> => {
	const response = await fetch(url + path, {
		method,
		headers: {
			...(accessToken === undefined ? {} : {authorization: `Bearer ${accessToken}`}),
			...(body === undefined ? {} : {'content-type': 'application/json'}),
		},
		...(body === undefined ? {} : {body: JSON.stringify(body)}),
		signal: AbortSignal.timeout(60_000),
	});
	const answer = asObject(parseJson(await response.text()));
	if (!response.ok) {
		throw new MatrixRequestError(`${method} ${path}`, response.status, asString(answer['errcode']) ?? '');
	}

	return answer;
};
