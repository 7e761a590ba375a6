/** Rooms that are to be seen again later, and those where nobody needs a reply: kept in account data, so that all devices agree. */
import {ExpectedError} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {replyType} from '../domain/needs-reply.ts';
import type {RoomRow} from '../domain/room.ts';
import {parseSnooze, snoozeContent, snoozeType, type Snooze} from '../domain/snooze.ts';
import {markContent} from '../domain/timeline-mark.ts';
import type {TriageRequests} from '../domain/triage-requests.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {classifyFailure, isHopeless} from '../matrix/network-errors.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import {attempt, createRoomChecks} from './room-checks.ts';

export type SnoozingOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'triage'>;
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'rooms'>;
	readonly feed: ChangeFeed;
	readonly log: Pick<Logger, 'info'>;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Milliseconds. @default 30 s */
	readonly hearingTime?: number | undefined;
};

export type Snoozing = Pick<TriageRequests, 'snooze' | 'dismissReply'> & {
	/** Wakes the rooms whose time is over, and waits for the next one: once it is known what other devices did meanwhile. */
	readonly wakeRooms: () => void;
	/** Ends the sleep of a room without a mark, such as when it is put away. */
	readonly forget: (room: RoomRow) => Promise<void>;
};

/** A timer of Node holds no more than this, in milliseconds; what ends later is looked at again then. */
const longestWait = 24 * 3_600_000;

/**
 * A timer that comes so much too late, in milliseconds, has slept with the machine: other devices may have woken the room, and what
 * they did is to be heard first. For so long it is waited for, in milliseconds.
 */
const latest = 60_000;
const hearingTime = 30_000;

/** Milliseconds until the server is told again of what it could not be told. */
const retryTime = 60_000;

/** Longest sleep, in milliseconds: beyond it somebody has mistyped. */
const longestSleep = 366 * 24 * 3_600_000;

