/** Days and times as people write them: `2026-11-01`, `yesterday`, `3 days ago`, `monday`, `november 2025`, in local time. */

/** Milliseconds since the Unix epoch: the first that belongs to it, and the first that does not any more. */
export type TimeSpan = {readonly from: number; readonly to: number};

/** What a person can write, for sentences that say so. */
export const dateExamples = '2026-11-01, 2026-11, yesterday, monday, "3 days ago", "1 nov 2025"';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const monthNames = 'january|february|march|april|may|june|july|august|september|october|november|december';

/** Fewer letters than these name no weekday and no month. */
const shortestName = 3;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

const units: ReadonlyMap<string, Unit> = new Map([
	['m', 'minute'],
	['min', 'minute'],
	['minute', 'minute'],
	['h', 'hour'],
	['hour', 'hour'],
	['d', 'day'],
	['day', 'day'],
	['w', 'week'],
	['week', 'week'],
	['month', 'month'],
	['y', 'year'],
	['year', 'year'],
]);

/** Local midnights; the calendar takes months and days beyond their ends into the next ones. */
const spanOf = (
	[year, month, day]: readonly [number, number, number],
	[years, months, days]: readonly [number, number, number],
): TimeSpan => ({
	from: new Date(year, month, day).getTime(),
	to: new Date(year + years, month + months, day + days).getTime(),
});

const daySpan = (year: number, month: number, day: number): TimeSpan => spanOf([year, month, day], [0, 0, 1]);
const monthSpan = (year: number, month: number): TimeSpan => spanOf([year, month, 1], [0, 1, 0]);
const yearSpan = (year: number): TimeSpan => spanOf([year, 0, 1], [1, 0, 0]);

/** @returns the day, `undefined` for one that no calendar has. @param month from 0 */
const existingDay = (year: number, month: number, day: number): TimeSpan | undefined => {
	const date = new Date(year, month, day);
	const isSame = date.getFullYear() === year && date.getMonth() === month && date.getDate() === day;
	return isSame && year >= 1970 ? daySpan(year, month, day) : undefined;
};

/** @returns a month by its name or the first letters of it, from 0. */
const monthOf = (text: string): number | undefined => {
	const index = months.indexOf(text.slice(0, shortestName));
	const isName =
		text.length >= shortestName && (monthNames.split('|')[index] ?? '').startsWith(text.replace(/\.$/, ''));
	return index !== -1 && isName ? index : undefined;
};

/** The last one that has begun: `november` in March is that of last year. */
const lastBegun = (make: (year: number) => TimeSpan | undefined, now: Date): TimeSpan | undefined => {
	const thisYear = make(now.getFullYear());
	return thisYear !== undefined && thisYear.from <= now.getTime() ? thisYear : make(now.getFullYear() - 1);
};

const numeric = (text: string): TimeSpan | undefined => {
	const [, year, month, day] = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text) ?? [];
	const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
	if (dotted !== null) return existingDay(Number(dotted[3]), Number(dotted[2]) - 1, Number(dotted[1]));
	if (year === undefined || Number(year) < 1970) return undefined;
	if (month === undefined) return yearSpan(Number(year));
	if (day !== undefined) return existingDay(Number(year), Number(month) - 1, Number(day));
	return Number(month) >= 1 && Number(month) <= 12 ? monthSpan(Number(year), Number(month) - 1) : undefined;
};

const named = (text: string, now: Date): TimeSpan | undefined => {
	const words = text.replaceAll(',', ' ').split(/\s+/);
	const month = words.map(monthOf).find(found => found !== undefined);
	const others = words.filter(word => monthOf(word) === undefined);
	if (month === undefined || words.length - others.length !== 1) return undefined;
	const year = others.find(word => /^\d{4}$/.test(word));
	const day = others.find(word => /^\d{1,2}(?:st|nd|rd|th|\.)?$/.test(word));
	if (others.length !== Number(year !== undefined) + Number(day !== undefined)) return undefined;
	const make = (inYear: number): TimeSpan | undefined =>
		day === undefined ? monthSpan(inYear, month) : existingDay(inYear, month, Number.parseInt(day, 10));
	return year === undefined ? lastBegun(make, now) : make(Number(year));
};

const ago = (text: string, now: Date): TimeSpan | undefined => {
	const match = /^(\d{1,5}|an?) ?([a-z]+?)s?(?: ago)?$/.exec(text);
	const unit = units.get(match?.[2] ?? '');
	if (match === null || unit === undefined) return undefined;
	const count = /^an?$/.test(match[1] ?? '') ? 1 : Number(match[1]);
	const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
	switch (unit) {
		case 'minute':
			return {from: now.getTime() - count * minute, to: now.getTime() - (count - 1) * minute};
		case 'hour':
			return {from: now.getTime() - count * hour, to: now.getTime() - (count - 1) * hour};
		case 'day':
			return daySpan(year, month, day - count);
		case 'week':
			return daySpan(year, month, day - 7 * count);
		case 'month':
			return daySpan(year, month - count, day);
		case 'year':
			return daySpan(year - count, month, day);
		default:
			return unit satisfies never;
	}
};

const relative = (text: string, now: Date): TimeSpan | undefined => {
	const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
	if (text === 'today' || text === 'now') return daySpan(year, month, day);
	if (text === 'yesterday') return daySpan(year, month, day - 1);
	const [, which, period] = /^(this|last) (week|month|year)$/.exec(text) ?? [];
	const back = which === 'last' ? 1 : 0;
	// Weeks begin on Monday (ISO 8601).
	if (period === 'week') return spanOf([year, month, day - ((now.getDay() + 6) % 7) - 7 * back], [0, 0, 7]);
	if (period === 'month') return monthSpan(year, month - back);
	if (period === 'year') return yearSpan(year - back);
	const name = text.replace(/^last /, '');
	const weekday = name.length < shortestName ? -1 : weekdays.findIndex(each => each.startsWith(name));
	if (weekday === -1) return undefined;
	return daySpan(year, month, day - (((now.getDay() - weekday + 6) % 7) + 1));
};

/** @returns the time of day within a day, `14:30`. */
const withClock = (day: TimeSpan, clock: string): TimeSpan | undefined => {
	const [hours = 0, minutes = 0] = clock.split(':').map(Number);
	if (hours > 23 || minutes > 59) return undefined;
	const date = new Date(day.from);
	const from = date.setHours(hours, minutes);
	return {from, to: from + minute};
};

/**
 * @param text as a person wrote it
 * @param now milliseconds since the Unix epoch
 * @returns the day, month, year or minute that is meant; `undefined` for what is none. `3/4/2026` is none: it may be two days.
 */
export const parseDateWords = (text: string, now: number): TimeSpan | undefined => {
	const date = new Date(now);
	const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
	const clock = /^(?:(.+?)(?:t| at | ))?(\d{1,2}:\d{2})$/.exec(words);
	const rest = clock === null ? words : (clock[1] ?? 'today');
	const span = numeric(rest) ?? relative(rest, date) ?? ago(rest, date) ?? named(rest, date);
	if (span === undefined || !Number.isFinite(span.from) || !Number.isFinite(span.to)) return undefined;
	return clock === null ? span : withClock(span, clock[2] ?? '');
};
