/** The encoding of values: what a structured clone keeps is kept. */
import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import {decodeValue, encodeValue} from '../../../source/store/crypto-store/indexed-db-values.ts';

test('any JSON comes back, and is stored as readable JSON', () => {
	fc.assert(
		fc.property(fc.jsonValue(), value => {
			// JSON has no -0 of its own.
			const original: unknown = JSON.parse(JSON.stringify(value));
			const bytes = encodeValue(original);
			assert.equal(Buffer.from(bytes).toString('utf8'), `J${JSON.stringify(original)}`);
			assert.deepEqual(decodeValue(bytes), original);
		}),
	);
});

test('what JSON would change is kept as well', () => {
	const hole: unknown[] = [1];
	hole[2] = 3;
	const values = [
		undefined,
		NaN,
		-0,
		10n,
		new Date(5),
		Uint8Array.of(1, 2),
		hole,
		{missing: undefined},
		new Map([[1, 'one']]),
		'\ud83d alone',
		{['__proto__']: 1},
		Object.assign([1], {further: 2}),
	];
	for (const value of values) assert.deepStrictEqual(decodeValue(encodeValue(value)), structuredClone(value));
});

test('a function cannot be stored', () => {
	assert.throws(() => encodeValue({call: () => 1}), {name: 'DataCloneError'});
});

test('bytes that are no value are an error', () => {
	assert.throws(() => decodeValue(Buffer.from('x1')), /begins with 120/);
});
