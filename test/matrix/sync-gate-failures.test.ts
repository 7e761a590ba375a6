/** What the sync gate makes of a network and a server that fail. */
import '../helpers/sdk-timers.ts';
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ClientEvent, createClient, SyncState} from 'matrix-js-sdk';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {createSyncGate} from '../../source/matrix/sync-gate.ts';
import {ownUser} from '../store/account-fixture.ts';
import {startScripted} from './scripted-server.ts';
import {silentConnection} from './silent-connection.ts';
import {silenceGlobalLogger, silentLogger} from './silent-logger.ts';
import {joinedRooms, json, openGate, room, type Answer} from './opened-gate.ts';

test('a body that is no sync response is a failure, and the next try comes after a pause', async t => {
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
		const gate = await openGate(t, [json(body), json(body), json({next_batch: 's1'})]);
		assert.equal((await gate.sync())['next_batch'], 's1', body);
		assert.deepEqual(gate.told, ['server-error', 'trying', 'server-error', 'trying', 'answered'], body);
		assert.equal(gate.requests.length, 3);
	}
});

test('an answer that mx itself fails to read is asked for again, and the log says why', async t => {
	const bug = new TypeError('a bug');
	const problems: unknown[] = [];
	let bugs = 1;
	const gate = await openGate(t, [json({next_batch: 's1', rooms: {join: joinedRooms(41)}})], {
		sink: {
			isLoaded() {
				if (bugs-- > 0) throw bug;
				return false;
			},
			load: () => undefined,
			drop: () => undefined,
			write: () => undefined,
		},
		onProblem: (problem, {error}) => void problems.push([problem, error]),
	});
	await gate.sync();
	assert.deepEqual(gate.told, ['unknown', 'trying', 'answered']);
	assert.deepEqual(problems, [['The answer could not be read', bug]]);
});

test('a web page with status 200 is told as a network that wants a sign-in', async t => {
	const page: Answer = response => {
		response.writeHead(200, {'content-type': 'text/html'});
		response.end('<html>Welcome to our hotel</html>');
	};
	const gate = await openGate(t, [page, json({next_batch: 's1'})]);
	await gate.sync();
	assert.deepEqual(gate.told, ['captive-portal', 'trying', 'answered']);
});

test('a rate limit is waited for, and nobody hears of a short one', async t => {
	const gate = await openGate(t, [
		json({next_batch: 's1'}),
		json({errcode: 'M_LIMIT_EXCEEDED'}, 429, {'retry-after': '1'}),
		json({next_batch: 's2'}),
	]);
	await gate.sync();
	const started = performance.now();
	assert.equal((await gate.sync())['next_batch'], 's2');
	assert.ok(performance.now() - started >= 990);
	assert.deepEqual(gate.told, ['answered', 'quiet rate-limited', 'answered']);
});

test('a long rate limit is told with the time of the next try, which a key press brings forward', async t => {
	const gate = await openGate(t, [
		json({next_batch: 's1'}),
		json({errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 100_000}, 429),
		json({next_batch: 's2'}),
	]);
	await gate.sync();
	const before = Date.now();
	const running = gate.sync();
	await t.waitFor(() => assert.equal(gate.failures.length, 1));
	assert.ok((gate.failures[0]?.retryAt ?? 0) - before >= 100_000);
	gate.retryNow();
	assert.equal((await running)['next_batch'], 's2');
	assert.deepEqual(gate.told, ['answered', 'rate-limited', 'trying', 'answered']);
});

test('the first failure after a success is tried again at once and not told; the pauses after it double', async t => {
	const broken = json({}, 502);
	const gate = await openGate(t, [json({next_batch: 's1'}), broken, broken, broken, broken, json({next_batch: 's2'})], {
		limits: {firstPause: 40},
	});
	await gate.sync();
	await gate.sync();
	assert.deepEqual(gate.told, [
		'answered',
		'quiet server-error',
		'server-error',
		'trying',
		'server-error',
		'trying',
		'server-error',
		'trying',
		'answered',
	]);
});

test('a proxy error is waited out, and a lost sign-in reaches the SDK with its status and code', async t => {
	const broken: Answer = response => {
		response.writeHead(502, {'content-type': 'text/html'});
		response.end('<h1>Bad gateway</h1>');
	};
	const gate = await openGate(t, [broken, json({errcode: 'M_UNKNOWN_TOKEN', soft_logout: true}, 401)]);
	const refused = await gate.respond();
	assert.deepEqual([refused.status, await refused.json()], [401, {errcode: 'M_UNKNOWN_TOKEN', soft_logout: true}]);
	assert.deepEqual(gate.told, ['server-error', 'trying']);
});

test('before the first sync, what the SDK asks first is asked until there is an answer; other requests fail as they do', async t => {
	const reset: Answer = response => void response.socket?.destroy();
	const gate = await openGate(t, [reset, json({}, 503), json({versions: ['v1.11']}), reset]);
	assert.equal((await gate.ask('/_matrix/client/versions')).status, 200);
	await assert.rejects(gate.ask('/_matrix/client/v3/profile/@a:x'), {name: 'NetworkError'});
	assert.deepEqual(gate.told, ['reset', 'trying', 'server-error', 'trying']);
});

test("a filter that the server does not know is the SDK's to make anew", async t => {
	const gate = await openGate(t, [json({}, 502), json({errcode: 'M_NOT_FOUND'}, 404)]);
	assert.equal((await gate.ask('/_matrix/client/v3/user/@a:x/filter/7')).status, 404);
	assert.deepEqual(gate.told, ['server-error', 'trying']);
});

