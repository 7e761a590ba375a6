/** Who `@room` means in a room, and whether the person may say it. */
import {powerToNotify} from '../domain/room-notification.ts';
import type {AccountReader} from '../store/account-reader.ts';

/** How many others are in a room, what power it takes to notify them, and how much the person has. */
export type EverybodyReader = (rid: number) => {readonly count: number; readonly needed: number; readonly own: number};

export const createEverybodyReader =
	({room, details}: Pick<AccountReader, 'room' | 'details'>, userId: string): EverybodyReader =>
	rid => ({
		count: Math.max(0, (room(rid)?.joinedCount ?? 1) - 1),
		needed: powerToNotify(details.state(rid, 'm.room.power_levels')),
		own: details.power(rid).of(userId),
	});
