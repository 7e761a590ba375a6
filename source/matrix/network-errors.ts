/** What went wrong on the way to the homeserver or there, as one of a few kinds and one sentence for a person. */
import {asInteger, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';

/** The kinds of failure of a request; the first nine mean that the homeserver itself did not answer usefully. */
export type NetworkFailureKind =
	| 'dns'
	| 'refused'
	| 'tls'
	| 'timeout'
	| 'reset'
	| 'offline'
	| 'captive-portal'
	| 'server-error'
	| 'unknown'
	| 'rate-limited'
	| 'soft-logout'
	| 'logged-out'
	| 'forbidden'
	| 'too-large'
	| 'bad-request'
	| 'not-found';

export type NetworkFailure = {
	readonly kind: NetworkFailureKind;
	/** Milliseconds to wait before the next try, as the server asked, within 1 s and 5 min. */
	readonly retryAfter?: number | undefined;
	/** One sentence for a person, without a full stop: it also follows a colon. Holds untrusted text of the server. */
	readonly message: string;
};

const withoutServer: ReadonlySet<NetworkFailureKind> = new Set([
	'dns',
	'refused',
	'tls',
	'timeout',
	'reset',
	'offline',
	'captive-portal',
]);

/** Whether no homeserver had a say in a failure. */
export const isWithoutServer = ({kind}: NetworkFailure): boolean => withoutServer.has(kind);

/** Whether the server no longer takes the token. */
export const isSignInLost = ({kind}: NetworkFailure): boolean => kind === 'soft-logout' || kind === 'logged-out';

/** An answer of the server that is no success. */
export type FailedAnswer = {readonly status: number; readonly body: unknown; readonly headers?: Headers | undefined};

/**
 * A request that failed before a usable answer came. The SDK keeps only the message of such an error
 * (`ConnectionError`), so the kind stands in the message too, in brackets at its end.
 */
export class NetworkError extends Error {
	readonly failure: NetworkFailure;

	constructor(failure: NetworkFailure, options?: ErrorOptions) {
		super(`${failure.message} [${failure.kind}]`, options);
		this.name = 'NetworkError';
		this.failure = failure;
	}
}

const shortestRetry = 1000;
const longestRetry = 5 * 60 * 1000;

/** Brings a wish of the server to wait into 1 s to 5 min, whatever it sent; milliseconds. */
const clampRetry = (milliseconds: number): number =>
	Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, shortestRetry), longestRetry) : longestRetry;

/**
 * Reads `Retry-After` (seconds or a date), else `retry_after_ms` of the body (client-server API §Rate limiting).
 * @returns milliseconds within 1 s and 5 min, or `undefined` if the server asked for nothing.
 */
export const readRetryAfter = (headers: Headers | undefined, body: unknown): number | undefined => {
	const header = headers?.get('retry-after')?.trim();
	if (header) {
		const seconds = Number(header);
		if (!Number.isNaN(seconds)) return clampRetry(seconds * 1000);
		const date = Date.parse(header);
		if (!Number.isNaN(date)) return clampRetry(date - Date.now());
	}
	const {retry_after_ms: wish} = asObject(body);
	return typeof wish === 'number' ? clampRetry(wish) : undefined;
};

