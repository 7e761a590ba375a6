/**
 * Fills the holes that a limited sync response leaves in the archive, by itself: the room on the screen first, then rooms
 * that mention the person, direct chats, and the rest at one request a second.
 */
import {classifyFailure, isSignInLost, isWithoutServer, type NetworkFailure} from '../matrix/network-errors.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import type {OlderEdge, RoomWithGap} from '../store/timeline-writer.ts';
import type {History} from './history.ts';

export type GapFillerOptions = {
	readonly history: Pick<History, 'loadPage'>;
	/** The newest hole of a room. */
	readonly gap: (rid: number) => OlderEdge | undefined;
	readonly reader: Pick<AccountReader, 'room'>;
	readonly log: Pick<Logger, 'info' | 'warn'>;
};

export type GapFiller = {
	/** Rooms in which a hole has come up, or was left by an earlier run. */
	readonly add: (rooms: readonly RoomWithGap[]) => void;
	/** The room that is on the screen comes first. */
	readonly show: (rid: number) => void;
	/** The network is back. */
	readonly online: () => void;
	/** Asks for nothing any more; resolves when nothing is out. */
	readonly stop: () => Promise<void>;
};

/** Messages in a page; Synapse gives at most 1,000, others 100. */
const pageSize = 100;
/** Milliseconds between two requests, by what the room is. */
const pauses = {shown: 0, mention: 250, direct: 250, other: 1000} as const;
type Rank = keyof typeof pauses;
const ranks = Object.keys(pauses) as readonly Rank[];
type Waiting = {readonly room: RoomWithGap; readonly rank: Rank};
/** Milliseconds after a failure that says nothing of when to come back. */
const failurePause = 10_000;
/** Failures of one room after which it waits for the next run: others must not wait behind it. */
const maximumFailures = 3;

/** What each further try would meet too. */
const isLasting = ({kind}: NetworkFailure): boolean =>
	kind === 'forbidden' || kind === 'not-found' || kind === 'bad-request' || kind === 'too-large';

export const createGapFiller = (options: GapFillerOptions): GapFiller => {
	const {history, reader, log} = options;
	/** By rid; of one rank, who came first is first. */
	const waiting = new Map<number, Waiting>();
	let shown: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> | undefined;
	let isStopped = false;
	/** How often a room failed although the server was there, by rid. */
	const failures = new Map<number, number>();
	/** Milliseconds of performance.now(): the server asked to wait; nothing answered; only the shown room is asked for. */
	let askedToWaitUntil = 0;
	let pausedUntil = 0;
	let pacedUntil = 0;

	const rankOf = (rid: number): Rank => {
		if (rid === shown) return 'shown';
		const room = reader.room(rid);
		if (room !== undefined && room.highlightCount > 0) return 'mention';
		return room?.isDirect === true ? 'direct' : 'other';
	};

	/** Puts a room behind the others of its rank. */
	const enqueue = (room: RoomWithGap): void => {
		waiting.delete(room.rid);
		waiting.set(room.rid, {room, rank: rankOf(room.rid)});
	};

	const next = (): Waiting | undefined => {
		for (const rank of ranks) for (const each of waiting.values()) if (each.rank === rank) return each;
		return undefined;
	};

	/** Moves a room behind the others of its kind, or lets it go when it failed too often. */
	const putOff = (room: RoomWithGap, failure: NetworkFailure): void => {
		const count = (failures.get(room.rid) ?? 0) + 1;
		failures.set(room.rid, count);
		waiting.delete(room.rid);
		const isGivenUp = isLasting(failure) || count >= maximumFailures;
		// Whoever scrolls there is told why.
		log.info('gaps', 'A gap is not filled', {roomId: room.roomId, cause: failure.message, isGivenUp});
		if (!isGivenUp) enqueue(room);
	};

	const fail = (error: unknown, room: RoomWithGap): void => {
		const failure = classifyFailure(error);
		const now = performance.now();
		if (isSignInLost(failure)) isStopped = true;
		else if (failure.kind === 'rate-limited') askedToWaitUntil = now + (failure.retryAfter ?? failurePause);
		else if (isWithoutServer(failure)) pausedUntil = now + failurePause;
		else {
			putOff(room, failure);
			if (!isLasting(failure)) pausedUntil = now + (failure.retryAfter ?? failurePause);
		}
	};

	const fill = async ({room, rank}: Waiting): Promise<void> => {
		const edge = options.gap(room.rid);
		if (edge === undefined) return void waiting.delete(room.rid);
		try {
			await history.loadPage({...room, edge, count: pageSize});
			pacedUntil = performance.now() + pauses[rank];
			if (options.gap(room.rid) === undefined) waiting.delete(room.rid);
		} catch (error) {
			fail(error, room);
		}
	};

	const run = (): void => {
		clearTimeout(timer);
		const first = next();
		if (first === undefined || running !== undefined || isStopped) return;
		const due = Math.max(askedToWaitUntil, pausedUntil, first.rank === 'shown' ? 0 : pacedUntil);
		const wait = due - performance.now();
		if (wait > 0) {
			timer = setTimeout(run, wait);
			return;
		}
		running = fill(first)
			.catch((error: unknown) => log.warn('gaps', 'Filling a gap failed', {error}))
			.finally(() => {
				running = undefined;
				run();
			});
	};

	return {
		add(rooms) {
			for (const room of rooms) enqueue(room);
			run();
		},
		show(rid) {
			const before = shown;
			shown = rid;
			for (const each of [before, rid]) {
				const entry = each === undefined ? undefined : waiting.get(each);
				if (entry !== undefined) enqueue(entry.room);
			}
			run();
		},
		online() {
			pausedUntil = 0;
			run();
		},
		async stop() {
			isStopped = true;
			clearTimeout(timer);
			await running;
		},
	};
};
