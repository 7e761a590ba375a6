/**
 * Misbehaviour on demand, for tests of clients: every answer that breaks client-server API §API Standards in another way.
 * `PUT /_mx/fault` with `{"kind": …, "path": …, "times": …}` switches it on, `DELETE` off.
 */
import type {IncomingMessage, ServerResponse} from 'node:http';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {asInteger, asObject, asString, parseJson} from '../domain/json.ts';

type Spoiler = (response: ServerResponse) => void;

const json = {'content-type': 'application/json'};

const refuse =
	(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Spoiler =>
	response =>
		void response.writeHead(status, {...json, ...headers}).end(JSON.stringify(body));

/** The sign-in page of a network, as HTML. */
export const hotelPage = '<!doctype html><title>Hotel</title>Welcome';

const tooMany = {errcode: 'M_LIMIT_EXCEEDED', error: 'Too many requests', retry_after_ms: 200};

/** The ways to answer badly. */
export const spoilers = {
	/** The headers and the first bytes come, then nothing more. */
	stall: response => void response.writeHead(200, json).write('{"event_id":"$'),
	/** A body that goes on for ever, a byte at a time. */
	drip: response => {
		response.writeHead(200, json).write('{');
		const timer = setInterval(() => response.write(' '), 20);
		response.once('close', () => clearInterval(timer));
	},
	/** The connection is broken by a TCP reset. */
	reset: response => void response.socket?.resetAndDestroy(),
	'429': refuse(429, tooMany, {'retry-after': '1'}),
	/** The page of a proxy or of the network of a hotel. */
	html: response => void response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end(hotelPage),
	null: response => void response.writeHead(200, json).end('null'),
	/** 200 MiB of blanks in 200 KB. */
	bomb: response => {
		// Parts of a gzip file may follow each other; one small part is made, not 200 MiB.
		const part = gzipSync(Buffer.alloc(1024 * 1024, ' '));
		response.writeHead(200, {...json, 'content-encoding': 'gzip'});
		response.end(Buffer.concat(Array.from({length: 200}, () => part)));
	},
	/** The sign-in has expired, and the device may come back. */
	'401-soft': refuse(401, {errcode: 'M_UNKNOWN_TOKEN', error: 'The token has expired', soft_logout: true}),
} as const satisfies Readonly<Record<string, Spoiler>>;

/** A way to answer badly, or `slow`: the right answer, three seconds late. */
export type FaultKind = keyof typeof spoilers | 'slow';

export type Fault = {
	readonly kind: FaultKind;
	/** A part of the paths that are answered so. @default all */
	readonly path?: string | undefined;
	/** How often; for ever without. */
	readonly times?: number | undefined;
};

const slowness = 3000;

const isFaultKind = (kind: string | undefined): kind is FaultKind =>
	kind !== undefined && (Object.hasOwn(spoilers, kind) || kind === 'slow');

export const createFaultSwitch = () => {
	let fault: Fault | undefined;
	let left = 0;
	/** From now on; `undefined` for a server that behaves. */
	const set = (next: Fault | undefined): void => {
		fault = next;
		left = next?.times ?? Number.POSITIVE_INFINITY;
	};

	/** Only whoever may use the machine reaches this: the server listens on loopback alone. */
	const command = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const body = asObject(parseJson(await text(request)));
		const [kind, path, times] = [asString(body['kind']), asString(body['path']), asInteger(body['times'])];
		const isOn = request.method !== 'DELETE';
		const error = `Try one of: ${Object.keys(spoilers).join(', ')}, slow`;
		if (isOn && !isFaultKind(kind)) return refuse(400, {errcode: 'M_INVALID_PARAM', error})(response);
		set(isOn && isFaultKind(kind) ? {kind, path, times} : undefined);
		refuse(200, {})(response);
	};

	/** Answers badly, if that is wished of this request. @returns whether it was answered */
	const spoil = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
		const {url = ''} = request;
		const isCommand = url === '/_mx/fault';
		if (isCommand) await command(request, response);
		if (isCommand || fault === undefined || left <= 0 || !url.includes(fault.path ?? '')) return isCommand;
		left -= 1;
		const {kind} = fault;
		if (kind === 'slow') await sleep(slowness, undefined, {ref: false});
		else spoilers[kind](response);
		return kind !== 'slow';
	};

	return {set, spoil};
};
