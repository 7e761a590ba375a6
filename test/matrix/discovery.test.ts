/** Finding a homeserver from what a person typed. Names and certificates are played by one server on loopback. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RequestListener} from 'node:http';
import {ExpectedError, type ExitReason} from '../../source/domain/errors.ts';
import {checkPasswordLogin, discoverHomeserver, parseBaseUrl} from '../../source/matrix/discovery.ts';
import {createGuardedFetch} from '../../source/matrix/guarded-fetch.ts';
import {needsServers, sharedSynapse, type Owner} from '../helpers/synapse.ts';
import {closedPort, startFaultyServer} from './faulty-server.ts';

type Page = {readonly status?: number; readonly body?: unknown; readonly location?: string; readonly type?: string};

const versions = {
	body: {versions: ['r0.6.1', 'v1.11'], unstable_features: {'org.example.on': true, 'org.example.off': false}},
};
const wellKnown = (baseUrl: string): Page => ({body: {'m.homeserver': {base_url: baseUrl}}});

/**
 * Sends every request for a name of `pages` to one server on loopback, which answers by `host/path`; so the real fetch,
 * real redirects and real bodies take part, and only names and TLS do not.
 */
const openWorld = async (
	owner: Owner,
	pages: Readonly<Record<string, Page>>,
): Promise<{send: typeof fetch; asked: string[]}> => {
	const asked: string[] = [];
	const listener: RequestListener = (request, response) => {
		const address = `${request.headers['x-origin'] as string}${request.url ?? ''}`;
		asked.push(address);
		const {status = 200, body = {}, location, type = 'application/json'} = pages[address] ?? {status: 404};
		response.writeHead(location === undefined ? status : 302, {
			'content-type': type,
			...(location === undefined ? {} : {location}),
		});
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};
	const url = await startFaultyServer(owner, listener);
	const send = createGuardedFetch({
		isFailed: () => undefined,
		fetch: (input, init) => {
			const target = new URL(input instanceof Request ? input.url : input);
			const headers = new Headers(init?.headers);
			headers.set('x-origin', target.origin);
			return fetch(url + target.pathname, {...init, headers});
		},
	});
	return {send, asked};
};

const failsWith = (reason: ExitReason, sentence: RegExp) => (error: unknown) => {
	assert.ok(error instanceof ExpectedError, String(error));
	assert.equal(error.report.reason, reason);
	assert.match(error.message, sentence);
	return true;
};

test('a published address is used, by default the name itself is', async t => {
	const {send} = await openWorld(t, {
		'https://example.org/.well-known/matrix/client': wellKnown('https://matrix.example.org/'),
		'https://matrix.example.org/_matrix/client/versions': versions,
		'https://plain.org/_matrix/client/versions': versions,
	});
	assert.deepEqual(await discoverHomeserver('example.org', send), {
		baseUrl: 'https://matrix.example.org',
		serverName: 'example.org',
		versions: ['r0.6.1', 'v1.11'],
		unstableFeatures: {'org.example.on': true, 'org.example.off': false},
	});
	assert.equal((await discoverHomeserver('plain.org', send)).baseUrl, 'https://plain.org');
});

test('a broken or dangerous published file counts as none', async t => {
	const files: readonly Page[] = [
		{body: '<!doctype html><title>Home</title>', type: 'text/html'},
		{body: '{"m.homeserver":'},
		{body: []},
		{body: {'m.homeserver': null}},
		{body: {'m.homeserver': {base_url: 7}}},
		{body: {'m.homeserver': {base_url: 'matrix.example.org'}}},
		{body: {'m.homeserver': {base_url: 'http://matrix.example.org'}}},
		{body: {'m.homeserver': {base_url: 'http://localhost:8008'}}},
		{body: {'m.homeserver': {base_url: 'https://a:b@matrix.example.org'}}},
		{body: {'m.homeserver': {base_url: 'https://matrix.example.org'}, padding: 'x'.repeat(70_000)}},
		{location: 'http://example.org/elsewhere'},
		{location: '/.well-known/matrix/client'},
		{status: 500},
	];
	for (const file of files) {
		const {send} = await openWorld(t, {
			'https://example.org/.well-known/matrix/client': file,
			'https://example.org/_matrix/client/versions': versions,
			'https://matrix.example.org/_matrix/client/versions': versions,
			'http://example.org/elsewhere': wellKnown('https://matrix.example.org'),
		});
		assert.equal(
			(await discoverHomeserver('example.org', send)).baseUrl,
			'https://example.org',
			JSON.stringify(file).slice(0, 80),
		);
	}
});

test('a published file may be moved within https', async t => {
	const {send} = await openWorld(t, {
		'https://example.org/.well-known/matrix/client': {location: 'https://www.example.org/m'},
		'https://www.example.org/m': {...wellKnown('https://matrix.example.org'), type: 'application/octet-stream'},
		'https://matrix.example.org/_matrix/client/versions': versions,
	});
	assert.equal((await discoverHomeserver('example.org', send)).baseUrl, 'https://matrix.example.org');
});

test('a port that was typed is tried first, then the published address', async t => {
	const {send} = await openWorld(t, {
		'https://direct.org:8448/_matrix/client/versions': versions,
		'https://example.org/.well-known/matrix/client': wellKnown('https://matrix.example.org'),
		'https://matrix.example.org/_matrix/client/versions': versions,
	});
	assert.equal((await discoverHomeserver('direct.org:8448', send)).baseUrl, 'https://direct.org:8448');
	assert.equal((await discoverHomeserver('example.org:8448', send)).baseUrl, 'https://matrix.example.org');
});

