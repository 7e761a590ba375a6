/**
 * People in account.db. Which room is one of a person, and which of their rooms stands for all of them in the lists, is kept by
 * triggers: whatever writes to a room, it holds.
 */

/** The room is a chat with somebody: joined, and not one that another took the place of. */
const isChat = (room: string): string =>
	`${room}.membership = 'join' AND ${room}.is_direct AND NOT ${room}.is_replaced AND ${room}.inbox_section <> 4 AND ${room}.room_type IS NOT 'm.space'`;

const personOf = (room: string): string =>
	`CASE WHEN ${isChat(room)} THEN (SELECT person FROM person_user WHERE user_id = ${room}.direct_user) END`;

/** In the inbox before put away, with a mention before without, waiting before read, then the newest. */
const isWaiting = '(is_marked_unread OR (unread_count > 0 AND NOT is_muted))';
const frontOrder = `(section < 3 OR ${isWaiting}) DESC, (highlight_count > 0 AND NOT is_muted) DESC, ${isWaiting} DESC, last_activity DESC, rid`;

const putInFront = (person: string): string =>
	`UPDATE room SET is_behind = (rid <> (SELECT rid FROM room INDEXED BY room_of_people WHERE person = ${person} ORDER BY ${frontOrder} LIMIT 1))
		WHERE person = ${person} AND is_behind <> (rid <> (SELECT rid FROM room INDEXED BY room_of_people WHERE person = ${person} ORDER BY ${frontOrder} LIMIT 1));`;

const findPerson = (user: string): string =>
	`UPDATE room SET person = ${personOf('room')} WHERE direct_user = ${user} AND person IS NOT ${personOf('room')};`;

const listOrder = `membership = 'invite' DESC, section, ${isWaiting} DESC, last_activity DESC, rid`;

const inInbox = `membership IN ('join', 'invite') AND ((section < 3 AND NOT is_replaced) OR ${isWaiting} OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite') AND NOT is_behind`;

/** The indexes of the lists, in which a person is one row. */
const listIndexes = [
	['room_in_inbox', listOrder, inInbox],
	[
		'room_in_section',
		`CASE WHEN membership = 'invite' THEN 1 WHEN section = 0 AND inbox_section <> 1 THEN 2 ELSE inbox_section END, ${listOrder},
			inbox_section, highlight_count, is_muted, unread_count, is_marked_unread, membership, is_replaced, room_type, is_behind`,
		inInbox,
	],
	[
		'room_unread',
		listOrder,
		`membership IN ('join', 'invite') AND (membership = 'invite' OR ${isWaiting}) AND NOT is_behind`,
	],
	['room_mentioned', listOrder, `membership = 'join' AND highlight_count > 0 AND NOT is_muted AND NOT is_behind`],
	[
		'room_of_person',
		listOrder,
		`membership IN ('join', 'invite') AND is_direct AND section < 3 AND inbox_section <> 4 AND NOT is_behind`,
	],
	['room_archived', listOrder, `membership = 'join' AND section > 2 AND section < 4 AND NOT is_behind`],
	['room_snoozed', listOrder, `membership = 'join' AND section > 3 AND NOT is_behind`],
	[
		'room_needs_reply',
		listOrder,
		`membership = 'join' AND needs_reply IS NOT NULL AND section < 3 AND NOT is_muted AND NOT is_behind`,
	],
	['room_waiting', 'is_muted, highlight_count, is_behind', `membership = 'join' AND ${isWaiting}`],
]
	.map(([name, columns, where]) => `DROP INDEX ${name}; CREATE INDEX ${name} ON room(${columns}) WHERE ${where};`)
	.join('\n');

/** A migration. */
export const personSchema = `
	CREATE TABLE person(person INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, name TEXT, prefers TEXT);
	CREATE TABLE person_user(user_id TEXT PRIMARY KEY, person INTEGER NOT NULL) WITHOUT ROWID;
	CREATE INDEX person_users ON person_user(person);
	/* What the server was not told of yet. */
	CREATE TABLE person_change(id INTEGER PRIMARY KEY, json TEXT NOT NULL);
	ALTER TABLE room ADD COLUMN person INTEGER /* whose chat it is; NULL for rooms of nobody who is known as a person */;
	ALTER TABLE room ADD COLUMN is_behind INTEGER NOT NULL DEFAULT 0 /* another room of the person stands for it in the lists */;
	${listIndexes}
	CREATE INDEX room_of_people ON room(person) WHERE person IS NOT NULL;
	CREATE INDEX room_of_direct_user ON room(direct_user) WHERE direct_user IS NOT NULL;
	CREATE TRIGGER room_person_found AFTER UPDATE OF membership, is_direct, direct_user, is_replaced, inbox_section, room_type ON room
		WHEN new.person IS NOT ${personOf('new')}
		BEGIN UPDATE room SET person = ${personOf('room')} WHERE rid = new.rid; END;
	CREATE TRIGGER room_person_changed AFTER UPDATE OF person ON room WHEN old.person IS NOT new.person BEGIN
		UPDATE room SET is_behind = 0 WHERE rid = new.rid AND new.person IS NULL AND is_behind;
		${putInFront('old.person')}
		${putInFront('new.person')}
	END;
	CREATE TRIGGER room_front_changed
		AFTER UPDATE OF section, is_marked_unread, unread_count, highlight_count, is_muted, last_activity ON room
		WHEN new.person IS NOT NULL BEGIN ${putInFront('new.person')} END;
	CREATE TRIGGER person_user_linked AFTER INSERT ON person_user BEGIN ${findPerson('new.user_id')} END;
	CREATE TRIGGER person_user_moved AFTER UPDATE OF person ON person_user BEGIN ${findPerson('new.user_id')} END;
	CREATE TRIGGER person_user_unlinked AFTER DELETE ON person_user BEGIN ${findPerson('old.user_id')} END;
	`;
