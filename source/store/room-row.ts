/** A room of the list as it is read from account.db. */
import {replyDraft} from '../domain/draft-place.ts';
import {loginName} from '../domain/room-name.ts';
import {roomSections, type Membership, type RoomRow} from '../domain/room.ts';
import {flag, integer, optionalInteger, optionalText, text} from './columns.ts';
import type {Row} from './open-database.ts';
import {inboxSectionSql} from './room-order.ts';
import {hasFailedSql} from './undelivered.ts';

/**
 * What the person is called whose chat a room is: as the owner says, else as the chat with them that was here first, so that it does not
 * change with the network that they write on. NULL for a room of nobody who is known as a person.
 */
export const personNameSql = `(SELECT coalesce(person.name, (SELECT calculated_name FROM room AS first INDEXED BY room_of_people
		WHERE first.person = room.person ORDER BY first.rid LIMIT 1)) FROM person WHERE person.person = room.person)`;

const isBelieved = `trust IN ('attested', 'inferred')`;

const hasOther = (comparison: '<' | '>'): string =>
	`EXISTS(SELECT 1 FROM portal INDEXED BY portal_of_network
		WHERE portal.protocol = own.protocol AND portal.network ${comparison} own.network AND ${isBelieved})`;

/** What `inbox_section AS own` is called besides its network: the team, or the login by its space. */
export const sectionPlaceSql = `coalesce(nullif(network_name, ''), nullif(network, ''),
		(SELECT calculated_name FROM portal CROSS JOIN room AS space USING(rid)
			WHERE portal.protocol = own.protocol AND portal.account = own.account AND kind = 'account' AND ${isBelieved}))`;

/** What the section of a room is called besides its network, where that has several teams; logins have sections only then. */
const placeSql = `(SELECT coalesce(${sectionPlaceSql},
		(SELECT name FROM portal CROSS JOIN bridge_health USING (bot, account) WHERE portal.rid = room.rid), account)
	FROM inbox_section AS own
	WHERE id = room.inbox_section AND protocol <> '' AND (account <> '' OR (network <> '' AND (${hasOther('<')} OR ${hasOther('>')}))))`;

/** What `roomOf` reads, of `room`. */
export const roomColumns = `rid, room_id, membership, person,
	(SELECT id FROM person WHERE person.person = room.person) AS person_id, coalesce(${personNameSql}, calculated_name) AS shown_name, alias, topic, is_direct, direct_user, is_encrypted, unread_count,
	highlight_count, is_marked_unread, last_activity, joined_count, protocol, ${placeSql} AS place, successor, is_silent, section, room_type, ${inboxSectionSql} AS inbox_section,
	CASE WHEN section < 3 AND NOT is_muted AND NOT is_replaced THEN needs_reply END AS needs_reply, snoozed_until, is_marked_unread AND woken_at IS NOT NULL AS is_reminder,
	EXISTS(SELECT 1 FROM draft WHERE draft.rid = room.rid AND draft.thread <> '${replyDraft}') AS has_draft,
	${hasFailedSql} AS has_failed,
	(SELECT body FROM event WHERE event.pk = room.last_event
		AND NOT EXISTS(SELECT 1 FROM ignored WHERE user_id = sender)) AS preview`;

/** @returns a room as it is, also where another one stands for it. */
export const roomOf = (row: Row): RoomRow => ({
	rid: integer(row, 'rid'),
	roomId: text(row, 'room_id'),
	membership: row['membership'] as Membership,
	name: optionalText(row, 'shown_name') ?? text(row, 'room_id'),
	alias: optionalText(row, 'alias'),
	topic: optionalText(row, 'topic'),
	isDirect: flag(row, 'is_direct'),
	directUser: optionalText(row, 'direct_user'),
	isEncrypted: flag(row, 'is_encrypted'),
	unreadCount: integer(row, 'unread_count'),
	highlightCount: integer(row, 'highlight_count'),
	isMarkedUnread: flag(row, 'is_marked_unread'),
	isMuted: flag(row, 'is_silent'),
	section: roomSections[integer(row, 'section')] ?? 'normal',
	inboxSection: integer(row, 'inbox_section'),
	isSpace: row['room_type'] === 'm.space',
	lastActivity: integer(row, 'last_activity'),
	preview: optionalText(row, 'preview'),
	joinedCount: integer(row, 'joined_count'),
	protocol: optionalText(row, 'protocol'),
	place: loginName(optionalText(row, 'place')),
	successor: optionalText(row, 'successor'),
	hasDraft: flag(row, 'has_draft'),
	hasFailed: flag(row, 'has_failed'),
	needsReplySince: optionalInteger(row, 'needs_reply'),
	snoozedUntil: optionalInteger(row, 'snoozed_until'),
	isReminder: flag(row, 'is_reminder'),
	personId: optionalText(row, 'person_id'),
});
