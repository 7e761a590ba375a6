/** Faults of what a person asks for: signing in, older messages, joining. Each ends in a sentence, and works when asked again. */
import assert from 'node:assert/strict';
import type {Socket} from 'node:net';
import {after, before, suite, test} from 'node:test';
import {getCACertificates, setDefaultCACertificates} from 'node:tls';
import {ExpectedError} from '../../source/domain/errors.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {createHomeserver} from '../../source/matrix/homeserver.ts';
import {logInWithPassword} from '../../source/matrix/login.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import type {Outcome} from '../engine/fault-proxy.ts';
import {createOwner} from '../helpers/owner.ts';
import {messagesOf} from '../helpers/engine.ts';
import {needsServers, type Owner} from '../helpers/synapse.ts';
import {closedPort, startFaultyServer} from '../matrix/faulty-server.ts';
import {expiredCertificate} from '../matrix/self-signed-certificate.ts';
import {
	answer,
	cutOff,
	deepValue,
	drip,
	gzipBomb,
	hang,
	largeBody,
	page,
	refusal,
	reset,
	stall,
} from './bad-answers.ts';
import {assertAllThere, openScene, type Scene} from './network-scene.ts';

const servers = await needsServers();

const failsWith = (sentence: RegExp) => (error: unknown) => {
	assert.ok(error instanceof ExpectedError, String(error));
	assert.match(error.message, sentence);
	return true;
};

/** Those that only end by mx's own deadline. */
const slow: ReadonlySet<Outcome> = new Set([hang, stall, drip]);

const olderFaults: ReadonlyArray<readonly [name: string, outcome: Outcome, sentence: RegExp]> = [
	['the sign-in page of a network', page(), /a web page answered/],
	['null', answer('null'), /not JSON/],
	['half of the JSON', answer('{"chunk":['), /not JSON/],
	['an empty object', answer('{}'), /without chunk/],
	['an array', answer('[]'), /without chunk/],
	['a body that breaks off', cutOff, /broke off/],
	['status 502 with a web page', page(502), /problem of its own/],
	['a proxy that forbids everything', page(403), /in front of the server/],
	['a reset connection', reset, /broke off/],
	['no answer at all', hang, /in time/],
	['headers and then nothing', stall, /in time/],
	['an answer that drips', drip, /in time/],
	['a rate limit', refusal(429, 'M_LIMIT_EXCEEDED', {retry_after_ms: 1000}), /asks to wait/],
	['a missing permission', refusal(403, 'M_FORBIDDEN'), /does not allow/],
	['a body of 100 MB', largeBody(), /too much/],
	['a gzip bomb', gzipBomb, /too much|not JSON/],
	['JSON that is 200,000 deep', answer(`{"chunk":${deepValue()}}`), /nested too deeply/],
	['a redirect', answer('', 302, {location: '/elsewhere'}), /a web page answered/],
];

suite('older messages', servers, () => {
	let shared: Scene | undefined;
	let fault: Outcome | undefined;
	const owner = createOwner();
	after(owner.end);
	before(async () => {
		shared = await openScene(owner, {
			texts: Array.from({length: 80}, (_, number) => `message ${number}`),
			// Real answers may need longer.
			requestLimits: () => (fault !== undefined && slow.has(fault) ? {deadline: 1000} : {}),
		});
		shared.proxy.setFault(({path}) => (path.includes('/messages?') ? fault : undefined));
	});

	for (const [name, outcome, sentence] of olderFaults) {
		test(`that meet ${name} are refused with one sentence, and are there when asked again`, async () => {
			const {engine, roomId} = shared as Scene;
			const before = (await messagesOf(engine, roomId)).length;
			fault = outcome;
			await assert.rejects(engine.session.loadOlder({roomId, count: 3}), failsWith(sentence));
			assert.equal((await messagesOf(engine, roomId)).length, before);
			fault = undefined;
			await engine.session.loadOlder({roomId, count: 3});
			assert.equal((await messagesOf(engine, roomId)).length, before + 3);
		});
	}

	test('are all there in the end, each once and in order', async () => {
		const {engine, roomId} = shared as Scene;
		while ((await engine.session.loadOlder({roomId, count: 100})).hasMore);
		await assertAllThere(
			shared as Scene,
			roomId,
			Array.from({length: 80}, (_, number) => `message ${number}`),
		);
	});
});

