/**
 * Takes from the counts of the server what is read: what the server was not told of yet, and in chats of other networks all
 * that the person wrote on their phone, with what stands above it. Adds what it does not count: what came between the
 * invitation of a bridge and the moment in which it was accepted by itself.
 */
import {asObject} from '../domain/json.ts';
import {isNamedByLink, personLinks} from '../domain/mention.ts';
import {isPollStart} from '../domain/poll.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalInteger, text} from './columns.ts';
import type {Database} from './open-database.ts';
import type {ThreadCounts} from './thread-counts.ts';

/** Events from the newest on that are looked at: who has more that is unread does not count it. */
const nearEvents = 300;

/** Milliseconds before an invitation in which what opened the chat may have been said: a bridge makes the room for it first. */
const saidBefore = 600_000;

const pollStarts = ['m.poll.start', 'org.matrix.msc3381.poll.start'].filter(isPollStart);

/**
 * Milliseconds after the join in which the server may have missed a message: it counts for who was in the room by the state that
 * the message was sent on, which may be that of before, though the message stands behind the join.
 */
const missedAfter = 2000;

/** What a server may count (client-server API §Push Rules). */
const isCounted = `state_key IS NULL AND redacted_by IS NULL AND relation IS NOT 'm.replace' AND relation IS NOT 'm.annotation'
	AND relation IS NOT 'm.thread' AND type IN ('m.room.message', 'm.room.encrypted', 'm.sticker', ${pollStarts.map(type => `'${type}'`).join(', ')})`;

const isOwnGhost = 'EXISTS(SELECT 1 FROM own_ghost WHERE user_id = near.sender)';

/** The bridge sent it in the person's name: it was written on the phone. */
const isPuppeted = `json_extract(coalesce(near.clear, near.raw), '$.content."fi.mau.double_puppet_source"') IS NOT NULL`;

/** Sent by another device: the server gives the transaction to the one alone that sent it (client-server API §Transaction identifiers). */
const isFromElsewhere = `json_extract(near.raw, '$.unsigned.transaction_id') IS NULL`;

/**
 * @param ownUserId the account's user id
 * @param threads writes the counts of threads
 * @returns a function that corrects the counts of a room; inside a transaction. `isFresh`: they are as the server gave them just now
 */
