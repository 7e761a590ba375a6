/** What a text may name: people of a room, rooms; and what the person sent before. Read-only, with limits. */
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {personNameSql} from './room-row.ts';

/** Somebody in a room. The strings are untrusted. */
export type KnownPerson = {
	readonly userId: string;
	readonly displayName: string | undefined;
	/** Somebody else in the room is called the same. */
	readonly isAmbiguous: boolean;
};

/** A joined room. The strings are untrusted. */
export type KnownRoom = {readonly roomId: string; readonly name: string; readonly alias: string | undefined};

export type CompletionReader = {
	/** Who spoke among the newest messages of a room and is still there, the last one first; never the account itself. */
	readonly speakers: (rid: number, limit: number) => readonly KnownPerson[];
	/** Others in a room in whose name or id the words are, by name. */
	readonly members: (rid: number, part: string, limit: number) => readonly KnownPerson[];
	/** People of direct chats, the last active first. */
	readonly contacts: (part: string, limit: number) => readonly KnownPerson[];
	/** Joined rooms in whose name or alias the words are, the last active first; of a person one. */
	readonly rooms: (part: string, limit: number) => readonly KnownRoom[];
	/** Whether somebody is known to be in a room, or invited. */
	readonly isMember: (rid: number, userId: string) => boolean;
	/** @returns the content of a state event without a key; `undefined` where there is none */
	readonly state: (rid: number, type: string) => {readonly sender: string; readonly content: JsonObject} | undefined;
};

/** Events among which is looked for who speaks. */
const recent = 300;

/** LIKE compares letters of ASCII only, so each other one may be any: who asks compares again. */
const patternOf = (part: string): string => {
	const escaped = Array.from(part.replaceAll('\0', ''), character =>
		/[%_\\]/.test(character) ? `\\${character}` : /[ -~]/.test(character) ? character : '_',
	);
	return `%${escaped.join('')}%`;
};

const personOf = (row: Row): KnownPerson => ({
	userId: text(row, 'user_id'),
	displayName: optionalText(row, 'display_name'),
	isAmbiguous: integer(row, 'namesakes') > 1,
});

/** @param ownUserId the account's user id */
export const createCompletionReader = (database: Database, ownUserId: string): CompletionReader => {
	const present = `member.membership IN ('join', 'invite') AND member.user_id <> ?`;
	const columns = `member.user_id, member.display_name, (SELECT count(*) FROM member AS other WHERE other.rid = member.rid
		AND other.membership IN ('join', 'invite') AND other.display_name = member.display_name) AS namesakes`;
	const speakers = prepare(
		database,
		`SELECT sender, max(position) AS last FROM (SELECT sender, position FROM event WHERE rid = ?
			AND chunk = (SELECT chunk FROM chunk WHERE rid = ? AND is_live = 1) AND state_key IS NULL
			ORDER BY position DESC LIMIT ${recent}) WHERE sender <> ? GROUP BY sender ORDER BY last DESC LIMIT ?`,
	);
	const one = prepare(database, `SELECT ${columns} FROM member WHERE rid = ? AND user_id = ? AND ${present}`);
	const members = prepare(
		database,
		`SELECT ${columns} FROM member INDEXED BY member_by_name WHERE rid = ? AND ${present}
		AND (display_name LIKE ? ESCAPE '\\' OR user_id LIKE ? ESCAPE '\\') ORDER BY display_name, user_id LIMIT ?`,
	);
	const contacts = prepare(
		database,
		`SELECT member.user_id, member.display_name, 1 AS namesakes FROM room JOIN member ON member.rid = room.rid
		AND member.user_id = room.direct_user WHERE room.membership = 'join' AND room.is_direct = 1 AND member.user_id <> ?
		AND (display_name LIKE ? ESCAPE '\\' OR user_id LIKE ? ESCAPE '\\') ORDER BY last_activity DESC LIMIT ?`,
	);
	const rooms = prepare(
		database,
		`SELECT room_id, coalesce(${personNameSql}, calculated_name) AS name, alias FROM room INDEXED BY room_by_activity
		LEFT JOIN person ON person.person = room.person WHERE membership = 'join' AND NOT is_behind
		AND (calculated_name LIKE ? ESCAPE '\\' OR person.name LIKE ? ESCAPE '\\' OR alias LIKE ? ESCAPE '\\') ORDER BY last_activity DESC LIMIT ?`,
	);
	const membership = prepare(
		database,
		`SELECT 1 FROM member WHERE rid = ? AND user_id = ? AND membership IN ('join', 'invite')`,
	);
	const state = prepare(database, `SELECT json FROM state WHERE rid = ? AND type = ? AND state_key = ''`);

	return {
		speakers: (rid, limit) =>
			speakers.all(rid, rid, ownUserId, limit).flatMap(row => {
				const member = one.get(rid, text(row, 'sender'), ownUserId);
				return member === undefined ? [] : [personOf(member)];
			}),
		members(rid, part, limit) {
			const pattern = patternOf(part);
			return members.all(rid, ownUserId, pattern, pattern, limit).map(personOf);
		},
		contacts(part, limit) {
			const pattern = patternOf(part);
			return contacts.all(ownUserId, pattern, pattern, limit).map(personOf);
		},
		rooms(part, limit) {
			const pattern = patternOf(part);
			return rooms.all(pattern, pattern, pattern, limit).map(row => ({
				roomId: text(row, 'room_id'),
				name: optionalText(row, 'name') ?? text(row, 'room_id'),
				alias: optionalText(row, 'alias'),
			}));
		},
		isMember: (rid, userId) => membership.get(rid, userId) !== undefined,
		state(rid, type) {
			const row = state.get(rid, type);
			if (row === undefined) return undefined;
			const event = asObject(json(row, 'json'));
			return {sender: asString(event['sender']) ?? '', content: asObject(event['content'])};
		},
	};
};
