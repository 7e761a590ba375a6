/** The order of the room list and what its filters select, in the words of the indexes of the schema. */
import type {InboxFilter} from '../domain/inbox-filter.ts';

/** Unread messages of a room that is not muted, or marked by hand. */
export const isWaitingSql = '(is_marked_unread OR (unread_count > 0 AND NOT is_muted))';

/** Invitations; then favourites, all others, low priority; among those what waits, then what was last active. */
export const listOrder = `membership = 'invite' DESC, section, ${isWaitingSql} DESC, last_activity DESC, rid`;

/** In which section of the inbox a room stands: for the time being among the requests or the favourites, else where it belongs. */
export const inboxSectionSql = `CASE WHEN membership = 'invite' THEN 1 WHEN section = 0 AND inbox_section <> 1 THEN 2 ELSE inbox_section END`;

/** What is in the inbox. In every list a person is one row: that of one of their rooms (`person-schema.ts`). */
const inInbox = `membership IN ('join', 'invite') AND ((section < 3 AND NOT is_replaced) OR ${isWaitingSql} OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite') AND NOT is_behind`;

/** The index and the condition of a list. The condition is that of the index, word by word. */
export type ListSelection = {readonly index: string; readonly where: string};

export const everyRoom: ListSelection = {index: 'room_in_list', where: `membership IN ('join', 'invite')`};

/** Of this one a section is read: `inboxSectionSql` goes before it. */
export const inSections: ListSelection = {index: 'room_in_section', where: inInbox};

export const selections: Readonly<Record<Exclude<InboxFilter['kind'], 'space' | 'section'>, ListSelection>> = {
	all: {index: 'room_in_inbox', where: inInbox},
	unread: {
		index: 'room_unread',
		where: `membership IN ('join', 'invite') AND (membership = 'invite' OR ${isWaitingSql}) AND NOT is_behind`,
	},
	mentions: {
		index: 'room_mentioned',
		where: `membership = 'join' AND highlight_count > 0 AND NOT is_muted AND NOT is_behind`,
	},
	people: {
		index: 'room_of_person',
		where: `membership IN ('join', 'invite') AND is_direct AND section < 3 AND inbox_section <> 4 AND NOT is_behind`,
	},
	archived: {index: 'room_archived', where: `membership = 'join' AND section > 2 AND section < 4 AND NOT is_behind`},
	snoozed: {index: 'room_snoozed', where: `membership = 'join' AND section > 3 AND NOT is_behind`},
	needsReply: {
		index: 'room_needs_reply',
		where: `membership = 'join' AND needs_reply IS NOT NULL AND section < 3 AND NOT is_muted AND NOT is_replaced AND NOT is_behind`,
	},
};