/** Text of the server for the end of a sentence: one line, 200 characters. */
const quote = (body: JsonObject): string => {
	const text = (asString(body['error']) ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
	return text === '' ? '' : ` ("${text.slice(0, 200)}")`;
};

const kindsByErrcode: ReadonlyMap<string, NetworkFailureKind> = new Map([
	['M_LIMIT_EXCEEDED', 'rate-limited'],
	['M_MISSING_TOKEN', 'logged-out'],
	['M_USER_LOCKED', 'forbidden'],
	['M_USER_DEACTIVATED', 'forbidden'],
	['M_FORBIDDEN', 'forbidden'],
	['M_NOT_FOUND', 'not-found'],
	['M_TOO_LARGE', 'too-large'],
]);

const kindOfStatus = (status: number): NetworkFailureKind => {
	if (status === 429) return 'rate-limited';
	if (status === 413) return 'too-large';
	if (status === 404) return 'not-found';
	if (status === 401 || status === 403) return 'forbidden';
	if (status === 511 || (status >= 300 && status < 400)) return 'captive-portal';
	if (status >= 500) return 'server-error';
	return status >= 400 ? 'bad-request' : 'unknown';
};

/**
 * The guarded fetch sets this in the error that it makes of a body that is no JSON object: that answer came from something
 * in front of the homeserver, and what it forbids or does not know says nothing about the homeserver.
 */
export const foreignAnswer = 'mx_foreign_answer';

/** Statuses that mean the same whoever sets them. */
const commonStatuses: ReadonlySet<number> = new Set([413, 429]);

const isForeign = (status: number, body: JsonObject): boolean =>
	body[foreignAnswer] === true && status >= 400 && status < 500 && !commonStatuses.has(status);

const kindOfAnswer = (status: number, body: JsonObject): NetworkFailureKind => {
	if (isForeign(status, body)) return 'server-error';
	const errcode = asString(body['errcode']) ?? '';
	if (errcode === 'M_UNKNOWN_TOKEN') return body['soft_logout'] === true ? 'soft-logout' : 'logged-out';
	return (status < 500 && kindsByErrcode.get(errcode)) || kindOfStatus(status);
};

/** A web page or a redirect came where the homeserver should have answered. */
export const captivePortalFailure: NetworkFailure = {
	kind: 'captive-portal',
	message: 'a web page answered instead of the homeserver; the network may want you to sign in with a browser',
};

const sentenceOfAnswer = (kind: NetworkFailureKind, status: number, body: JsonObject): string => {
	switch (kind) {
		case 'rate-limited':
			return 'the server asks to wait, because there were too many requests';
		case 'soft-logout':
			return 'the server has ended the session and asks for the password again';
		case 'logged-out':
			return 'the server no longer knows this session; it was signed out or its device was removed';
		case 'forbidden':
			if (body['errcode'] === 'M_USER_LOCKED') return 'the account is locked by the people who run the server';
			if (body['errcode'] === 'M_USER_DEACTIVATED') return 'the account has been deactivated';
			return `the server does not allow it${quote(body)}`;
		case 'not-found':
			return `the server knows nothing of that kind${quote(body)}`;
		case 'too-large':
			return `it is too large for the server${quote(body)}`;
		case 'server-error':
			if (isForeign(status, body)) return `something in front of the server answered in its place (status ${status})`;
			return `the server has a problem of its own (status ${status})`;
		case 'captive-portal':
			return captivePortalFailure.message;
		case 'bad-request':
			return `the server did not accept the request${quote(body)}`;
		default:
			return `the server gave an unexpected answer (status ${status})`;
	}
};

/** Classifies an answer with an error status by its errcode, then by its status. */
export const classifyAnswer = ({status, body, headers}: FailedAnswer): NetworkFailure => {
	const object = asObject(body);
	const kind = kindOfAnswer(status, object);
	const retryAfter = kind === 'rate-limited' || kind === 'server-error' ? readRetryAfter(headers, object) : undefined;
	return {kind, retryAfter, message: sentenceOfAnswer(kind, status, object)};
};

/** Codes of Node, OpenSSL and undici; the first pattern that matches decides. */
const kindsByCode: ReadonlyArray<readonly [RegExp, NetworkFailureKind]> = [
	[/^ENOTFOUND$|^ENODATA$/, 'dns'],
	[/^EAI_|^ENETUNREACH$|^EHOSTUNREACH$|^ENETDOWN$|^EHOSTDOWN$|^EADDRNOTAVAIL$|^ENONET$/, 'offline'],
	[/^ECONNREFUSED$/, 'refused'],
	[/^ETIMEDOUT$|^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/, 'timeout'],
	[/^CERT_|SELF_SIGNED_CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^EPROTO$|^HOSTNAME_MISMATCH$|^CRL_|^INVALID_CA$/, 'tls'],
	[/^ECONNRESET$|^ECONNABORTED$|^EPIPE$|^UND_ERR_SOCKET$|^UND_ERR_ABORTED$|^HPE_|^UND_ERR_RES_CONTENT_LENGTH/, 'reset'],
	[/^Z_|^ERR_BROTLI|^ERR_ZSTD/, 'server-error'],
];

const tlsReasons: ReadonlyMap<string, string> = new Map([
	['CERT_HAS_EXPIRED', 'its certificate has expired'],
	['CERT_NOT_YET_VALID', 'its certificate is not valid yet; is the clock of this machine right?'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate comes from an authority that this machine does not know'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate comes from an authority that this machine does not know'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate comes from an authority that this machine does not know'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate belongs to another name'],
]);

/** Walks `cause` and the parts of an AggregateError; a loop of causes ends after ten. */
const findCoded = (error: unknown, depth = 0): {code: string; source: Record<string, unknown>} | undefined => {
	if (depth > 10 || typeof error !== 'object' || error === null) return undefined;
	const source = error as Record<string, unknown>;
	const parts = [source['cause'], ...(Array.isArray(source['errors']) ? (source['errors'] as unknown[]) : [])];
	for (const part of parts) {
		const found = findCoded(part, depth + 1);
		if (found) return found;
	}
	return typeof source['code'] === 'string' ? {code: source['code'], source} : undefined;
};

const sentenceOfCode = (kind: NetworkFailureKind, code: string, host: string): string => {
	switch (kind) {
		case 'dns':
			return `there is no server with the name ${host}`;
		case 'offline':
			return code.startsWith('EAI_')
				? `the name ${host} cannot be looked up; this machine seems to be offline`
				: 'there is no way to the server; this machine seems to be offline';
		case 'refused':
			return `nothing answers at ${host}`;
		case 'tls':
			return `the connection to ${host} is not safe: ${tlsReasons.get(code) ?? `TLS failed with ${code}`}`;
		case 'timeout':
			return `${host} does not answer in time`;
		case 'reset':
			return `the connection to ${host} broke off`;
		case 'server-error':
			return `${host} sent an answer that cannot be read`;
		default:
			return `the request failed (${code})`;
	}
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const hostOf = (source: Record<string, unknown>): string => {
	if (typeof source['hostname'] === 'string') return source['hostname'];
	const address = textOf(source['address']) || textOf(source['host']);
	if (address === '') return 'the server';
	const port = asInteger(source['port']);
	return port === undefined ? address : `${address}:${port}`;
};

const classifyCode = (error: Error, host: string | undefined): NetworkFailure | undefined => {
	const coded = findCoded(error);
	const kind = coded && kindsByCode.find(([pattern]) => pattern.test(coded.code))?.[1];
	return kind && {kind, message: sentenceOfCode(kind, coded.code, host ?? hostOf(coded.source))};
};

/** An SDK error that carries an answer: `MatrixError` and `HTTPError`, told by their shape so that the SDK stays unloaded. */
const classifySdkError = (error: Error): NetworkFailure | undefined => {
	const {httpStatus, data, errcode, httpHeaders} = error as {
		httpStatus?: unknown;
		data?: unknown;
		errcode?: unknown;
		httpHeaders?: unknown;
	};
	if (typeof httpStatus !== 'number') return undefined;
	const body = isObject(data) ? data : {errcode: asString(errcode)};
	return classifyAnswer({status: httpStatus, body, headers: httpHeaders instanceof Headers ? httpHeaders : undefined});
};

// Only errors that the SDK made of a NetworkError end like this; see there.
const sdkMessagePattern = /^(?:fetch failed: )?(?<message>.*) \[(?<kind>[a-z-]+)\]$/s;
const carriedKinds = new Set<string>([
	...withoutServer,
	'server-error',
	'too-large',
	'unknown',
] satisfies NetworkFailureKind[]);

const classifyMessage = (error: Error): NetworkFailure | undefined => {
	const {message, kind} = (error.name === 'ConnectionError' && sdkMessagePattern.exec(error.message)?.groups) || {};
	if (message === undefined || kind === undefined || !carriedKinds.has(kind)) return undefined;
	return {kind: kind as NetworkFailureKind, message};
};

/**
 * Classifies whatever a request threw: errors of fetch, of the guarded fetch, and of the SDK.
 * @param host Name to use in the sentence when the error does not know it.
 */
export const classifyFailure = (error: unknown, host?: string): NetworkFailure => {
	if (error instanceof NetworkError) return error.failure;
	if (!(error instanceof Error)) return {kind: 'unknown', message: 'the request failed for an unknown reason'};
	const known = classifySdkError(error) ?? classifyMessage(error) ?? classifyCode(error, host);
	if (known) return known;
	const where = host ?? 'the server';
	if (error.name === 'AbortError' || error.name === 'TimeoutError') {
		return {kind: 'timeout', message: `${where} does not answer in time`};
	}
	if (error instanceof SyntaxError) return {kind: 'server-error', message: `${where} sent an answer that is not JSON`};
	const cause = error.cause instanceof Error ? error.cause.message : '';
	if (/redirect/i.test(cause)) return captivePortalFailure;
	return {kind: 'unknown', message: `the request failed (${cause || error.message})`};
};

/** Whether nothing becomes of a request about a room by waiting: the room is left, the event is gone. */
export const isHopeless = (kind: NetworkFailureKind): boolean =>
	kind === 'forbidden' || kind === 'not-found' || kind === 'bad-request' || kind === 'too-large';