export const createSnoozing = (options: SnoozingOptions): Snoozing => {
	const {userId, stores, feed, log, now, signal} = options;
	const {account, reader, rooms} = stores;
	const calls = options.homeserver.triage;
	const {requireRoom} = createRoomChecks(reader, userId);
	/** Rooms that woke here, and of which the server does not know that yet. */
	const untold = new Map<string, Snooze & {readonly isMarked: boolean}>();
	let timer: NodeJS.Timeout | undefined;
	let isHearing = false;
	/** When the room wakes that is waited for, in milliseconds since the Unix epoch; before the first look, nothing is. */
	let waitsFor: number | undefined | 'nothing' = 'nothing';
	signal.addEventListener('abort', () => clearTimeout(timer));

	const keep = (rid: number, type: string, content: JsonObject): void => {
		account.write(() => rooms.marks.applyAccountData(rid, type, content));
		feed.changed([rid], true);
	};

	const put = async ({rid, roomId}: RoomRow, type: string, content: JsonObject): Promise<void> => {
		await calls.setRoomData(userId, roomId, type, content);
		keep(rid, type, content);
	};

	const again = (wait: number): void => {
		clearTimeout(timer);
		if (signal.aborted) return;
		timer = setTimeout(onTimer, Math.min(Math.max(wait, 0), longestWait));
		timer.unref();
	};

	const onTimer = (): void => {
		const next = rooms.attention.nextToWake();
		const isLate = !isHearing && next !== undefined && now() - next.until > latest;
		isHearing = isLate;
		if (isLate) again(options.hearingTime ?? hearingTime);
		else wakeRooms();
	};

	const plan = (): void => {
		const next = rooms.attention.nextToWake();
		waitsFor = next?.until;
		if (untold.size > 0) again(retryTime);
		else if (next !== undefined) again(next.until - now());
	};

	/** Another device may have put a room to sleep, or woken it; what is waited for anyway comes to that by itself. */
	const planAnew = (): void => {
		if (waitsFor === 'nothing' || isHearing || untold.size > 0) return;
		if (rooms.attention.nextToWake()?.until !== waitsFor) plan();
	};

	/** Of a person, one room calls for attention; and who has written in another one has answered. */
	const isBackAlready = (rid: number, isUnanswered: boolean): boolean =>
		reader.personRooms(rid).some(other => {
			const room = other === rid ? undefined : reader.room(other);
			return room !== undefined && (room.isReminder || (isUnanswered && room.snoozedUntil === undefined));
		});

	/** Here at once, whether the server can be reached or not. */
	const wakeHere = (): void => {
		for (;;) {
			const next = rooms.attention.nextToWake();
			if (next === undefined || next.until > now()) return;
			const before = parseSnooze(rooms.attention.snooze(next.rid));
			const isUnanswered = before?.kind === 'asleep' && before.isUnlessAnswered;
			const woken: Snooze = {kind: 'woken', at: next.until, isUnanswered};
			const isMarked = !isBackAlready(next.rid, isUnanswered);
			untold.set(next.roomId, {...woken, isMarked});
			if (isMarked) account.write(() => rooms.marks.markUnread(next.rid, true));
			keep(next.rid, snoozeType, snoozeContent(woken));
			if (!isMarked) continue;
			const name = reader.room(next.rid)?.name ?? next.roomId;
			const why = isUnanswered ? 'nobody has answered' : 'you wanted to see it again';
			feed.tell({kind: 'reminder', rid: next.rid, message: `${name} is back: ${why}.`});
			log.info('triage', 'a room woke', {roomId: next.roomId});
		}
	};

	const tellServer = async (): Promise<void> => {
		for (const [roomId, woken] of untold) {
			try {
				// The mark first: a device that reads one of them has both to come.
				if (woken.isMarked) await calls.setRoomData(userId, roomId, 'm.marked_unread', {unread: true});
				await calls.setRoomData(userId, roomId, snoozeType, snoozeContent(woken));
			} catch (error) {
				if (!isHopeless(classifyFailure(error).kind)) throw error;
				log.info('triage', 'the server does not want to know that a room woke', {roomId, error});
			}
			untold.delete(roomId);
		}
	};

	const unsubscribe = feed.subscribe(notice => {
		if (notice.kind === 'changed') planAnew();
	});
	signal.addEventListener('abort', unsubscribe);

	const wakeRooms = (): void => {
		if (signal.aborted) return;
		wakeHere();
		tellServer().then(plan, (error: unknown) => {
			log.info('triage', 'the server could not be told yet that a room woke', {error});
			plan();
		});
	};

	const forget = async (room: RoomRow): Promise<void> => {
		untold.delete(room.roomId);
		if (room.snoozedUntil !== undefined || room.isReminder) await put(room, snoozeType, {});
		plan();
	};

	return {
		wakeRooms,
		forget,
		async snooze({roomId, until, isUnlessAnswered = false}) {
			const room = requireRoom(roomId);
			if (until === undefined) {
				await attempt('bring the room back', async () => forget(room));
				return {};
			}
			if (until <= now()) throw new ExpectedError({message: 'That time is over.', reason: 'usage'});
			if (until - now() > longestSleep)
				throw new ExpectedError({message: 'That is more than a year ahead.', reason: 'usage'});
			const after = rooms.attention.newest(room.rid) ?? {eventId: undefined, time: room.lastActivity};
			untold.delete(roomId);
			await attempt('snooze the room', async () => {
				await put(room, snoozeType, snoozeContent({kind: 'asleep', until: Math.round(until), isUnlessAnswered, after}));
				if (!room.isMarkedUnread) return;
				await calls.setRoomData(userId, roomId, 'm.marked_unread', {unread: false});
				account.write(() => rooms.marks.markUnread(room.rid, false));
				feed.changed([room.rid], true);
			});
			plan();
			return {};
		},
		async dismissReply({roomId, isDismissed}) {
			const room = requireRoom(roomId);
			const mark = isDismissed ? rooms.attention.newest(room.rid) : undefined;
			await attempt('note that', async () => put(room, replyType, mark === undefined ? {} : markContent(mark)));
			return {};
		},
	};
};
