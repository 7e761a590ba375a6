/** An HTTP proxy on loopback in front of a real homeserver that a test can make lie, stall and lose answers. */
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Owner} from '../helpers/synapse.ts';
import {startFaultyServer} from '../matrix/faulty-server.ts';

export type ProxyRequest = {readonly method: string; readonly path: string; readonly token: string | undefined};

export type ProxyAnswer = {
	readonly status: number;
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** Writes an answer of its own, or a part of one; the connection stays open until either side ends it. */
export type RawAnswer = (response: ServerResponse) => void;

/** `'lost'`: the connection breaks off without an answer. */
export type Outcome = ProxyAnswer | RawAnswer | 'lost';

/** Decides what becomes of a request; `undefined` lets it pass. */
export type Fault = (
	request: ProxyRequest,
	forward: () => Promise<ProxyAnswer>,
) => Promise<Outcome | undefined> | Outcome | undefined;

export type FaultProxy = {
	readonly url: string;
	/** From now on; `undefined` for a proxy that only passes on. */
	readonly setFault: (fault: Fault | undefined) => void;
	/** `METHOD path` of all requests so far. */
	readonly requests: readonly string[];
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
};

const answer = (response: ServerResponse, outcome: Outcome): void => {
	if (outcome === 'lost') {
		response.socket?.destroy();
		return;
	}
	if (typeof outcome === 'function') return outcome(response);
	response.writeHead(outcome.status, {'content-type': 'application/json', ...outcome.headers});
	response.end(outcome.body);
};

/** Starts it; it ends when its owner does. */
export const startFaultProxy = async (owner: Owner, target: string): Promise<FaultProxy> => {
	const requests: string[] = [];
	let fault: Fault | undefined;

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const {method = 'GET', url: path = '/', headers} = request;
		requests.push(`${method} ${path}`);
		const body = await readBody(request);
		const gone = new AbortController();
		response.once('close', () => {
			if (!response.writableEnded) gone.abort();
		});
		const {authorization} = headers;
		const forward = async (): Promise<ProxyAnswer> => {
			const reply = await fetch(target + path, {
				method,
				headers: {
					'content-type': 'application/json',
					...(authorization === undefined ? {} : {authorization}),
				},
				...(body.length === 0 ? {} : {body: new Uint8Array(body)}),
				signal: gone.signal,
			});
			return {status: reply.status, body: await reply.text()};
		};
		const token = authorization?.replace('Bearer ', '');
		try {
			answer(response, (await fault?.({method, path, token}, forward)) ?? (await forward()));
		} catch {
			// The client has gone, or the server: either way there is nothing to say.
			response.socket?.destroy();
		}
	};

	const url = await startFaultyServer(owner, (request, response) => void handle(request, response));
	return {
		url,
		setFault: next => {
			fault = next;
		},
		requests,
	};
};
