/** The calls of the client-server API that move files (§Content Repository). */
import {ReadableStream} from 'node:stream/web';
import {asInteger, asObject, asString, parseJson, type JsonObject} from '../domain/json.ts';
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

export type MediaCalls = {
	/** @returns bytes of the largest file that the server takes; `undefined` where it does not say */
	readonly largestUpload: () => Promise<number | undefined>;
	/** @returns where the file lies: `mxc://…` @throws NetworkError; `timeout` too when nothing moves any more */
	readonly upload: (file: Upload) => Promise<string>;
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
			const answer = asObject(parseJson(await response.text()));
			if (!response.ok)
				throw new NetworkError(classifyAnswer({status: response.status, body: answer, headers: response.headers}));
			const uri = asString(answer['content_uri']);
			if (uri !== undefined) return uri;
			throw new NetworkError({kind: 'server-error', message: 'the server gave an answer without content_uri'});
		} catch (error) {
			throw watch.failure() ?? error;
		} finally {
			watch.stop();
		}
	},
});
