/** Times in the output of the verbs: exact in JSON and pipes, short and local for a person. */
import {literal, safeText, type SafeText} from '../../text/safe-text.ts';

/** Furthest time that a Date can hold, in milliseconds around the Unix epoch (ECMAScript §Time Values). */
const furthest = 8.64e15;

/** @returns ISO 8601 in UTC; `null` for no time, and for one that a hostile server made up. */
export const isoTime = (milliseconds: number | undefined): string | null =>
	milliseconds === undefined || milliseconds === 0 || !(Math.abs(milliseconds) <= furthest)
		? null
		: new Date(milliseconds).toISOString();

const digits = (value: number): string => String(value).padStart(2, '0');

/** @returns `2026-11-25 18:04`, local; a dash for no time. */
export const localTime = (milliseconds: number | undefined): SafeText => {
	if (isoTime(milliseconds) === null) return literal`-`;
	const time = new Date(milliseconds ?? 0);
	const date = [time.getFullYear(), digits(time.getMonth() + 1), digits(time.getDate())].join('-');
	return safeText(`${date} ${digits(time.getHours())}:${digits(time.getMinutes())}`, 'name');
};

/** @returns the time for today, else the date; local. */
export const shortTime = (milliseconds: number | undefined, now: number): SafeText => {
	const [date = '', time = ''] = localTime(milliseconds).split(' ');
	const isToday = localTime(now).startsWith(date);
	return safeText(isToday && time !== '' ? time : date, 'name');
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What is older than this is said to be. Milliseconds. */
const staleAfter = hour;

/** @returns a sentence when the data of the store are older than an hour, or were never complete. */
export const staleness = (lastSync: number | undefined, now: number): string | undefined => {
	if (lastSync === undefined) return 'The rooms were never fetched completely; start mx once.';
	const age = now - lastSync;
	if (age < staleAfter) return undefined;
	const [count, unit] = age < 2 * day ? [Math.floor(age / hour), 'hour'] : [Math.floor(age / day), 'day'];
	return `This is what mx knew ${count} ${unit}${count === 1 ? '' : 's'} ago, at ${localTime(lastSync)}.`;
};
