import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createTurns} from '../../source/matrix/turns.ts';

test('work waits for the work before it, also when that fails, and gets its own answer', async () => {
	const inTurn = createTurns();
	const steps: string[] = [];
	const gate = Promise.withResolvers<void>();
	const first = inTurn(async () => {
		steps.push('first begins');
		await gate.promise;
		steps.push('first ends');
		throw new Error('no');
	});
	const second = inTurn(async () => {
		steps.push('second');
		return 2;
	});
	await Promise.resolve();
	assert.deepEqual(steps, ['first begins']);
	gate.resolve();
	await assert.rejects(first, /no/);
	assert.equal(await second, 2);
	assert.deepEqual(steps, ['first begins', 'first ends', 'second']);
});
