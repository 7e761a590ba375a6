/** The crypto is told what it does not know, and now and then that nothing is new. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {takeOnlyNews, type SyncChanges} from '../../source/matrix/crypto-news.ts';

const quiet: SyncChanges = {
	toDeviceEvents: [],
	deviceLists: {changed: [], left: []},
	oneTimeKeysCounts: {signed_curve25519: 50},
	unusedFallbackKeys: ['signed_curve25519'],
};

/** A crypto that notes what it is told, at a time that stands still. */
const listen = () => {
	const told: SyncChanges[] = [];
	const clock = {now: 0, isFailing: false};
	const take = takeOnlyNews(
		async (changes: SyncChanges) => {
			if (clock.isFailing) throw new Error('refused');
			told.push(changes);
			return ['taken'];
		},
		() => clock.now,
	);
	return {told, clock, take};
};

test('what the crypto was told a moment ago is not told again', async () => {
	const {told, take} = listen();
	assert.deepEqual(await take(quiet), ['taken']);
	assert.deepEqual(await take(structuredClone(quiet)), []);
	assert.deepEqual(await take({...quiet, deviceLists: undefined, toDeviceEvents: undefined}), []);
	assert.equal(told.length, 1);
});

const news: Readonly<Record<string, SyncChanges>> = {
	'a message to this device': {...quiet, toDeviceEvents: [{type: 'm.room.encrypted'}]},
	'a changed device': {...quiet, deviceLists: {changed: ['@anna:example.org'], left: []}},
	'somebody who left': {...quiet, deviceLists: {changed: [], left: ['@anna:example.org']}},
	'a used one-time key': {...quiet, oneTimeKeysCounts: {signed_curve25519: 49}},
	'a used fallback key': {...quiet, unusedFallbackKeys: []},
	'no counts': {...quiet, oneTimeKeysCounts: undefined},
	'no counts that say nothing': {...quiet, useMsc4186: true},
};

for (const [name, changes] of Object.entries(news)) {
	test(`${name} is told at once`, async () => {
		const {told, take} = listen();
		await take(quiet);
		await take(changes);
		assert.deepEqual(told, [quiet, changes]);
	});
}

test('after five seconds it is told that nothing is new', async () => {
	const {told, clock, take} = listen();
	await take(quiet);
	clock.now = 4999;
	await take(quiet);
	assert.equal(told.length, 1);
	clock.now = 5000;
	await take(quiet);
	assert.equal(told.length, 2);
});

test('counts that were told before others are news again', async () => {
	const {told, take} = listen();
	const used = {...quiet, oneTimeKeysCounts: {signed_curve25519: 49}};
	for (const changes of [quiet, used, quiet, quiet]) await take(changes);
	assert.deepEqual(told, [quiet, used, quiet]);
});

test('what it could not take is told again', async () => {
	const {told, clock, take} = listen();
	await take(quiet);
	clock.isFailing = true;
	await assert.rejects(take({...quiet, toDeviceEvents: [{}]}), /refused/);
	clock.isFailing = false;
	await take(quiet);
	assert.equal(told.length, 2);
});
