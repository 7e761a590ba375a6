/** Of which networks, and at which hours, this device notifies: what is said beside the push rules of the account. Pure. */
import {asString, isObject, type JsonValue} from './json.ts';
import type {RoomRow} from './room.ts';

/** What of a network is told: everything that the push rules let through; direct chats and mentions; mentions; nothing. */
export const networkLevels = ['all', 'direct', 'mentions', 'off'] as const;

export type NetworkLevel = (typeof networkLevels)[number];

/** Levels by the id of a network, `matrix`, or `bridged`: all networks that are not named. */
export type NetworkLevels = Readonly<Record<string, NetworkLevel>>;

/** From when to when nothing is told: minutes of a day of the person's clock. The end may be on the next day. */
export type QuietHours = {readonly from: number; readonly to: number};

const asLevel = (value: unknown): NetworkLevel | undefined => networkLevels.find(level => level === value);

/** @returns the levels, or `undefined` where one of them is none */
export const parseNetworkLevels = (value: JsonValue): NetworkLevels | undefined =>
	isObject(value) && Object.values(value).every(level => asLevel(level) !== undefined)
		? (value as NetworkLevels)
		: undefined;

/** @returns what a word of the person means */
export const networkLevel = (word: string | undefined): NetworkLevel | undefined => asLevel(word);

/** Which level holds for a room, and whose it is: `''` where nothing was said. */
export const levelOf = (
	levels: NetworkLevels,
	{protocol}: Pick<RoomRow, 'protocol'>,
): {readonly level: NetworkLevel; readonly by: string} => {
	const names = protocol === undefined ? ['matrix'] : [protocol, 'bridged'];
	const by = names.find(name => Object.hasOwn(levels, name)) ?? '';
	return {level: levels[by] ?? 'all', by};
};

/** @param isHighlight the push rules make more of it: a mention, a keyword */
export const isLoud = (
	levels: NetworkLevels,
	room: Pick<RoomRow, 'protocol' | 'isDirect'>,
	isHighlight: boolean,
): boolean => {
	const {level} = levelOf(levels, room);
	return level === 'all' || (level !== 'off' && (isHighlight || (level === 'direct' && room.isDirect)));
};

const hours = /^([01]?\d|2[0-3])(?::([0-5]\d))?\s*(?:-|–|to)\s*([01]?\d|2[0-3])(?::([0-5]\d))?$/;

/** @returns the hours of `22:00-07:00` or `22-7`; `undefined` of what is none, also where both are the same */
export const parseQuietHours = (value: unknown): QuietHours | undefined => {
	const found = hours.exec((asString(value) ?? '').trim());
	if (found === null) return undefined;
	const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = found;
	const from = Number(fromHour) * 60 + Number(fromMinute);
	const to = Number(toHour) * 60 + Number(toMinute);
	return from === to ? undefined : {from, to};
};

const timeText = (minutes: number): string =>
	`${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** @returns as they stand in the settings: `22:00-07:00` */
export const quietHoursText = ({from, to}: QuietHours): string => `${timeText(from)}-${timeText(to)}`;

/** @param time milliseconds since the Unix epoch; the clock is that of the machine (TZ) */
export const isQuiet = (quiet: QuietHours | undefined, time: number): boolean => {
	if (quiet === undefined) return false;
	const date = new Date(time);
	const minutes = date.getHours() * 60 + date.getMinutes();
	const {from, to} = quiet;
	return from < to ? from <= minutes && minutes < to : from <= minutes || minutes < to;
};
