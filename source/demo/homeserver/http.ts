/** The requests of clients: routes, access tokens, JSON in and out (client-server API §API Standards). */
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import {isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import type {FaultSwitch} from './faults.ts';
import {MatrixError} from './matrix-error.ts';
import type {Device, User, World} from './world.ts';

/** A request of somebody who is signed in. */
export type Call = {
	readonly world: World;
	readonly user: User;
	readonly device: Device;
	/** The parts of the path that are in braces. */
	readonly params: Readonly<Record<string, string>>;
	readonly query: URLSearchParams;
	/** Empty where none was sent. */
	readonly body: JsonObject;
	readonly bytes: Buffer;
	readonly contentType: string;
	/** Aborted when the client is gone. */
	readonly signal: AbortSignal;
};

/** An answer that is no JSON. */
export type Download = {readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>>};

export type Handler = (call: Call) => JsonObject | Download | Promise<JsonObject>;

/** By method and path below `/_matrix/client/v3/`, such as `GET rooms/{roomId}/state`. */
export type Routes = Readonly<Record<string, Handler>>;

export type RouteTables = {
	/** Need an access token. */
	readonly closed: Routes;
	/** Are answered to everybody; `user` and `device` are not there. */
	readonly open: Routes;
};

const largestBody = 64 * 1024 * 1024;
const json = {'content-type': 'application/json'};
const corsHeaders = {
	'access-control-allow-origin': '*',
	'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
	'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
};

type CompiledRoute = {
	readonly method: string;
	readonly parts: readonly string[];
	readonly handler: Handler;
	readonly isOpen: boolean;
};

const compile = ({closed, open}: RouteTables): readonly CompiledRoute[] =>
	[...Object.entries(closed), ...Object.entries(open)].map(([key, handler], index) => {
		const [method = '', path = ''] = key.split(' ');
		return {method, parts: path.split('/'), handler, isOpen: index >= Object.keys(closed).length};
	});

/** @returns the parts in braces, or `undefined` where the path is another one. */
const match = (parts: readonly string[], path: readonly string[]): Record<string, string> | undefined => {
	if (parts.length !== path.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of parts.entries()) {
		const given = path[index] ?? '';
		if (part.startsWith('{')) params[part.slice(1, -1)] = given;
		else if (part !== given) return undefined;
	}
	return params;
};

/** Every version of an endpoint is answered alike; what is no endpoint of clients keeps its whole path. */
const partsOf = (pathname: string): readonly string[] => {
	try {
		return pathname
			.replace(/^\/_matrix\/(?:client|media)\/(?:r0|v\d+)\//, '')
			.replace(/^\/(?:_matrix\/client\/)?/, '')
			.replace(/\/$/, '')
			.split('/')
			.map(decodeURIComponent);
	} catch {
		throw new MatrixError(400, 'M_UNRECOGNIZED', 'The path is not well encoded');
	}
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size > largestBody) throw new MatrixError(413, 'M_TOO_LARGE', 'The body is too large');
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
};

const parseBody = (bytes: Buffer, contentType: string, isUpload: boolean): JsonObject => {
	if (bytes.length === 0 || isUpload) return {};
	const body = parseJson(bytes.toString('utf8'));
	if (body === undefined) throw new MatrixError(400, 'M_NOT_JSON', `The body is no JSON (${contentType})`);
	if (!isObject(body)) throw new MatrixError(400, 'M_BAD_JSON', 'The body is no JSON object');
	return body;
};

const deviceOf = (world: World, request: IncomingMessage, url: URL): Device => {
	const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? url.searchParams.get('access_token');
	if (token === null) throw new MatrixError(401, 'M_MISSING_TOKEN', 'The access token is missing');
	const device = world.sessions.get(token);
	if (device === undefined)
		throw new MatrixError(401, 'M_UNKNOWN_TOKEN', 'Nobody is signed in with this token', {soft_logout: false});
	device.lastSeen = world.now();
	return device;
};

const isDownload = (answer: JsonObject | Download): answer is Download => answer['bytes'] instanceof Uint8Array;

export type ListeningServer = {
	/** Base URL of the client-server API. */
	readonly url: string;
	/** Breaks all connections, if wished by a TCP reset; clients find nobody until `listen`. */
	readonly close: (options?: {readonly isReset?: boolean}) => Promise<void>;
	/** Listens again on the same port. */
	readonly listen: () => Promise<void>;
};

/**
 * Answers on 127.0.0.1.
 * @param port 0 for a free one
 * @throws Error when the port is taken
 */
export const serveWorld = async (
	world: World,
	{tables, port, faults}: {readonly tables: RouteTables; readonly port: number; readonly faults: FaultSwitch},
): Promise<ListeningServer> => {
	const routes = compile(tables);

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<JsonObject | Download> => {
		const {method = 'GET', headers} = request;
		const url = new URL(request.url ?? '/', 'http://127.0.0.1');
		const path = partsOf(url.pathname);
		const gone = new AbortController();
		response.once('close', () => gone.abort());
		let isKnown = false;
		for (const route of routes) {
			const params = match(route.parts, path);
			isKnown ||= params !== undefined;
			if (params === undefined || route.method !== method) continue;
			const contentType = headers['content-type'] ?? '';
			const bytes = await readBody(request);
			const body = parseBody(bytes, contentType, path.join('/') === 'upload');
			const {searchParams: query} = url;
			const known = {world, params, query, body, bytes, contentType, signal: gone.signal};
			if (route.isOpen) return route.handler(known as unknown as Call);
			const device = deviceOf(world, request, url);
			return route.handler({...known, device, user: device.user});
		}
		throw new MatrixError(isKnown ? 405 : 404, 'M_UNRECOGNIZED', `There is no ${method} ${url.pathname} here`);
	};

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (request.method === 'OPTIONS') return void response.writeHead(200, corsHeaders).end();
		if (await faults.spoil(request, response)) return;
		try {
			const result = await answer(request, response);
			if (isDownload(result)) response.writeHead(200, {...corsHeaders, ...result.headers}).end(result.bytes);
			else response.writeHead(200, {...corsHeaders, ...json}).end(JSON.stringify(result));
		} catch (error) {
			const {status, body} =
				error instanceof MatrixError
					? error
					: new MatrixError(500, 'M_UNKNOWN', `A bug of the server: ${String(error)}`);
			// What is still coming of a body would be taken for the next request.
			response.writeHead(status, {...corsHeaders, ...json, ...(request.complete ? {} : {connection: 'close'})});
			response.end(JSON.stringify(body));
		}
	};

	const server = createServer((request, response) => void handle(request, response));
	// A client that thinks for a while must not find its connection closed.
	server.keepAliveTimeout = 120_000;
	const sockets = new Set<Socket>();
	server.on('connection', socket => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	const listen = async (wanted: number): Promise<number> => {
		server.listen(wanted, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	};
	const taken = await listen(port);
	return {
		url: `http://127.0.0.1:${taken}`,
		async close({isReset = false} = {}) {
			const closed = once(server, 'close');
			server.close();
			if (isReset) for (const socket of sockets) socket.resetAndDestroy();
			server.closeAllConnections();
			await closed;
		},
		listen: async () => void (await listen(taken)),
	};
};
