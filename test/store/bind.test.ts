/** What may be bound to a statement, and what comes back. */
import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {prepare, type Bindable, type BoundStatement} from '../../source/store/bind.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const statementOf = (context: TestContext, sql: string): BoundStatement => {
	const file = `${temporaryDirectory(context)}/test.db`;
	const key = new Uint8Array(32);
	const database = openDatabase({file, key, cipher: 'aegis', mode: 'owner', durability: 'normal'});
	context.after(() => void database.close());
	database.exec('CREATE TABLE item(value)');
	return prepare(database, sql);
};

test('values are stored as what they are, also in columns without a type', context => {
	const insert = statementOf(context, 'INSERT INTO item VALUES(?) RETURNING value, typeof(value) AS type');
	const cases: readonly (readonly [Bindable, unknown, string])[] = [
		['text', 'text', 'text'],
		['', '', 'text'],
		['a\0b', 'a\0b', 'text'],
		['lone \ud83d', 'lone \ufffd', 'text'],
		[1, 1, 'integer'],
		[-0, 0, 'integer'],
		[1_764_000_000_000, 1_764_000_000_000, 'integer'],
		[Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 'integer'],
		[2 ** 60, 2 ** 60, 'real'],
		[1.5, 1.5, 'real'],
		[12n, 12, 'integer'],
		[true, 1, 'integer'],
		[false, 0, 'integer'],
		[null, null, 'null'],
		[undefined, null, 'null'],
		[Uint8Array.of(1, 2, 3).subarray(1), Buffer.of(2, 3), 'blob'],
		[new Uint8Array(), Buffer.of(), 'blob'],
	];
	for (const [value, stored, type] of cases) assert.deepEqual(insert.get(value), {value: stored, type});
});

test('integers of 64 bits are stored exactly', context => {
	const select = statementOf(context, 'SELECT CAST(? AS TEXT) AS text');
	assert.deepEqual(select.get(2n ** 63n - 1n), {text: '9223372036854775807'});
	assert.deepEqual(select.get(-(2n ** 63n)), {text: '-9223372036854775808'});
});

test('everything else throws and is not stored', context => {
	const insert = statementOf(context, 'INSERT INTO item VALUES(?)');
	const values = [NaN, Infinity, 2n ** 63n, -(2n ** 63n) - 1n, {}, [], [1], new Date(), Symbol('s'), () => 1];
	for (const value of [...values, new ArrayBuffer(1), new Uint16Array(1)])
		assert.throws(() => insert.run(value as Bindable), /cannot be stored|does not fit/);
	assert.deepEqual(insert.run(1), {changes: 1, lastInsertRowid: 1});
});

test('parameters are bound by position in every way to run a statement', context => {
	const select = statementOf(context, 'SELECT ? AS a, ? AS b');
	const row = {a: 1, b: 'two'};
	assert.deepEqual(select.get(1, 'two'), row);
	assert.deepEqual(select.all(1, 'two'), [row]);
	assert.deepEqual([...select.iterate(1, 'two')], [row]);
	assert.throws(() => select.get(1));
});
