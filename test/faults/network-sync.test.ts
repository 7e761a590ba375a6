/** Faults of the connection that is kept to the server: what a person is told, how often mx asks, and that nothing is lost. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import type {NetState} from '../../source/domain/session.ts';
import type {Outcome} from '../engine/fault-proxy.ts';
import {waitForMessage, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers} from '../helpers/synapse.ts';
import {answer, brokenSuccesses, drip, gzipBomb, hang, largeBody, page, refusal, reset, stall} from './bad-answers.ts';
import {assertAllThere, countOf, isSync, openScene, startEngineHere, waitForNet, type Scene} from './network-scene.ts';

const servers = await needsServers();

type Row = {
	readonly name: string;
	readonly outcome: Outcome;
	readonly state: NetState['state'];
	readonly cause: RegExp;
};

const rows: readonly Row[] = [
	{name: 'the sign-in page of a network', outcome: page(), state: 'offline', cause: /sign in with a browser/},
	...brokenSuccesses.map(([name, outcome]) => ({
		name,
		outcome,
		state: name.includes('breaks off') ? ('offline' as const) : ('degraded' as const),
		cause: name.includes('breaks off') ? /broke off/ : /the server sent a sync answer that|without a next_batch/,
	})),
	{name: 'status 502 with a web page', outcome: page(502), state: 'degraded', cause: /problem of its own.*502/},
	{
		name: 'status 503 with broken JSON',
		outcome: answer('{"err', 503),
		state: 'degraded',
		cause: /problem of its own.*503/,
	},
	{name: 'connections that are reset', outcome: reset, state: 'offline', cause: /broke off/},
	{name: 'no answer at all', outcome: hang, state: 'offline', cause: /in time/},
	{name: 'headers and then nothing', outcome: stall, state: 'offline', cause: /in time/},
	{name: 'a body that drips', outcome: drip, state: 'offline', cause: /trickles/},
	{name: 'a gzip bomb', outcome: gzipBomb, state: 'degraded', cause: /cut off|too large/},
	{
		name: 'a locked account',
		outcome: refusal(401, 'M_USER_LOCKED', {soft_logout: true}),
		state: 'degraded',
		cause: /account is locked/,
	},
	{
		name: 'a redirect to another host',
		outcome: answer('', 302, {location: 'http://127.0.0.1:9/'}),
		state: 'offline',
		cause: /web page/,
	},
];

/** Milliseconds of the first pause that is told; the next ones are twice as long each. */
const firstPause = 200;

/** Times that end in a test: real ones end too, but in minutes. */
const shortTimes = {idle: 2000, drip: 1000, firstPause};

/** Milliseconds; not the second that servers are given at least. */
const ownPause = 2000;

/** Wishes to wait, and what is waited for: at least and at most, in milliseconds. */
const limits: ReadonlyArray<readonly [name: string, outcome: Outcome, shortest: number, longest: number]> = [
	['of a second', refusal(429, 'M_LIMIT_EXCEEDED', {}, {'retry-after': '1'}), 1000, 1000],
	['of less than nothing', refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: -1}), 1000, 1000],
	['without a time', refusal(429, 'M_LIMIT_EXCEEDED'), ownPause * 0.75, ownPause],
	[
		'until a date that has passed',
		refusal(429, 'M_LIMIT_EXCEEDED', {}, {'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT'}),
		1000,
		1000,
	],
];

/** Those that only end by mx's own limits. With short ones every poll ends early, so each has a connection of its own. */
const slow: ReadonlySet<Outcome> = new Set([hang, stall, drip]);
const quick = rows.filter(({outcome}) => !slow.has(outcome));
const connections: ReadonlyArray<readonly Row[]> = [
	...[0, 1, 2].map(part => quick.filter((_, number) => number % 3 === part)),
	...rows.filter(({outcome}) => slow.has(outcome)).map(row => [row]),
];

/** Brings the connection into a fault: what is said lets a long poll end that is out already. */
const meetFault = async ({proxy, say}: Scene, outcome: Outcome): Promise<void> => {
	proxy.setFault(request => (isSync(request) ? outcome : undefined));
	await say('before');
};

const told = ({engine}: Scene, from = 0): readonly NetState[] =>
	engine.notices.slice(from).flatMap(notice => (notice.kind === 'net' ? [notice.net] : []));

