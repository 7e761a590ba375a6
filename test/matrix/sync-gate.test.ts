import assert from 'node:assert/strict';
import type {RequestListener, ServerResponse} from 'node:http';
import {test, type TestContext} from 'node:test';
import {asObject, type JsonObject} from '../../source/domain/json.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import type {NetworkFailure} from '../../source/matrix/network-errors.ts';
import {createSyncGate, type SyncGateOptions} from '../../source/matrix/sync-gate.ts';
import {startFaultyServer} from './faulty-server.ts';

type Answer = (response: ServerResponse, path: string) => void;

const json =
	(body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
	response => {
		response.writeHead(status, {'content-type': 'application/json', ...headers});
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};

const room = (text: string): JsonObject => ({
	timeline: {events: [{type: 'm.room.message', content: {body: text}, event_id: `$${text}`}]},
});

const joinedRooms = (count: number): JsonObject =>
	Object.fromEntries(Array.from({length: count}, (_, index) => [`!r${index}:x`, room(`m${index}`)]));

type Gate = {
	readonly sync: (query?: string) => Promise<JsonObject>;
	readonly respond: (query?: string) => Promise<Response>;
	/** Any other request. */
	readonly ask: (path: string) => Promise<Response>;
	readonly abort: (isFinal: boolean) => void;
	/** `load ROOM` and `write ROOM`, in order. */
	readonly steps: readonly string[];
	readonly told: ReadonlyArray<NetworkFailure | undefined>;
	readonly requests: readonly string[];
};

/** A gate in front of a real server that gives these answers, the last one again and again. */
const openGate = async (
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
	const told: Array<NetworkFailure | undefined> = [];
	const loaded = new Set(options.loaded);
	const gate = createSyncGate({
		sink: {
			isLoaded: roomId => loaded.has(roomId),
			load: roomId => void steps.push(`load ${roomId}`),
			write: rooms => void steps.push(...rooms.map(({roomId}) => `write ${roomId}`)),
		},
		fetch: createGuardedFetch({isFailed: () => undefined}),
		failure: () => undefined,
		onSync: failure => void told.push(failure),
		...options,
	});
	const respond = (query = 'since=s0&timeout=0') => gate.fetch(`${base}/_matrix/client/v3/sync?${query}`);
	return {
		respond,
		ask: path => gate.fetch(base + path),
		sync: async query => (await (await respond(query)).json()) as JsonObject,
		abort: gate.abort,
		steps,
		told,
		requests,
	};
};

const passedTo = (body: JsonObject): readonly string[] =>
	Object.values(asObject(body['rooms'])).flatMap(category => Object.keys(asObject(category)));

test('of a first sync every room is written and none is passed on, however few they are', async t => {
	const gate = await openGate(t, [
		json({next_batch: 's1', rooms: {join: joinedRooms(3), invite: {'!i:x': {}}}, to_device: {events: []}}),
	]);
	const body = await gate.sync('timeout=0');
	assert.deepEqual(body, {
		next_batch: 's1',
		to_device: {events: []},
		rooms: {join: {}, leave: {}, invite: {}, knock: {}},
	});
	assert.deepEqual(gate.steps, ['write !r0:x', 'write !r1:x', 'write !r2:x', 'write !i:x']);
	assert.deepEqual(gate.told, [undefined]);
});

test('of a response with more than forty rooms only the loaded ones are passed on, and all are written', async t => {
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: joinedRooms(41)}})], {
		loaded: ['!r3:x', '!r40:x', '!other:x'],
	});
	assert.deepEqual(passedTo(await gate.sync()), ['!r3:x', '!r40:x']);
	assert.equal(gate.steps.filter(step => step.startsWith('write')).length, 41);
	assert.ok(gate.steps.indexOf('load !r3:x') < gate.steps.indexOf('write !r3:x'));
	assert.deepEqual(
		gate.steps.filter(step => step.startsWith('load')),
		['load !r3:x', 'load !r40:x'],
	);
});

test('of forty rooms or fewer all are passed on, each loaded before its news is written', async t => {
	const rooms = {
		join: joinedRooms(38),
		leave: {'!gone:x': room('bye')},
		invite: {'!i:x': {invite_state: {events: []}}},
	};
	const gate = await openGate(t, [json({next_batch: 's1', rooms})]);
	const body = await gate.sync();
	assert.deepEqual(body['rooms'], {...rooms, knock: {}});
	for (const roomId of passedTo(body)) {
		assert.ok(gate.steps.indexOf(`load ${roomId}`) < gate.steps.indexOf(`write ${roomId}`), roomId);
	}
	assert.equal(gate.steps.length, 80);
});

test('what the SDK would lose a batch over does not reach it, but is written', async t => {
	const timeline = {events: [null, 7, {type: 'm.x'}, {type: 'm.room.message', content: {body: 'kept'}}]};
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: {'!a:x': {timeline}, '!b:x': null}}})]);
	const body = asObject(asObject((await gate.sync())['rooms'])['join']);
	assert.deepEqual(body, {
		'!a:x': {timeline: {events: [{type: 'm.room.message', content: {body: 'kept'}}]}},
		'!b:x': {},
	});
	assert.deepEqual(
		gate.steps.filter(step => step.startsWith('write')),
		['write !a:x', 'write !b:x'],
	);
});

test('a body that is no sync response is a failure that is told, and not one request follows by itself', async t => {
	const bodies = [
		'null',
		'[]',
		'"text"',
		'{}',
		'{"next_batch":""}',
		'{"next_batch":7}',
		'{"rooms":[]}',
		'{"next_batch":"s1"',
		'',
	];
	for (const body of bodies) {
		const gate = await openGate(t, [json(body)]);
		await assert.rejects(gate.respond(), {name: 'NetworkError'}, body);
		assert.equal(gate.requests.length, 1);
		assert.deepEqual(
			gate.told.map(failure => failure?.kind),
			['server-error'],
			body,
		);
	}
});