const whole = JSON.stringify({next_batch: 's1', rooms: {join: {'!a:x': room('slow')}}});

/** Sends the body in pieces. @param pause milliseconds between two */
const drip =
	(size: number, pause: number): Answer =>
	response => {
		response.writeHead(200, {'content-type': 'application/json'});
		let position = 0;
		const timer = setInterval(() => {
			response.write(whole.slice(position, position + size));
			position += size;
			if (position < whole.length) return;
			clearInterval(timer);
			response.end();
		}, pause);
		response.once('close', () => clearInterval(timer));
	};

test('a body that stops coming is given up after the idle limit, and one that comes slowly is not', async t => {
	const stall: Answer = response => {
		response.writeHead(200, {'content-type': 'application/json'});
		response.write(whole.slice(0, 20));
	};
	const gate = await openGate(t, [stall, drip(20, 60)], {limits: {idle: 200, firstPause: 4}});
	assert.equal((await gate.sync())['next_batch'], 's1');
	assert.deepEqual(gate.told, ['timeout', 'trying', 'answered']);
});

test('a body that trickles in without end is given up, although bytes come all the time', async t => {
	const gate = await openGate(t, [drip(1, 30), json({next_batch: 's2'})], {
		limits: {idle: 200, drip: 400, firstPause: 4},
	});
	assert.equal((await gate.sync())['next_batch'], 's2');
	assert.deepEqual(gate.told, ['timeout', 'trying', 'answered']);
	assert.match(gate.failures[0]?.failure.message ?? '', /trickles/);
});

test('headers that do not come are given up after the time of the poll and a little more, but not for a first sync', async t => {
	const slow: Answer = (response, path) => {
		setTimeout(() => json({next_batch: path.includes('since') ? 's2' : 's1'})(response, path), 300);
	};
	const hang: Answer = () => undefined;
	const gate = await openGate(t, [slow, hang, json({next_batch: 's3'})], {limits: {idle: 150, firstPause: 4}});
	assert.equal((await gate.sync('timeout=0'))['next_batch'], 's1');
	assert.equal((await gate.sync('since=s1&timeout=30000'))['next_batch'], 's3');
	assert.deepEqual(gate.told, ['answered', 'quiet timeout', 'answered']);
});

test('an answer that is late is told before it comes', async t => {
	const answer = Promise.withResolvers<void>();
	const held: Answer = (response, path) => void answer.promise.then(() => json({next_batch: 's1'})(response, path));
	const gate = await openGate(t, [held], {limits: {late: 20}});
	const running = gate.sync('since=s0&timeout=30');
	await t.waitFor(() => assert.deepEqual(gate.told, ['late']));
	answer.resolve();
	await running;
	assert.deepEqual(gate.told, ['late', 'answered']);
});

test('a retry ends a request that is not answered, without telling of a failure, and asks anew', async t => {
	const started = Promise.withResolvers<void>();
	const gate = await openGate(t, [() => started.resolve(), json({next_batch: 's1'})]);
	const running = gate.sync();
	await started.promise;
	assert.equal(gate.isAsking(), true);
	gate.retryNow();
	assert.equal((await running)['next_batch'], 's1');
	assert.deepEqual(gate.told, ['answered']);
	assert.equal(gate.isAsking(), false);
});

test('a retry leaves an answer alone that is coming in', async t => {
	const gate = await openGate(t, [drip(20, 20), json({next_batch: 's2'})]);
	const running = gate.sync('timeout=0');
	await t.waitFor(() => assert.ok(gate.steps.includes('received 0')));
	gate.retryNow();
	assert.equal((await running)['next_batch'], 's1');
	assert.equal(gate.requests.length, 1);
});

test('after the stop nothing is asked any more, and a rate limit is not waited for', async t => {
	const gate = await openGate(t, [json({errcode: 'M_LIMIT_EXCEEDED'}, 429, {'retry-after': '60'})]);
	const running = gate.respond();
	await t.waitFor(() => assert.equal(gate.told.length, 1));
	gate.stop();
	await assert.rejects(running, {name: 'AbortError'});
	await assert.rejects(gate.respond(), {name: 'AbortError'});
	assert.equal(gate.requests.length, 1);
});

test('while the gate waits for a server that fails, the SDK waits too, and makes no request of its own', async t => {
	const {url, requests} = await startScripted(t, {syncs: [null, null, null, {next_batch: 's1'}]});
	const gate = createSyncGate({
		sink: {isLoaded: () => false, load: () => undefined, drop: () => undefined, write: () => undefined},
		fetch: createGuardedFetch({isFailed: () => undefined}),
		failure: () => undefined,
		settled: async () => undefined,
		connection: silentConnection,
		limits: {firstPause: 10},
	});
	silenceGlobalLogger();
	const client = createClient({
		baseUrl: url,
		userId: ownUser,
		deviceId: 'A',
		accessToken: 'token',
		fetchFn: gate.fetch,
		logger: silentLogger,
	});
	const states: SyncState[] = [];
	const prepared = Promise.withResolvers<void>();
	client.on(ClientEvent.Sync, now => {
		states.push(now);
		if (now === SyncState.Prepared) prepared.resolve();
	});
	await client.startClient();
	t.after(() => {
		gate.stop();
		client.stopClient();
	});
	await prepared.promise;
	assert.equal(requests.filter(path => path.includes('/sync')).length >= 4, true);
	assert.equal(requests.filter(path => path.includes('/versions')).length, 1);
	assert.equal(states[0], SyncState.Prepared);
});
