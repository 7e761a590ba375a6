/** The fault switch of the demo: each kind does what it says, and mx goes on after each. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {get, type IncomingMessage} from 'node:http';
import {suite, test} from 'node:test';
import {createGunzip} from 'node:zlib';
import {asObject, parseJson, type JsonObject} from '../../source/domain/json.ts';
import type {NetState} from '../../source/domain/session.ts';
import type {FaultKind} from '../../source/demo/faults.ts';
import {assertAllThere, startEngineHere, waitForNet} from '../faults/network-scene.ts';
import {
	createHome,
	createRoom,
	signInElsewhere,
	waitForMessage,
	type OpenOptions,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import type {Owner} from '../helpers/synapse.ts';
import {startDemoServer} from './demo-server.ts';

const switchPath = '/_mx/fault';
const versions = '/_matrix/client/versions';
const flows = '/_matrix/client/v3/login';

const setFault = async (url: string, fault: JsonObject & {readonly kind: FaultKind}): Promise<void> =>
	void (await matrixRequest({url}, 'PUT', switchPath, fault));

/** An answer as it comes, not unpacked; the connection is its own. @throws Error when there is none */
const ask = async (url: string): Promise<IncomingMessage> => {
	const request = get(url, {agent: false});
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	return response;
};

const textOf = async (response: IncomingMessage): Promise<string> => {
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
	return text;
};

const jsonOf = async (response: IncomingMessage): Promise<JsonObject> => asObject(parseJson(await textOf(response)));

const nextChunk = async (response: IncomingMessage): Promise<string> =>
	String(((await once(response, 'data')) as [Buffer])[0]);

type Scene = {
	/** The answer to the request that is spoilt; others are not. */
	readonly answer: Promise<IncomingMessage>;
	/** Asks for something else. */
	readonly askMore: () => Promise<IncomingMessage>;
};

/** What comes of a request. */
const kinds: Readonly<Record<FaultKind, (scene: Scene) => Promise<void>>> = {
	async stall({answer, askMore}) {
		const response = await answer;
		assert.equal(response.statusCode, 200);
		let text = await nextChunk(response);
		response.on('data', chunk => (text += String(chunk)));
		for (let round = 0; round < 5; round++) await textOf(await askMore());
		assert.deepEqual([text, response.complete, response.closed], ['{"event_id":"$', false, false]);
		response.destroy();
	},
	async drip({answer}) {
		const response = await answer;
		assert.equal(await nextChunk(response), '{');
		for (let drop = 0; drop < 5; drop++) assert.match(await nextChunk(response), /^ {1,3}$/);
		assert.ok(!response.complete);
		response.destroy();
	},
	async reset({answer}) {
		await assert.rejects(answer, {code: 'ECONNRESET'});
	},
	async '429'({answer}) {
		const response = await answer;
		assert.deepEqual([response.statusCode, response.headers['retry-after']], [429, '1']);
		const {errcode, retry_after_ms: pause} = await jsonOf(response);
		assert.deepEqual([errcode, pause], ['M_LIMIT_EXCEEDED', 200]);
	},
	async html({answer}) {
		const response = await answer;
		assert.equal(response.statusCode, 200);
		assert.match(response.headers['content-type'] ?? '', /^text\/html/);
		assert.match(await textOf(response), /^<!doctype html>/);
	},
	async null({answer}) {
		const response = await answer;
		assert.deepEqual([response.statusCode, await textOf(response)], [200, 'null']);
	},
	async bomb({answer}) {
		const response = await answer;
		assert.equal(response.headers['content-encoding'], 'gzip');
		let [packed, size] = [0, 0];
		response.on('data', (chunk: Buffer) => (packed += chunk.length));
		for await (const chunk of response.pipe(createGunzip())) size += (chunk as Buffer).length;
		assert.equal(size, 200 * 1024 * 1024);
		assert.ok(packed < 1024 * 1024, `${packed} bytes`);
	},
	async '401-soft'({answer}) {
		const response = await answer;
		assert.equal(response.statusCode, 401);
		const {errcode, soft_logout: isSoft} = await jsonOf(response);
		assert.deepEqual([errcode, isSoft], ['M_UNKNOWN_TOKEN', true]);
	},
	async slow({answer, askMore}) {
		const order: string[] = [];
		const late = answer.then(response => {
			order.push('spoilt');
			return response;
		});
		await textOf(await askMore());
		order.push('other');
		assert.ok(Array.isArray((await jsonOf(await late))['versions']));
		assert.deepEqual(order, ['other', 'spoilt']);
	},
};

