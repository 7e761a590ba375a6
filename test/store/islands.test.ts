/** Messages that are looked up apart from what the sync brought: no message is lost, doubled or in the wrong place in the end. */
import assert from 'node:assert/strict';
import {suite, test, type TestContext} from 'node:test';
import {asString, type JsonObject} from '../../source/domain/json.ts';
import {parseSearch} from '../../source/domain/search-query.ts';
import {createRandom} from '../helpers/random.ts';
import {message, openAccountFixture, syncRoom} from './account-fixture.ts';

const start = 1_700_000_000_000;

const fail = (error: unknown): never => {
	throw error;
};

/** A server with a room of so many messages, and an account that knows some of them. Tokens name the message that follows them. */
const openWorld = (t: TestContext, total: number, skew: (index: number) => number = () => 0) => {
	const fixture = openAccountFixture(t);
	const {account, apply, rooms, reader} = fixture;
	const {timelines} = rooms;
	const all: readonly JsonObject[] = Array.from({length: total}, (_, index) =>
		message(`m${index}`, {event_id: `$e${index}`, origin_server_ts: start + index * 60_000 + skew(index)}),
	);
	let synced = 0;
	let rid = 0;
	const slice = (from: number, to: number) => all.slice(Math.max(0, from), Math.min(total, to));
	const chunks = () =>
		account.database.prepare('SELECT * FROM chunk ORDER BY chunk_order DESC').all() as ReadonlyArray<
			Record<string, number | string | null>
		>;
	return {
		...fixture,
		chunks,
		get rid() {
			return rid;
		},
		synced: () => synced,
		/** The sync comes up to a message; of many it has the newest ones only. */
		sync(to: number, most = 10) {
			const from = Math.max(synced, to - most);
			const timeline = {events: slice(from, to), limited: from > synced, prev_batch: `t${from}`};
			rid = apply(syncRoom([], {timeline}))[0]?.rid ?? 0;
			synced = Math.max(synced, to);
		},
		/** @param now how many messages the server has */
		lookUp(index: number, half = 3, now = total) {
			const from = Math.max(0, index - half);
			const to = Math.min(now, index + half + 1);
			const around = {eventId: `$e${index}`, events: slice(from, to), start: `t${from}`, end: `t${to}`};
			return account.write(() => timelines.islands.insert(rid, around, fail)).kind;
		},
		/** @returns whether there was a gap before the chunk */
		fillBefore(order: number, count = 7): boolean {
			const edge = timelines.edgeOf(rid, order);
			if (edge === undefined) return false;
			const to = Number(edge.token?.slice(1));
			const from = Math.max(0, to - count);
			const end = from === 0 ? undefined : `t${from}`;
			account.write(() => timelines.prepend(rid, edge, {events: slice(from, to).toReversed(), end}, fail));
			return true;
		},
		fillAfter(order: number, {count = 7, now = total}: {readonly count?: number; readonly now?: number} = {}): boolean {
			const edge = timelines.islands.newerEdge(rid, order);
			if (edge === undefined) return false;
			const from = Number(edge.token.slice(1));
			const to = Math.min(now, from + count);
			account.write(() =>
				timelines.islands.append(rid, edge, {events: slice(from, to), end: from >= to ? undefined : `t${to}`}, fail),
			);
			return true;
		},
		shown: () => reader.timeline({rid, limit: 10_000}).messages.map(({content}) => asString(content['body']) ?? ''),
		gaps: () => chunks().filter(({older}) => older === 0).length,
		names: (...numbers: readonly number[]) => numbers.map(number => `m${number}`),
		range: (from: number, to: number) => Array.from({length: to - from}, (_, index) => `m${from + index}`),
	};
};

