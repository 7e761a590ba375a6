/** The guarded fetch against a server that does everything wrong. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RequestListener} from 'node:http';
import {gzipSync} from 'node:zlib';
import {createClient, ConnectionError, MatrixError} from 'matrix-js-sdk';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asObject} from '../../source/domain/json.ts';
import {createGuardedFetch, type GuardedFetchOptions} from '../../source/matrix/guarded-fetch.ts';
import {classifyFailure, NetworkError, type NetworkFailureKind} from '../../source/matrix/network-errors.ts';
import type {Owner} from '../helpers/synapse.ts';
import {closedPort, startFaultyServer} from './faulty-server.ts';
import {silentLogger} from './silent-logger.ts';

const open = (options: Partial<GuardedFetchOptions> = {}): typeof fetch =>
	createGuardedFetch({isFailed: () => undefined, ...options});

const failsAs = (kind: NetworkFailureKind) => (error: unknown) => {
	assert.ok(error instanceof NetworkError, String(error));
	assert.equal(error.failure.kind, kind, error.message);
	return true;
};

const json =
	(status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
	(_request, response) =>
		response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body);

const get = async (
	owner: Owner,
	listener: RequestListener,
	options?: Partial<GuardedFetchOptions>,
): Promise<Response> => open(options)(`${await startFaultyServer(owner, listener)}/_matrix/client/v3/rooms/x`);

test('a good answer comes through unchanged, whatever its content type says', async t => {
	const body = '{"brackets in text":"[[[{{\\"","emoji":"😀"}';
	for (const type of [
		'application/json',
		'application/json; charset=utf-8',
		'application/octet-stream',
		'text/plain',
	]) {
		const response = await get(t, json(200, body, {'content-type': type}));
		assert.equal(await response.text(), body);
		assert.equal(response.status, 200);
	}
	const zipped = await get(t, (_request, response) =>
		response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('[1]')),
	);
	assert.deepEqual(await zipped.json(), [1]);
	assert.equal(zipped.headers.get('content-encoding'), null);
});

test('a web page in place of JSON is the login page of a network', async t => {
	const page = '<!doctype html><title>Sign in</title>';
	await assert.rejects(
		get(t, json(200, page, {'content-type': 'text/html; charset=utf-8'})),
		failsAs('captive-portal'),
	);
	await assert.rejects(get(t, json(200, `\n ${page}`)), failsAs('captive-portal'));
});

test('null, bare values, nothing, half a document and broken JSON are failures of the server', async t => {
	for (const body of [
		'null',
		'"text"',
		'1',
		'true',
		'',
		' ',
		'{"a":',
		'{"a":"b}',
		'{"a":}',
		'[1,]',
		'{}}',
		`{"a":"${'x'.repeat(300_000)}`,
	]) {
		await assert.rejects(get(t, json(200, body)), failsAs('server-error'), body.slice(0, 20));
	}
});

test('a body that breaks off is a broken connection', async t => {
	await assert.rejects(
		get(t, (_request, response) => {
			response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'});
			response.write('{"a":');
			response.socket?.end();
		}),
		failsAs('reset'),
	);
});

test('too large a body is cut at the limit, also when it unfolds from a small one', async t => {
	let sent = 0;
	const endless: RequestListener = (_request, response) => {
		response.writeHead(200, {'content-type': 'application/json'});
		const chunk = Buffer.alloc(64 * 1024, ' ');
		const pump = () => {
			while (!response.destroyed && sent < 100 * 1024 * 1024) {
				sent += chunk.length;
				if (!response.write(chunk)) {
					response.once('drain', pump);
					return;
				}
			}
		};
		pump();
	};
	await assert.rejects(get(t, endless), failsAs('too-large'));
	assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
	const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '));
	await assert.rejects(
		get(t, (_request, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb)),
		failsAs('too-large'),
	);
});

test('deep JSON is refused, brackets in texts are not', async t => {
	const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
	assert.equal((await get(t, json(200, nested(100)))).status, 200);
	await assert.rejects(get(t, json(200, nested(101))), failsAs('too-large'));
	await assert.rejects(
		get(t, json(200, `{"a":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_001)}`)),
		failsAs('too-large'),
	);
	assert.equal((await get(t, json(200, `{"a":"${'['.repeat(1000)}\\"${'{'.repeat(1000)}"}`))).status, 200);
});

test('of what members of a room wrote, deep JSON is let through: there is no other answer to be had', async t => {
	const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
	for (const path of ['messages?dir=b', 'members', 'state', 'context/$a']) {
		const ask = async (depth: number) =>
			open()(`${await startFaultyServer(t, json(200, nested(depth)))}/_matrix/client/v3/rooms/!r/${path}`);
		assert.equal((await ask(1000)).status, 200);
		await assert.rejects(ask(1001), failsAs('too-large'));
	}
});

test('no answer, and an answer that drips, end at the deadline', async t => {
	const limits = () => ({deadline: 200});
	await assert.rejects(
		get(t, () => undefined, {limits}),
		failsAs('timeout'),
	);
	const drip: RequestListener = (_request, response) => {
		response.writeHead(200, {'content-type': 'application/json'}).write('[');
		const timer = setInterval(() => response.write(' '), 10);
		response.once('close', () => clearInterval(timer));
	};
	await assert.rejects(get(t, drip, {limits}), failsAs('timeout'));
	const stall: RequestListener = (_request, response) => void response.writeHead(500).write('{');
	await assert.rejects(get(t, stall, {limits}), failsAs('timeout'));
	await assert.rejects(
		get(t, (_request, response) => void response.writeHead(200).write('['), {
			limits: () => ({deadline: 60_000, idle: 100}),
		}),
		failsAs('timeout'),
	);
});

test('the caller can abort, and gets its own reason', async t => {
	const url = await startFaultyServer(t, (_request, response) => void response.writeHead(200).write('['));
	const controller = new AbortController();
	const answer = open()(url, {signal: controller.signal});
	const reason = new Error('changed my mind');
	controller.abort(reason);
	await assert.rejects(answer, error => error === reason);
});

test('a redirect is a failure, unless the caller follows it itself', async t => {
	const url = await startFaultyServer(t, (request, response) =>
		request.url === '/here' ? response.writeHead(302, {location: '/there'}).end() : response.end('{}'),
	);
	await assert.rejects(open()(`${url}/here`, {redirect: 'follow'}), failsAs('captive-portal'));
	assert.equal((await open()(`${url}/here`, {redirect: 'manual'})).headers.get('location'), '/there');
});

test('an error keeps its status and becomes a Matrix error, however broken its body is', async t => {
	for (const [status, body] of [
		[503, '<html>Bad gateway</html>'],
		[502, '{"errcode":'],
		[500, 'null'],
		[404, ''],
		[403, '[]'],
		[500, '['.repeat(100_000)],
		[500, 'x'.repeat(1_000_000)],
	] as const) {
		const response = await get(t, json(status, body));
		assert.equal(response.status, status);
		assert.equal(response.headers.get('content-type'), 'application/json');
		assert.equal(asObject(await response.json())['errcode'], 'M_UNKNOWN');
	}
	const matrix = await get(t, json(403, '{"errcode":"M_FORBIDDEN","error":"No"}'));
	assert.deepEqual(await matrix.json(), {errcode: 'M_FORBIDDEN', error: 'No'});
	const challenge = '{"flows":[{"stages":["m.login.password"]}],"session":"s","params":{}}';
	assert.deepEqual(await (await get(t, json(401, challenge))).json(), JSON.parse(challenge));
});

test('the wish to wait is brought into one second to five minutes', async t => {
	const variants: ReadonlyArray<readonly [string, string | undefined, number | undefined]> = [
		['{"errcode":"M_LIMIT_EXCEEDED"}', undefined, undefined],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', undefined, 2500],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":-5}', undefined, 1000],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1e300}', undefined, 300_000],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500.5}', undefined, 1501],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":"soon"}', undefined, undefined],
		['{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', '7', 7000],
		['<html>', '86400', 300_000],
		['<html>', 'Wed, 21 Oct 2015 07:28:00 GMT', 1000],
		['<html>', 'nonsense', undefined],
	];
	for (const [body, header, wait] of variants) {
		const response = await get(t, json(429, body, header === undefined ? {} : {'retry-after': header}));
		assert.equal(response.status, 429);
		assert.equal(
			asObject(await response.json())['retry_after_ms'],
			wait === undefined && body.includes('soon') ? 'soon' : wait,
		);
		assert.equal(response.headers.get('retry-after'), wait === undefined ? null : String(Math.ceil(wait / 1000)));
	}
});

test('a successful sync is handed on while it arrives, a failed one is an error like any other', async t => {
	const listener: RequestListener = (_request, response) => {
		response.writeHead(200, {'content-type': 'application/json'}).write('{"next_batch":');
		setImmediate(() => response.write('"s1"'));
	};
	const url = await startFaultyServer(t, listener);
	const response = await open()(`${url}/_matrix/client/v3/sync?timeout=0`);
	const reader = response.body?.getReader();
	assert.equal(
		Buffer.from((await reader?.read())?.value ?? [])
			.toString()
			.slice(0, 14),
		'{"next_batch":',
	);
	await reader?.cancel();
	const failing = await startFaultyServer(t, json(502, '<html>'));
	const failed = await open()(`${failing}/_matrix/client/v3/sync`);
	assert.equal(asObject(await failed.json())['errcode'], 'M_UNKNOWN');
});

test('nothing is sent without TLS but to this machine', async () => {
	let sent = 0;
	const send = open({
		fetch: async () => {
			sent += 1;
			return Response.json({});
		},
	});
	for (const url of ['http://example.org/', 'http://127.0.0.1.example.org/', 'ftp://localhost/']) {
		await assert.rejects(send(url), error => error instanceof ExpectedError && error.report.reason === 'error');
	}
	assert.equal(sent, 0);
	for (const url of ['http://localhost:1/', 'http://[::1]:1/', 'https://example.org/', new URL('http://127.0.0.1:1/')])
		await send(url);
	assert.equal(sent, 4);
});

test('nothing is sent once the store has failed', async t => {
	let requests = 0;
	const url = await startFaultyServer(t, (_request, response) => {
		requests += 1;
		response.end('{}');
	});
	let failure: Error | undefined;
	const send = open({isFailed: () => failure});
	await send(url);
	failure = new Error('the disk is full');
	await assert.rejects(send(url), error => error === failure);
	assert.equal(requests, 1);
});

test('an untrusted certificate, a closed port and a name that does not exist have kinds of their own', async t => {
	const untrusted = await startFaultyServer(t, json(200, '{}'), {isTls: true});
	await assert.rejects(open()(untrusted), failsAs('tls'));
	await assert.rejects(open()(await closedPort()), failsAs('refused'));
	await assert.rejects(open()('https://name.invalid/'), (error: unknown) => {
		// Without any resolver the lookup fails in another way; both are told from a server that is down.
		assert.ok(error instanceof NetworkError && ['dns', 'offline'].includes(error.failure.kind), String(error));
		assert.match(error.failure.message, /name\.invalid/);
		return true;
	});
});

test('what the SDK makes of a failure still tells its kind', async t => {
	const ask = async (url: string): Promise<unknown> => {
		const client = createClient({baseUrl: url, fetchFn: open(), logger: silentLogger});
		try {
			return await client.publicRooms();
		} catch (error) {
			return error;
		}
	};
	const closed = await closedPort();
	const refused = await ask(closed);
	assert.ok(refused instanceof ConnectionError);
	assert.deepEqual(classifyFailure(refused), {kind: 'refused', message: `nothing answers at ${new URL(closed).host}`});
	const portal = await ask(await startFaultyServer(t, json(200, '<html>')));
	assert.equal(classifyFailure(portal).kind, 'captive-portal');
	const limited = await ask(
		await startFaultyServer(t, json(429, '{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":99999999}')),
	);
	assert.ok(limited instanceof MatrixError);
	assert.equal(classifyFailure(limited).retryAfter, 300_000);
	const broken = await ask(await startFaultyServer(t, json(503, '{"broken')));
	assert.equal(classifyFailure(broken).kind, 'server-error');
});
