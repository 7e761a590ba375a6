/** The requests of clients: routes, access tokens, JSON in and out (client-server API §API Standards). */
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import querystring from 'node:querystring';
import {buffer} from 'node:stream/consumers';
import {isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import {createFaultSwitch} from '../faults.ts';
import {demand, MatrixError} from './matrix-error.ts';
import type {Device, User, World} from './world.ts';

/** A request of somebody who is signed in. */
export type Call = {
	readonly world: World;
	readonly user: User;
	readonly device: Device;
	/** @returns what stands in the path where the route has this name in braces; '' where nothing does. */
	readonly part: (name: string) => string;
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

/** Answers `{}` where it returns nothing. */
export type Handler = (call: Call) => JsonObject | Download | Promise<JsonObject> | void;

/**
 * By method and path below `/_matrix/client/v3/`, such as `GET rooms/{roomId}/state/{type}/{stateKey?}`. Where the method
 * follows `open`, everybody is answered without an access token, and `user` and `device` are not there.
 */
export type Routes = Readonly<Record<string, Handler>>;

const json = {'content-type': 'application/json'};

/** @returns what stands in the braces of the route, or `undefined` where the path is another one. */
const match = (route: readonly string[], path: readonly string[]): ReadonlyMap<string, string> | undefined => {
	const parts = new Map<string, string>();
	for (const [index, part] of route.entries()) {
		const given = path[index];
		const [, name, isOptional] = /^\{(\w+)(\?)?\}$/.exec(part) ?? [];
		if (given === undefined ? isOptional === undefined : name === undefined && part !== given) return undefined;
		if (name !== undefined) parts.set(name, given ?? '');
	}
	return path.length > route.length ? undefined : parts;
};

/** Every version of an endpoint is answered alike; what is no endpoint of clients keeps its whole path. */
const splitPath = (pathname: string): readonly string[] =>
	pathname
		.replace(/^\/_matrix\/(?:client|media)\/(?:r0|v\d+)\//, '')
		.replace(/^\/(?:_matrix\/client\/)?/, '')
		.replace(/\/$/, '')
		.split('/')
		.map(part => querystring.unescape(part));

const parseBody = (bytes: Buffer): JsonObject => {
	if (bytes.length === 0) return {};
	const body = parseJson(bytes.toString('utf8'));
	demand(body !== undefined, 400, 'M_NOT_JSON', 'The body is no JSON');
	demand(isObject(body), 400, 'M_BAD_JSON', 'The body is no JSON object');
	return body;
};

const deviceOf = (world: World, request: IncomingMessage): Device => {
	const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
	demand(token, 401, 'M_MISSING_TOKEN', 'The access token is missing');
	const device = world.sessions.get(token);
	if (device === undefined)
		throw new MatrixError(401, 'M_UNKNOWN_TOKEN', 'Nobody is signed in with this token', {soft_logout: false});
	device.lastSeen = world.now();
	return device;
};

const isDownload = (answer: JsonObject | Download): answer is Download => answer['bytes'] instanceof Uint8Array;

/** Answers on 127.0.0.1. @param port 0 for a free one @throws Error when the port is taken */
export const serveWorld = async (world: World, routes: Routes, port: number) => {
	const faults = createFaultSwitch();
	const parsed = Object.entries(routes).map(([route, handler]) => {
		const [path = '', method = '', open] = route.split(' ').toReversed();
		return {isOpen: open !== undefined, method, path, handler};
	});

	const answer = async (request: IncomingMessage, signal: AbortSignal): Promise<JsonObject | Download> => {
		const {method = 'GET'} = request;
		const {pathname, searchParams: query} = new URL(request.url ?? '/', 'http://127.0.0.1');
		const path = splitPath(pathname);
		const found = parsed.flatMap(route => {
			const parts = match(route.path.split('/'), path);
			return parts === undefined ? [] : [{...route, parts}];
		});
		const route = found.find(each => each.method === method);
		demand(route, found.length === 0 ? 404 : 405, 'M_UNRECOGNIZED', `There is no ${method} ${pathname} here`);
		const contentType = request.headers['content-type'] ?? '';
		const bytes = await buffer(request);
		const body = route.path === 'upload' ? {} : parseBody(bytes);
		const part = (name: string): string => route.parts.get(name) ?? '';
		const known = {world, part, query, body, bytes, contentType, signal};
		if (route.isOpen) return (await route.handler(known as unknown as Call)) ?? {};
		const device = deviceOf(world, request);
		return (await route.handler({...known, device, user: device.user})) ?? {};
	};

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (await faults.spoil(request, response)) return;
		const gone = new AbortController();
		response.once('close', () => gone.abort());
		try {
			const result = await answer(request, gone.signal);
			if (isDownload(result)) response.writeHead(200, result.headers).end(result.bytes);
			else response.writeHead(200, json).end(JSON.stringify(result));
		} catch (error) {
			const bug = new MatrixError(500, 'M_UNKNOWN', `A bug of the server: ${String(error)}`);
			const refusal = error instanceof MatrixError ? error : bug;
			// What is still coming of a body would be taken for the next request.
			response.writeHead(refusal.status, {...json, ...(request.complete ? {} : {connection: 'close'})});
			response.end(JSON.stringify(refusal.body));
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
	world.url = `http://127.0.0.1:${taken}`;
	return {
		/** Base URL of the client-server API. */
		url: world.url,
		faults,
		/** Breaks all connections, if wished by a TCP reset; clients find nobody until `listen`. */
		async close({isReset = false} = {}): Promise<void> {
			const closed = once(server, 'close');
			server.close();
			if (isReset) for (const socket of sockets) socket.resetAndDestroy();
			server.closeAllConnections();
			await closed;
		},
		/** Listens again on the same port. */
		listen: async (): Promise<void> => void (await listen(taken)),
	};
};