suite('a message that is looked up', () => {
	test('stands with its neighbours below what the sync brought, with gaps on both sides', t => {
		const world = openWorld(t, 100);
		world.sync(100);
		assert.equal(world.lookUp(40), 'placed');
		assert.deepEqual(world.shown(), [...world.range(37, 44), ...world.range(90, 100)]);
		assert.equal(world.gaps(), 2);
		assert.equal(world.lookUp(40), 'placed');
		assert.equal(world.lookUp(60), 'placed');
		assert.equal(world.lookUp(20), 'placed');
		assert.deepEqual(world.shown(), [
			...world.range(17, 24),
			...world.range(37, 44),
			...world.range(57, 64),
			...world.range(90, 100),
		]);
		for (const {chunk_order: order} of world.chunks()) assert.notEqual(order, 0);
		const places = world.reader.timeline({rid: world.rid, limit: 100}).messages;
		assert.ok(
			places.every(({eventId, chunkOrder}) => world.reader.message(world.rid, eventId)?.chunkOrder === chunkOrder),
		);
	});

	test('joins what it touches, on either side and on both', t => {
		const world = openWorld(t, 100);
		world.sync(100);
		world.lookUp(40);
		assert.equal(world.lookUp(46), 'placed');
		assert.deepEqual(world.shown(), [...world.range(37, 50), ...world.range(90, 100)]);
		assert.equal(world.gaps(), 2);
		world.lookUp(34);
		assert.deepEqual(world.shown(), [...world.range(31, 50), ...world.range(90, 100)]);
		assert.equal(world.lookUp(87), 'placed');
		world.lookUp(70, 21);
		assert.deepEqual(world.shown(), world.range(31, 100));
		assert.equal(world.gaps(), 1);
	});

	test('is not written where the sync has not been yet: it comes by itself', t => {
		const world = openWorld(t, 100);
		world.sync(50);
		assert.equal(world.lookUp(52), 'unplaced');
		assert.equal(world.lookUp(80), 'unplaced');
		assert.equal(world.lookUp(48), 'placed');
		assert.deepEqual(world.shown(), world.range(40, 50));
		world.sync(100);
		assert.deepEqual(world.shown(), [...world.range(40, 50), ...world.range(90, 100)]);
	});

	test('is where the sync has it, when that brings it too', t => {
		// The newest message so far claims to be of tomorrow.
		const world = openWorld(t, 60, index => (index === 29 ? 86_400_000 : 0));
		world.sync(30);
		assert.equal(world.lookUp(40), 'placed');
		world.sync(42, 12);
		assert.deepEqual(world.shown(), [...world.range(42, 44), ...world.range(20, 42)]);
		world.sync(60, 30);
		assert.deepEqual(world.shown(), world.range(20, 60));
		assert.equal(world.reader.room(world.rid)?.preview, 'm59');
	});

	test('does not make the gap filler fetch years of history, but what a sync left out is filled through it', t => {
		const world = openWorld(t, 100);
		world.sync(50);
		world.lookUp(10);
		assert.equal(world.rooms.timelines.gap(world.rid), undefined);
		assert.deepEqual(world.rooms.timelines.roomsWithGap(), []);
		world.sync(100);
		world.lookUp(70);
		assert.equal(world.rooms.timelines.roomsWithGap().length, 1);
		for (let step = 0; step < 20; step += 1) {
			const gap = world.rooms.timelines.gap(world.rid);
			if (gap === undefined) break;
			const order = Number(world.chunks().find(({chunk}) => chunk === gap.chunk)?.['chunk_order']);
			world.fillBefore(order);
		}
		assert.deepEqual(world.shown(), [...world.range(7, 14), ...world.range(40, 100)]);
		assert.deepEqual(world.rooms.timelines.roomsWithGap(), []);
	});

	test('leaves unread counts, order and preview of the room as they were', t => {
		const world = openWorld(t, 100);
		world.sync(100);
		const before = world.reader.room(world.rid);
		world.lookUp(40);
		assert.deepEqual(world.reader.room(world.rid), before);
	});

	test('is found by its words like any other', t => {
		const world = openWorld(t, 100);
		world.sync(100);
		const find = () => {
			const parsed = parseSearch('m40', {now: start});
			assert.ok(parsed.kind === 'query');
			return world.reader.search.find({query: parsed.query, limit: 5}).messages.map(({eventId}) => eventId);
		};
		assert.deepEqual(find(), []);
		world.lookUp(40);
		assert.deepEqual(find(), ['$e40']);
	});
});

suite('pages on either side', () => {
	test('fill the gap above and the gap below until nothing is missing', t => {
		const world = openWorld(t, 60);
		world.sync(60);
		world.lookUp(20);
		const order = () => Number(world.chunks().find(({is_apart: isApart}) => isApart === 1)?.['chunk_order']);
		while (world.fillAfter(order()));
		assert.deepEqual(world.shown(), world.range(17, 60));
		assert.equal(world.gaps(), 1);
		while (world.fillBefore(order()));
		assert.deepEqual(world.shown(), world.range(0, 60));
		assert.equal(world.reader.timeline({rid: world.rid, limit: 1}).isStartKnown, true);
	});

	test('put right what was put in the wrong place because a clock was wrong', t => {
		// Message 20 claims to be newer than 40.
		const world = openWorld(t, 60, index => (index === 20 ? 30 * 60_000 : 0));
		world.sync(60);
		world.lookUp(40);
		world.lookUp(20);
		assert.deepEqual(world.shown().slice(0, 14), [...world.range(37, 44), ...world.range(17, 24)]);
		for (let step = 0; step < 50 && world.gaps() > 0; step += 1) {
			const open = world.chunks().find(({older}) => older === 0);
			world.fillBefore(Number(open?.['chunk_order']));
		}
		assert.deepEqual(world.shown(), world.range(0, 60));
	});
});

suite('whatever is looked up, filled and synced in whatever order', () => {
	for (let seed = 1; seed <= 40; seed += 1)
		test(`seed ${seed}`, t => {
			const {below} = createRandom(seed);
			const total = 120;
			const isSkewed = seed % 2 === 0;
			const world = openWorld(t, total, () => (isSkewed ? (below(60) - 30) * 60_000 : 0));
			world.sync(20 + below(20));
			for (let step = 0; step < 40; step += 1) {
				const now = Math.min(total, world.synced() + (below(3) === 0 ? below(30) : 0));
				const open = world.chunks();
				const order = Number(open[below(open.length)]?.['chunk_order']);
				switch (below(5)) {
					case 0:
						world.sync(Math.min(total, world.synced() + below(25)), 1 + below(12));
						break;
					case 1:
						world.fillBefore(order, 1 + below(9));
						break;
					case 2:
						world.fillAfter(order, {count: 1 + below(9), now});
						break;
					default:
						world.lookUp(below(now), 1 + below(5), now);
				}
				const numbers = world.shown().map(name => Number(name.slice(1)));
				assert.equal(new Set(numbers).size, numbers.length);
				// While clocks are right, nothing is ever out of order.
				if (!isSkewed)
					assert.deepEqual(
						numbers,
						numbers.toSorted((one, other) => one - other),
						`step ${step}`,
					);
			}
			world.sync(total);
			for (let step = 0; step < 500 && world.gaps() > 0; step += 1)
				for (const {chunk_order: order} of world.chunks()) world.fillBefore(Number(order));
			assert.equal(world.gaps(), 0);
			const shown = world.shown();
			assert.equal(new Set(shown).size, shown.length);
			assert.deepEqual(shown, world.range(0, total));
		});
});
