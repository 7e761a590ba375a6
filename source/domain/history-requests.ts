/** What can be asked of an account about what was said: what is found in the archive, and what is looked up on the server. */
import type {RoomRow} from './room.ts';

/** A message that was found. Everything in it is untrusted text. */
export type FoundMessage = {
	readonly pk: number;
	readonly rid: number;
	readonly eventId: string;
	readonly sender: string;
	readonly senderName: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly timestamp: number;
	/** Shown text, of the last edit. */
	readonly body: string;
	/** `image`, `file`, `link` and so on; `undefined` for plain words. */
	readonly kind: string | undefined;
};

/** Where history of one of several rooms is missing: above the oldest message of a chunk. */
export type TimelineHole = {
	readonly rid: number;
	/** Of the chunk, in its room. */
	readonly chunkOrder: number;
	/** Row number of that message; `undefined` where the chunk has none that is shown. */
	readonly pk: number | undefined;
};

/** What the archive lacks, so that it cannot be found in it. */
export type SearchCoverage = {
	/** Joined rooms whose history is not stored whole. */
	readonly incompleteRooms: number;
	/** Messages without their key. */
	readonly undecrypted: number;
	/** Milliseconds since the Unix epoch of the oldest message; only of one room. */
	readonly oldest: number | undefined;
};

export type SearchResult<Found = FoundMessage> = {
	readonly messages: readonly Found[];
	/** More than `limit` would have been found. */
	readonly hasMore: boolean;
	/** Older messages were not looked at: too many would have to be read. */
	readonly isCut: boolean;
};

/** A message that was found, and where. */
export type FoundInRoom = FoundMessage & {readonly room: RoomRow; readonly isMine: boolean};

export type SearchAnswer = SearchResult<FoundInRoom> & {
	readonly coverage: SearchCoverage;
	/** Milliseconds since the Unix epoch of the last completed sync. */
	readonly lastSync: number | undefined;
};

/** Where history is missing, by the order of a chunk: above its oldest message, or below its newest one. */
export type HistoryPlace = {readonly chunkOrder: number; readonly side: 'older' | 'newer'};

/** Part of `Session`. */
export type HistoryRequests = {
	/** Searches the archive. @param request.query words and filters, as a person types them */
	search(request: {readonly query: string; readonly limit: number}): Promise<SearchAnswer>;
	/**
	 * Loads a page of messages from the server: at a place where they are missing, else before the oldest ones.
	 * Answers whether there may be more.
	 */
	loadOlder(request: {
		readonly roomId: string;
		readonly count: number;
		readonly at?: HistoryPlace | undefined;
	}): Promise<{readonly hasMore: boolean}>;
	/**
	 * Puts a message and those around it into the archive, if it does not have them. Fails with `notFound` where the server does
	 * not have it, or not for this account. `isPlaced`: `false` where it comes with the sync, in a moment.
	 */
	loadAround(request: {readonly roomId: string; readonly eventId: string}): Promise<{readonly isPlaced: boolean}>;
	/**
	 * Asks the server for the first event of a room from a time on, else the last one before it.
	 * @param request.time milliseconds since the Unix epoch
	 */
	eventAtTime(request: {readonly roomId: string; readonly time: number}): Promise<{readonly eventId: string}>;
};

/** The method names of this part. */
export const historyMethods = [
	'search',
	'loadOlder',
	'loadAround',
	'eventAtTime',
] as const satisfies readonly (keyof HistoryRequests)[];
