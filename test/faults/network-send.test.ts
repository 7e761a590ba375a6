/** Faults between mx and the server while messages are sent: each is there once, in order, or is shown as failed with its text. */
import assert from 'node:assert/strict';
import {after, before, suite, test} from 'node:test';
import type {OutboxItem} from '../../source/domain/outbox-item.ts';
import type {Outcome} from '../engine/fault-proxy.ts';
import {createRoom, openArchive} from '../helpers/engine.ts';
import {createOwner} from '../helpers/owner.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, uniqueName} from '../helpers/synapse.ts';
import {startFaultyServer} from '../matrix/faulty-server.ts';
import {answer, brokenSuccesses, drip, hang, page, refusal, reset, stall} from './bad-answers.ts';
import {
	assertAllThere,
	failFirst,
	isSend,
	isSync,
	openScene,
	sendAlone,
	shortSends,
	startEngineHere,
	triedTransactions,
	waitForNet,
	waitForRow,
	type Scene,
} from './network-scene.ts';

const servers = await needsServers();

const passing: ReadonlyArray<readonly [name: string, outcome: Outcome]> = [
	['the sign-in page of a network', page()],
	...brokenSuccesses,
	['status 500', refusal(500, 'M_UNKNOWN')],
	['status 502 with a web page', page(502)],
	['status 503 with broken JSON', answer('{"errcode":', 503)],
	['a proxy that forbids everything', page(403)],
	['a proxy that knows no such page', page(404)],
	['a reset connection', reset],
	['no answer at all', hang],
	['headers and then nothing', stall],
	['an answer that drips', drip],
];

/** Waits that a server may ask for, as header or in the body, and whether a person lives to see their end. */
const waits: ReadonlyArray<readonly [name: string, outcome: Outcome]> = [
	['of a second', refusal(429, 'M_LIMIT_EXCEEDED', {}, {'retry-after': '1'})],
	['of less than nothing', refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: -5000})],
	[
		'until a date that has passed',
		refusal(429, 'M_LIMIT_EXCEEDED', {}, {'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT'}),
	],
];

const minute = 60_000;