/**
 * Waits for three failures in a row, each of which was told with a longer pause than the one before. A failure comes after the
 * end of the pause before it: so between two times of a next try there is at least the later pause, of which a fourth is chance.
 */
const waitForGrowth = async (scene: Scene, from: number): Promise<void> => {
	let distances: readonly number[] = [];
	const isGrown = (_: number, index: number): boolean =>
		(distances[index] ?? 0) >= firstPause * 1.5 && (distances[index + 1] ?? 0) >= firstPause * 3;
	await waitOnEngine(
		scene.engine,
		async () => {
			const states = told(scene, from);
			const since = states.slice(states.findLastIndex(({state}) => state === 'online') + 1);
			const times = since.flatMap(({retryAt}) => retryAt ?? []);
			distances = times.slice(1).map((time, index) => time - (times[index] ?? 0));
			return distances.some(isGrown) || undefined;
		},
		{what: () => `growing pauses; the next tries were ${distances.map(Math.round).join(', ')} ms apart`},
	);
};

suite('a sync', {concurrency: 8, ...servers}, () => {
	// A few connections, each of which meets one fault after the other: to start an engine takes longer than a fault.
	for (const [number, part] of connections.entries()) {
		suite(`of connection ${number + 1}`, {concurrency: 1}, () => {
			const texts: string[] = [];
			const {after: atEnd, end} = createOwner();
			let opened: Scene | undefined;
			before(async () => {
				opened = await openScene(
					{after: atEnd},
					{limits: part.some(({outcome}) => slow.has(outcome)) ? shortTimes : {firstPause}},
				);
			});
			after(end);

			for (const {name, outcome, state, cause} of part) {
				test(`that meets ${name} is told as ${state} with the cause, is repeated in growing pauses, and loses nothing`, async () => {
					const scene = opened as Scene;
					const {proxy, engine, roomId} = scene;
					const from = engine.notices.length;
					await meetFault(scene, outcome);
					await waitForNet(engine, state, cause);
					await scene.say(`meanwhile ${name}`);
					await waitForGrowth(scene, from);
					proxy.setFault(undefined);
					await waitForNet(engine, 'online');
					await scene.type(`mine ${name}`);
					texts.push('before', `meanwhile ${name}`, `mine ${name}`);
					await assertAllThere(scene, roomId, texts);
				});
			}
		});
	}

	test('that is broken off once is asked again at once, and nobody is told', async t => {
		const scene = await openScene(t);
		const {proxy, engine, roomId} = scene;
		let resets = 0;
		proxy.setFault(request => (isSync(request) && resets++ === 0 ? reset : undefined));
		await scene.say('before');
		await waitForMessage(engine, roomId, 'before');
		await scene.say('after');
		await assertAllThere(scene, roomId, ['before', 'after']);
		assert.ok(resets > 1);
		assert.deepEqual(
			told(scene)
				.map(({state}) => state)
				.filter(state => state !== 'connecting'),
			['online'],
		);
	});

	suite('of one connection', {concurrency: 1}, () => {
		const texts: string[] = [];
		const {after: atEnd, end} = createOwner();
		let opened: Scene | undefined;
		before(async () => {
			opened = await openScene({after: atEnd}, {limits: {firstPause: ownPause}});
		});
		after(end);

		for (const [name, outcome, shortest, longest] of limits) {
			test(`that meets a rate limit ${name} is told and repeated after its time, and messages go out meanwhile`, async () => {
				const scene = opened as Scene;
				const {proxy, engine, roomId} = scene;
				const asked: number[] = [];
				const pauses: Array<{readonly told: number; readonly retryAt: number}> = [];
				const unsubscribe = engine.subscribe(notice => {
					const retryAt = notice.kind === 'net' ? notice.net.retryAt : undefined;
					if (retryAt !== undefined) pauses.push({told: Date.now(), retryAt});
				});
				proxy.setFault(request => {
					if (!isSync(request)) return undefined;
					asked.push(Date.now());
					return asked.length <= 2 ? outcome : undefined;
				});
				await scene.say(`before ${name}`);
				await scene.type(`mine ${name}`);
				texts.push(`before ${name}`, `mine ${name}`);
				await assertAllThere(scene, roomId, texts);
				unsubscribe();
				// The first failure after a success is not told.
				assert.equal(pauses.length, 1);
				const [{told: time, retryAt} = {told: 0, retryAt: 0}] = pauses;
				const [, second = 0, third = 0] = asked;
				assert.ok(retryAt >= second + shortest, `${retryAt - second} ms after the request`);
				assert.ok(retryAt <= time + longest, `${retryAt - time} ms after it was told`);
				// A timer may be early by less than a millisecond.
				assert.ok(third >= retryAt - 2, `${retryAt - third} ms before the time`);
			});
		}
	});

	test('that is told to wait for ages waits for five minutes at most, or until a key is pressed', async t => {
		const scene = await openScene(t);
		const {proxy, engine, roomId} = scene;
		await meetFault(scene, refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: 1e15}));
		const net = await waitForNet(engine, 'degraded', /asks to wait/);
		const wait = (net.retryAt ?? 0) - Date.now();
		assert.ok(wait > 240_000 && wait <= 300_000, `${wait} ms`);
		const asked = countOf(scene, '/v3/sync');
		await scene.say('meanwhile');
		proxy.setFault(undefined);
		await scene.type('mine');
		assert.equal(countOf(scene, '/v3/sync'), asked);
		await engine.session.retryNow({});
		await assertAllThere(scene, roomId, ['before', 'meanwhile', 'mine']);
	});

	test('whose answer is 100 MB in one piece is given up on the way, and the next one is read', async t => {
		const scene = await openScene(t);
		const {proxy, engine, roomId} = scene;
		let sent = 0;
		let isOver = false;
		proxy.setFault(request => {
			if (!isSync(request) || isOver) return undefined;
			isOver = true;
			return largeBody(count => {
				sent += count;
			});
		});
		await scene.say('before');
		await waitForMessage(engine, roomId, 'before');
		await scene.say('after');
		await assertAllThere(scene, roomId, ['before', 'after']);
		assert.ok(sent > 0 && sent < 80 * 1024 * 1024, `${sent} bytes`);
	});

	test('that comes later than its time is told as slow, and as well again with the next', async t => {
		const scene = await openScene(t, {limits: {late: -29_500}});
		const {proxy, engine, roomId} = scene;
		const release = Promise.withResolvers<void>();
		proxy.setFault(async (request, forward) => {
			if (!isSync(request)) return undefined;
			const late = await forward();
			await release.promise;
			return late;
		});
		await scene.say('before');
		await waitForNet(engine, 'degraded', /slow/);
		await scene.say('after');
		proxy.setFault(undefined);
		release.resolve();
		await assertAllThere(scene, roomId, ['before', 'after']);
		assert.ok(told(scene).some(({state}) => state === 'online'));
	});

	for (const isSoft of [true, false]) {
		test(`that meets a ${isSoft ? 'soft' : 'hard'} logout is the last one; archive and outbox stay readable`, async t => {
			const scene = await openScene(t);
			const {proxy, engine, home, roomId} = scene;
			await scene.say('before');
			await waitForMessage(engine, roomId, 'before');
			if (isSoft) {
				proxy.setFault(({token}) =>
					token === home.account.accessToken ? refusal(401, 'M_UNKNOWN_TOKEN', {soft_logout: true}) : undefined,
				);
				await scene.say('meanwhile');
			} else {
				// The server ends the long poll too when the device goes.
				await matrixRequest(scene.access, 'POST', '/_matrix/client/v3/logout', {});
				await engine.session.retryNow({});
			}
			await waitForNet(
				engine,
				isSoft ? 'soft-logout' : 'logged-out',
				isSoft ? /password/ : /signed out|no longer knows/,
			);
			const asked = countOf(scene, '/v3/sync');
			await scene.type('mine');
			await engine.session.retryNow({});
			const {waiting} = await engine.session.read({room: roomId, count: 9});
			assert.deepEqual(
				waiting.map(({content}) => content['body']),
				['mine'],
			);
			assert.equal(countOf(scene, '/v3/sync'), asked);
			if (!isSoft) return;
			await engine.session.signInAgain({password: home.account.password});
			await engine.stop();
			const next = {...scene, engine: await startEngineHere(t, home)};
			await assertAllThere(next, roomId, ['before', 'meanwhile', 'mine']);
		});
	}
});
