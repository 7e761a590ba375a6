/** The one way out to a homeserver: a fetch that bounds time, size and shape of every answer and names every failure. */
import {ExpectedError} from '../domain/errors.ts';
import {isLoopbackHost} from '../domain/identifiers.ts';
import {asString, isObject, parseJson, type JsonObject} from '../domain/json.ts';
import {isJsonDocument, isWebPage, readBoundedBody} from './bounded-body.ts';
import {captivePortalFailure, classifyFailure, foreignAnswer, NetworkError, readRetryAfter} from './network-errors.ts';
import {limitsOf, type RequestLimits} from './request-limits.ts';

export type GuardedFetchOptions = {
	/**
	 * The storage fence: once the store has failed nothing may be sent, because the server would learn of keys that were
	 * never saved. Answers the failure, or `undefined` while all is well.
	 */
	readonly isFailed: () => Error | undefined;
	/** @default the global fetch */
	readonly fetch?: typeof fetch | undefined;
	/** Limits that replace those of the endpoint, by URL. */
	readonly limits?: ((url: URL) => Partial<Omit<RequestLimits, 'body'>>) | undefined;
};

/** A request to a place that says nothing about itself, where a server keeps its files. */
export type GuardedInit = RequestInit & {
	/** A success is handed on unread, whatever the address. @default by the address */
	readonly isStream?: boolean;
};

const largestErrorBody = 64 * 1024;
const deepestErrorBody = 100;

const assertSafe = (url: URL): void => {
	if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return;
	throw new ExpectedError({
		message: `mx does not speak to ${url.host} without TLS.`,
		next: 'Use an https address; http is only for a server on this machine',
		reason: 'error',
	});
};

type Deadline = {
	readonly signal: AbortSignal;
	/** Called when a piece of the body came: starts the idle time anew. */
	readonly touch: () => void;
	readonly clear: () => void;
};

const startDeadline = ({deadline, idle}: RequestLimits, host: string): Deadline => {
	const controller = new AbortController();
	const abort = (): void =>
		controller.abort(new NetworkError({kind: 'timeout', message: `${host} does not answer in time`}));
	const whole = setTimeout(abort, deadline);
	let pause: NodeJS.Timeout | undefined;
	return {
		signal: controller.signal,
		touch: () => {
			clearTimeout(pause);
			pause = setTimeout(abort, idle);
		},
		clear: () => {
			clearTimeout(whole);
			clearTimeout(pause);
		},
	};
};

/** A new Response around bytes that are already decompressed: headers about the transfer no longer hold. */
const freshResponse = (response: Response, bytes: Uint8Array<ArrayBuffer>, retryAfter?: number): Response => {
	const headers = new Headers(response.headers);
	for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'retry-after']) headers.delete(name);
	headers.set('content-type', 'application/json');
	if (retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(retryAfter / 1000)));
	return new Response(bytes, {status: response.status, statusText: response.statusText, headers});
};

/** @returns the JSON object of an error body, or `undefined` if it is none, broken, too large or cut. */
const readErrorBody = async (response: Response, deadline: Deadline): Promise<JsonObject | undefined> => {
	try {
		const {bytes} = await readBoundedBody(response, {
			size: largestErrorBody,
			depth: deepestErrorBody,
			onProgress: deadline.touch,
		});
		const body = parseJson(Buffer.from(bytes).toString());
		return isObject(body) ? body : undefined;
	} catch (error) {
		if (deadline.signal.aborted) throw error;
		// The status still says what the body cannot.
		return undefined;
	}
};

/**
 * Makes a Matrix error of any error body, so that the SDK sees the status and not a SyntaxError (proxies answer with
 * HTML or half a document), and brings the wish to wait into 1 s to 5 min.
 */
const normaliseError = async (response: Response, deadline: Deadline): Promise<Response> => {
	const body = await readErrorBody(response, deadline);
	// A challenge of user-interactive authentication has flows instead of an errcode.
	const isMeaningful = body !== undefined && (asString(body['errcode']) !== undefined || Array.isArray(body['flows']));
	const content = isMeaningful
		? body
		: {
				errcode: 'M_UNKNOWN',
				error: `The server answered with status ${response.status}`,
				...(body === undefined ? {[foreignAnswer]: true} : {}),
			};
	const retryAfter = readRetryAfter(response.headers, body);
	const wish = retryAfter === undefined ? {} : {retry_after_ms: Math.round(retryAfter)};
	return freshResponse(response, Buffer.from(JSON.stringify({...content, ...wish})), retryAfter);
};

const readAnswer = async (response: Response, limits: RequestLimits, deadline: Deadline): Promise<Response> => {
	const {bytes, isBalanced} = await readBoundedBody(response, {
		size: limits.size,
		depth: limits.depth,
		onProgress: deadline.touch,
	});
	if (isWebPage(bytes)) throw new NetworkError(captivePortalFailure);
	if (!isJsonDocument(bytes, isBalanced)) {
		throw new NetworkError({kind: 'server-error', message: 'the server sent an answer that is not JSON'});
	}
	return freshResponse(response, bytes);
};

const checkAnswer = async (response: Response, limits: RequestLimits, deadline: Deadline): Promise<Response> => {
	// Only who asked to see redirects gets one.
	if (response.status >= 300 && response.status < 400) return response;
	if (!response.ok) return normaliseError(response, deadline);
	if (
		limits.body === 'json' &&
		/^(?:text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get('content-type') ?? '')
	) {
		await response.body?.cancel();
		throw new NetworkError(captivePortalFailure);
	}
	return limits.body === 'stream' ? response : readAnswer(response, limits, deadline);
};

/**
 * Makes the `fetchFn` of the SDK and of everything else that speaks to a homeserver (Matrix client-server API).
 *
 * - `http` only to this machine; redirects are failures unless `redirect: 'manual'` is given;
 * - a deadline over headers and body, a limit on decompressed size and on the depth of JSON;
 * - a success is a JSON object or array, an error is a Matrix error object with its status;
 * - what is thrown is a `NetworkError` that names the kind of failure, an `AbortError` when the caller aborted, an
 *   ExpectedError for an unsafe address, or the failure behind the fence.
 *
 * A successful `/sync` and a download are handed on unread after the headers: their readers bound them.
 */
export const createGuardedFetch = (options: GuardedFetchOptions): typeof fetch => {
	const send = options.fetch ?? fetch;
	return async (input, init = {}) => {
		const failed = options.isFailed();
		if (failed) throw failed;
		const url = new URL(input instanceof Request ? input.url : input);
		assertSafe(url);
		const {isStream = false} = init as GuardedInit;
		const limits = {...limitsOf(url), ...options.limits?.(url), ...(isStream ? {body: 'stream' as const} : {})};
		const deadline = startDeadline(limits, url.host);
		const signal = init.signal ? AbortSignal.any([init.signal, deadline.signal]) : deadline.signal;
		try {
			const redirect = init.redirect === 'manual' ? 'manual' : 'error';
			const response = await send(input, {...init, redirect, signal});
			return await checkAnswer(response, limits, deadline);
		} catch (error) {
			if (init.signal?.aborted || error instanceof NetworkError) throw error;
			throw new NetworkError(classifyFailure(error, url.host), {cause: error});
		} finally {
			deadline.clear();
		}
	};
};
