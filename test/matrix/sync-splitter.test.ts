import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import fc from 'fast-check';
import type {JsonObject} from '../../source/domain/json.ts';
import {NetworkError} from '../../source/matrix/network-errors.ts';
import {createSyncSplitter, type RawRoom} from '../../source/matrix/sync-splitter.ts';

const categories = ['join', 'leave', 'invite', 'knock'] as const;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Split = {readonly top: JsonObject; readonly rooms: readonly RawRoom[]};

/** Gives the splitter a body in pieces; the buffer of a piece is overwritten afterwards, as a stream may do. */
const split = (body: string | Uint8Array, cuts: readonly number[] = []): Split => {
	const bytes = Buffer.from(body);
	const splitter = createSyncSplitter();
	const rooms: RawRoom[] = [];
	const edges = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].toSorted((a, b) => a - b);
	for (const [index, end] of edges.entries()) {
		const piece = Uint8Array.from(bytes.subarray(edges[index - 1] ?? 0, end));
		rooms.push(...splitter.push(piece));
		piece.fill(0x7b);
	}
	return {top: splitter.end(), rooms};
};

const refuses = (body: string, expected: RegExp): void => {
	assert.throws(
		() => split(body),
		(error: unknown) => error instanceof NetworkError && expected.test(error.message),
		`"${body.slice(0, 60)}" is to be refused`,
	);
};

const nastyText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 12}),
	fc.constantFrom(
		'"',
		'\\',
		'\\"',
		'{',
		'}',
		'[',
		']',
		':',
		',',
		'rooms',
		'join',
		'',
		'é',
		'🏳️‍🌈',
		'\u2028',
		'\0',
		'\ud800',
		'\\u0022',
	),
	fc.string({unit: fc.constantFrom('"', '\\', '{', '}', ':', ',', ' ', 'u'), maxLength: 8}),
);
// JSON.parse of Node 24.21, the judge here, takes one key with escapes for another once it has parsed that: `""` for `\"`.
const nastyKey = nastyText.filter(key => !JSON.stringify(key).includes('\\'));
const nastyValue = fc.letrec(tie => ({
	value: fc.oneof(
		{depthSize: 'small', withCrossShrink: true},
		nastyText,
		fc.constantFrom(null, true, false, 0, -1.5e-7, 1e21),
		fc.array(tie('value'), {maxLength: 4}),
		fc.dictionary(nastyKey, tie('value'), {maxKeys: 4}),
	),
})).value;
const otherKey = nastyKey.filter(key => !(categories as readonly string[]).includes(key));
const roomsOfCategory = fc.oneof(fc.dictionary(nastyKey, nastyValue, {maxKeys: 5}), fc.constant(null), fc.constant(7));
const syncBody = fc.tuple(
	fc.dictionary(nastyKey, nastyValue, {maxKeys: 5}),
	fc.oneof(
		fc.tuple(
			fc.dictionary(fc.constantFrom(...categories), roomsOfCategory),
			fc.dictionary(otherKey, nastyValue, {maxKeys: 2}),
		),
		fc.constant(null),
		fc.constant('rooms'),
	),
	fc.constantFrom(undefined, ' ', '\n\t', '\r\n'),
);

const parsedRooms = (rooms: unknown): unknown[] =>
	categories.flatMap(category =>
		Object.entries(((rooms ?? {}) as Record<string, object>)[category] ?? {})
			.filter(([id]) => id !== '__proto__')
			.map(([id, room]) => [category, id, room as unknown]),
	);

test('whatever a body holds and wherever it is cut, the rooms and members are those of JSON.parse', () => {
	fc.assert(
		fc.property(syncBody, fc.array(fc.nat(5000), {maxLength: 12}), ([other, rooms, space], cuts) => {
			const whole = {...other, rooms: Array.isArray(rooms) ? {...rooms[1], ...rooms[0]} : rooms, next_batch: 's1'};
			const body = JSON.stringify(whole, undefined, space);
			const {rooms: expectedRooms, ...expectedTop} = JSON.parse(body) as Record<string, unknown>;
			for (const key of ['__proto__', 'constructor', 'prototype']) delete expectedTop[key];
			const result = split(body, cuts);
			assert.deepEqual({...result.top}, expectedTop);
			const found = result.rooms.map(room => [room.category, room.roomId, JSON.parse(room.json) as unknown]);
			const sorted = (list: unknown[]) => list.map(entry => JSON.stringify(entry)).toSorted();
			const known = parsedRooms(expectedRooms).filter(
				entry => !['constructor', 'prototype'].includes(String((entry as unknown[])[1])),
			);
			assert.deepEqual(sorted(found), sorted(known));
		}),
		{numRuns: 1000},
	);
});