suite('the fault', () => {
	for (const [kind, check] of Object.entries(kinds)) {
		test(`${kind} does what it says, to the paths that are meant`, async t => {
			const {url} = await startDemoServer(t);
			await setFault(url, {kind: kind as FaultKind, path: 'versions'});
			const answer = ask(url + versions);
			await check({answer, askMore: () => ask(url + flows)});
		});
	}
});

test('a fault ends when it was met as often as was wished, or is taken back; a kind that is none changes nothing', async t => {
	const {url} = await startDemoServer(t);
	const isSpoilt = async (path = versions): Promise<boolean> => (await textOf(await ask(url + path))) === 'null';
	await setFault(url, {kind: 'null', path: 'versions', times: 2});
	assert.equal(await isSpoilt(flows), false);
	assert.deepEqual([await isSpoilt(), await isSpoilt(), await isSpoilt()], [true, true, false]);
	await setFault(url, {kind: 'null'});
	for (const kind of ['toString', 'nothing', 7, undefined])
		await assert.rejects(matrixRequest({url}, 'PUT', switchPath, kind === undefined ? {} : {kind}), {
			status: 400,
			errcode: 'M_INVALID_PARAM',
		});
	assert.deepEqual([await isSpoilt(), await isSpoilt(flows)], [true, true]);
	await matrixRequest({url}, 'DELETE', switchPath);
	assert.equal(await isSpoilt(), false);
});

/** What a person is told of a sync that is answered so; nothing, where mx only has to wait. */
const told: ReadonlyArray<readonly [kind: FaultKind, net?: readonly [NetState['state'], RegExp]]> = [
	['reset', ['offline', /broke off/]],
	['429', ['degraded', /asks to wait/]],
	['html', ['offline', /sign in with a browser/]],
	['null', ['degraded', /the server sent a sync answer that/]],
	['bomb', ['degraded', /cut off|too large/]],
	['slow'],
	['stall', ['offline', /in time/]],
	['drip', ['offline', /trickles/]],
	['401-soft', ['soft-logout', /password/]],
];

/** Those that only end by mx's own limits, which are short then: so each has a connection of its own. */
const limitsFor = (kind: FaultKind): NonNullable<OpenOptions['limits']> =>
	kind === 'stall' || kind === 'drip' ? {firstPause: 200, idle: 2000, drip: 1000} : {firstPause: 200};

suite('mx goes on after a sync that meets', {concurrency: 3}, () => {
	for (const [kind, net] of told) {
		test(kind, async t => {
			const server = await startDemoServer(t);
			const home = await createHome(server);
			const roomId = await createRoom(server, home.account);
			// Not of mx's device: whoever signs in again on a device ends its former token.
			const {accessToken} = await signInElsewhere(server, home.account);
			const access = {url: server.url, accessToken};
			const say = async (body: string): Promise<void> => {
				const target = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${body}`;
				await matrixRequest(access, 'PUT', target, {msgtype: 'm.text', body});
			};
			const start = (owner: Owner, isNew: boolean): Promise<TestEngine> =>
				startEngineHere(owner, home, {isNew, limits: limitsFor(kind)});
			let engine = await start(t, true);
			await engine.caughtUp;
			await setFault(server.url, {kind, path: '/sync'});
			// The poll that is out already ends with the first.
			await say('before');
			if (net === undefined) await waitForMessage(engine, roomId, 'before');
			else await waitForNet(engine, ...net);
			await say('meanwhile');
			await matrixRequest(server, 'DELETE', switchPath);
			await engine.session.send({
				to: roomId,
				content: {msgtype: 'm.text', body: 'mine'},
				isWaiting: false,
				timeout: 0,
			});
			if (kind === '401-soft') {
				await engine.session.signInAgain({password: home.account.password});
				await engine.stop();
				engine = await start(t, false);
			}
			await assertAllThere({engine, access}, roomId, ['before', 'meanwhile', 'mine']);
		});
	}
});
