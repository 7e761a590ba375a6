/** A Session across a border: what goes in at one end comes out at the other. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {sessionMethods} from '../../source/domain/session.ts';
import type {SessionMethod, SessionRequest} from '../../source/domain/session.ts';
import {answerRequest, parseSessionRequest, sessionProxy} from '../../source/domain/session-proxy.ts';

const proxyOf = (call: (method: SessionMethod, params: JsonObject) => unknown) =>
	sessionProxy(async (method, params) => call(method, params));

test('the proxy has every method of a session and passes name and parameters on', async () => {
	const session = proxyOf((method, params) => ({method, params}));
	assert.deepEqual(Object.keys(session).sort(), [...sessionMethods].sort());
	assert.deepEqual(await session.leave({roomId: '!a:b'}), {method: 'leave', params: {roomId: '!a:b'}});
});

test('a request is answered with its number and the result', async () => {
	const session = proxyOf((method, params) => [method, params]);
	assert.deepEqual(await answerRequest(session, {id: 7, method: 'join', params: {room: '#a:b'}}), {
		id: 7,
		ok: true,
		result: ['join', {room: '#a:b'}],
	});
});

test('a failure becomes a report, an expected one with its next step', async () => {
	const report = {message: 'No such room.', next: 'mx rooms', reason: 'notFound' as const};
	const expected = proxyOf(() => {
		throw new ExpectedError(report);
	});
	const bug = proxyOf(() => {
		throw new TypeError('x is not a function');
	});
	const request: SessionRequest = {id: 1, method: 'status', params: {}};
	assert.deepEqual(await answerRequest(expected, request), {id: 1, ok: false, error: report});
	assert.deepEqual(await answerRequest(bug, request), {
		id: 1,
		ok: false,
		error: {message: 'x is not a function', reason: 'error'},
	});
});

test('names that every object has are no methods', async () => {
	const session = proxyOf(() => 'called');
	for (const method of ['constructor', 'toString', '__proto__', '', 'Send']) {
		const reply = await answerRequest(session, {id: 1, method, params: {}} as unknown as SessionRequest);
		assert.equal(reply.ok, false, method);
	}
});

test('what is not a request is told apart from what can be answered', () => {
	for (const value of [null, 1, 'x', [], {}, {id: '1', method: 'send', params: {}}, {id: 1.5, method: 'send'}]) {
		assert.equal(parseSessionRequest(value).kind, 'malformed');
	}
	for (const value of [{id: 1}, {id: 1, method: 'send'}, {id: 1, method: 'send', params: []}, {id: 1, method: 2}]) {
		assert.equal(parseSessionRequest(value).kind, 'refused');
	}
	assert.equal(parseSessionRequest({id: 0, method: 'send', params: {}}).kind, 'request');
});