test('every cut of a body gives the same, within escapes and characters of several bytes too', () => {
	const body = JSON.stringify({
		next_batch: 's"1\\',
		rooms: {join: {'!ä"\\:x': {timeline: {events: [{body: '}{"\\\\🎉\u0000', n: [1, [2]]}]}}}, invite: {'!b:x': []}},
		to_device: {events: [{rooms: {join: {'!not-a-room:x': {}}}}]},
	});
	const expected = split(body);
	assert.equal(expected.rooms.length, 2);
	for (let cut = 1; cut < Buffer.byteLength(body); cut++)
		assert.deepEqual(split(body, [cut]), expected, `cut at ${cut}`);
	assert.deepEqual(
		split(
			body,
			Array.from({length: Buffer.byteLength(body)}, (_, index) => index),
		),
		expected,
	);
});

test('a body that ends early is refused wherever it ends', () => {
	const body = JSON.stringify({next_batch: 's1', rooms: {join: {'!a:x': {timeline: {events: ['"\\']}}}}});
	for (let length = 0; length < body.length; length++) refuses(body.slice(0, length), /cut off|not JSON/);
	assert.equal(split(body).rooms.length, 1);
});

test('what is not a JSON object is refused', () => {
	for (const body of ['null', '[]', '[{}]', '"text"', '42', 'true', '<html></html>', '', '   ', '[', ',', ':']) {
		refuses(body, /not a JSON object|unexpected shape|cut off/);
	}
});

test('what follows the object, and brackets that do not match, are refused', () => {
	for (const body of [
		'{"a":1}{"b":2}',
		'{"a":1}}',
		'{}}{',
		'{"a":1}x',
		'{"a":1},',
		'{"a":1}"b"',
		'{"rooms":{"join":{"!a:x":{}]}}',
	]) {
		refuses(body, /unexpected shape|not a JSON object/);
	}
	assert.deepEqual({...split('{"a":1} \n').top}, {a: 1});
});

const deep = (count: number, inside = ''): string => `${'['.repeat(count)}${inside}${']'.repeat(count)}`;

test('nesting that would overflow a stack is cut off, in a room and beside it, and all else stays', () => {
	for (const count of [90, 99, 100, 101, 2000, 200_000]) {
		const kept = Math.min(count, 99);
		const cut = deep(kept, count > 99 ? 'null' : '');
		const {top} = split(`{"a":${deep(count)},"next_batch":"s1"}`);
		assert.deepEqual({...top}, {a: JSON.parse(cut) as unknown, next_batch: 's1'}, `${count}`);
	}
	const event = (inside: string): string => `{"body":"}]","deep":${inside},"type":"m.x"}`;
	const body = (inside: string): string =>
		`{"rooms":{"join":{"!a:x":{"timeline":{"events":[1,${event(inside)},2]}},"!b:x":{}}},"next_batch":"s1"}`;
	const hostile = body(deep(2000, '"]}",{"a":[1,{}]}'));
	const expected = body(deep(93, 'null'));
	assert.deepEqual(split(hostile), split(expected));
	for (let cut = 1; cut < hostile.length; cut += 7) assert.deepEqual(split(hostile, [cut, cut + 1]), split(expected));
});

test('what is cut off counts towards the size of a value', () => {
	const splitter = createSyncSplitter();
	const megabyte = new Uint8Array(1024 * 1024).fill(0x5b);
	splitter.push(Buffer.from('{"rooms":{"join":{"!a:x":'));
	assert.throws(() => {
		for (let count = 0; count < 65; count++) splitter.push(megabyte);
	}, /too large/);
});

test('a room or a member named after the prototype is dropped, and nothing else', () => {
	const {top, rooms} = split(
		'{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"next_batch":"s1","rooms":{"__proto__":{"!c:x":{}},"join":' +
			'{"__proto__":{"polluted":1},"\\u005f_proto__":{},"constructor":{},"!a:x":{"__proto__":{"polluted":1}}}}}',
	);
	assert.deepEqual(Object.keys(top), ['next_batch']);
	assert.deepEqual(
		rooms.map(room => room.roomId),
		['!a:x'],
	);
	assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
	assert.equal((top as Record<string, unknown>)['polluted'], undefined);
});

