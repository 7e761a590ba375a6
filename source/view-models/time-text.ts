/** Times as the screen shows them: short, in the local time zone, 24 hours. */
import {literal, type SafeText} from '../text/safe-text.ts';

const months = [
	literal`Jan`,
	literal`Feb`,
	literal`Mar`,
	literal`Apr`,
	literal`May`,
	literal`Jun`,
	literal`Jul`,
	literal`Aug`,
	literal`Sep`,
	literal`Oct`,
	literal`Nov`,
	literal`Dec`,
] as const;

const weekdays = [
	literal`Sunday`,
	literal`Monday`,
	literal`Tuesday`,
	literal`Wednesday`,
	literal`Thursday`,
	literal`Friday`,
	literal`Saturday`,
] as const;

const millisecondsInDay = 86_400_000;

/** Times that a Date cannot hold are the epoch: senders choose their timestamps. */
const dateOf = (time: number): Date => {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? new Date(0) : date;
};

const twoDigits = (value: number): SafeText => (value < 10 ? literal`0${value}` : literal`${value}`);

const monthOf = (date: Date): SafeText => months[date.getMonth()] ?? literal`Jan`;
const weekdayOf = (date: Date): SafeText => weekdays[date.getDay()] ?? literal`Sunday`;

/** @returns whole local days since the epoch, so that daylight saving does not count. */
export const dayNumber = (time: number): number => {
	const date = dateOf(time);
	return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / millisecondsInDay);
};

/** @param time milliseconds since the Unix epoch. @returns `09:05` */
export const clockText = (time: number): SafeText => {
	const date = dateOf(time);
	return literal`${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
};

/** @returns `Today`, `Yesterday`, `Monday 3 Mar`, `Monday 3 Mar 2024` */
export const dayText = (time: number, now: number): SafeText => {
	const age = dayNumber(now) - dayNumber(time);
	if (age === 0) return literal`Today`;
	if (age === 1) return literal`Yesterday`;
	const date = dateOf(time);
	const day = literal`${weekdayOf(date)} ${date.getDate()} ${monthOf(date)}`;
	return date.getFullYear() === dateOf(now).getFullYear() ? day : literal`${day} ${date.getFullYear()}`;
};

const minute = 60_000;

/** @returns at most three cells: `5m`, `2h`, `3d`, `12w` */
export const ageText = (time: number, now: number): SafeText => {
	const minutes = Math.max(1, Math.floor((now - time) / minute));
	if (minutes < 60) return literal`${minutes}m`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return literal`${hours}h`;
	const days = Math.floor(hours / 24);
	return days < 14 ? literal`${days}d` : literal`${Math.min(99, Math.floor(days / 7))}w`;
};

/** @returns at most six cells, of a time ahead: `09:05` today, `Mon` in the next six days, else as `shortTimeText` */
export const untilText = (time: number, now: number): SafeText => {
	const days = dayNumber(time) - dayNumber(now);
	return days > 0 && days < 7 ? (weekdayOf(dateOf(time)).slice(0, 3) as SafeText) : shortTimeText(time, now);
};

/** @returns at most eleven cells: `Today`, `3 Mar`, in other years `3 Mar 2024` */
export const shortDayText = (time: number, now: number): SafeText => {
	const date = dateOf(time);
	if (dayNumber(now) === dayNumber(time)) return literal`Today`;
	const day = literal`${date.getDate()} ${monthOf(date)}`;
	return date.getFullYear() === dateOf(now).getFullYear() ? day : literal`${day} ${date.getFullYear()}`;
};

/** @returns at most six cells: `09:05` today, `Mon` in the last six days, else `3 Mar`, in other years `2024` */
export const shortTimeText = (time: number, now: number): SafeText => {
	const age = dayNumber(now) - dayNumber(time);
	const date = dateOf(time);
	if (age === 0) return clockText(time);
	if (age > 0 && age < 7) return weekdayOf(date).slice(0, 3) as SafeText;
	if (date.getFullYear() !== dateOf(now).getFullYear()) return literal`${date.getFullYear()}`;
	return literal`${date.getDate()} ${monthOf(date)}`;
};

/** @returns when something is going to be: `at 18:30`, `tomorrow at 09:00`, `on Monday 30 Nov at 09:00` */
export const momentText = (time: number, now: number): SafeText => {
	const days = dayNumber(time) - dayNumber(now);
	if (days === 0) return literal`at ${clockText(time)}`;
	if (days === 1) return literal`tomorrow at ${clockText(time)}`;
	return literal`on ${dayText(time, now)} at ${clockText(time)}`;
};
