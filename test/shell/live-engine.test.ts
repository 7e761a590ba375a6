/** What is said when the account does not come into step with the server. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {EngineNotice, NetState} from '../../source/domain/session.ts';
import {catchUp} from '../../source/shell/live-engine.ts';

/** An engine that says only how its connection is. */
const engineThatIs = (state: NetState['state']) => ({
	caughtUp: new Promise<void>(() => undefined),
	subscribe(listener: (notice: EngineNotice) => void) {
		listener({kind: 'net', net: {state, cause: 'no room'}});
		return () => undefined;
	},
});

/** An engine that says something, and is in step with the server a moment later. */
const engineThatSays = (notice: EngineNotice) => {
	const caughtUp = Promise.withResolvers<void>();
	return {
		caughtUp: caughtUp.promise,
		subscribe(listener: (notice: EngineNotice) => void) {
			listener(notice);
			setImmediate(caughtUp.resolve);
			return () => undefined;
		},
	};
};

const parts = {
	talk: {say: () => undefined, fail: () => undefined, progress: () => undefined},
	signal: new AbortController().signal,
};

test('a bridge verb that cannot reach the server does not send people to mx login', async () => {
	const next = async (state: NetState['state'], again = 'run mx login again'): Promise<string | undefined> => {
		const waiting: Promise<unknown> = catchUp(engineThatIs(state), parts, {again, offline: 0});
		return waiting.then(
			() => undefined,
			(error: {readonly report: {readonly next?: string}}) => error.report.next,
		);
	};
	assert.equal(await next('no-storage', 'try again'), 'Free some space, then try again.');
	assert.equal(await next('no-storage'), 'Free some space, then run mx login again.');
	assert.equal(await next('logged-out', 'try again'), 'Sign in again: mx login.');
	assert.equal(await next('offline', 'try again'), 'Check the network, then try again.');
});

test('a verb does what it is to do though a bridge has just said that a login is out', async () => {
	const message = 'Signal (+49 151) is logged out: nothing arrives there.';
	await catchUp(engineThatSays({kind: 'alert', message}), parts);
	const end = {kind: 'alert', message: 'The connection could not be started.', isEnd: true} as const;
	await assert.rejects(catchUp(engineThatSays(end), parts), /could not be started/);
});
