/** A server that dies, stands still or is not there yet: mx waits, says so, and goes on by itself. */
import assert from 'node:assert/strict';
import process from 'node:process';
import {suite, test} from 'node:test';
import {closedPort, startFaultyServer} from '../matrix/faulty-server.ts';
import {startFaultProxy, type Outcome} from '../engine/fault-proxy.ts';
import {createHome, createRoom, waitOnEngine, type EngineHome} from '../helpers/engine.ts';
import {needsServers, sharedSynapse, startSynapse, type Owner} from '../helpers/synapse.ts';
import {answer, page, refusal, reset} from './bad-answers.ts';
import {
	assertAllThere,
	isSend,
	openScene,
	sendAlone,
	startEngineHere,
	triedTransactions,
	waitForNet,
} from './network-scene.ts';

const servers = await needsServers();

/** A device whose server is at an address where none is. */
const homeAt = async (url: string): Promise<EngineHome> => createHome(await sharedSynapse(), {url});

suite('without a server', {concurrency: 5, ...servers}, () => {
	test('a server that is killed is told as away; it starts again, and without a key press all goes on', async t => {
		const server = await startSynapse(t);
		const scene = await openScene(t, {server});
		const {engine, proxy, roomId} = scene;
		await scene.say('before');
		// The request is done, and the server dies before it can say so.
		const done = Promise.withResolvers<void>();
		proxy.setFault(async (request, forward) => {
			if (!isSend(request)) return undefined;
			await forward();
			done.resolve();
			return reset;
		});
		const cut = await scene.type('cut off');
		await done.promise;
		await server.kill();
		proxy.setFault(undefined);
		await waitForNet(engine, 'offline', /broke off|nothing answers/);
		const typed = await scene.type('while it was away');
		await server.restart();
		await waitForNet(engine, 'online');
		await assertAllThere(scene, roomId, ['before', 'cut off', 'while it was away']);
		assert.deepEqual([...new Set(triedTransactions(scene, roomId))], [cut, typed]);
	});

	test('a server that stands still is told as away; it goes on, and all is there once', async t => {
		const server = await startSynapse(t);
		const scene = await openScene(t, {
			server,
			limits: {idle: 1500},
			requestLimits: ({pathname}) => (pathname.includes('/send/') ? {deadline: 1000} : {}),
		});
		const {engine, roomId} = scene;
		process.kill(server.pid(), 'SIGSTOP');
		const typed = await scene.type('into the void');
		await waitForNet(engine, 'offline', /in time/);
		process.kill(server.pid(), 'SIGCONT');
		await waitForNet(engine, 'online');
		await assertAllThere(scene, roomId, ['into the void']);
		assert.deepEqual([...new Set(triedTransactions(scene, roomId))], [typed]);
	});

	for (const [name, url, cause] of [
		['whose name is not known', async () => 'https://nowhere.invalid', /nowhere\.invalid/],
		['at a port where nothing listens', closedPort, /nothing answers at 127\.0\.0\.1/],
		[
			'with a certificate that signed itself',
			async (t: Owner) => startFaultyServer(t, (_request, response) => response.end('{}'), {isTls: true}),
			/not safe: its certificate is signed by itself/,
		],
		[
			'that speaks no TLS',
			async (t: Owner) =>
				(await startFaultyServer(t, (_request, response) => response.end('{}'))).replace('http:', 'https:'),
			/not safe/,
		],
		[
			'in place of which the network answers',
			async (t: Owner) =>
				startFaultyServer(t, (_request, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<p>')),
			/sign in with a browser/,
		],
	] as const) {
		test(`a server ${name} is told at the start with its cause and the time of the next try`, async t => {
			const engine = await startEngineHere(t, await homeAt(await url(t)), {isNew: true});
			// While a try is under way there is no time of the next one.
			const net = await waitOnEngine(
				engine,
				async () => {
					const {net: now} = await engine.session.status({});
					return now.state === 'offline' && now.retryAt !== undefined ? now : undefined;
				},
				{what: () => 'the time of the next try'},
			);
			assert.match(net.cause ?? '', cause);
			assert.ok((net.retryAt ?? 0) < Date.now() + 60_000);
			assert.deepEqual((await engine.session.rooms({limit: 9})).rooms, []);
			assert.ok(!engine.notices.some(notice => notice.kind === 'alert'));
		});
	}

	test('each first request that fails is repeated until the first sync is there', async t => {
		const server = await sharedSynapse();
		const proxy = await startFaultProxy(t, server.url);
		const home = await createHome(server, {url: proxy.url});
		const roomId = await createRoom(server, home.account, {name: 'Notes'});
		const left = new Map<string, Outcome[]>([
			['/versions', [page(), reset]],
			['/pushrules/', [answer('null')]],
			['/filter', [refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: 1000})]],
			['/v3/sync', [answer('{}'), page(502)]],
		]);
		proxy.setFault(({path}) => [...left].find(([part]) => path.includes(part))?.[1].shift());
		const engine = await startEngineHere(t, home, {isNew: true});
		await engine.caughtUp;
		assert.deepEqual(
			(await engine.session.rooms({limit: 9})).rooms.map(room => room.roomId),
			[roomId],
		);
		assert.deepEqual([...left.values()].flat(), []);
		await waitForNet(engine, 'online');
	});

	test('a lone send to a server that is away keeps the message, and the next start delivers it', async t => {
		const scene = await openScene(t);
		const {engine, home, proxy, roomId} = scene;
		await engine.stop();
		proxy.setFault(() => reset);
		const {state} = await sendAlone(t, home, {to: roomId, body: 'alone', timeout: 300});
		// An attempt may be on its way.
		assert.ok(state === 'queued' || state === 'inflight', state);
		proxy.setFault(undefined);
		const next = {...scene, engine: await startEngineHere(t, home)};
		await assertAllThere(next, roomId, ['alone']);
	});
});