test('a web page with status 200 is told as a network that wants a sign-in', async t => {
	const page: Answer = response => {
		response.writeHead(200, {'content-type': 'text/html'});
		response.end('<html>Welcome to our hotel</html>');
	};
	const gate = await openGate(t, [page]);
	await assert.rejects(gate.respond(), {name: 'NetworkError'});
	assert.deepEqual(
		gate.told.map(failure => failure?.kind),
		['captive-portal'],
	);
});

test('a rate limit is waited for before the SDK hears of it', async t => {
	const gate = await openGate(t, [
		json({errcode: 'M_LIMIT_EXCEEDED'}, 429, {'retry-after': '1'}),
		json({next_batch: 's1'}),
	]);
	const started = performance.now();
	const response = await gate.respond();
	assert.equal(response.status, 429);
	assert.ok(performance.now() - started >= 990);
	assert.deepEqual(
		gate.told.map(failure => [failure?.kind, failure?.retryAfter]),
		[['rate-limited', 1000]],
	);
	assert.equal((await gate.sync())['next_batch'], 's1');
});

test('an error status is told, and reaches the SDK with its status and code', async t => {
	const broken: Answer = response => {
		response.writeHead(502, {'content-type': 'text/html'});
		response.end('<h1>Bad gateway</h1>');
	};
	const gate = await openGate(t, [broken, json({errcode: 'M_UNKNOWN_TOKEN', soft_logout: true}, 401)]);
	const response = await gate.respond();
	assert.equal(response.status, 502);
	assert.equal(((await response.json()) as JsonObject)['errcode'], 'M_UNKNOWN');
	const refused = await gate.respond();
	assert.deepEqual([refused.status, await refused.json()], [401, {errcode: 'M_UNKNOWN_TOKEN', soft_logout: true}]);
	assert.deepEqual(
		gate.told.map(failure => failure?.kind),
		['server-error', 'soft-logout'],
	);
});

test('before the first sync, what the SDK asks first tells that the server cannot be reached', async t => {
	const reset: Answer = response => void response.socket?.destroy();
	const gate = await openGate(t, [reset, json({}, 503), json({versions: ['v1.11']}), reset]);
	const versions = '/_matrix/client/versions';
	await assert.rejects(gate.ask(versions), {name: 'NetworkError'});
	assert.equal((await gate.ask(versions)).status, 503);
	assert.equal((await gate.ask(versions)).status, 200);
	await assert.rejects(gate.ask('/_matrix/client/v3/profile/@a:x'), {name: 'NetworkError'});
	assert.deepEqual(
		gate.told.map(failure => failure?.kind),
		['reset', 'server-error'],
	);
});

test('a body that stops coming is given up after the idle limit, and one that drips is not', async t => {
	const whole = JSON.stringify({next_batch: 's1', rooms: {join: {'!a:x': room('slow')}}});
	const start = (response: ServerResponse): void => {
		response.writeHead(200, {'content-type': 'application/json'});
		response.write(whole.slice(0, 20));
	};
	const stall: Answer = response => start(response);
	const drip: Answer = response => {
		start(response);
		let position = 20;
		const timer = setInterval(() => {
			response.write(whole.slice(position, position + 20));
			position += 20;
			if (position < whole.length) return;
			clearInterval(timer);
			response.end();
		}, 60);
	};
	const gate = await openGate(t, [stall, drip], {idleLimit: 200});
	await assert.rejects(gate.respond(), {name: 'NetworkError', message: /in time \[timeout\]/});
	assert.deepEqual(
		gate.told.map(failure => failure?.kind),
		['timeout'],
	);
	assert.equal((await gate.sync())['next_batch'], 's1');
});

test('an abort ends the running request at once without telling of a failure, and the next one works', async t => {
	const started = Promise.withResolvers<void>();
	const hang: Answer = response => {
		response.writeHead(200, {'content-type': 'application/json'});
		response.write('{');
		started.resolve();
	};
	const gate = await openGate(t, [hang, json({next_batch: 's1'})]);
	const running = gate.respond();
	await started.promise;
	gate.abort(false);
	await assert.rejects(running, {name: 'AbortError'});
	assert.deepEqual(gate.told, []);
	assert.equal((await gate.sync())['next_batch'], 's1');
});

test('after the final abort nothing is asked any more, and a rate limit is not waited for', async t => {
	const asked = Promise.withResolvers<void>();
	const limited: Answer = (response, path) => {
		json({errcode: 'M_LIMIT_EXCEEDED'}, 429, {'retry-after': '60'})(response, path);
		asked.resolve();
	};
	const gate = await openGate(t, [limited]);
	const running = gate.respond();
	await asked.promise;
	await t.waitFor(() => assert.equal(gate.told.length, 1));
	gate.abort(true);
	assert.equal((await running).status, 429);
	await assert.rejects(gate.respond(), {name: 'AbortError'});
	assert.equal(gate.requests.length, 1);
});

test('after the store has failed, the sync makes no request either', async t => {
	const failure = new Error('disk full');
	const gate = await openGate(t, [json({next_batch: 's1'})], {failure: () => failure});
	await assert.rejects(gate.respond(), failure);
	assert.equal(gate.requests.length, 0);
});

test('a store that cannot write fails the response, and the token does not reach the SDK', async t => {
	const failure = new Error('disk full');
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: joinedRooms(2)}})], {
		sink: {
			isLoaded: () => false,
			load: () => undefined,
			write: () => {
				throw failure;
			},
		},
	});
	await assert.rejects(gate.respond(), failure);
});
