/** What comes into other rooms than the open one: told in one line now and then, not for every message. */
import {isRowOf, rowKey, type RoomRow} from '../../domain/room.ts';
import type {AccountReader} from '../../store/account-reader.ts';
import {literal, type SafeText} from '../../text/safe-text.ts';
import {elsewhereSentence, toldUnreadOf, type ToldUnread} from '../../view-models/plain-rooms.ts';

export type ElsewhereOptions = {
	readonly reader: Pick<AccountReader, 'rooms' | 'roomCount'>;
	readonly openRid: () => number | undefined;
	readonly print: (lines: readonly SafeText[]) => void;
};

/** Milliseconds in which is gathered what comes, and between two lines; what mentions the person waits less. */
const gatherTime = 3000;
const calmTime = 60_000;

/** Unread rooms that are looked at. */
const mostRooms = 200;

export const createElsewhere = ({reader, openRid, print}: ElsewhereOptions) => {
	let told: ReadonlyMap<number, ToldUnread> = new Map();
	let toldAt = Number.NEGATIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	let dueAt = 0;

	const unreadRooms = (): readonly RoomRow[] =>
		reader.rooms({offset: 0, limit: mostRooms, filter: {kind: 'unread'}}).filter(room => !isRowOf(room, openRid()));

	const standing = (): ReadonlyMap<number, ToldUnread> =>
		new Map(unreadRooms().map(room => [rowKey(room), toldUnreadOf(room)]));

	const news = () =>
		unreadRooms().flatMap(room => {
			const before = told.get(rowKey(room));
			const now = toldUnreadOf(room);
			const count = now.unread - (before?.unread ?? 0);
			const isForYou = now.highlights > (before?.highlights ?? 0);
			const isInvitation = now.isInvited && before?.isInvited !== true;
			return count > 0 || isInvitation ? [{room, count: Math.max(1, count), isForYou}] : [];
		});

	const look = (): void => {
		timer = undefined;
		const fresh = news();
		const isUrgent = fresh.some(({isForYou, room}) => isForYou || room.membership === 'invite');
		const left = toldAt + calmTime - performance.now();
		if (fresh.length > 0 && !isUrgent && left > 0) return plan(left);
		const sentence = elsewhereSentence(fresh);
		// What was read elsewhere counts from less on.
		told = standing();
		if (sentence === undefined) return;
		toldAt = performance.now();
		print([sentence]);
	};

	const plan = (delay: number): void => {
		const due = performance.now() + delay;
		if (timer !== undefined && dueAt <= due) return;
		clearTimeout(timer);
		dueAt = due;
		timer = setTimeout(look, delay);
		timer.unref();
	};

	return {
		/** Something in the list of rooms changed. */
		hear: (): void => plan(gatherTime),
		/** From now on only what comes is told. @returns how much there is, in words; `undefined`: nothing */
		begin(): SafeText | undefined {
			told = standing();
			const count = told.size;
			if (count === 0) return undefined;
			const rooms = count === 1 ? literal`1 other room has` : literal`${count} other rooms have`;
			return literal`${rooms} something unread: /rooms lists them, /next opens one.`;
		},
		/** @returns rooms with something unread, besides the open one. */
		count: (): number => unreadRooms().length,
		dispose: (): void => clearTimeout(timer),
	};
};

export type Elsewhere = ReturnType<typeof createElsewhere>;
