/** Who is one person, in account.db: as the account data say it, and what the server was not told of yet. */
import {asObject, type JsonObject} from '../domain/json.ts';
import {
	parsePeople,
	parsePeopleChange,
	peopleType,
	withPeopleChange,
	type PeopleChange,
	type Person,
} from '../domain/person.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText, text} from './columns.ts';
import type {Database} from './open-database.ts';

/** A change that the server was not told of yet. */
export type WaitingChange = {readonly id: number; readonly change: PeopleChange};

/** Each call that writes: inside a transaction. */
export const createPersonStore = (database: Database) => {
	const stored = prepare(database, `SELECT json FROM account_data WHERE type = '${peopleType}'`);
	const waiting = prepare(database, 'SELECT id, json FROM person_change ORDER BY id');
	const add = prepare(database, 'INSERT INTO person_change(json) VALUES(?)');
	const drop = prepare(database, 'DELETE FROM person_change WHERE id <= ?');
	const people = prepare(database, 'SELECT person, id, name, prefers FROM person');
	const users = prepare(database, 'SELECT user_id, person FROM person_user');
	const put = prepare(
		database,
		`INSERT INTO person(id, name, prefers) VALUES(?, ?, ?)
		ON CONFLICT(id) DO UPDATE SET name = excluded.name, prefers = excluded.prefers RETURNING person`,
	);
	const remove = prepare(database, 'DELETE FROM person WHERE person = ?');
	const link = prepare(
		database,
		`INSERT INTO person_user(user_id, person) VALUES(?, ?) ON CONFLICT(user_id) DO UPDATE SET person = excluded.person`,
	);
	const unlink = prepare(database, 'DELETE FROM person_user WHERE user_id = ?');

	const changes = (): readonly WaitingChange[] =>
		waiting.all().flatMap(row => {
			const change = parsePeopleChange(json(row, 'json'));
			return change === undefined ? [] : [{id: integer(row, 'id'), change}];
		});

	/** What the server has, with what it is to be told. */
	const content = (): JsonObject =>
		changes().reduce<JsonObject>(
			(before, {change}) => withPeopleChange(before, change),
			asObject(json(stored.get(), 'json')),
		);

	/** Writes who is one person, where that is not written yet. */
	const settle = (): void => {
		const wanted = parsePeople(content()).people;
		const known = new Map(people.all().map(row => [text(row, 'id'), row]));
		const linked = new Map(users.all().map(row => [text(row, 'user_id'), integer(row, 'person')]));
		const numberOf = ({id, name, prefers}: Person): number => {
			const row = known.get(id);
			const isSame =
				row !== undefined && optionalText(row, 'name') === name && optionalText(row, 'prefers') === prefers;
			return integer(isSame ? row : put.get(id, name, prefers), 'person');
		};
		const numbers = new Set<number>();
		for (const person of wanted) {
			const number = numberOf(person);
			numbers.add(number);
			for (const user of person.users) {
				if (linked.get(user) !== number) link.run(user, number);
				linked.delete(user);
			}
		}
		for (const user of linked.keys()) unlink.run(user);
		for (const row of known.values()) if (!numbers.has(integer(row, 'person'))) remove.run(integer(row, 'person'));
	};

	return {
		/** Account data of `peopleType` were written. */
		settle,
		/** Notes a change, here at once; the server is to be told. */
		add(change: PeopleChange): void {
			add.run(JSON.stringify(change));
			settle();
		},
		/** In the order in which they were made. */
		waiting: changes,
		/** The server was told of all changes up to one. @param id of a `WaitingChange` */
		told: (id: number): void => void drop.run(id),
		/** What the account data are with what the server was not told of yet. */
		content,
	};
};