export const createUnreadCorrection = (
	database: Database,
	ownUserId: string,
	threads: Pick<ThreadCounts, 'markRead'>,
): ((rid: number, isFresh?: boolean) => void) => {
	// The server may count a thread once more in the answer that brings the receipt on its last reply.
	const readThreads = prepare(
		database,
		`SELECT root FROM thread_unread WHERE rid = ? AND EXISTS(SELECT 1 FROM receipt WHERE receipt.rid = thread_unread.rid
			AND user_id = ? AND receipt.thread = root AND type IN ('m.read', 'm.read.private') AND receipt.event_id = (
				SELECT event_id FROM event WHERE event.thread = root AND event.rid = thread_unread.rid AND redacted_by IS NULL
				ORDER BY timestamp DESC, pk DESC LIMIT 1))`,
	);
	const counts = prepare(
		database,
		`SELECT unread_count, highlight_count, fully_read,
			(SELECT coalesce(sum(unread), 0) FROM thread_unread WHERE thread_unread.rid = room.rid) AS threads,
			(SELECT coalesce(sum(highlights), 0) FROM thread_unread WHERE thread_unread.rid = room.rid) AS thread_highlights,
			room.protocol IS NOT NULL AS is_portal,
			room.protocol IS NOT NULL AND (is_direct OR EXISTS(SELECT 1 FROM portal WHERE portal.rid = room.rid AND kind = 'direct')) AS is_chat,
			EXISTS(SELECT 1 FROM receipt_intent WHERE receipt_intent.rid = room.rid AND (sent_at IS NULL OR type = 'local')) AS is_ahead,
			invited_at, coalesce(added, 0) AS added
		FROM room LEFT JOIN accepted_invitation USING (rid) WHERE rid = ? AND (unread_count > 0 OR invited_at IS NOT NULL)`,
	);
	const near = `FROM (SELECT event.* FROM chunk JOIN event ON event.rid = chunk.rid AND event.chunk = chunk.chunk
		WHERE chunk.rid = ? AND is_live = 1 ORDER BY position DESC LIMIT ${nearEvents}) AS near`;
	const marker = prepare(
		database,
		`SELECT position FROM event JOIN chunk ON chunk.chunk = event.chunk WHERE event_id = ? AND chunk.rid = ? AND is_live = 1`,
	);
	const ownAnswer = prepare(
		database,
		`SELECT max(position) AS position ${near} WHERE ${isCounted} AND (${isOwnGhost} OR (sender = ? AND (${isPuppeted} OR (? AND ${isFromElsewhere}))))`,
	);
	const ownReading = prepare(
		database,
		`SELECT max(position) AS position ${near} CROSS JOIN receipt INDEXED BY receipt_of_event ON receipt.event_id = near.event_id
		WHERE receipt.rid = near.rid AND EXISTS(SELECT 1 FROM own_ghost WHERE own_ghost.user_id = receipt.user_id)`,
	);
	const unread = prepare(
		database,
		`SELECT count(*) AS count ${near} WHERE ${isCounted} AND position > ? AND sender <> ? AND NOT ${isOwnGhost}`,
	);
	const joined = prepare(
		database,
		`SELECT position, timestamp ${near} WHERE type = 'm.room.member' AND state_key = ? AND timestamp >= ?
			AND json_extract(coalesce(near.clear, near.raw), '$.content.membership') = 'join' ORDER BY position LIMIT 1`,
	);
	const ownReceipt = prepare(
		database,
		`SELECT max(position) AS position ${near} CROSS JOIN receipt INDEXED BY receipt_of_event ON receipt.event_id = near.event_id
		WHERE receipt.rid = near.rid AND receipt.user_id = ?`,
	);
	const unreadBetween = prepare(
		database,
		`SELECT count(*) AS count ${near}
		WHERE ${isCounted} AND kind IS NOT 'notice' AND position > ? AND position < ? AND timestamp BETWEEN ? AND ? AND sender <> ?
			AND NOT ${isOwnGhost}`,
	);
	const isLinked = personLinks(ownUserId)
		.map(() => `instr(coalesce(near.clear, near.raw), ?) > 0`)
		.join(' OR ');
	const named = prepare(
		database,
		`SELECT coalesce(near.clear, near.raw) AS json ${near} WHERE ${isCounted} AND kind IS NOT 'notice' AND position > ? AND sender <> ?
			AND (${isLinked}) AND EXISTS(SELECT 1 FROM portal WHERE portal.rid = near.rid AND trust = 'attested')`,
	);
	/** @returns messages that name the person by a link, which no push rule sees */
	const namedIn = (rid: number, from: number): number =>
		named
			.all(rid, from, ownUserId, ...personLinks(ownUserId))
			.filter(row => isNamedByLink(asObject(asObject(json(row, 'json'))['content']), ownUserId)).length;
	const setAdded = prepare(database, 'UPDATE accepted_invitation SET added = ? WHERE rid = ?');
	const set = prepare(database, 'UPDATE room SET unread_count = ?, highlight_count = ? WHERE rid = ?');

	const highest = (places: readonly (number | undefined)[]): number | undefined => {
		const known = places.filter(place => place !== undefined);
		return known.length === 0 ? undefined : Math.max(...known);
	};

	/** How a room was entered without the person. Times: milliseconds since the Unix epoch. */
	type Accepted = {
		readonly invitedAt: number;
		readonly joinedAt: number;
		/** Of the join. */
		readonly position: number;
	};

	const acceptedOf = (rid: number, invitedAt: number | undefined): Accepted | undefined => {
		const row = invitedAt === undefined ? undefined : joined.get(rid, ownUserId, invitedAt);
		return invitedAt === undefined || row === undefined
			? undefined
			: {invitedAt, joinedAt: integer(row, 'timestamp'), position: integer(row, 'position')};
	};

	/**
	 * @param readUpTo position up to which all is read
	 * @param missing messages since the join that the server did not count
	 * @returns messages that are not read: what came between the invitation and the join, and what the server missed just after
	 */
	const addedTo = (
		rid: number,
		{invitedAt, joinedAt, position}: Accepted,
		{readUpTo, missing}: {readonly readUpTo: number | undefined; readonly missing: number},
	): number => {
		const receipt = optionalInteger(ownReceipt.get(rid, ownUserId), 'position');
		const since = highest([readUpTo, receipt]) ?? Number.MIN_SAFE_INTEGER;
		const before = unreadBetween.get(rid, since, position, invitedAt - saidBefore, Number.MAX_SAFE_INTEGER, ownUserId);
		const after = unreadBetween.get(
			rid,
			Math.max(since, position),
			Number.MAX_SAFE_INTEGER,
			0,
			joinedAt + missedAfter,
			ownUserId,
		);
		return integer(before, 'count') + Math.max(0, Math.min(missing, integer(after, 'count')));
	};

	return (rid, isFresh = false) => {
		for (const row of readThreads.all(rid, ownUserId)) threads.markRead(rid, text(row, 'root'));
		const row = counts.get(rid);
		if (row === undefined) return;
		const [isPortal, isAhead] = [row['is_portal'] === 1, row['is_ahead'] === 1];
		const invitedAt = optionalInteger(row, 'invited_at');
		if (!isPortal && !isAhead && invitedAt === undefined) return;
		const marked = optionalInteger(marker.get(row['fully_read'] as string | null, rid), 'position');
		const own = [ownUserId, integer(row, 'is_chat')];
		const phone = isPortal
			? [optionalInteger(ownAnswer.get(rid, ...own), 'position'), optionalInteger(ownReading.get(rid), 'position')]
			: [];
		const readUpTo = highest([marked, ...phone]);
		const accepted = acceptedOf(rid, invitedAt);
		// What the server counts begins there; the invitation itself is no message.
		const from = highest([readUpTo, accepted?.position]);
		// What is read lies above all that is here: the server knows better.
		if (from === undefined) return;
		const inThreads = integer(row, 'threads');
		const counted = integer(row, 'unread_count') - inThreads - (isFresh ? 0 : integer(row, 'added'));
		const left = integer(unread.get(rid, from, ownUserId), 'count');
		const missing = left - Math.max(counted, 0);
		const added = accepted === undefined ? 0 : addedTo(rid, accepted, {readUpTo, missing});
		const main = Math.max(Math.min(counted, left), 0) + added;
		const threadHighlights = integer(row, 'thread_highlights');
		const mentions = Math.max(integer(row, 'highlight_count') - threadHighlights, isPortal ? namedIn(rid, from) : 0);
		const highlights = Math.min(mentions, main);
		if (invitedAt !== undefined) setAdded.run(added, rid);
		set.run(main + inThreads, Math.max(highlights, 0) + threadHighlights, rid);
	};
};
