/** One JSON request to a homeserver without the SDK. */
import {asObject, parseJson, type JsonObject} from '../domain/json.ts';

export type JsonRequest = {
	readonly baseUrl: string;
	/** Path from `/_matrix` or `/.well-known` on. */
	readonly path: string;
	readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | undefined;
	readonly body?: JsonObject | undefined;
	readonly accessToken?: string | undefined;
	/** Gives it up. */
	readonly signal?: AbortSignal | undefined;
};

export type JsonAnswer = {
	readonly status: number;
	readonly isOk: boolean;
	/** The body if it is an object, else an empty one. */
	readonly body: JsonObject;
	readonly headers: Headers;
};

/**
 * Error statuses are answers, not exceptions.
 * @throws whatever `send`, a guarded fetch, throws.
 */
export const requestJson = async (send: typeof fetch, request: JsonRequest): Promise<JsonAnswer> => {
	const {baseUrl, path, method = 'GET', body, accessToken, signal} = request;
	const headers: Record<string, string> = {accept: 'application/json'};
	if (accessToken !== undefined) headers['authorization'] = `Bearer ${accessToken}`;
	if (body !== undefined) headers['content-type'] = 'application/json';
	const response = await send(baseUrl + path, {
		method,
		headers,
		...(body === undefined ? {} : {body: JSON.stringify(body)}),
		...(signal === undefined ? {} : {signal}),
	});
	const answer = asObject(parseJson(await response.text()));
	return {status: response.status, isOk: response.ok, body: answer, headers: response.headers};
};
