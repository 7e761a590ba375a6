/** The state of a room as it came, event by event: for who knows the specification. Read-only. */
import {asObject, type JsonObject} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {json, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** What a state event is found by; untrusted text. */
export type StateName = {readonly type: string; readonly stateKey: string};

export type StateReader = {
	/** By type and key; memberships come last. @param limit state events and memberships, each */
	readonly names: (rid: number, limit: number) => readonly StateName[];
	/** @returns the event; `undefined` where there is none */
	readonly event: (rid: number, name: StateName) => JsonObject | undefined;
};

const memberType = 'm.room.member';

export const createStateReader = (database: Database): StateReader => {
	const names = prepare(
		database,
		'SELECT type, state_key FROM state WHERE rid = ? AND type <> ? ORDER BY type, state_key LIMIT ?',
	);
	const members = prepare(database, 'SELECT user_id FROM member WHERE rid = ? ORDER BY user_id LIMIT ?');
	const state = prepare(database, 'SELECT json FROM state WHERE rid = ? AND type = ? AND state_key = ?');
	const member = prepare(database, 'SELECT json FROM member WHERE rid = ? AND user_id = ?');

	return {
		names: (rid, limit) => [
			...names.all(rid, memberType, limit).map(row => ({type: text(row, 'type'), stateKey: text(row, 'state_key')})),
			...members.all(rid, limit).map(row => ({type: memberType, stateKey: text(row, 'user_id')})),
		],
		event(rid, {type, stateKey}) {
			const row = type === memberType ? member.get(rid, stateKey) : state.get(rid, type, stateKey);
			return row === undefined ? undefined : asObject(json(row, 'json'));
		},
	};
};
