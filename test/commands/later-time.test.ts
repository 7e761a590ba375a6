/** Times as people write them behind `/later`. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {readLaterTime} from '../../source/commands/later-time.ts';

/** A Thursday. */
const now = new Date(2026, 10, 26, 12, 0).getTime();

const usage = 'Write when: 10m, 18:30, tomorrow, monday 9:00 or 2026-12-24 18:00; then the text.';

const at = (day: number, hours: number, minutes = 0, month = 10): number =>
	new Date(2026, month, day, hours, minutes).getTime();

suite('a time', () => {
	for (const [text, time, rest] of [
		['10m hello', now + 600_000, 'hello'],
		['in 10 minutes hello', now + 600_000, 'hello'],
		['1h30m hello', now + 5_400_000, 'hello'],
		['2 hours hello there', now + 7_200_000, 'hello there'],
		['90s x', now + 90_000, 'x'],
		['18:30 hello', at(26, 18, 30), 'hello'],
		['18.30 hello', at(26, 18, 30), 'hello'],
		['at 18:30 hello', at(26, 18, 30), 'hello'],
		['9:00 that is tomorrow', at(27, 9), 'that is tomorrow'],
		['9am hello', at(27, 9), 'hello'],
		['5:30 pm hello', at(26, 17, 30), 'hello'],
		['12pm is over', at(27, 12), 'is over'],
		['12am is midnight', at(27, 0), 'is midnight'],
		['tomorrow hello', at(27, 9), 'hello'],
		['tomorrow 18:00 hello', at(27, 18), 'hello'],
		['tomorrow at 7pm hello', at(27, 19), 'hello'],
		['monday hello', at(30, 9), 'hello'],
		['mon 8:15 hello', at(30, 8, 15), 'hello'],
		['thursday 14:00 is today still', at(26, 14), 'is today still'],
		['thursday 11:00 was today', at(3, 11, 0, 11), 'was today'],
		['thursday is that of next week', at(3, 9, 0, 11), 'is that of next week'],
		['2026-12-24 18:00 hello', at(24, 18, 0, 11), 'hello'],
		['2026-12-24T18:00 hello', at(24, 18, 0, 11), 'hello'],
		['2026-12-24\nhello\nthere', at(24, 9, 0, 11), 'hello\nthere'],
		['10m 5 people come', now + 600_000, '5 people come'],
	] as const) {
		test(text.replaceAll('\n', ' '), () => assert.deepEqual(readLaterTime(text, now), {time, rest}));
	}

	for (const text of [
		'',
		'hello',
		'soon hello',
		'25:00 hello',
		'13pm hello',
		'2026-13-01 hello',
		'2026-02-30 hello',
		'10 hello',
	]) {
		test(`“${text}” is none`, () => assert.equal(readLaterTime(text, now), usage));
	}

	test('that is over, or too far away', () => {
		assert.equal(readLaterTime('today 9:00 hello', now), 'That time is over.');
		assert.equal(readLaterTime('2025-01-01 hello', now), 'That time is over.');
		assert.equal(readLaterTime('400d hello', now), 'That is more than a year ahead.');
	});
});