test('a URL is taken as it is', async t => {
	const {send, asked} = await openWorld(t, {'https://example.org/matrix/_matrix/client/versions': versions});
	const {baseUrl, serverName} = await discoverHomeserver('https://example.org/matrix', send);
	assert.deepEqual([baseUrl, serverName], ['https://example.org/matrix', 'example.org']);
	assert.deepEqual(asked, ['https://example.org/matrix/_matrix/client/versions']);
});

test('a server on this machine is reached by plain http, and by https where it speaks only that', async t => {
	const {send} = await openWorld(t, {
		'http://localhost:8008/_matrix/client/versions': versions,
		'http://[::1]:8008/_matrix/client/versions': versions,
		'https://localhost:8443/_matrix/client/versions': versions,
	});
	assert.equal((await discoverHomeserver('localhost:8008', send)).baseUrl, 'http://localhost:8008');
	assert.equal((await discoverHomeserver('[::1]:8008', send)).baseUrl, 'http://[::1]:8008');
	assert.equal((await discoverHomeserver('localhost:8443', send)).baseUrl, 'https://localhost:8443');
});

test('what is no homeserver, does not answer or is not safe is told in one sentence', async t => {
	const {send} = await openWorld(t, {
		'https://page.org/_matrix/client/versions': {body: '<html>', type: 'text/html'},
		'https://other.org/_matrix/client/versions': {body: {versions: 'none'}},
		'https://ill.org/_matrix/client/versions': {status: 503, body: '<html>'},
	});
	await assert.rejects(
		discoverHomeserver('nothing.org', send),
		failsWith('error', /^nothing\.org answers, but it is not a Matrix homeserver\.$/),
	);
	await assert.rejects(discoverHomeserver('other.org', send), failsWith('error', /not a Matrix homeserver/));
	await assert.rejects(
		discoverHomeserver('page.org', send),
		failsWith('error', /^Cannot reach page\.org: a web page answered/),
	);
	await assert.rejects(discoverHomeserver('ill.org', send), failsWith('error', /problem of its own \(status 503\)/));
	const real = createGuardedFetch({isFailed: () => undefined});
	await assert.rejects(
		discoverHomeserver('name.invalid', real),
		failsWith('error', /^Cannot reach name\.invalid: .*name\.invalid/),
	);
	await assert.rejects(
		discoverHomeserver(new URL(await closedPort()).host, real),
		failsWith('error', /nothing answers at 127\.0\.0\.1/),
	);
	const untrusted = await startFaultyServer(t, (_request, response) => void response.end('{}'), {isTls: true});
	await assert.rejects(
		discoverHomeserver(untrusted, real),
		failsWith('error', /is not safe: its certificate is signed by itself/),
	);
});

test('a base URL from a server is https and plain, or http between programs of this machine', () => {
	assert.equal(parseBaseUrl('https://example.org/', false), 'https://example.org');
	assert.equal(parseBaseUrl('https://example.org/matrix//', false), 'https://example.org/matrix');
	assert.equal(parseBaseUrl('http://localhost:8008/', true), 'http://localhost:8008');
	for (const value of [
		'http://example.org',
		'http://localhost:8008',
		'javascript:alert(1)',
		'example.org',
		'',
		null,
		{},
		'https://e.org/?a',
		'https://e.org/#a',
	]) {
		assert.equal(parseBaseUrl(value, false), undefined, JSON.stringify(value));
	}
	assert.equal(parseBaseUrl('http://example.org', true), undefined);
});

test('the ways to sign in are asked, and a server without passwords says what it wants', async t => {
	const {send} = await openWorld(t, {
		'https://both.org/_matrix/client/v3/login': {body: {flows: [{type: 'm.login.sso'}, {type: 'm.login.password'}]}},
		'https://sso.org/_matrix/client/v3/login': {
			body: {flows: [{type: 'm.login.sso'}, {type: 'm.login.token'}, null, {}]},
		},
		'https://ill.org/_matrix/client/v3/login': {status: 500},
	});
	const ask = (name: string) => checkPasswordLogin({baseUrl: `https://${name}`, serverName: name}, send);
	assert.deepEqual(await ask('both.org'), {isPasswordOffered: true, types: ['m.login.sso', 'm.login.password']});
	await assert.rejects(
		ask('sso.org'),
		failsWith('refused', /sso\.org takes no password; .*single sign-on.* or a one-time token\.$/),
	);
	await assert.rejects(ask('oauth.org'), failsWith('refused', /OAuth/));
	await assert.rejects(ask('ill.org'), failsWith('error', /Cannot ask ill\.org/));
});

test('a real homeserver is found by its name and port, and takes passwords', await needsServers(), async () => {
	const server = await sharedSynapse();
	const send = createGuardedFetch({isFailed: () => undefined});
	const found = await discoverHomeserver(server.serverName, send);
	assert.equal(found.baseUrl, `http://${server.serverName}`);
	assert.ok(found.versions.includes('v1.11'));
	assert.equal((await checkPasswordLogin(found, send)).isPasswordOffered, true);
});
