import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import type {NetworkFailureKind} from '../../source/matrix/network-errors.ts';
import {createRetryLoop, type Outcome} from '../../source/matrix/retry-loop.ts';

/** Fails in one way, again and again, then succeeds. @returns the pauses in milliseconds */
const pausesAfter = async (t: TestContext, kind: NetworkFailureKind, count: number): Promise<readonly number[]> => {
	t.mock.timers.enable({apis: ['setTimeout']});
	const pauses: number[] = [];
	const loop = createRetryLoop({
		onFailed: ({retryAt}) => void pauses.push(retryAt),
		onTrying: () => undefined,
		now: () => 0,
		random: () => 1,
	});
	let tries = 0;
	const attempt = async (): Promise<Outcome<string>> => {
		tries += 1;
		return tries > count ? {kind: 'answer', result: 'done'} : {kind: 'failed', failure: {kind, message: 'no'}};
	};
	const done = loop.run(attempt, new AbortController().signal);
	for (let turn = 1; turn <= count; turn++) {
		while (pauses.length < turn) await Promise.resolve();
		t.mock.timers.tick(pauses.at(-1) ?? 0);
	}
	assert.equal(await done, 'done');
	t.mock.timers.reset();
	return pauses;
};

test('while nothing answers the pauses grow to a quarter of a minute, for a server in trouble to a minute', async t => {
	assert.deepEqual(await pausesAfter(t, 'refused', 7), [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
	assert.deepEqual(await pausesAfter(t, 'server-error', 8), [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});
