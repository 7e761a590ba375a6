/** When a message is to be sent, as people write it: `10m`, `18:30`, `tomorrow`, `monday 9:00`, `2026-12-24 18:00`. */

/** A time that was understood, and the text behind it. */
export type LaterTime = {
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
	readonly rest: string;
};

const units: Readonly<Record<string, number>> = {s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000};
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The hour of a day that is named without one. */
const morning = {hours: 9, minutes: 0};

/** Longest time ahead: beyond it somebody has mistyped. */
const farthest = 366 * 86_400_000;

type Clock = {readonly hours: number; readonly minutes: number};
type Read<Value> = {readonly value: Value; readonly rest: string};

const behind = (text: string, length: number): string => text.slice(length).trimStart();

/** `2h`, `1h30m`, `2 hours`. */
const readSpan = (text: string): Read<number> | undefined => {
	const match = /^(?:\d{1,4}\s?(?:s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)(?=\d|\s|$)\s?)+/i.exec(text);
	if (match === null) return undefined;
	let value = 0;
	for (const [, count, unit] of match[0].matchAll(/(\d+)\s?([a-z])/gi))
		value += Number(count) * (units[(unit ?? '').toLowerCase()] ?? 0);
	return {value, rest: behind(text, match[0].length)};
};

/** `9:00`, `18.30`, `9am`, `5:30 pm`. */
const readClock = (text: string): Read<Clock> | undefined => {
	const match = /^(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?(?=\s|$)/i.exec(text);
	if (match === null) return undefined;
	const [whole, hour = '', minute, half] = match;
	if (minute === undefined && half === undefined) return undefined;
	const isHalf = half !== undefined;
	const hours = (isHalf ? Number(hour) % 12 : Number(hour)) + (half?.toLowerCase() === 'pm' ? 12 : 0);
	const minutes = Number(minute ?? 0);
	if (hours > 23 || minutes > 59 || (isHalf && Number(hour) > 12)) return undefined;
	return {value: {hours, minutes}, rest: behind(text, whole.length)};
};

type Day = Read<Date> & {
	/** A day of the week: where its time is over today, that of the next week is meant. */
	readonly isWeekly: boolean;
};

/** A local day as days from today, or as a date. */
const readDay = (text: string, now: Date): Day | undefined => {
	const date = /^(\d{4})-(\d{2})-(\d{2})(?:T|(?=\s|$))/.exec(text);
	if (date !== null) {
		const [whole, year, month, day] = date;
		const value = new Date(Number(year), Number(month) - 1, Number(day));
		return value.getMonth() === Number(month) - 1
			? {value, rest: behind(text, whole.length), isWeekly: false}
			: undefined;
	}
	const word = /^[a-z]+(?=\s|$)/i.exec(text)?.[0] ?? '';
	const days = daysTo(word.toLowerCase(), now.getDay());
	if (days === undefined) return undefined;
	const value = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
	return {value, rest: behind(text, word.length), isWeekly: !['today', 'tomorrow'].includes(word.toLowerCase())};
};

/** @param today day of the week, 0 is Sunday */
const daysTo = (word: string, today: number): number | undefined => {
	if (word === 'today') return 0;
	if (word === 'tomorrow') return 1;
	const index = word.length < 3 ? -1 : weekdays.findIndex(name => name.startsWith(word));
	return index === -1 ? undefined : (index - today + 7) % 7;
};

const atClock = (day: Date, {hours, minutes}: Clock): number =>
	new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes).getTime();

const readTime = (text: string, now: Date): Read<number> | undefined => {
	const span = readSpan(text.replace(/^in\s+/i, ''));
	if (span !== undefined) return {value: now.getTime() + span.value, rest: span.rest};
	const day = readDay(text, now);
	const clock = readClock((day?.rest ?? text).replace(/^at\s+/i, ''));
	if (day !== undefined) {
		const {value, isWeekly} = day;
		const time = atClock(value, clock?.value ?? morning);
		const weekLater = new Date(value.getFullYear(), value.getMonth(), value.getDate() + 7);
		const isOver = isWeekly && time <= now.getTime();
		return {value: isOver ? atClock(weekLater, clock?.value ?? morning) : time, rest: clock?.rest ?? day.rest};
	}
	if (clock === undefined) return undefined;
	const today = atClock(now, clock.value);
	const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
	return {value: today > now.getTime() ? today : atClock(tomorrow, clock.value), rest: clock.rest};
};

/**
 * @param now milliseconds since the Unix epoch
 * @returns the time and the text behind it; or a sentence that says what is wrong
 */
export const readLaterTime = (text: string, now: number): LaterTime | string => {
	const read = readTime(text, new Date(now));
	if (read === undefined) return 'Write when: 10m, 18:30, tomorrow, monday 9:00 or 2026-12-24 18:00; then the text.';
	const {value: time, rest} = read;
	if (time <= now) return 'That time is over.';
	return time - now > farthest ? 'That is more than a year ahead.' : {time, rest};
};
