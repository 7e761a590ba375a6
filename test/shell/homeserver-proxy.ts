/** Stands before a real homeserver and misbehaves on demand: a sync that never comes, sessions that have ended softly. */
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {once} from 'node:events';
import type {TestContext} from 'node:test';
import {asObject, parseJson} from '../../source/domain/json.ts';

/** The proxy of one test. */
export type HomeserverProxy = {
	/** `localhost:PORT`, as a person types it. */
	readonly name: string;
	/** From now on every sync waits for ever. */
	readonly stallSync: () => void;
	/** Resolves when a sync is waiting. */
	readonly stalled: Promise<void>;
	/** Every token that was seen so far is answered with a soft logout (client-server API §Soft logout). */
	readonly logOutSoftly: () => void;
};

const softLogout = {errcode: 'M_UNKNOWN_TOKEN', error: 'Session expired', soft_logout: true};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
};

const answer = (response: ServerResponse, status: number, text: string): void => {
	response.writeHead(status, {'content-type': 'application/json'}).end(text);
};

/** The server would send its client past the proxy. */
const withoutWellKnown = (text: string): string => {
	const {well_known: _published, ...rest} = asObject(parseJson(text));
	return JSON.stringify(rest);
};

/** Listens until the test ends. @param url of the homeserver behind it */
export const startProxy = async (context: TestContext, url: string): Promise<HomeserverProxy> => {
	const seen = new Set<string>();
	const ended = new Set<string>();
	const {promise: stalled, resolve: markStalled} = Promise.withResolvers<void>();
	let isStalling = false;

	const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const {method = 'GET', url: target = '', headers} = request;
		const authorization = headers.authorization ?? '';
		const body = await readBody(request);
		if (ended.has(authorization)) return answer(response, 401, JSON.stringify(softLogout));
		if (authorization !== '') seen.add(authorization);
		if (isStalling && target.includes('/sync')) return markStalled();
		const sent = method === 'GET' ? {} : {body: new Uint8Array(body)};
		// A long poll whose client is gone would keep the test waiting.
		const gone = new AbortController();
		response.on('close', () => gone.abort());
		const permission: Record<string, string> = authorization === '' ? {} : {authorization};
		const reply = await fetch(url + target, {
			method,
			headers: {'content-type': 'application/json', ...permission},
			...sent,
			signal: gone.signal,
		});
		const text = await reply.text();
		answer(response, reply.status, target.includes('/login') ? withoutWellKnown(text) : text);
	};

	const server = createServer((request, response) => {
		forward(request, response).catch(() => response.destroy());
	}).listen(0, 'localhost');
	await once(server, 'listening');
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
	return {
		name: `localhost:${address.port}`,
		stallSync: () => {
			isStalling = true;
		},
		stalled,
		logOutSoftly: () => {
			for (const authorization of seen) ended.add(authorization);
		},
	};
};
