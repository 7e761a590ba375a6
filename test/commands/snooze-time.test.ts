/** When a room is to be seen again: what is offered at which hour, and what people write. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {readSnoozeTime, snoozeChoices} from '../../source/commands/snooze-time.ts';

const local = (text: string): number => new Date(text).getTime();
/** A Wednesday. */
const noon = local('2026-03-04T12:10');
const day = 24 * 3_600_000;

suite('snooze times', () => {
	test('what is offered goes by the hour and the day', () => {
		const offered = (now: number) => snoozeChoices(now).map(({name, until}) => [name, until]);
		assert.deepEqual(offered(noon), [
			['later today', local('2026-03-04T18:00')],
			['tomorrow', local('2026-03-05T09:00')],
			['next week', local('2026-03-09T09:00')],
			['if nobody answers within 2 days', noon + 2 * day],
		]);
		assert.equal(snoozeChoices(local('2026-03-04T17:10'))[0]?.until, local('2026-03-04T20:00'));
		assert.equal(snoozeChoices(local('2026-03-04T23:00'))[0]?.name, 'tomorrow');
		const monday = snoozeChoices(local('2026-03-09T08:00')).find(({name}) => name === 'next week');
		assert.equal(monday?.until, local('2026-03-16T09:00'));
		const sunday = snoozeChoices(local('2026-03-08T08:00')).find(({name}) => name === 'next week');
		assert.equal(sunday?.until, local('2026-03-09T09:00'));
		assert.deepEqual(
			snoozeChoices(noon).map(({isUnlessAnswered}) => isUnlessAnswered),
			[false, false, false, true],
		);
	});

	const written: readonly (readonly [text: string, until: number, isUnlessAnswered?: boolean])[] = [
		['later', local('2026-03-04T18:00')],
		['Later today', local('2026-03-04T18:00')],
		['tomorrow', local('2026-03-05T09:00')],
		['until tomorrow', local('2026-03-05T09:00')],
		['next week', local('2026-03-09T09:00')],
		['friday 14:30', local('2026-03-06T14:30')],
		['3h', noon + 3 * 3_600_000],
		['in 3 hours', noon + 3 * 3_600_000],
		['no answer', noon + 2 * day, true],
		['no answer 1w', noon + 7 * day, true],
		['if nobody answers within 2 days', noon + 2 * day, true],
		['if no reply by friday', local('2026-03-06T09:00'), true],
		['unless answered in 4h', noon + 4 * 3_600_000, true],
	];
	for (const [text, until, isUnlessAnswered = false] of written)
		test(`"${text}"`, () => {
			assert.deepEqual(readSnoozeTime(text, noon), {until, isUnlessAnswered});
		});

	test('now, and what is no time', () => {
		for (const text of ['now', 'off', 'back']) assert.equal(readSnoozeTime(text, noon), 'now');
		for (const text of ['soon', '3h and then', 'tomorrow maybe', 'next year', 'no answer soon', '2026-02-30'])
			assert.match(JSON.stringify(readSnoozeTime(text, noon)), /problem.*Write when: later, tomorrow/, text);
		assert.match(JSON.stringify(readSnoozeTime('2026-03-04 9:00', noon)), /That time is over/);
		assert.match(JSON.stringify(readSnoozeTime('later', local('2026-03-04T23:30'))), /It is late/);
	});
});