test('rooms that are no object are no rooms, and so are lists of rooms', () => {
	for (const value of [
		'null',
		'5',
		'"text"',
		'true',
		'{}',
		'{"join":null}',
		'{"join":7,"leave":"x"}',
		'{"peek":{"!a:x":{}}}',
		'[]',
		'[{"join":{"!a:x":{}}}]',
		'{"join":[]}',
		'{"join":[{"!a:x":{}}],"leave":[[],"]"]}',
	]) {
		assert.deepEqual(split(`{"rooms":${value},"next_batch":"s1"}`).rooms, [], value);
		assert.deepEqual({...split(`{"rooms":${value},"next_batch":"s1"}`).top}, {next_batch: 's1'}, value);
	}
	const {rooms} = split('{"rooms":{"join":[{"!a:x":{}}],"leave":{"!b:x":{}}},"next_batch":"s1"}');
	assert.deepEqual(
		rooms.map(room => room.roomId),
		['!b:x'],
	);
});

test('a value that is not JSON is refused, and one of more than 64 MiB', () => {
	refuses('{"a":}', /is not JSON/);
	refuses('{"a":[}}', /is not JSON/);
	refuses('{"a":tru}', /is not JSON/);
	const splitter = createSyncSplitter();
	const megabyte = new Uint8Array(1024 * 1024).fill(0x61);
	splitter.push(Buffer.from('{"rooms":{"join":{"!a:x":"'));
	assert.throws(() => {
		for (let count = 0; count < 65; count++) splitter.push(megabyte);
	}, /too large/);
});

test('a body of 80 MB holds no more memory than its largest room', async () => {
	const roomSize = 200_000;
	const count = 401;
	const room = `{"timeline":{"events":[${JSON.stringify({body: 'x'.repeat(roomSize)})}]}}`;
	const splitter = createSyncSplitter();
	// V8 frees the memory of dead buffers on another thread, some time after the collection.
	const measure = async (): Promise<number> => {
		let least = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 10; round++) {
			collectGarbage();
			await nextTurn();
			const {arrayBuffers, external, heapUsed} = process.memoryUsage();
			least = Math.min(least, arrayBuffers + external + heapUsed);
		}
		return least;
	};
	splitter.push(Buffer.from('{"rooms":{"join":{'));
	const before = await measure();
	let largest = Number.NEGATIVE_INFINITY;
	let bytes = 0;
	let found = 0;
	for (let number = 0; number < count; number++) {
		const text = Buffer.from(`${number === 0 ? '' : ','}"!room${number}:example.org":${room}`);
		for (let start = 0; start < text.length; start += 65_536) {
			const rooms = splitter.push(text.subarray(start, start + 65_536));
			for (const {json} of rooms) assert.equal(json.length, room.length);
			found += rooms.length;
		}
		bytes += text.length;
		if (number % 100 === 50) largest = Math.max(largest, (await measure()) - before);
	}
	found += splitter.push(Buffer.from('}},"next_batch":"s1"}')).length;
	assert.deepEqual({...splitter.end()}, {next_batch: 's1'});
	assert.ok(bytes > 80_000_000);
	assert.equal(found, count);
	assert.ok(largest < 20 * roomSize, `${largest} bytes are held`);
});

test('emptiness without end is refused soon, between values as well as in many small ones', () => {
	const spaces = Buffer.alloc(1024 * 1024, ' ');
	const between = createSyncSplitter();
	between.push(Buffer.from('{'));
	let taken = 0;
	const pour = (): void => {
		for (; taken < 100; taken++) between.push(spaces);
	};
	assert.throws(pour, /too large/);
	assert.ok(taken < 10, `${taken} MiB`);

	const members = createSyncSplitter();
	members.push(Buffer.from('{'));
	const text = 'x'.repeat(1024 * 1024);
	let count = 0;
	const add = (): void => {
		for (; count < 200; count++) members.push(Buffer.from(`"member${count}":"${text}",`));
	};
	assert.throws(add, /too large/);
	assert.ok(count < 66, `${count} MiB`);
});
