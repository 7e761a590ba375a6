/** A sync gate in front of a server that answers as a test wants. */
import type {RequestListener, ServerResponse} from 'node:http';
import type {TestContext} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import type {Failed} from '../../source/matrix/retry-loop.ts';
import {createSyncGate, type SyncGateOptions} from '../../source/matrix/sync-gate.ts';
import {startFaultyServer} from './faulty-server.ts';

export type Answer = (response: ServerResponse, path: string) => void;

/** An answer of JSON. */
export const json =
	(body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
	response => {
		response.writeHead(status, {'content-type': 'application/json', ...headers});
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};

/** A room of a response with one message. */
export const room = (text: string): JsonObject => ({
	timeline: {events: [{type: 'm.room.message', content: {body: text}, event_id: `$${text}`, sender: '@a:x'}]},
});

export const joinedRooms = (count: number): JsonObject =>
	Object.fromEntries(Array.from({length: count}, (_, index) => [`!r${index}:x`, room(`m${index}`)]));

export type Gate = {
	readonly sync: (query?: string) => Promise<JsonObject>;
	readonly respond: (query?: string) => Promise<Response>;
	/** Any other request. */
	readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
	readonly retryNow: () => void;
	readonly stop: () => void;
	readonly isAsking: () => boolean;
	/** `load ROOM` and `write ROOM`, in order. */
	readonly steps: readonly string[];
	/** Kinds of failures, `quiet` before those that are over soon; `answered`, `trying`, `late`. */
	readonly told: readonly string[];
	readonly failures: readonly Failed[];
	readonly requests: readonly string[];
};

/** A gate in front of a real server that gives these answers, the last one again and again. */
export const openGate = async (
	context: TestContext,
	answers: readonly Answer[],
	options: {readonly loaded?: readonly string[]} & Partial<SyncGateOptions> = {},
): Promise<Gate> => {
	const requests: string[] = [];
	const listener: RequestListener = (request, response) => {
		const answer = answers[Math.min(requests.length, answers.length - 1)];
		requests.push(request.url ?? '');
		answer?.(response, request.url ?? '');
	};
	const base = await startFaultyServer(context, listener);
	const steps: string[] = [];
	const told: string[] = [];
	const failures: Failed[] = [];
	const loaded = new Set(options.loaded);
	const gate = createSyncGate({
		sink: {
			isLoaded: roomId => loaded.has(roomId),
			load: roomId => void steps.push(`load ${roomId}`),
			drop: roomId => void steps.push(`drop ${roomId}`),
			write: rooms => void steps.push(...rooms.map(({roomId}) => `write ${roomId}`)),
		},
		fetch: createGuardedFetch({isFailed: () => undefined}),
		failure: () => undefined,
		settled: async () => undefined,
		connection: {
			answered: () => void told.push('answered'),
			failed(failed) {
				told.push(`${failed.isQuiet ? 'quiet ' : ''}${failed.failure.kind}`);
				failures.push(failed);
			},
			trying: () => void told.push('trying'),
			late: () => void told.push('late'),
			received: rooms => void steps.push(`received ${rooms}`),
		},
		limits: {firstPause: 4},
		...options,
	});
	context.after(() => gate.stop());
	const respond = (query = 'since=s0&timeout=0') => gate.fetch(`${base}/_matrix/client/v3/sync?${query}`);
	return {
		respond,
		ask: (path, init) => gate.fetch(base + path, init),
		sync: async query => (await (await respond(query)).json()) as JsonObject,
		retryNow: gate.retryNow,
		stop: gate.stop,
		isAsking: gate.isAsking,
		steps,
		told,
		failures,
		requests,
	};
};
