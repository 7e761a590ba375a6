/** The calls of the client-server API that move files (§Content Repository). */
import {ReadableStream} from 'node:stream/web';
import {parseContentUri} from '../domain/identifiers.ts';
import {asInteger, asObject, asString, parseJson, type JsonObject} from '../domain/json.ts';
import {createBodyWatchdog} from './body-watchdog.ts';
import type {GuardedInit} from './guarded-fetch.ts';
import {classifyAnswer, NetworkError} from './network-errors.ts';
import type {RoomCall} from './room-calls.ts';

export type Upload = {
	/** Media type. */
	readonly type: string;
	/** The file's name, which the server tells everybody; none for what is encrypted. */
	readonly name: string | undefined;
	/** Bytes that `body` gives, exactly. */
	readonly size: number;
	readonly body: AsyncIterable<Uint8Array>;
	/** Bytes that are out. */
	readonly onProgress: (done: number) => void;
	readonly signal: AbortSignal;
};

export type Download = {
	/** What comes. Leaving it ends the transfer. @throws as the request */
	readonly body: AsyncIterable<Uint8Array>;
	/** Bytes, where the server says so. */
	readonly size: number | undefined;
};

export type MediaCalls = {
	/** @returns bytes of the largest file that the server takes; `undefined` where it does not say */
	readonly largestUpload: () => Promise<number | undefined>;
	/** @returns where the file lies: `mxc://…` @throws NetworkError; `timeout` too when nothing moves any more */
	readonly upload: (file: Upload) => Promise<string>;
	/**
	 * @param uri `mxc://server/media`
	 * @param form `small`: the picture as the server makes it small (client-server API §Thumbnails); of what is encrypted it knows none
	 * @throws NetworkError; the signal's reason
	 */
	readonly download: (uri: string, signal: AbortSignal, form?: 'whole' | 'small') => Promise<Download>;
};

export type MediaCallOptions = {
	readonly baseUrl: string;
	readonly accessToken: () => string;
	/** A guarded fetch. */
	readonly send: typeof fetch;
	/** One JSON request. */
	readonly callAt: RoomCall;
};

/** Milliseconds for which the connection may take nothing of a file, and for which the server may think behind its last byte. */
const stallLimit = 60_000;
const answerLimit = 5 * 60_000;

/** Milliseconds without a byte of what is fetched, and over which its speed is taken. */
const fetchLimits = {idle: 60_000, drip: 60_000};

/** What servers make when a picture comes, so that it is there already. */
const smallSize = 'width=800&height=600&method=scale';

/** How often a server may send on to where it keeps its files. */
const mostRedirects = 3;

/** Aborts when nothing has moved for a while. */
const createStallWatch = (outer: AbortSignal) => {
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const stalled = (): void =>
		controller.abort(new NetworkError({kind: 'timeout', message: 'the connection takes nothing more of the file'}));
	return {
		signal: AbortSignal.any([outer, controller.signal]),
		expect(milliseconds: number): void {
			clearTimeout(timer);
			timer = setTimeout(stalled, milliseconds);
		},
		stop: () => clearTimeout(timer),
		/** Why it was aborted, if it was. */
		failure: (): NetworkError | undefined =>
			controller.signal.aborted ? (controller.signal.reason as NetworkError) : undefined,
	};
};

/** Servers that know no authenticated media (before v1.11) have the older endpoint only. */
const isUnknownEndpoint = (error: unknown): boolean =>
	error instanceof NetworkError && ['not-found', 'bad-request'].includes(error.failure.kind);

const failureOf = async (response: Response): Promise<NetworkError> => {
	const body = parseJson(await response.text());
	return new NetworkError(classifyAnswer({status: response.status, body, headers: response.headers}));
};

const sizeOf = ({headers}: Response): number | undefined => {
	// It is that of what goes over the wire.
	if (headers.has('content-encoding')) return undefined;
	const size = Number(headers.get('content-length') ?? Number.NaN);
	return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
};

export const createMediaCalls = ({baseUrl, accessToken, send, callAt}: MediaCallOptions): MediaCalls => ({
	async largestUpload() {
		const config = async (): Promise<JsonObject> => {
			try {
				return await callAt('/_matrix/client/v1/media/config', 'GET');
			} catch (error) {
				if (!isUnknownEndpoint(error)) throw error;
				return callAt('/_matrix/media/v3/config', 'GET');
			}
		};
		const size = asInteger((await config())['m.upload.size']);
		return size === undefined || size < 0 ? undefined : size;
	},

	async upload({type, name, size, body, onProgress, signal}) {
		const watch = createStallWatch(signal);
		const counted = async function* (): AsyncGenerator<Uint8Array> {
			let done = 0;
			for await (const chunk of body) {
				yield chunk;
				// Asked for the next piece: this one is out, as far as can be known here.
				done += chunk.byteLength;
				watch.expect(done < size ? stallLimit : answerLimit);
				onProgress(done);
			}
		};
		watch.expect(size === 0 ? answerLimit : stallLimit);
		const query = name === undefined ? '' : `?filename=${encodeURIComponent(name.toWellFormed())}`;
		try {
			const response = await send(`${baseUrl}/_matrix/media/v3/upload${query}`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${accessToken()}`,
					'content-type': type,
					// Synapse takes nothing of unknown length.
					'content-length': String(size),
				},
				body: ReadableStream.from(counted()) as unknown as BodyInit,
				duplex: 'half',
				signal: watch.signal,
			} as RequestInit);
			if (!response.ok) throw await failureOf(response);
			const answer = asObject(parseJson(await response.text()));
			const uri = asString(answer['content_uri']);
			if (uri !== undefined) return uri;
			throw new NetworkError({kind: 'server-error', message: 'the server gave an answer without content_uri'});
		} catch (error) {
			throw watch.failure() ?? error;
		} finally {
			watch.stop();
		}
	},

	async download(uri, signal, form = 'whole') {
		const {serverName, mediaId} = parseContentUri(uri) ?? {};
		if (serverName === undefined || mediaId === undefined)
			throw new NetworkError({kind: 'not-found', message: 'the address of the file is none'});
		const file = `${encodeURIComponent(serverName)}/${encodeURIComponent(mediaId)}`;
		const place = form === 'whole' ? `download/${file}` : `thumbnail/${file}?${smallSize}`;
		const watch = createBodyWatchdog(signal, fetchLimits);
		const get = async (url: string, headers: Record<string, string> = {}): Promise<Response> =>
			send(url, {headers, redirect: 'manual', signal: watch.signal, isStream: true} as GuardedInit);
		const authorization = `Bearer ${accessToken()}`;
		let response = await get(`${baseUrl}/_matrix/client/v1/media/${place}`, {authorization});
		// Servers before v1.11 answer so to what they do not know.
		if (response.status === 404 || response.status === 400)
			response = await get(`${baseUrl}/_matrix/media/v3/${place}`, {authorization});
		for (let count = 0; response.status >= 300 && response.status < 400 && count < mostRedirects; count++) {
			const next = URL.parse(response.headers.get('location') ?? '', response.url || baseUrl);
			if (next === null) break;
			// Wherever that is, the token is not for it.
			response = await get(next.href);
		}
		if (!response.ok) throw await failureOf(response);
		const pieces = async function* (): AsyncGenerator<Uint8Array> {
			watch.feed(0);
			try {
				for await (const chunk of response.body ?? []) {
					watch.feed(chunk.byteLength);
					yield chunk;
				}
			} catch (error) {
				throw watch.signal.aborted ? watch.signal.reason : error;
			} finally {
				watch.stop();
			}
		};
		return {body: pieces(), size: sizeOf(response)};
	},
});