suite('a send', {concurrency: 8, ...servers}, () => {
	let shared: Scene | undefined;
	/** What becomes of the sends into a room; `count` from 1. */
	const faults = new Map<string, (count: number, forward: () => Promise<unknown>) => Promise<Outcome | undefined>>();
	const counts = new Map<string, number>();
	const owner = createOwner();
	after(owner.end);
	before(async () => {
		shared = await openScene(owner, {requestLimits: shortSends});
		shared.proxy.setFault(async (request, forward) => {
			const roomId = decodeURIComponent(/\/rooms\/([^/]+)\/send\//.exec(request.path)?.[1] ?? '');
			const count = (counts.get(roomId) ?? 0) + 1;
			counts.set(roomId, count);
			return faults.get(roomId)?.(count, forward);
		});
	});

	/** A room of the shared engine, into which the first sends have these outcomes. */
	const openRoom = async (...outcomes: readonly Outcome[]) => {
		const scene = shared as Scene;
		const roomId = await createRoom(scene.server, scene.home.account);
		faults.set(roomId, async count => outcomes[count - 1]);
		return {scene, engine: scene.engine, roomId, type: async (body: string) => scene.type(body, roomId)};
	};

	test('that cannot get the keys of the others is repeated until it can, and is readable for them', async t => {
		const scene = await openScene(t);
		const {proxy, server, home, engine} = scene;
		const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
		const shared = await bob.createRoom({isEncrypted: true, invite: [home.account.userId]});
		const left = new Map<string, Outcome[]>([
			['/members', [reset]],
			['/keys/query', [page()]],
			['/keys/claim', [answer('{"one_time_keys":')]],
			['/sendToDevice/', [page(502)]],
		]);
		// Before it joins: from then on it may ask for the keys of the others at any time.
		proxy.setFault(({path}) => [...left].find(([part]) => path.includes(part))?.[1].shift());
		await engine.session.join({room: shared});
		await bob.waitForRoom(shared, room => room.getMember(home.account.userId)?.membership === 'join');
		await scene.type('one', shared);
		await scene.type('two', shared);
		await bob.waitForText(shared, 'two', 60_000);
		assert.deepEqual(bob.messages(shared), ['one', 'two']);
		assert.deepEqual([...left.values()].flat(), []);
		await assertAllThere(scene, shared, ['one', 'two']);
	});

	for (const [name, outcome] of passing) {
		test(`that meets ${name} is repeated with its transaction, and what follows waits its turn`, async () => {
			const {scene, roomId, type} = await openRoom();
			faults.set(roomId, async (count, forward) => {
				// Once the request is lost, once only its answer.
				if (count === 2) await forward();
				return count > 2 ? undefined : outcome;
			});
			const first = await type('first');
			const second = await type('second');
			await assertAllThere(scene, roomId, ['first', 'second']);
			const tried = triedTransactions(scene, roomId);
			assert.deepEqual([...new Set(tried)], [first, second]);
			assert.ok(tried.length >= 3 && tried.length <= 5, `${tried.length} requests`);
		});
	}

	for (const [name, outcome] of [
		['a reset connection', reset],
		['an empty object', answer('{}')],
	] as const) {
		test(`of a lone verb, whose question after new devices meets ${name}, asks again before it encrypts`, async t => {
			const scene = await openScene(t, {isEncrypted: true});
			const {engine, home, proxy, roomId} = scene;
			await scene.type('before');
			await assertAllThere(scene, roomId, ['before']);
			await engine.stop();
			const met = failFirst(scene, isSync, [outcome]);
			const start = proxy.requests.length;
			const receipt = await sendAlone(t, home, {to: roomId, body: 'alone'});
			assert.deepEqual([receipt.state, receipt.error, met()], ['sent', undefined, 1]);
			const asked = proxy.requests.slice(start).filter(request => /\/v3\/sync|\/send\//.test(request));
			assert.deepEqual(
				asked.map(request => request.slice(0, 3)),
				['GET', 'GET', 'PUT'],
			);
		});
	}

	for (const [name, outcome] of waits) {
		test(`that meets a rate limit ${name} is repeated a second later, and the other rooms wait with it`, async () => {
			const {scene, roomId, type} = await openRoom();
			const other = await openRoom();
			const times: number[] = [];
			faults.set(roomId, async count => {
				times.push(performance.now());
				return count === 1 ? outcome : undefined;
			});
			faults.set(other.roomId, async () => void times.push(performance.now()));
			await type('first');
			await waitForRow(scene, roomId, ({error}) => /asks to wait/.test(error ?? ''));
			await other.type('elsewhere');
			await assertAllThere(scene, roomId, ['first']);
			await assertAllThere(scene, other.roomId, ['elsewhere']);
			assert.equal(times.length, 3);
			assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 990);
		});
	}

	test('that is rate-limited more often than the SDK would try is not given up', async t => {
		const scene = await openScene(t);
		const limited = refusal(429, 'M_LIMIT_EXCEEDED', {}, {'retry-after': '1'});
		const met = failFirst(scene, isSend, [limited, limited, limited, limited, limited, limited]);
		await scene.type('first');
		await scene.type('second');
		await assertAllThere(scene, scene.roomId, ['first', 'second']);
		assert.equal(met(), 6);
	});

	test('that is told to wait without a time waits for five seconds, and one that is told to wait for ages for five minutes at most, without one request more', async t => {
		const scene = await openScene(t);
		const {proxy, engine, home, roomId, type} = scene;
		const isRefused = ({state, error}: OutboxItem): boolean => state === 'queued' && error !== undefined;
		const times: number[] = [];
		proxy.setFault(request => {
			if (!isSend(request)) return undefined;
			times.push(Date.now());
			return times.length === 1 ? refusal(429, 'M_LIMIT_EXCEEDED') : undefined;
		});
		const short = await type('short');
		await waitForRow(scene, roomId, isRefused);
		await engine.session.retryNow({});
		await assertAllThere(scene, roomId, ['short']);
		assert.deepEqual(triedTransactions(scene, roomId), [short, short]);
		const pause = (times[1] ?? 0) - (times[0] ?? 0);
		assert.ok(pause >= 4990, `${pause} ms`);

		proxy.setFault(request => (isSend(request) ? refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: 1e15}) : undefined));
		const first = await type('first');
		await waitForRow(scene, roomId, isRefused);
		const second = await type('second');
		await engine.session.retryNow({});
		await scene.say('meanwhile');
		await engine.stop();
		assert.deepEqual(triedTransactions(scene, roomId), [short, short, first]);
		const account = openArchive(t, home);
		const row = account.database.prepare('SELECT not_before FROM outbox WHERE transaction_id = ?').get(first);
		account.close();
		const wait = (row as {not_before: number}).not_before - Date.now();
		assert.ok(wait > 4 * minute && wait < 5.6 * minute, `${wait} ms`);
		proxy.setFault(undefined);
		const next = {...scene, engine: await startEngineHere(t, home)};
		await assertAllThere(next, roomId, ['short', 'meanwhile', 'first', 'second']);
		assert.deepEqual(triedTransactions(scene, roomId), [short, short, first, first, second]);
	});

	for (const [name, outcome, reason] of [
		['a locked account', refusal(401, 'M_USER_LOCKED', {soft_logout: true}), /account is locked/],
		['a missing permission', refusal(403, 'M_FORBIDDEN'), /does not allow/],
		['a limit on the size', page(413), /too large/],
	] as const) {
		test(`that meets ${name} fails with the reason and its text, and the messages behind it go on`, async () => {
			const {scene, engine, roomId, type} = await openRoom(outcome);
			await type('refused');
			await type('next');
			const row = await waitForRow(scene, roomId, ({state}) => state === 'failed');
			assert.match(row.error ?? '', reason);
			await assertAllThere(scene, roomId, ['next'], ['refused']);
			assert.equal(triedTransactions(scene, roomId).length, 2);
			await engine.session.resolveOutbox({id: row.id, action: 'retry'});
			await assertAllThere(scene, roomId, ['next', 'refused']);
		});
	}

	test('that was refused and dropped can be made again under the same key, and is there once', async () => {
		const {scene, engine, roomId} = await openRoom(refusal(403, 'M_FORBIDDEN'));
		const send = async () =>
			engine.session.send({
				to: roomId,
				content: {msgtype: 'm.text', body: 'again'},
				transactionKey: 'job',
				isWaiting: true,
				timeout: 20_000,
			});
		assert.equal((await send()).state, 'failed');
		const row = await waitForRow(scene, roomId, ({state}) => state === 'failed');
		assert.deepEqual(await engine.session.resolveOutbox({id: row.id, action: 'discard'}), {isDone: true});
		assert.equal((await send()).state, 'sent');
		await assertAllThere(scene, roomId, ['again']);
	});

	test('that is sent on to another host does not go there, nor does the token', async t => {
		let asked = 0;
		const elsewhere = await startFaultyServer(t, (_request, response) => {
			asked += 1;
			response.end('{}');
		});
		const {scene, roomId, type} = await openRoom(
			...[302, 307].map(status => answer('{}', status, {location: `${elsewhere}/_matrix/client/v3/elsewhere`})),
		);
		await type('first');
		await assertAllThere(scene, roomId, ['first']);
		assert.deepEqual([asked, triedTransactions(scene, roomId).length], [0, 3]);
	});

	for (const isSoft of [true, false]) {
		test(`that meets ${isSoft ? 'a soft' : 'a hard'} logout is held with its text, and nothing is asked for it any more`, async t => {
			const scene = await openScene(t);
			const {proxy, engine, home, roomId, type} = scene;
			proxy.setFault(({token}) =>
				token === home.account.accessToken
					? refusal(401, 'M_UNKNOWN_TOKEN', isSoft ? {soft_logout: true} : {})
					: undefined,
			);
			await type('held');
			await waitForRow(scene, roomId, ({state}) => state === 'held');
			await type('later');
			// The sync that is under way has to end before it can meet the same answer.
			await scene.say('meanwhile');
			await waitForNet(engine, isSoft ? 'soft-logout' : 'logged-out');
			const {waiting} = await engine.session.read({room: roomId, count: 9});
			assert.deepEqual(
				waiting.map(({content}) => content['body']),
				['held', 'later'],
			);
			// Before its first message in a room mx asks whether it is encrypted: that was refused already.
			assert.ok(triedTransactions(scene, roomId).length <= 1);
			if (!isSoft)
				return assert.rejects(engine.session.signInAgain({password: home.account.password}), /removed this device/);
			await engine.session.signInAgain({password: home.account.password});
			await engine.stop();
			const next = {...scene, engine: await startEngineHere(t, home)};
			await assertAllThere(next, roomId, ['meanwhile', 'held', 'later']);
		});
	}
});
