import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {NetState} from '../../source/domain/session.ts';
import {nextNetState, type NetEvent} from '../../source/engine/net-state.ts';
import type {NetworkFailureKind} from '../../source/matrix/network-errors.ts';

const failed = (kind: NetworkFailureKind, isQuiet = false): NetEvent => ({
	kind: 'failed',
	failure: {kind, message: `it is ${kind}`},
	retryAt: 42,
	isQuiet,
});

const after = (...events: readonly NetEvent[]): NetState => {
	let net: NetState = {state: 'connecting'};
	for (const event of events) net = nextNetState(net, event);
	return net;
};

const answered: NetEvent = {kind: 'answered'};

test('without an answer of the server mx is offline, and says why and when it tries again', () => {
	for (const kind of ['dns', 'refused', 'tls', 'timeout', 'reset', 'offline', 'captive-portal'] as const)
		assert.deepEqual(after(answered, failed(kind)), {state: 'offline', cause: `it is ${kind}`, retryAt: 42});
});

test('a server that answers badly is trouble, not a missing network', () => {
	for (const kind of ['server-error', 'rate-limited', 'too-large', 'forbidden', 'not-found', 'unknown'] as const)
		assert.deepEqual(after(failed(kind)), {state: 'degraded', cause: `it is ${kind}`, retryAt: 42});
});

test('a short failure after a success is not shown, and the next answer leaves nothing of a long one', () => {
	assert.deepEqual(after(answered, failed('reset', true)), {state: 'online'});
	assert.deepEqual(after(answered, failed('reset', true), failed('reset'), answered), {state: 'online'});
});

test('while the next try runs, no time for it is shown', () => {
	assert.deepEqual(after(failed('refused'), {kind: 'trying'}), {state: 'offline', cause: 'it is refused'});
});

test('a first sync counts its rooms, also after a failure', () => {
	assert.deepEqual(after(failed('reset'), {kind: 'received', rooms: 120}), {
		state: 'connecting',
		cause: '120 rooms so far',
	});
});

test('a late answer is trouble while online, and no news while offline', () => {
	assert.equal(after(answered, {kind: 'late'}).state, 'degraded');
	assert.equal(after(answered, {kind: 'late'}, answered).state, 'online');
	assert.equal(after(failed('reset'), {kind: 'late'}).state, 'offline');
	assert.equal(after({kind: 'late'}).state, 'connecting');
});

test('a lost sign-in stays, whatever comes after it', () => {
	const soft = after(answered, {kind: 'signed-out', isSoft: true}, answered, failed('reset'), {kind: 'late'});
	assert.equal(soft.state, 'soft-logout');
	const hard = after({kind: 'signed-out', isSoft: false}, {kind: 'signed-out', isSoft: true}, answered);
	assert.equal(hard.state, 'logged-out');
	assert.equal(after({kind: 'signed-out', isSoft: false}, {kind: 'received', rooms: 1}).state, 'logged-out');
});
