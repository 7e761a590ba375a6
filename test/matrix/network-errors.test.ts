/** Failures of requests: their kinds, and the sentences and exit codes that a person gets. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpectedError, type ExitReason} from '../../source/domain/errors.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {toExpectedError, withExpectedErrors} from '../../source/matrix/expected-errors.ts';
import {
	classifyAnswer,
	classifyFailure,
	foreignAnswer,
	NetworkError,
	type NetworkFailureKind,
} from '../../source/matrix/network-errors.ts';

const fetchFailure = (code: string, details: object = {}): TypeError =>
	new TypeError('fetch failed', {cause: Object.assign(new Error(code), {code, ...details})});

test('codes of Node, OpenSSL and undici become kinds and sentences', () => {
	const table: ReadonlyArray<readonly [Error, NetworkFailureKind, RegExp]> = [
		[fetchFailure('ENOTFOUND', {hostname: 'exmaple.org'}), 'dns', /no server with the name exmaple\.org/],
		[fetchFailure('EAI_AGAIN', {hostname: 'example.org'}), 'offline', /example\.org cannot be looked up.*offline/],
		[fetchFailure('ENETUNREACH'), 'offline', /offline/],
		[fetchFailure('ECONNREFUSED', {address: '127.0.0.1', port: 8008}), 'refused', /127\.0\.0\.1:8008/],
		[fetchFailure('ECONNRESET'), 'reset', /broke off/],
		[fetchFailure('UND_ERR_SOCKET'), 'reset', /broke off/],
		[fetchFailure('EPIPE'), 'reset', /broke off/],
		[fetchFailure('UND_ERR_CONNECT_TIMEOUT'), 'timeout', /in time/],
		[fetchFailure('ETIMEDOUT'), 'timeout', /in time/],
		[fetchFailure('CERT_HAS_EXPIRED', {host: 'example.org'}), 'tls', /expired/],
		[fetchFailure('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', /signed by itself/],
		[fetchFailure('SELF_SIGNED_CERT_IN_CHAIN'), 'tls', /authority/],
		[fetchFailure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls', /authority/],
		[fetchFailure('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls', /another name/],
		[fetchFailure('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls', /ERR_SSL_WRONG_VERSION_NUMBER/],
		[fetchFailure('EPROTO'), 'tls', /EPROTO/],
		[fetchFailure('SOMETHING_NEW'), 'unknown', /SOMETHING_NEW/],
		[new DOMException('aborted', 'TimeoutError'), 'timeout', /in time/],
		[new SyntaxError('Unexpected token'), 'server-error', /not JSON/],
		[new Error('bug'), 'unknown', /bug/],
	];
	for (const [error, kind, sentence] of table) {
		const failure = classifyFailure(error);
		assert.equal(failure.kind, kind, String(error.cause));
		assert.match(failure.message, sentence);
	}
	assert.equal(classifyFailure('a string').kind, 'unknown');
	assert.match(classifyFailure(fetchFailure('ECONNRESET'), 'example.org').message, /to example\.org broke/);
});

test('several addresses that all refuse, and causes in a circle, are understood', () => {
	const refusal = Object.assign(new Error('connect'), {code: 'ECONNREFUSED', address: '::1', port: 1});
	assert.equal(
		classifyFailure(new TypeError('fetch failed', {cause: new AggregateError([refusal, refusal])})).kind,
		'refused',
	);
	const circular = new Error('a');
	circular.cause = circular;
	assert.equal(classifyFailure(circular).kind, 'unknown');
});

test('answers are told apart by errcode first and status second', () => {
	const table: ReadonlyArray<readonly [number, JsonObject, NetworkFailureKind]> = [
		[401, {errcode: 'M_UNKNOWN_TOKEN', soft_logout: true}, 'soft-logout'],
		[401, {errcode: 'M_UNKNOWN_TOKEN', soft_logout: 'true'}, 'logged-out'],
		[401, {errcode: 'M_UNKNOWN_TOKEN'}, 'logged-out'],
		[401, {errcode: 'M_MISSING_TOKEN'}, 'logged-out'],
		[401, {errcode: 'M_USER_LOCKED', soft_logout: true}, 'forbidden'],
		[401, {flows: []}, 'forbidden'],
		[403, {errcode: 'M_FORBIDDEN'}, 'forbidden'],
		[403, {errcode: 'M_USER_DEACTIVATED'}, 'forbidden'],
		[403, {errcode: 'M_SOMETHING_NEW'}, 'forbidden'],
		[404, {errcode: 'M_NOT_FOUND'}, 'not-found'],
		[413, {}, 'too-large'],
		[400, {errcode: 'M_TOO_LARGE'}, 'too-large'],
		[400, {errcode: 'M_BAD_JSON'}, 'bad-request'],
		[429, {errcode: 'M_UNKNOWN'}, 'rate-limited'],
		[500, {errcode: 'M_FORBIDDEN'}, 'server-error'],
		[503, {}, 'server-error'],
		[511, {}, 'captive-portal'],
		[302, {}, 'captive-portal'],
	];
	for (const [status, body, kind] of table) {
		assert.equal(classifyAnswer({status, body}).kind, kind, `${status} ${JSON.stringify(body)}`);
	}
	assert.equal(classifyAnswer({status: 403, body: null}).kind, 'forbidden');
});

test('text of the server stands in the sentence on one line and not too long', () => {
	const {message} = classifyAnswer({status: 403, body: {error: `no\n\u001b[2J${'x'.repeat(500)}`}});
	assert.match(message, /\("no \[2Jx{190,}"\)$/);
	assert.ok(message.length < 300);
});

test('each kind has its exit code and one sentence', () => {
	const table: ReadonlyArray<readonly [NetworkFailureKind, ExitReason]> = [
		['dns', 'error'],
		['tls', 'error'],
		['offline', 'error'],
		['captive-portal', 'error'],
		['server-error', 'error'],
		['forbidden', 'refused'],
		['rate-limited', 'refused'],
		['too-large', 'refused'],
		['not-found', 'notFound'],
		['soft-logout', 'notSignedIn'],
		['logged-out', 'notSignedIn'],
	];
	for (const [kind, reason] of table) {
		const {report} = toExpectedError(new NetworkError({kind, message: 'it rains'}), 'sign in');
		assert.equal(report.reason, reason);
		assert.equal(report.message, 'Cannot sign in: it rains.');
	}
	const limited = toExpectedError(
		new NetworkError({kind: 'rate-limited', message: 'wait', retryAfter: 2500}),
		'sign in',
	);
	assert.equal(limited.report.next, 'Try again in 3 seconds');
});

test('an expected error is handed through, and a bug stays a bug', async () => {
	const expected = new ExpectedError({message: 'No.', reason: 'encryption'});
	assert.equal(toExpectedError(expected, 'sign in'), expected);
	const bug = new TypeError('x is not a function');
	await assert.rejects(
		withExpectedErrors('sign in', () => Promise.reject(bug)),
		error => error === bug,
	);
	await assert.rejects(
		withExpectedErrors('sign in', () => Promise.reject(expected)),
		error => error === expected,
	);
	await assert.rejects(
		withExpectedErrors('sign in', () => Promise.reject(fetchFailure('ECONNRESET'))),
		error =>
			error instanceof ExpectedError && error.message === 'Cannot sign in: the connection to the server broke off.',
	);
});

test('what something in front of the server forbids or does not know is no answer of the server', () => {
	for (const status of [400, 401, 403, 404, 407]) {
		const failure = classifyAnswer({status, body: {errcode: 'M_UNKNOWN', [foreignAnswer]: true}});
		assert.equal(failure.kind, 'server-error', String(status));
		assert.match(failure.message, /in front of the server/);
	}
	assert.equal(classifyAnswer({status: 413, body: {[foreignAnswer]: true}}).kind, 'too-large');
	assert.equal(classifyAnswer({status: 429, body: {[foreignAnswer]: true}}).kind, 'rate-limited');
	assert.equal(classifyAnswer({status: 502, body: {[foreignAnswer]: true}}).kind, 'server-error');
});
