/** What the archive knows of reading over a bridge. Read-only. */
import type {BridgeReading} from '../domain/bridge-reading.ts';
import type {ReceiptMode} from '../domain/receipt-words.ts';
import {prepare} from './bind.ts';
import {flag, integer, optionalInteger, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** Chats that are looked at, and own messages of each. */
const mostChats = 2000;
const nearEvents = 300;

/** What can be counted without the registry of networks. */
export type StoredReading = Omit<BridgeReading, 'bot' | 'protocol' | 'hasReceipts' | 'mode' | 'troubledLogins'>;

/**
 * @param ownUserId the account's user id
 * @returns a function that looks at the chats of a bot. `words`: what was said of single rooms
 */
export const createBridgeReading = (
	database: Database,
	ownUserId: string,
): ((bot: string, words: ReadonlyMap<string, ReceiptMode>) => StoredReading) => {
	const place = (column: string): string =>
		`(SELECT chunk_order * 1e9 + position FROM event JOIN chunk ON chunk.chunk = event.chunk WHERE event.event_id = ${column})`;
	const receipt = (
		type: string,
	): string => `(SELECT receipt.event_id FROM receipt WHERE receipt.rid = portal.rid AND user_id = (SELECT id FROM own) AND type = '${type}'
		AND thread IN ('', 'main') ORDER BY ${place('receipt.event_id')} DESC LIMIT 1)`;
	const isOwnSide = 'sender IN ((SELECT id FROM own), bot) OR EXISTS(SELECT 1 FROM own_ghost WHERE user_id = sender)';
	const chats = prepare(
		database,
		`WITH own(id) AS (SELECT ?) SELECT rid, room_id, account, fully_read, public, private, ${place('public')} AS public_at, ${place('private')} AS private_at,
			EXISTS(SELECT 1 FROM event WHERE event_id = public AND (${isOwnSide} OR relation IN ('m.annotation', 'm.replace', 'm.reference')
				OR state_key IS NOT NULL)) AS is_unknown,
			EXISTS(SELECT 1 FROM event WHERE event_id = private AND NOT (${isOwnSide})) AS is_private
		FROM (SELECT room.rid AS rid, room_id, account, bot, fully_read, ${receipt('m.read')} AS public, ${receipt('m.read.private')} AS private
			FROM portal CROSS JOIN room ON room.rid = portal.rid WHERE bot = ? AND trust = 'attested'
				AND kind IN ('direct', 'group', 'channel') AND membership = 'join' LIMIT ${mostChats})`,
	);
	const intents = prepare(
		database,
		`SELECT coalesce(sum(sent_at IS NULL), 0) AS waiting, coalesce(sum(sent_at IS NOT NULL AND healed_at IS NULL), 0) AS to_repeat,
			coalesce(sum(sent_at IS NOT NULL AND healed_at > at), 0) AS repeated
		FROM receipt_intent CROSS JOIN portal ON portal.rid = receipt_intent.rid WHERE bot = ? AND type <> 'local'`,
	);
	const near = `SELECT event.* FROM portal CROSS JOIN chunk ON chunk.rid = portal.rid AND is_live = 1
		CROSS JOIN event ON event.rid = chunk.rid AND event.chunk = chunk.chunk WHERE bot = ? AND position > highest - ${nearEvents}`;
	const heard = prepare(
		database,
		`SELECT max(timestamp) AS time FROM (${near}) WHERE sender <> ? AND substr(event_id, 1, 1) = '$'`,
	);
	const puppet = prepare(
		database,
		`SELECT 1 FROM (${near}) WHERE sender = ? AND type = 'm.room.message'
			AND json_extract(coalesce(clear, raw), '$.content."fi.mau.double_puppet_source"') IS NOT NULL LIMIT 1`,
	);
	const ownGhost = prepare(
		database,
		`SELECT 1 FROM portal CROSS JOIN own_ghost CROSS JOIN member ON member.rid = portal.rid AND member.user_id = own_ghost.user_id
		WHERE bot = ? LIMIT 1`,
	);
	const namedGhost = prepare(database, 'SELECT 1 FROM portal WHERE bot = ? AND own_ghost IS NOT NULL LIMIT 1');
	const foreign = prepare(
		database,
		`SELECT 1 FROM portal CROSS JOIN receipt ON receipt.rid = portal.rid WHERE bot = ? AND type = 'm.read' AND user_id NOT IN (?, bot)
			AND NOT EXISTS(SELECT 1 FROM own_ghost WHERE own_ghost.user_id = receipt.user_id) LIMIT 1`,
	);

	return (bot, words) => {
		const all = chats.all(ownUserId, bot).map(row => ({
			roomId: text(row, 'room_id'),
			hasLogin: row['account'] !== null,
			isMarked: row['fully_read'] !== null,
			publicAt: optionalInteger(row, 'public_at'),
			privateAt: optionalInteger(row, 'private_at'),
			hasPublic: row['public'] !== null,
			hasPrivate: row['private'] !== null,
			// mx itself ends the count of the server by one on what the own ghost wrote.
			isPrivate: flag(row, 'is_private'),
			isUnknown: flag(row, 'is_unknown'),
		}));
		const count = (test: (chat: (typeof all)[number]) => boolean): number => all.filter(test).length;
		const kept = intents.get(bot);
		return {
			chats: all.length,
			silentChats: count(({roomId}) => (words.get(roomId) ?? 'public') !== 'public'),
			unreadChats: count(({hasPublic}) => !hasPublic),
			privateChats: count(
				({hasPublic, isPrivate, publicAt = 0, privateAt = 0}) => isPrivate && (!hasPublic || privateAt > publicAt),
			),
			markerChats: count(({hasPublic, hasPrivate, isMarked}) => !hasPublic && !hasPrivate && isMarked),
			unknownChats: count(({isUnknown}) => isUnknown),
			waiting: integer(kept, 'waiting'),
			toRepeat: integer(kept, 'to_repeat'),
			repeated: integer(kept, 'repeated'),
			loginChats: count(({hasLogin}) => hasLogin),
			hasDoublePuppet: puppet.get(bot, ownUserId) !== undefined,
			hasOwnGhost: ownGhost.get(bot) !== undefined || namedGhost.get(bot) !== undefined,
			lastHeard: optionalInteger(heard.get(bot, ownUserId), 'time'),
			hasForeignReceipts: foreign.get(bot, ownUserId) !== undefined,
		};
	};
};
