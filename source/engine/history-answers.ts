/** The part of the Session that is about what was said: searching the archive, and looking up what it does not have. */
import {ExpectedError} from '../domain/errors.ts';
import type {HistoryPlace, HistoryRequests} from '../domain/history-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {searchArchive} from '../store/search-archive.ts';
import type {AccountStores} from './account-stores.ts';
import type {History} from './history.ts';
import {limit} from './limit.ts';

export type HistoryAnswerOptions = {
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'reader' | 'rooms'>;
	readonly homeserver: Pick<Homeserver, 'history'>;
	readonly history: History;
	/** @throws ExpectedError `notFound` */
	readonly requireRoom: (roomId: string) => RoomRow;
};

const maximumFound = 10_000;
/** Messages in a page; servers give no more. */
const maximumPage = 100;

const notFound = (message: string): ExpectedError => new ExpectedError({message, reason: 'notFound'});

export const createHistoryAnswers = (options: HistoryAnswerOptions): HistoryRequests => {
	const {history, requireRoom, stores} = options;
	const {timelines} = stores.rooms;

	/** Loads what is missing at a place. @returns whether that could be known at the place */
	const loadAt = async ({rid, roomId}: RoomRow, {chunkOrder, side}: HistoryPlace, count: number): Promise<boolean> => {
		const newer = side === 'newer' ? timelines.islands.newerEdge(rid, chunkOrder) : undefined;
		if (newer !== undefined) await history.loadNewer({rid, roomId, edge: newer, count});
		const edge = side === 'older' ? timelines.edgeOf(rid, chunkOrder) : undefined;
		if (edge !== undefined) await history.loadPage({rid, roomId, edge, count});
		return newer !== undefined || edge !== undefined;
	};

	const loadOlder: HistoryRequests['loadOlder'] = async ({roomId, count: wanted, at}) => {
		const room = requireRoom(roomId);
		const {rid} = room;
		const count = limit(wanted, maximumPage);
		try {
			const isLoaded = at !== undefined && (await loadAt(room, at, count));
			const edge = isLoaded ? undefined : timelines.olderEdge(rid);
			if (edge?.kind === 'gap') await history.loadPage({rid, roomId, edge, count});
		} catch (error) {
			throw toExpectedError(error, 'load older messages');
		}
		// The end of this page may be that of a gap, with another one behind it.
		const next = timelines.olderEdge(rid);
		return {hasMore: next !== undefined && next.kind !== 'start'};
	};

	return {
		search: async request =>
			searchArchive(
				stores.reader,
				{...request, limit: limit(request.limit, maximumFound)},
				{ownUserId: options.userId, now: Date.now()},
			),

		loadOlder,

		async loadAround({roomId, eventId}) {
			const {rid} = requireRoom(roomId);
			try {
				const found = await history.loadAround({rid, roomId, eventId});
				if (found !== 'missing') return {isPlaced: found === 'placed'};
			} catch (error) {
				throw toExpectedError(error, 'look up this message');
			}
			throw notFound('The server does not have this message, or you may not see it.');
		},

		async eventAtTime({roomId, time}) {
			requireRoom(roomId);
			try {
				const calls = options.homeserver.history;
				const found = (await calls.atTime(roomId, time, 'f')) ?? (await calls.atTime(roomId, time, 'b'));
				if (found !== undefined) return {eventId: found.eventId};
			} catch (error) {
				throw toExpectedError(error, 'look up that day');
			}
			throw notFound('The server has no message of about that time that you may see.');
		},
	};
};
