/**
 * A homeserver on loopback for one synthetic account: it answers what matrix-js-sdk and mx ask of it, and has news when
 * it is told to. Bodies are streamed, the first /sync from a file, so that it needs little memory itself.
 */
import {once} from 'node:events';
import {closeSync, createReadStream, createWriteStream, mkdtempSync, openSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {firstSync, laterSync, membersOf, ownUser, type News, type SyntheticAccount} from './synthetic-account.ts';

/** A request as it arrives: its kind, as `requests` has it, and of a /sync the token that it goes on from. */
export type SeenRequest = {readonly kind: string; readonly since: string | undefined};

export type SyntheticServer = {
	readonly url: string;
	/** Has something to tell, by the waiting /sync or the next one: with the `n`th news since `reset` goes the token `s<n>`. */
	readonly tell: (news: News) => void;
	/** Told of each request, before it is answered. */
	readonly onRequest: (listener: (request: SeenRequest) => void) => void;
	/** How often each kind of path was asked for, ids left out: `GET rooms/…/event/…`. */
	readonly requests: () => Readonly<Record<string, number>>;
	/** Counts requests from nothing again. */
	readonly forget: () => void;
	/** Has no news any more: for the next client, which begins with a first /sync. */
	readonly reset: () => void;
	readonly stop: () => Promise<void>;
};

const json = 'application/json';
const longestPoll = 30_000;

const readBody = async (request: IncomingMessage): Promise<string> => {
	let body = '';
	for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
	return body;
};

/** What does not change; a path that is missing here is answered 404, as a server without that feature does. */
const fixedAnswers: Readonly<Record<string, unknown>> = {
	'GET versions': {versions: ['v1.1', 'v1.6', 'v1.11'], unstable_features: {}},
	'GET pushrules': {global: {override: [], content: [], room: [], sender: [], underride: []}},
	'GET capabilities': {capabilities: {}},
	'GET account/whoami': {user_id: ownUser, device_id: 'SYNTHETIC'},
	'GET voip/turnServer': {},
	'POST keys/upload': {one_time_key_counts: {signed_curve25519: 50}},
	'POST keys/claim': {one_time_keys: {}, failures: {}},
	'POST rooms/…/read_markers': {},
	'POST rooms/…/receipt/…': {},
	'PUT presence/…/status': {},
	'PUT rooms/…/typing/…': {},
	'GET rooms/…/messages': {chunk: [], start: 't0'},
};

/** Nobody has a device, and the answer says so of each who is asked for: else the client would ask again for ever. */
const devicesOf = (body: string): unknown => {
	const {device_keys: users = {}} = JSON.parse(body) as {readonly device_keys?: object};
	return {device_keys: Object.fromEntries(Object.keys(users).map(user => [user, {}])), failures: {}};
};

/** The path without prefix and ids: they begin with a sigil, and are percent-encoded or not. */
const kindOf = (request: IncomingMessage, url: URL): string => {
	const path = url.pathname.replace(/^\/_matrix\/client\/(?:v\d+\/|r0\/|unstable\/)?/, '').replace(/\/$/, '');
	const parts = path.split('/').map(part => (/^[!@$#]/.test(decodeURIComponent(part)) ? '…' : part));
	return `${request.method ?? 'GET'} ${parts.join('/')}`;
};

/**
 * Writes the first /sync to a file without a name, so that nothing is left behind however the process ends.
 * @returns its descriptor
 */
const keepFirstSync = async (account: SyntheticAccount): Promise<number> => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-bench-sync-'));
	try {
		const file = join(directory, 'first-sync.json');
		const pieces = firstSync(account, {nextBatch: 's0', isLazy: true});
		await pipeline(Readable.from(pieces, {objectMode: true, highWaterMark: 64}), createWriteStream(file));
		return openSync(file, 'r');
	} finally {
		rmSync(directory, {recursive: true, force: true});
	}
};

/** Starts it on a free port of 127.0.0.1. */
export const startSyntheticServer = async (account: SyntheticAccount): Promise<SyntheticServer> => {
	const kept = await keepFirstSync(account);
	const news: News[] = [];
	const counts = new Map<string, number>();
	const waiting = new Set<() => void>();
	let listener: (request: SeenRequest) => void = () => undefined;
	let isLazy = true;

	const answer = (response: ServerResponse, status: number, body: unknown): void =>
		void response.writeHead(status, {'content-type': json}).end(JSON.stringify(body));

	const stream = async (response: ServerResponse, pieces: Iterable<string>): Promise<void> => {
		response.writeHead(200, {'content-type': json});
		await pipeline(Readable.from(pieces, {objectMode: true, highWaterMark: 64}), response);
	};

	/** Waits until there are news after `position`, the time is over or the client is gone. */
	const poll = async (position: number, timeout: number, response: ServerResponse): Promise<void> => {
		if (news.length > position) return;
		const {promise, resolve} = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, Math.min(timeout, longestPoll));
		response.once('close', resolve);
		waiting.add(resolve);
		await promise;
		clearTimeout(timer);
		waiting.delete(resolve);
		response.off('close', resolve);
	};

	const sync = async (url: URL, response: ServerResponse): Promise<void> => {
		const since = url.searchParams.get('since') ?? undefined;
		if (since === undefined) {
			if (!isLazy) return stream(response, firstSync(account, {nextBatch: 's0', isLazy}));
			response.writeHead(200, {'content-type': json});
			return pipeline(createReadStream('', {fd: kept, start: 0, autoClose: false}), response);
		}
		const position = Number(since.slice(1));
		await poll(position, Number(url.searchParams.get('timeout') ?? 0), response);
		const told = news[position];
		const next = told === undefined ? position : position + 1;
		return stream(response, laterSync(account, {news: told, round: next, nextBatch: `s${next}`}));
	};

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const url = new URL(request.url ?? '/', 'http://127.0.0.1');
		const kind = kindOf(request, url);
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
		listener({kind, since: url.searchParams.get('since') ?? undefined});
		const body = await readBody(request);
		if (kind === 'GET sync') return sync(url, response);
		if (kind === 'GET rooms/…/members')
			return stream(response, membersOf(account, decodeURIComponent(url.pathname.split('/')[5] ?? '')));
		if (kind === 'POST user/…/filter') {
			isLazy = body.includes('"lazy_load_members":true');
			return answer(response, 200, {filter_id: '1'});
		}
		if (kind === 'POST keys/query') return answer(response, 200, devicesOf(body));
		if (kind in fixedAnswers) return answer(response, 200, fixedAnswers[kind]);
		return answer(response, 404, {errcode: 'M_NOT_FOUND', error: 'Not here'});
	};

	const server = createServer((request, response) => {
		// A client that goes away in the middle is no failure.
		handle(request, response).catch(() => response.destroy());
	});
	// A client that is busy for a while must not find its connection closed.
	server.keepAliveTimeout = 120_000;
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		tell(next) {
			news.push(next);
			for (const resolve of waiting) resolve();
		},
		onRequest(next) {
			listener = next;
		},
		requests: () => Object.fromEntries(counts),
		forget: () => counts.clear(),
		reset() {
			counts.clear();
			news.length = 0;
		},
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
			closeSync(kept);
		},
	};
};
