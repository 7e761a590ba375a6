/** The encoding of keys against the order that fake-indexeddb gives them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {indexedDB} from 'fake-indexeddb';
import * as fc from 'fast-check';
import {IDBKeyRange} from '../../../source/store/crypto-store/indexed-db-key-range.ts';
import {decodeKey, encodeKey} from '../../../source/store/crypto-store/indexed-db-keys.ts';

// Few different units, so that keys share beginnings; the limits of the three lengths and surrogates are among them.
const unit = fc.constantFrom(0, 1, 0x61, 0x7e, 0x7f, 0x80, 0x3f7e, 0x3f7f, 0xd83d, 0xde00, 0xffff);
const text = fc.array(unit, {maxLength: 4}).map(units => String.fromCharCode(...units));
const number = fc.oneof(fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity), fc.double({noNaN: true}));
const date = fc.integer({min: -8.64e15, max: 8.64e15}).map(time => new Date(time));
// fake-indexeddb takes an empty buffer for a detached one.
const bytes = fc.uint8Array({minLength: 1, maxLength: 3});
const key: fc.Arbitrary<IDBValidKey> = fc.letrec<{key: IDBValidKey}>(tie => ({
	key: fc.oneof({depthSize: 'small'}, text, number, date, bytes, fc.array(tie('key'), {maxLength: 3})),
})).key;

test('keys have the order of IndexedDB as bytes', () => {
	fc.assert(
		fc.property(key, key, (first, second) => {
			assert.equal(Buffer.compare(encodeKey(first), encodeKey(second)), indexedDB.cmp(first, second));
		}),
		{numRuns: 20_000},
	);
});

test('a key comes back from its bytes', () => {
	fc.assert(
		fc.property(key, original => {
			const decoded = decodeKey(encodeKey(original));
			assert.equal(indexedDB.cmp(decoded, original), 0);
		}),
		{numRuns: 5000},
	);
});

test('an empty buffer is the smallest of the binary keys', () => {
	const empty = encodeKey(new Uint8Array());
	assert.deepEqual(decodeKey(empty), new ArrayBuffer());
	assert.equal(Buffer.compare(empty, encodeKey(Uint8Array.of(0))), -1);
	assert.equal(Buffer.compare(empty, encodeKey('\uffff')), 1);
});

test('what is no key is refused, also inside of an array', () => {
	const itself: unknown[] = [];
	itself.push(itself);
	for (const value of [NaN, undefined, null, true, {}, new Date(NaN), [1, undefined], itself, 1n])
		assert.throws(() => encodeKey(value), {name: 'DataError'});
});

test('a range holds what lies between its bounds', () => {
	const range = IDBKeyRange.bound('b', 'd', true, false);
	assert.deepEqual(
		['a', 'b', 'b\0', 'c', 'd', 'd\0', 'e'].filter(value => range.includes(value)),
		['b\0', 'c', 'd'],
	);
	assert.ok(IDBKeyRange.lowerBound(['room']).includes(['room', 1]));
	assert.ok(!IDBKeyRange.upperBound(5).includes('text'));
	assert.throws(() => IDBKeyRange.bound(2, 1), {name: 'DataError'});
	assert.throws(() => IDBKeyRange.bound(1, 1, true), {name: 'DataError'});
});
