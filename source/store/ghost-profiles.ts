/** Numbers and addresses of ghosts, as their profiles said when they were asked for last. */
import {asArray} from '../domain/json.ts';
import {prepare} from './bind.ts';
import {integer, json} from './columns.ts';
import type {Database} from './open-database.ts';

/** What a profile said. */
export type GhostProfile = {
	readonly identifiers: readonly string[];
	/** Milliseconds since the Unix epoch. */
	readonly askedAt: number;
};

export const createGhostProfiles = (database: Database) => {
	const read = prepare(database, 'SELECT identifiers, asked_at FROM ghost_profile WHERE user_id = ?');
	const put = prepare(
		database,
		`INSERT INTO ghost_profile(user_id, identifiers, asked_at) VALUES(?, ?, ?)
		ON CONFLICT(user_id) DO UPDATE SET identifiers = excluded.identifiers, asked_at = excluded.asked_at`,
	);
	return {
		of(userId: string): GhostProfile | undefined {
			const row = read.get(userId);
			if (row === undefined) return undefined;
			const identifiers = asArray(json(row, 'identifiers')).filter(each => typeof each === 'string');
			return {identifiers, askedAt: integer(row, 'asked_at')};
		},
		/** Inside a transaction. */
		put: (userId: string, {identifiers, askedAt}: GhostProfile): void =>
			void put.run(userId, JSON.stringify(identifiers), askedAt),
	};
};
