/** What the gap filler does when pages do not come. */
import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {createGapFiller} from '../../source/engine/gap-filler.ts';
import {NetworkError, type NetworkFailureKind} from '../../source/matrix/network-errors.ts';

const quiet = {info: () => undefined, warn: () => undefined};
const fails = (kind: NetworkFailureKind, retryAfter?: number) => new NetworkError({kind, retryAfter, message: 'no'});

/** A filler of rooms 1, 2 … with one missing page each. @param answer what a page of a room meets; without an error it is there */
const fill = (t: TestContext, rooms: number, answer: (rid: number, asked: number) => Error | undefined) => {
	t.mock.timers.enable({apis: ['setTimeout']});
	const asked: number[] = [];
	const open = new Set(Array.from({length: rooms}, (_, index) => index + 1));
	const filler = createGapFiller({
		history: {
			async loadPage({rid}) {
				asked.push(rid);
				const error = answer(rid, asked.length);
				if (error !== undefined) throw error;
				open.delete(rid);
			},
		},
		gap: rid => (open.has(rid) ? {chunk: rid, token: 't', kind: 'gap'} : undefined),
		reader: {room: () => undefined},
		log: quiet,
	});
	t.after(() => filler.stop());
	/** Lets time pass: performance.now is the real one, so pauses end by `online` here. */
	const pass = async (): Promise<void> => {
		for (let turn = 0; turn < 20; turn++) await Promise.resolve();
		t.mock.timers.tick(400_000);
		for (let turn = 0; turn < 20; turn++) await Promise.resolve();
	};
	filler.add(Array.from(open, rid => ({rid, roomId: `!${rid}:x`})));
	return {asked, open, filler, pass};
};

test('a room whose pages the server cannot give does not keep the others waiting', async t => {
	const {open, asked, filler, pass} = fill(t, 3, rid => (rid === 1 ? fails('server-error') : undefined));
	for (let turn = 0; turn < 12; turn++) {
		await pass();
		filler.online();
		filler.show(asked.at(-1) === 2 ? 3 : 2);
	}
	assert.deepEqual([...open], [1]);
	assert.equal(asked.filter(rid => rid === 1).length, 3);
});

test('a room whose history is not given is asked for once', async t => {
	const {open, asked, filler, pass} = fill(t, 1, () => fails('forbidden'));
	for (let turn = 0; turn < 5; turn++) {
		await pass();
		filler.online();
	}
	assert.deepEqual([[...open], asked], [[1], [1]]);
});

test('after the sign-in is lost no page is asked for', async t => {
	const {asked, filler, pass} = fill(t, 3, () => fails('logged-out'));
	for (let turn = 0; turn < 5; turn++) {
		await pass();
		filler.online();
	}
	assert.deepEqual(asked, [1]);
});

test('a new connection does not shorten the time that the server asked to wait', async t => {
	const {asked, filler, pass} = fill(t, 1, () => fails('rate-limited', 60_000));
	await pass();
	for (let turn = 0; turn < 5; turn++) {
		filler.online();
		for (let wait = 0; wait < 20; wait++) await Promise.resolve();
	}
	assert.deepEqual(asked, [1]);
});
