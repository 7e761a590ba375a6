/** Writes and reads the members of rooms. */
import {asInteger, asObject, asString, type JsonObject} from '../domain/json.ts';
import type {Hero} from '../domain/room-name.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText, text} from './columns.ts';
import {createGhostNames} from './ghost-names.ts';
import {parseState, type StateEvent} from './state-event.ts';

/** @param ownUserId the account's user id */
export const createMemberWriter = (database: AccountDatabase['database'], ownUserId: string) => {
	const setInviter = prepare(database, 'UPDATE room SET inviter = ? WHERE rid = ?');
	// Who is called as before keeps the name that is shown.
	const putMember = prepare(
		database,
		`INSERT INTO member(rid, user_id, membership, display_name, avatar, is_out_of_band, json) VALUES(?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(rid, user_id) DO UPDATE SET membership = excluded.membership,
			display_name = iif(given_name = excluded.display_name, display_name, excluded.display_name),
			given_name = iif(given_name = excluded.display_name, given_name, NULL),
			avatar = excluded.avatar, is_out_of_band = excluded.is_out_of_band, json = excluded.json`,
	);
	const putHistoricMember = prepare(
		database,
		`INSERT INTO member(rid, user_id, membership, display_name, avatar, is_out_of_band, json) VALUES(?, ?, ?, ?, ?, 1, ?)
		ON CONFLICT(rid, user_id) DO NOTHING`,
	);
	const notePortal = prepare(database, 'INSERT OR IGNORE INTO portal_due SELECT rid FROM portal WHERE rid = ?');
	const memberOf = prepare(database, 'SELECT membership, display_name FROM member WHERE rid = ? AND user_id = ?');
	const memberEvent = prepare(database, 'SELECT json FROM member WHERE rid = ? AND user_id = ?');
	const presentMembers = prepare(
		database,
		`SELECT user_id, json_extract(json, '$.origin_server_ts') AS time FROM member WHERE rid = ? AND membership IN ('join', 'invite')`,
	);
	const setLeft = prepare(database, `UPDATE member SET membership = 'leave' WHERE rid = ? AND user_id = ?`);
	const someMembers = prepare(
		database,
		`SELECT user_id FROM member WHERE rid = ? AND user_id <> ? AND membership IN ('join', 'invite') ORDER BY user_id LIMIT 5`,
	);

	const membershipOf = (rid: number, userId: string): string | undefined =>
		optionalText(memberOf.get(rid, userId), 'membership');

	return {
		/** @returns whether somebody else stopped being joined. */
		apply(rid: number, event: StateEvent, isOutOfBand: boolean): boolean {
			const membership = asString(event.content['membership']) ?? 'leave';
			const before = membershipOf(rid, event.stateKey);
			const name = asString(event.content['displayname']);
			const avatar = asString(event.content['avatar_url']);
			putMember.run(rid, event.stateKey, membership, name, avatar, isOutOfBand, JSON.stringify(event.raw));
			if (event.stateKey === ownUserId) {
				if (membership === 'invite') setInviter.run(asString(event.raw['sender']), rid);
				return false;
			}
			// The invited get keys too.
			return membership !== 'join' && membership !== 'invite' && before !== membership;
		},

		/** Writes members as they were when an old page of the timeline was current: only those of whom nothing is known yet. */
		applyHistoric(rid: number, members: readonly JsonObject[]): void {
			for (const member of members) {
				const event = parseState(member);
				if (event?.type !== 'm.room.member') continue;
				const {membership, displayname, avatar_url: avatar} = event.content;
				const raw = JSON.stringify(event.raw);
				const name = asString(displayname);
				putHistoricMember.run(rid, event.stateKey, asString(membership) ?? 'leave', name, asString(avatar), raw);
			}
			// Ghosts are called otherwise.
			if (members.length > 0) notePortal.run(rid);
		},

		/** @returns when the event was sent that says what somebody is in the room; milliseconds since the Unix epoch, server time */
		timeOf: (rid: number, userId: string): number =>
			asInteger(asObject(json(memberEvent.get(rid, userId), 'json'))['origin_server_ts']) ?? 0,

		/**
		 * Notes that who is not among all members of the server's list has left, unless they came since.
		 * @param before milliseconds since the Unix epoch, server time
		 * @returns whether there was somebody
		 */
		keepOnly(rid: number, users: ReadonlySet<string>, before: number): boolean {
			const gone = presentMembers.all(rid).filter(row => {
				const userId = text(row, 'user_id');
				return userId !== ownUserId && !users.has(userId) && integer(row, 'time') < before;
			});
			for (const row of gone) setLeft.run(rid, text(row, 'user_id'));
			return gone.length > 0;
		},

		membershipOf,

		nameGhosts: createGhostNames(database),

		/** The event of the own membership; empty where there is none. */
		ownEvent: (rid: number): JsonObject => asObject(json(memberEvent.get(rid, ownUserId), 'json')),

		/** User ids of up to five others who are joined or invited. */
		someOthers: (rid: number): readonly string[] => someMembers.all(rid, ownUserId).map(row => text(row, 'user_id')),

		/** What a member adds to the name of a room. */
		heroOf(rid: number, userId: string): Hero {
			const member = memberOf.get(rid, userId);
			const membership = member?.['membership'];
			return {
				userId,
				displayName: optionalText(member, 'display_name'),
				isGone: membership === 'leave' || membership === 'ban',
			};
		},
	};
};

export type MemberWriter = ReturnType<typeof createMemberWriter>;
