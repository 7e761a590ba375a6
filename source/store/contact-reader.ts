/** Chats with people, by which they can be found to be one, and the people that are. Read-only. */
import type {Contact, KnownPerson} from '../domain/people-requests.ts';
import {prepare} from './bind.ts';
import {integer, optionalInteger, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** Chats that are looked at. */
const mostContacts = 5000;

export type ContactReader = {
	/**
	 * Joined direct chats, the last active first: of Matrix, and of bridges as far as those are believed. What claims to be of a
	 * network is none of them.
	 */
	readonly contacts: () => readonly Contact[];
	/** Those that the owner has linked, as they were linked. */
	readonly persons: () => readonly KnownPerson[];
	/** Whether somebody is or was in a room of the account, or one is their direct chat. */
	readonly isInAnyRoom: (userId: string) => boolean;
};

const contactOf = (row: Row): Contact => ({
	rid: integer(row, 'rid'),
	roomId: text(row, 'room_id'),
	userId: text(row, 'direct_user'),
	name: optionalText(row, 'calculated_name') ?? text(row, 'direct_user'),
	protocol: optionalText(row, 'protocol'),
	bot: optionalText(row, 'bot'),
	person: optionalInteger(row, 'person'),
	personName: optionalText(row, 'person_name'),
});

/** @param ownUserId the account's user id */
export const createContactReader = (database: Database, ownUserId: string): ContactReader => {
	const chats = prepare(
		database,
		`SELECT room.rid AS rid, room_id, direct_user, calculated_name, room.protocol AS protocol, room.person AS person,
			CASE WHEN trust = 'attested' THEN bot END AS bot, (SELECT name FROM person WHERE person.person = room.person) AS person_name
		FROM room LEFT JOIN portal ON portal.rid = room.rid
		WHERE membership = 'join' AND is_direct AND direct_user IS NOT NULL AND direct_user <> ? AND NOT is_replaced AND inbox_section <> 4
			AND room_type IS NOT 'm.space' AND (portal.rid IS NULL OR trust IN ('attested', 'inferred'))
		ORDER BY last_activity DESC LIMIT ${mostContacts}`,
	);
	const persons = prepare(database, 'SELECT person, id, name, prefers FROM person ORDER BY person');
	const users = prepare(database, 'SELECT user_id FROM person_user WHERE person = ? ORDER BY user_id');
	const inAnyRoom = prepare(
		database,
		`SELECT 1 FROM room WHERE direct_user = ? OR EXISTS(SELECT 1 FROM member WHERE member.rid = room.rid AND user_id = ?) LIMIT 1`,
	);
	const contacts = (): readonly Contact[] => chats.all(ownUserId).map(contactOf);
	return {
		contacts,
		isInAnyRoom: userId => inAnyRoom.get(userId, userId) !== undefined,
		persons() {
			const all = contacts();
			return persons.all().map(row => ({
				id: text(row, 'id'),
				name: optionalText(row, 'name'),
				prefers: optionalText(row, 'prefers'),
				users: users.all(integer(row, 'person')).map(user => {
					const userId = text(user, 'user_id');
					return {userId, chat: all.find(contact => contact.userId === userId)};
				}),
			}));
		},
	};
};
