/** Identifiers: what is accepted from the network, and what a person may type. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {
	isEventId,
	isLoopbackHost,
	isRoomAlias,
	isRoomId,
	parseContentUri,
	parseRoomAddress,
	parseServerName,
	parseSignInTarget,
	parseUserId,
} from '../../source/domain/identifiers.ts';

const long = 'a'.repeat(255);

test('server names keep host and port apart', () => {
	const table: ReadonlyArray<readonly [string, string | undefined, number | undefined]> = [
		['example.org', 'example.org', undefined],
		['Example.ORG', 'example.org', undefined],
		['example.org:8448', 'example.org', 8448],
		['localhost:8008', 'localhost', 8008],
		['127.0.0.1', '127.0.0.1', undefined],
		['[::1]', '[::1]', undefined],
		['[2001:db8::7]:8448', '[2001:db8::7]', 8448],
		['', undefined, undefined],
		['exa mple.org', undefined, undefined],
		['example.org:', undefined, undefined],
		['example.org:0', undefined, undefined],
		['example.org:99999', undefined, undefined],
		['example.org:8448:1', undefined, undefined],
		['example.org/path', undefined, undefined],
		['::1', undefined, undefined],
		['[::1', undefined, undefined],
		['[zz]', undefined, undefined],
		['[:::::]', undefined, undefined],
		['999.1.1.1', undefined, undefined],
		['exämple.org', undefined, undefined],
		['example.org\n', undefined, undefined],
		[`${long}.org`, undefined, undefined],
	];
	for (const [text, hostname, port] of table) {
		const parsed = parseServerName(text);
		assert.deepEqual([parsed?.hostname, parsed?.port], [hostname, port], JSON.stringify(text));
	}
});

test('user ids are split at the first colon, so that ports and IPv6 addresses stay with the server', () => {
	const table: ReadonlyArray<readonly [string, string | undefined, string | undefined]> = [
		['@anna:example.org', 'anna', 'example.org'],
		['@anna:example.org:8448', 'anna', 'example.org:8448'],
		['@anna:[::1]:8008', 'anna', '[::1]:8008'],
		['@Anna=2F.+x/y:example.org', 'Anna=2F.+x/y', 'example.org'],
		['@ânna 😀:example.org', 'ânna 😀', 'example.org'],
		['@:example.org', '', 'example.org'],
		['@__proto__:example.org', '__proto__', 'example.org'],
		['anna:example.org', undefined, undefined],
		['@anna', undefined, undefined],
		['@anna:', undefined, undefined],
		['@an\u0000na:example.org', undefined, undefined],
		['@an\u001b[31mna:example.org', undefined, undefined],
		['@an\u009bna:example.org', undefined, undefined],
		['@an\ud800na:example.org', undefined, undefined],
		['@anna:exam ple.org', undefined, undefined],
		[`@${'a'.repeat(242)}:example.org`, 'a'.repeat(242), 'example.org'],
		[`@${'a'.repeat(243)}:example.org`, undefined, undefined],
		[`@${'é'.repeat(122)}:example.org`, undefined, undefined],
	];
	for (const [text, localpart, serverName] of table) {
		const parsed = parseUserId(text);
		assert.deepEqual([parsed?.localpart, parsed?.serverName], [localpart, serverName], JSON.stringify(text));
	}
});

test('room ids need no server, aliases do, event ids are opaque', () => {
	const versionTwelve = '!n8f893n9EkRZqcpwVT7ODc0t2Oh8Zx7P6FcQq2OUVaM';
	for (const id of ['!abc:example.org', versionTwelve, '!x', `!${'a'.repeat(254)}`]) assert.ok(isRoomId(id), id);
	for (const id of ['', '!', 'abc', '!a\u0000b', `!${long}`, '!a\ud800']) assert.ok(!isRoomId(id), id);
	for (const id of ['$abc', '$a/+b:example.org', '$n8f893n9EkRZqcpwVT7ODc0t2Oh8Zx7P6FcQq2OUVaM'])
		assert.ok(isEventId(id), id);
	for (const id of ['', '$', 'abc', '$a\nb', `$${long}`]) assert.ok(!isEventId(id), id);
	for (const alias of ['#room:example.org', '#a room:example.org:8448']) assert.ok(isRoomAlias(alias), alias);
	for (const alias of ['#', '#room', '#:example.org', '#room:', '#ro\tom:example.org'])
		assert.ok(!isRoomAlias(alias), alias);
});

test('a content URI cannot leave the media path', () => {
	assert.deepEqual(parseContentUri('mxc://example.org:8448/aB-_9'), {serverName: 'example.org:8448', mediaId: 'aB-_9'});
	for (const text of [
		'mxc://example.org/..',
		'mxc://example.org/../../admin',
		'mxc://example.org/a/b',
		'mxc://example.org/',
		'mxc:///a',
		'mxc://exa mple/a',
		'https://example.org/a',
		'mxc://example.org/a?b',
		'mxc://example.org/a\n',
		`mxc://example.org/${long}a`,
	]) {
		assert.equal(parseContentUri(text), undefined, text);
	}
});

test('only this machine is a loopback host', () => {
	for (const host of ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.8.9.1', '[::1]'])
		assert.ok(isLoopbackHost(host), host);
	for (const host of ['localhost.example.org', '128.0.0.1', '127.0.0.1.example.org', '[::2]', '10.0.0.1', '']) {
		assert.ok(!isLoopbackHost(host), host);
	}
});

test('a sign-in target may be a server, an address, a URL or a user id', () => {
	const table: ReadonlyArray<readonly [string, string, string | undefined]> = [
		['example.org', 'example.org', undefined],
		[' example.org ', 'example.org', undefined],
		['localhost:8008', 'localhost:8008', undefined],
		['[::1]:8008', '[::1]:8008', undefined],
		['https://matrix.example.org/', 'https://matrix.example.org', undefined],
		['https://example.org/matrix/', 'https://example.org/matrix', undefined],
		['http://localhost:8008', 'http://localhost:8008', undefined],
		['http://[::1]:8008/', 'http://[::1]:8008', undefined],
		['@anna:example.org', 'example.org', 'anna'],
		['@anna:example.org:8448', 'example.org:8448', 'anna'],
		['@anna:[::1]:8008', '[::1]:8008', 'anna'],
	];
	for (const [text, server, localpart] of table) assert.deepEqual(parseSignInTarget(text), {server, localpart}, text);
});

test('a sign-in target that makes no sense is a usage error that says what to type', () => {
	for (const text of [
		'',
		'  ',
		'anna@example.org',
		'@anna',
		'@:example.org',
		'exa mple.org',
		'http://example.org',
		'https://anna:secret@example.org',
		'https://example.org/?a=b',
		'https://',
		'ftp://example.org',
		'example.org:99999',
	]) {
		assert.throws(
			() => parseSignInTarget(text),
			(error: unknown) =>
				error instanceof ExpectedError &&
				error.report.reason === 'usage' &&
				(error.report.next ?? '').includes('example.org'),
			JSON.stringify(text),
		);
	}
});

test('a room address is an identifier only when it is complete, else a name', () => {
	const versionTwelve = '!n8f893n9EkRZqcpwVT7ODc0t2Oh8Zx7P6FcQq2OUVaM';
	assert.deepEqual(parseRoomAddress('@anna:example.org:8448'), {kind: 'user', userId: '@anna:example.org:8448'});
	assert.deepEqual(parseRoomAddress('#room:example.org'), {kind: 'alias', alias: '#room:example.org'});
	assert.deepEqual(parseRoomAddress(' !abc:example.org '), {kind: 'roomId', roomId: '!abc:example.org'});
	assert.deepEqual(parseRoomAddress(versionTwelve), {kind: 'roomId', roomId: versionTwelve});
	for (const name of ['Anna Kowalska', '#general', '@home', '!important', '!', 'a:b', `${long} and more`]) {
		assert.deepEqual(parseRoomAddress(name), {kind: 'name', name});
	}
	for (const text of ['', ' ', 'a\u001bb']) {
		assert.throws(
			() => parseRoomAddress(text),
			(error: unknown) => error instanceof ExpectedError && error.report.reason === 'usage',
		);
	}
});