/** Signs in at this address. */
const signIn = async (baseUrl: string): Promise<unknown> =>
	logInWithPassword(
		{baseUrl, user: 'anna', password: 'secret', deviceName: 'mx'},
		createGuardedFetch({isFailed: () => undefined}),
	);

suite('signing in', {concurrency: 5}, () => {
	for (const [name, open, sentence] of [
		['a name that is not known', async () => 'https://nowhere.invalid', /nowhere\.invalid/],
		['a port where nothing listens', closedPort, /nothing answers/],
		[
			'a certificate that signed itself',
			async (t: Owner) => startFaultyServer(t, (_request, response) => response.end('{}'), {isTls: true}),
			/not safe: its certificate is signed by itself/,
		],
		[
			'the sign-in page of a network',
			async (t: Owner) =>
				startFaultyServer(t, (_request, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<p>')),
			/a web page answered/,
		],
	] as const) {
		test(`at ${name} fails with a sentence of its own`, async t => {
			await assert.rejects(signIn(await open(t)), failsWith(sentence));
		});
	}

	test('where the certificate has expired fails with a sentence of its own', async t => {
		const usual = getCACertificates('default');
		t.after(() => setDefaultCACertificates(usual));
		setDefaultCACertificates([...usual, expiredCertificate.cert]);
		const url = await startFaultyServer(t, (_request, response) => response.end('{}'), {
			isTls: true,
			certificate: expiredCertificate,
		});
		await assert.rejects(signIn(url), failsWith(/not safe: its certificate has expired/));
	});

	for (const status of [301, 302, 303, 307, 308]) {
		test(`does not follow a redirect with ${status}, so that no other host gets the password`, async t => {
			let asked = 0;
			const elsewhere = await startFaultyServer(t, (_request, response) => {
				asked += 1;
				response.end('{}');
			});
			const url = await startFaultyServer(t, (_request, response) =>
				response.writeHead(status, {location: `${elsewhere}/login`}).end(),
			);
			await assert.rejects(signIn(url), failsWith(/a web page answered/));
			assert.equal(asked, 0);
		});
	}
});

for (const [name, outcome] of [
	['no answer', hang],
	['half an answer', stall],
	['a dripping answer', drip],
	['too large an answer', largeBody()],
] as const) {
	test(`requests that are given up after ${name} leave no connection behind`, async t => {
		// After an abort, fetch keeps a fresh connection ready for some seconds; it carries nothing.
		const carrying = new Set<Socket>();
		let reached = 0;
		const url = await startFaultyServer(t, (request, response) => {
			carrying.add(request.socket);
			request.socket.once('close', () => carrying.delete(request.socket));
			reached += 1;
			outcome(response);
		});
		const send = createGuardedFetch({isFailed: () => undefined, limits: () => ({deadline: 2000})});
		const aborted = new AbortController();
		const requests = Array.from({length: 6}, async (_, number) =>
			send(`${url}/_matrix/client/v3/rooms/x`, number === 0 ? {signal: aborted.signal} : {}),
		);
		const settled = Promise.allSettled(requests);
		await t.waitFor(() => assert.equal(reached, 6), {timeout: 20_000});
		aborted.abort();
		for (const result of await settled) assert.equal(result.status, 'rejected');
		await t.waitFor(() => assert.equal(carrying.size, 0), {timeout: 20_000});
	});
}

test('a proxy that knows no such page is not taken for a room without encryption', async t => {
	let reply: readonly [number, string, string] = [404, 'text/html', '<h1>Not found</h1>'];
	const url = await startFaultyServer(t, (_request, response) => {
		response.writeHead(reply[0], {'content-type': reply[1]}).end(reply[2]);
	});
	const homeserver = createHomeserver({
		baseUrl: url,
		accessToken: () => 'token',
		send: createGuardedFetch({isFailed: () => undefined}),
	});
	await assert.rejects(homeserver.stateEvent('!room:x', 'm.room.encryption'), NetworkError);
	reply = [404, 'application/json', '{"errcode":"M_NOT_FOUND"}'];
	assert.equal(await homeserver.stateEvent('!room:x', 'm.room.encryption'), undefined);
});
