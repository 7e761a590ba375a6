/** How long and how large the answer of each endpoint of the client-server API may be. */

/** Bounds of one request. */
export type RequestLimits = {
	/** Milliseconds for the whole request: headers and body, or headers alone where the body is a stream. */
	readonly deadline: number;
	/** Milliseconds without a byte of the body. */
	readonly idle: number;
	/** Bytes of the body after decompression; no meaning for a stream. */
	readonly size: number;
	/** Brackets within brackets; no meaning for a stream. */
	readonly depth: number;
	/** `stream`: a success is handed on unread, and who reads it bounds it: the sync gate, a download. */
	readonly body: 'json' | 'stream';
};

const second = 1000;
const minute = 60 * second;
const mebibyte = 1024 * 1024;

const ordinary: RequestLimits = {
	deadline: 30 * second,
	idle: 30 * second,
	size: 8 * mebibyte,
	depth: 100,
	body: 'json',
};

/**
 * Any member of a room can send an event that is nested hundreds of levels deep. It is no event for mx (nesting.ts), but the
 * answer that holds it must be read: it is all that there is of these members, or of this page. JSON.stringify takes 3000.
 */
const roomDepth = 1000;

/** First match decides; paths are those after `/_matrix/…/v3`. */
const exceptions: ReadonlyArray<readonly [RegExp, Partial<RequestLimits>]> = [
	// One answer holds every key of the account's backup, about 1 KB each.
	[/\/room_keys\/keys(?:\/|$)/, {deadline: 10 * minute, idle: minute, size: 256 * mebibyte}],
	// Whoever sends a file watches that it moves: over a slow link it takes hours.
	[/\/media\/.*\/?upload(?:\/|$)/, {deadline: 24 * 60 * minute, idle: 30 * minute}],
	[/\/media\/.*\/?(?:download|thumbnail)\//, {deadline: 2 * minute, body: 'stream'}],
	// Another server may have to answer first.
	[
		/\/(?:join|knock|publicRooms|createRoom)(?:\/|$)|\/rooms\/[^/]+\/(?:join|knock|invite|upgrade)$/,
		{deadline: 5 * minute, idle: 5 * minute},
	],
	[
		/\/rooms\/[^/]+\/(?:members|joined_members|state|messages|context\/[^/]+)$/,
		{deadline: 2 * minute, idle: minute, size: 64 * mebibyte, depth: roomDepth},
	],
	// A bridge answers when what it shows was scanned.
	[/\/_matrix\/provision\/v3\/login\/step\//, {deadline: 10 * minute, idle: 10 * minute}],
	[/\/keys\/(?:query|claim|changes)$/, {deadline: 90 * second, idle: 90 * second, size: 64 * mebibyte}],
];

/** A first sync is computed for minutes, one after a long absence too; a later one is a long poll whose time the client chose. */
const syncLimits = (url: URL): RequestLimits => {
	const poll = Number(url.searchParams.get('timeout') ?? 0) || 0;
	const later = poll === 0 ? 3 * minute : Math.max(poll + 30 * second, minute);
	const deadline = url.searchParams.has('since') ? later : 10 * minute;
	return {...ordinary, deadline, idle: deadline, body: 'stream'};
};

/** @returns the limits for a request to `url`. */
export const limitsOf = (url: URL): RequestLimits => {
	if (/\/_matrix\/client\/[^/]+\/sync$/.test(url.pathname)) return syncLimits(url);
	const exception = exceptions.find(([pattern]) => pattern.test(url.pathname))?.[1];
	return {...ordinary, ...exception};
};
