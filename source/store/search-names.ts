/** Whom and which rooms the filters of a search mean: names, as people write them, to ids. */
import {ExpectedError} from '../domain/errors.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {searchable} from './search-sql.ts';

/** More people than these cannot be meant by one name. */
const mostPeople = 200;

const unknown = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'notFound'});

const fold = (name: string): string => name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Whether one of the words of a name begins as it was typed. */
const isCalled = (name: string | undefined, wanted: string): boolean => {
	if (name === undefined) return false;
	const folded = fold(name);
	return (
		folded.startsWith(wanted) ||
		folded.split(/[^\p{L}\p{N}]+/u).some((_, index, words) => {
			return words.slice(index).join(' ').startsWith(wanted);
		})
	);
};

/** @param ownUserId the account's user id */
export const createSearchNames = (database: Database, ownUserId: string) => {
	// Jumps from one sender to the next through the index, however many messages each has.
	const senders = prepare(
		database,
		`WITH RECURSIVE known(sender) AS (
			SELECT min(sender) FROM event WHERE ${searchable}
			UNION ALL
			SELECT (SELECT min(sender) FROM event WHERE sender > known.sender AND ${searchable}) FROM known WHERE known.sender IS NOT NULL)
		SELECT sender, (SELECT display_name FROM member WHERE user_id = sender AND member.rid =
			(SELECT rid FROM event WHERE event.sender = known.sender AND ${searchable} ORDER BY timestamp DESC LIMIT 1)) AS name
		FROM known WHERE sender IS NOT NULL`,
	);
	const linked = prepare(
		database,
		'SELECT user_id AS sender, person.name AS name FROM person CROSS JOIN person_user USING(person) WHERE name IS NOT NULL',
	);
	const ownGhosts = prepare(database, 'SELECT DISTINCT user_id FROM own_ghost');
	const members = prepare(
		database,
		'SELECT user_id AS sender, display_name AS name FROM member WHERE rid IN (SELECT value FROM json_each(?))',
	);
	const rooms = prepare(
		database,
		'SELECT rid, room_id, calculated_name, alias, direct_user, is_direct, protocol, membership FROM room ORDER BY rid',
	);

	/**
	 * @param wanted `me`, an id, the part before its server, or the beginning of a word of the name
	 * @param rids who is in one of these rooms; without, whose messages are stored
	 */
	const people = (wanted: string, rids: readonly number[] | undefined): readonly string[] => {
		// What the person wrote on the phone is theirs.
		if (wanted.toLowerCase() === 'me') return [ownUserId, ...ownGhosts.all().map(row => text(row, 'user_id'))];
		if (/^@[^:]+:./.test(wanted)) return [wanted];
		const name = fold(wanted.replace(/^@/, ''));
		const named = (rows: readonly Row[]) =>
			rows.map(row => ({userId: text(row, 'sender'), name: optionalText(row, 'name')}));
		const there = named(rids === undefined ? senders.all() : members.all(JSON.stringify(rids)));
		const ids = new Set(there.map(({userId}) => userId));
		// What the owner calls a person means all that they are.
		const known = [...there, ...named(linked.all()).filter(({userId}) => ids.has(userId))];
		const isExact = (each: (typeof known)[number]): boolean =>
			fold(each.userId.slice(1).split(':')[0] ?? '') === name || (each.name !== undefined && fold(each.name) === name);
		const exact = known.filter(isExact);
		const found =
			exact.length > 0
				? exact
				: known.filter(each => isCalled(each.name, name) || fold(each.userId.slice(1)).startsWith(name));
		if (found.length === 0)
			throw unknown(
				`Nobody ${rids === undefined ? 'whose messages are stored' : 'here'} is called "${wanted}".`,
				'An id such as @anna:example.org always works.',
			);
		if (found.length > mostPeople)
			throw new ExpectedError({
				message: `"${wanted}" names ${found.length} people.`,
				next: 'Write more of the name, or an id.',
				reason: 'ambiguous',
			});
		return [...new Set(found.map(({userId}) => userId))];
	};

	/** Rooms that were left can be searched too: what was said there is still stored. */
	const allRooms = () =>
		rooms.all().map(row => ({
			rid: integer(row, 'rid'),
			roomId: text(row, 'room_id'),
			name: optionalText(row, 'calculated_name'),
			alias: optionalText(row, 'alias'),
			direct: optionalText(row, 'direct_user'),
			protocol: optionalText(row, 'protocol'),
		}));

	return {
		people,

		/** @throws ExpectedError `notFound` */
		roomsCalled(wanted: string): readonly number[] {
			const name = fold(wanted);
			const all = allRooms();
			const exact = all.filter(
				room =>
					[room.roomId, room.alias, room.direct].includes(wanted) ||
					(room.name !== undefined && fold(room.name) === name),
			);
			const isMeant = (room: (typeof all)[number]): boolean =>
				isCalled(room.name, name) || isCalled(room.alias?.slice(1), name.replace(/^#/, ''));
			const found = exact.length > 0 ? exact : all.filter(isMeant);
			if (found.length === 0)
				throw unknown(
					`No room is called "${wanted}".`,
					'Write the beginning of a word of its name, its address or its id.',
				);
			return found.map(({rid}) => rid);
		},

		/** Direct chats with somebody. @throws ExpectedError `notFound` */
		chatsWith(wanted: string): readonly number[] {
			const name = fold(wanted.replace(/^@/, ''));
			const found = allRooms().filter(
				({direct, name: called}) =>
					direct !== undefined &&
					(direct === wanted || fold(direct.slice(1)).startsWith(name) || isCalled(called, name)),
			);
			if (found.length === 0) throw unknown(`There is no direct chat with "${wanted}".`, 'See the list of rooms.');
			return found.map(({rid}) => rid);
		},

		/** @param network of a bridge, or `matrix`. @throws ExpectedError `notFound` */
		roomsOn(network: string): readonly number[] {
			const wanted = network.toLowerCase();
			const all = allRooms();
			const found = all.filter(({protocol}) => (protocol ?? 'matrix').toLowerCase() === wanted);
			if (found.length > 0) return found.map(({rid}) => rid);
			const networks = [...new Set(all.map(({protocol}) => protocol ?? 'matrix'))].sort();
			throw unknown(`No room is on "${network}".`, `Your rooms are on ${networks.join(', ')}.`);
		},
	};
};

export type SearchNames = ReturnType<typeof createSearchNames>;
