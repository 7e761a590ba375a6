/** When a room is to be seen again: what is offered, and what people write. */
import type {SnoozeTime} from '../domain/snooze.ts';
import {readLaterTime} from './later-time.ts';

/** A time that is offered, under the name that people write for it too. */
export type SnoozeChoice = SnoozeTime & {readonly name: string};

/** The hour of a day at which work begins, and that at which it ends. */
const morning = 9;
const evening = 18;

/** Of an evening that is near, so many hours later; not later than that hour. */
const laterHours = 3;
const latest = 22;

/** Milliseconds that an answer is waited for, if no time is given. */
const answerTime = 2 * 24 * 3_600_000;

/** A local day from today on, at a full hour. */
const dayAt = (now: number, days: number, hours: number): number => {
	const date = new Date(now);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hours).getTime();
};

/** @returns the evening; where it is near or there, some hours later; `undefined` at night */
const laterToday = (now: number): number | undefined => {
	const hour = new Date(now).getHours();
	if (hour < evening - 2) return dayAt(now, 0, evening);
	return hour + laterHours <= latest ? dayAt(now, 0, hour + laterHours) : undefined;
};

/** The next Monday; on a Monday, that of the next week. */
const nextWeek = (now: number): number => dayAt(now, (8 - new Date(now).getDay()) % 7 || 7, morning);

/** @param now milliseconds since the Unix epoch. @returns what is offered, the soonest first */
export const snoozeChoices = (now: number): readonly SnoozeChoice[] => {
	const later = laterToday(now);
	const at = (name: string, until: number): SnoozeChoice => ({name, until, isUnlessAnswered: false});
	return [
		...(later === undefined ? [] : [at('later today', later)]),
		at('tomorrow', dayAt(now, 1, morning)),
		at('next week', nextWeek(now)),
		{name: 'if nobody answers within 2 days', until: now + answerTime, isUnlessAnswered: true},
	];
};

const usage = 'Write when: later, tomorrow, next week, monday 9:00, 2h, or: no answer 2d.';

/** `if nobody answers within 2d`, `no answer 3 days`, `unless answered`. */
const unlessAnswered =
	/^(?:if\s+)?(?:no\s+answer|nobody\s+answers|unless\s+answered|no\s+reply)(?:\s+(?:within|in|by|for))?(?:\s+|$)/i;

/**
 * @param text what somebody wrote
 * @param now milliseconds since the Unix epoch
 * @returns the time; `now`: it is to come back at once; or a sentence that says what is wrong
 */
export const readSnoozeTime = (text: string, now: number): SnoozeTime | 'now' | {readonly problem: string} => {
	const words = text.trim().replaceAll(/\s+/g, ' ');
	if (/^(?:now|off|no|back)$/i.test(words)) return 'now';
	const answer = unlessAnswered.exec(words);
	const isUnlessAnswered = answer !== null;
	const when = words.slice(answer?.[0].length ?? 0);
	if (when === '' && isUnlessAnswered) return {until: now + answerTime, isUnlessAnswered};
	if (/^later(?: today)?$/i.test(when)) {
		const until = laterToday(now);
		return until === undefined ? {problem: 'It is late: write a time, or tomorrow.'} : {until, isUnlessAnswered};
	}
	if (/^next week$/i.test(when)) return {until: nextWeek(now), isUnlessAnswered};
	const read = readLaterTime(when.replace(/^until /i, ''), now);
	if (typeof read === 'string') return {problem: read.startsWith('Write') ? usage : read};
	return read.rest === '' ? {until: read.time, isUnlessAnswered} : {problem: usage};
};
