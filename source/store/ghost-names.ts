/**
 * What ghosts of bridges are called: without the name of the network that bridges put behind that of a person, as mx says it beside.
 * What they call themselves is kept in `given_name` where that is something else.
 */
import {nameInNetwork} from '../domain/room-name.ts';
import {safeText} from '../text/safe-text.ts';
import {prepare} from './bind.ts';
import {optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** As far as names can be told apart on the screen. */
const look = (name: string): string => safeText(name, 'name').toLowerCase();

export const createGhostNames = (database: Database) => {
	const marked = prepare(
		database,
		`SELECT user_id, display_name, given_name FROM member INDEXED BY member_by_name WHERE rid = ? AND display_name LIKE '%)'
		UNION SELECT user_id, display_name, given_name FROM member INDEXED BY member_given_name WHERE rid = ? AND given_name IS NOT NULL`,
	);
	const everybody = prepare(
		database,
		`SELECT user_id, display_name FROM member INDEXED BY member_by_name WHERE rid = ? AND display_name IS NOT NULL`,
	);
	const set = prepare(database, 'UPDATE member SET display_name = ?, given_name = ? WHERE rid = ? AND user_id = ?');

	/**
	 * Names the ghosts in a room anew, inside a transaction. Where somebody else in the room is or was called so, a name stays whole.
	 * @param network what the network is called, where there are several of the kind
	 * @param isGhost whether somebody is surely a ghost: nobody else may lose a part of their name
	 * @returns whether somebody is called otherwise now
	 */
	return (rid: number, network: string | undefined, isGhost: (userId: string) => boolean): boolean => {
		const people = marked.all(rid, rid).map(row => {
			const [userId, shown] = [text(row, 'user_id'), text(row, 'display_name')];
			const given = optionalText(row, 'given_name') ?? shown;
			return {userId, shown, given, bare: isGhost(userId) ? nameInNetwork(given, network) : given};
		});
		if (people.every(({shown, given, bare}) => shown === given && bare === given)) return false;
		const bareOf = new Map(people.map(({userId, bare}) => [userId, bare]));
		const counts = new Map<string, number>();
		for (const row of everybody.all(rid)) {
			const name = look(bareOf.get(text(row, 'user_id')) ?? text(row, 'display_name'));
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		const renamed = people.flatMap(({userId, shown, given, bare}) => {
			const name = counts.get(look(bare)) === 1 ? bare : given;
			return name === shown ? [] : [{userId, name, given}];
		});
		for (const {userId, name, given} of renamed) set.run(name, name === given ? null : given, rid, userId);
		return renamed.length > 0;
	};
};
