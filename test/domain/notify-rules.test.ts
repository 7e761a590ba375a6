/** Of which networks, and at which hours, this device notifies. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {
	isLoud,
	isQuiet,
	levelOf,
	parseNetworkLevels,
	parseQuietHours,
	quietHoursText,
	type NetworkLevels,
} from '../../source/domain/notify-rules.ts';

const levels: NetworkLevels = {signal: 'mentions', bridged: 'off', matrix: 'direct'};

suite('what of a network is told', () => {
	for (const [what, protocol, isDirect, isHighlight, expected] of [
		['a mention on a network with mentions', 'signal', false, true, true],
		['a direct chat on a network with mentions', 'signal', true, false, false],
		['a mention on a network that is off with the others', 'whatsapp', true, true, false],
		['a direct chat of Matrix', undefined, true, false, true],
		['a mention in a room of Matrix', undefined, false, true, true],
		['other talk of Matrix', undefined, false, false, false],
	] as const) {
		test(`${what}: ${expected ? 'yes' : 'no'}`, () => {
			assert.equal(isLoud(levels, {protocol, isDirect}, isHighlight), expected);
		});
	}

	test('where nothing is said, all is told', () => {
		assert.deepEqual(levelOf({}, {protocol: 'signal'}), {level: 'all', by: ''});
		assert.ok(isLoud({}, {protocol: undefined, isDirect: false}, false));
	});

	test('the network itself counts before all networks, and neither of them for Matrix', () => {
		assert.deepEqual(levelOf(levels, {protocol: 'signal'}), {level: 'mentions', by: 'signal'});
		assert.deepEqual(levelOf(levels, {protocol: 'irc'}), {level: 'off', by: 'bridged'});
		assert.deepEqual(levelOf({bridged: 'off'}, {protocol: undefined}), {level: 'all', by: ''});
	});

	test('a network that is called like a member of every object has no level', () => {
		assert.deepEqual(levelOf({}, {protocol: 'constructor'}), {level: 'all', by: ''});
	});

	test('levels are words', () => {
		assert.deepEqual(parseNetworkLevels({signal: 'off'}), {signal: 'off'});
		for (const value of [[], 'off', {signal: 'loud'}, {signal: 1}, null])
			assert.equal(parseNetworkLevels(value), undefined);
	});
});

suite('quiet hours', () => {
	for (const [written, text] of [
		['22:00-07:00', '22:00-07:00'],
		[' 22 - 7 ', '22:00-07:00'],
		['9:05–17', '09:05-17:00'],
		['22:30 to 6:15', '22:30-06:15'],
		['0-23:59', '00:00-23:59'],
	] as const) {
		test(`${written} is ${text}`, () => {
			const hours = parseQuietHours(written);
			assert.ok(hours !== undefined);
			assert.equal(quietHoursText(hours), text);
		});
	}

	for (const written of ['', '22', '24-7', '22:60-7', '22:00-22:00', '22-7-9', 'night', 7, null])
		test(`${JSON.stringify(written)} is no time`, () => assert.equal(parseQuietHours(written), undefined));

	const at = (hour: number, minute = 0): number => new Date(2026, 10, 26, hour, minute).getTime();

	test('they go over midnight', () => {
		const night = parseQuietHours('22-7');
		for (const time of [at(22), at(23, 59), at(0), at(6, 59)]) assert.ok(isQuiet(night, time));
		for (const time of [at(7), at(12), at(21, 59)]) assert.ok(!isQuiet(night, time));
	});

	test('they are within a day', () => {
		const noon = parseQuietHours('12:30-14');
		for (const time of [at(12, 30), at(13, 59)]) assert.ok(isQuiet(noon, time));
		for (const time of [at(12, 29), at(14), at(0)]) assert.ok(!isQuiet(noon, time));
		assert.ok(!isQuiet(undefined, at(13)));
	});
});
