/** Messages to this device go to the crypto in rounds in which no device speaks twice. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {toDeviceRounds} from '../../source/matrix/to-device-rounds.ts';

const from = (sender: string, number: number) => ({
	type: 'm.room.encrypted',
	content: {sender_key: sender, number},
});
const clear = {type: 'm.key.verification.cancel', content: {}};

test('no device speaks twice in a round, and all stays in its order', () => {
	const events = [from('a', 1), from('b', 1), clear, from('a', 2), from('b', 2), from('b', 3), clear, from('a', 3)];
	const rounds = toDeviceRounds(events);
	assert.deepEqual(
		rounds.map(({length}) => length),
		[3, 2, 3],
	);
	assert.deepEqual(rounds.flat(), events);
});

test('without messages, or with damaged ones, there is one round', () => {
	assert.deepEqual(toDeviceRounds([]), [[]]);
	const damaged = [{type: 'm.room.encrypted'}, {type: 'm.room.encrypted', content: {sender_key: 5}}, {}];
	assert.deepEqual(toDeviceRounds(damaged), [damaged]);
});

test('a flood does not make a round of each message', () => {
	const events = Array.from({length: 1000}, (_, number) => from('a', number));
	const rounds = toDeviceRounds(events);
	assert.equal(rounds.length, 200);
	assert.deepEqual(rounds.flat(), events);
});
