/** What a room is called in mx: as the person calls it, else by its name, its address, or who is in it. */
import {asArray, asObject, parseJson} from '../domain/json.ts';
import {calculateRoomName, nameInNetwork} from '../domain/room-name.ts';
import {petnameOf, petnameType} from '../domain/room-note.ts';
import {prepare} from './bind.ts';
import {integer, json, optionalText} from './columns.ts';
import type {MemberWriter} from './member-writer.ts';
import type {Database, Row} from './open-database.ts';

/** @param ownUserId the account's user id */
export const createRoomNames = (database: Database, members: MemberWriter, ownUserId: string) => {
	const factsOf = prepare(
		database,
		`SELECT name, alias, heroes, joined_count, invited_count, protocol,
			(SELECT network_name FROM portal WHERE portal.rid = room.rid) AS network,
			(SELECT bot FROM portal WHERE portal.rid = room.rid AND trust = 'attested') AS bot, calculated_name FROM room WHERE rid = ?`,
	);
	const set = prepare(database, 'UPDATE room SET calculated_name = ? WHERE rid = ?');
	const petname = prepare(database, `SELECT json FROM room_account_data WHERE rid = ? AND type = '${petnameType}'`);
	// MSC4171 has it under either name.
	const serving = prepare(
		database,
		`SELECT json FROM state WHERE rid = ? AND type IN ('io.element.functional_members', 'm.member_hints') AND state_key = ''`,
	);
	const isBot = prepare(database, `SELECT 1 FROM bridge_bot WHERE user_id = ? AND verdict = 'appservice'`);

	/**
	 * Whose names say nothing of a room: bots of bridges. Anybody may list anybody as such, so only those count that the server
	 * or the person vouches for.
	 */
	const botsIn = (rid: number, bot: string | undefined): ReadonlySet<string> => {
		const listed = serving
			.all(rid)
			.flatMap(row => asArray(asObject(asObject(json(row, 'json'))['content'])['service_members']))
			.filter((userId): userId is string => typeof userId === 'string')
			.slice(0, 20);
		return new Set([...(bot === undefined ? [] : [bot]), ...listed.filter(userId => isBot.get(userId) !== undefined)]);
	};

	const calculate = (rid: number, facts: Row): string => {
		const bots = botsIn(rid, optionalText(facts, 'bot'));
		const isPerson = (userId: unknown): userId is string =>
			typeof userId === 'string' && userId !== ownUserId && !bots.has(userId);
		const named = asArray(parseJson(optionalText(facts, 'heroes') ?? '[]')).filter(isPerson);
		const others = members.someOthers(rid);
		const people = named.length > 0 ? named : others.filter(isPerson);
		// A room with the bot alone is called after it.
		const users = people.length > 0 ? people : others;
		const heroes = users.map(user => members.heroOf(rid, user));
		const counted = integer(facts, 'joined_count') + integer(facts, 'invited_count');
		const present = [...bots].filter(bot => members.membershipOf(rid, bot) === 'join').length;
		const memberCount = counted > 0 ? Math.max(heroes.length + 1, counted - present) : heroes.length + 1;
		const [name, alias] = [optionalText(facts, 'name'), optionalText(facts, 'alias')];
		const full = calculateRoomName({name, alias, heroes, memberCount});
		if (optionalText(facts, 'protocol') === undefined) return full;
		return nameInNetwork(full, optionalText(facts, 'network'));
	};

	/** Calculates the name to show from what is stored: of a bridged room it does not say the network. @returns whether it is another one */
	return (rid: number): boolean => {
		const facts = factsOf.get(rid);
		if (facts === undefined) return false;
		const own = petnameOf(asObject(json(petname.get(rid), 'json')));
		const name = own === '' ? calculate(rid, facts) : own;
		if (name === optionalText(facts, 'calculated_name')) return false;
		set.run(name, rid);
		return true;
	};
};
