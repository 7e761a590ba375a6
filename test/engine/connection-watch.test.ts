import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConnectionWatch} from '../../source/engine/connection-watch.ts';

const second = 1000;

/** A watch over clocks, a network and a loop that the test moves. */
const openWatch = () => {
	const told: string[] = [];
	let wall = 1_700_000_000_000;
	let steady = 0;
	let addresses = ['10.0.0.7', 'fe80::1'];
	let isAsking = true;
	const watch = createConnectionWatch({
		onWake: cause => void told.push(cause),
		onStalled: () => void told.push('stalled'),
		isAsking: () => isAsking,
		clocks: {wall: () => wall, steady: () => steady},
		addresses: () => addresses,
	});
	return {
		told,
		/** Time goes by as far as each clock sees, then comes a look. */
		pass(seenBySteady: number, seenByWall = seenBySteady): void {
			steady += seenBySteady;
			wall += seenByWall;
			watch.look();
		},
		setAddresses(next: string[]): void {
			addresses = next;
		},
		setAsking(next: boolean): void {
			isAsking = next;
		},
	};
};

test('looks in time, even a little late ones, are no sleep', () => {
	const watch = openWatch();
	for (const time of [5 * second, 5 * second, 12 * second, 19 * second]) watch.pass(time);
	assert.deepEqual(watch.told, []);
});

test('a sleep is seen whether the steady clock ran on or stood still', () => {
	const suspended = openWatch();
	suspended.pass(5 * second, 605 * second);
	assert.deepEqual(suspended.told, ['sleep']);
	const stopped = openWatch();
	stopped.pass(65 * second);
	assert.deepEqual(stopped.told, ['sleep']);
});

test('a clock that is set back is no sleep, and neither is daylight saving', () => {
	const watch = openWatch();
	watch.pass(5 * second, -86_400 * second);
	watch.pass(5 * second);
	assert.deepEqual(watch.told, []);
});

test('another network is told once, a lost one not before there is another, and a further address not at all', () => {
	const watch = openWatch();
	watch.setAddresses(['10.0.0.7', 'fe80::1', '172.17.0.1']);
	watch.pass(5 * second);
	assert.deepEqual(watch.told, []);
	watch.setAddresses(['172.17.0.1', 'fe80::1', '10.0.0.7']);
	watch.pass(5 * second);
	assert.deepEqual(watch.told, []);
	watch.setAddresses([]);
	watch.pass(5 * second);
	assert.deepEqual(watch.told, []);
	watch.setAddresses(['192.168.1.2']);
	watch.pass(5 * second);
	watch.pass(5 * second);
	assert.deepEqual(watch.told, ['network']);
});

test('a sync loop that asks for nothing for two minutes is told as dead, once; a pause between two requests is not', () => {
	const watch = openWatch();
	for (let look = 0; look < 100; look++) {
		watch.setAsking(look % 20 === 0);
		watch.pass(5 * second);
	}
	assert.deepEqual(watch.told, []);
	watch.setAsking(false);
	for (let look = 0; look < 60; look++) watch.pass(5 * second);
	assert.deepEqual(watch.told, ['stalled']);
});

test('the time that the machine slept does not count against the loop', () => {
	const watch = openWatch();
	watch.setAsking(false);
	watch.pass(5 * second);
	watch.pass(5 * second, 3600 * second);
	assert.deepEqual(watch.told, ['sleep']);
});
