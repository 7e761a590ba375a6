/** The order of the room list and what its filters select, in the words of the indexes of the schema. */
import type {InboxFilter} from '../domain/inbox-filter.ts';

/** Unread messages of a room that is not muted, or marked by hand. */
export const isWaitingSql = '(is_marked_unread OR (unread_count > 0 AND NOT is_muted))';

/** Invitations; then favourites, all others, low priority; among those what waits, then what was last active. */
export const listOrder = `membership = 'invite' DESC, section, ${isWaitingSql} DESC, last_activity DESC, rid`;

/** The index and the condition of a list. The condition is that of the index, word by word. */
export type ListSelection = {readonly index: string; readonly where: string};

export const everyRoom: ListSelection = {index: 'room_in_list', where: `membership IN ('join', 'invite')`};

export const selections: Readonly<Record<Exclude<InboxFilter['kind'], 'space'>, ListSelection>> = {
	all: {
		index: 'room_in_inbox',
		where: `membership IN ('join', 'invite') AND (section < 3 OR ${isWaitingSql} OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite')`,
	},
	unread: {
		index: 'room_unread',
		where: `membership IN ('join', 'invite') AND (membership = 'invite' OR ${isWaitingSql})`,
	},
	mentions: {index: 'room_mentioned', where: `membership = 'join' AND highlight_count > 0 AND NOT is_muted`},
	people: {index: 'room_of_person', where: `membership IN ('join', 'invite') AND is_direct AND section < 3`},
	archived: {index: 'room_archived', where: `membership = 'join' AND section > 2`},
};
