/** Who may do what in a room (room version 11 §Authorization rules, client-server API §Permissions). */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject} from '../../domain/json.ts';
import type {NewEvent} from './events.ts';
import {forbidden, MatrixError} from './matrix-error.ts';
import {membershipOf, stateEvent, type Room, type World} from './world.ts';

const levelsOf = (room: Room): JsonObject => stateEvent(room, 'm.room.power_levels')?.content ?? {};

/** The power of a person; the creator has 100 before there are levels. */
export const powerOf = (room: Room, userId: string): number => {
	const levels = stateEvent(room, 'm.room.power_levels');
	if (levels === undefined) return stateEvent(room, 'm.room.create')?.sender === userId ? 100 : 0;
	return asInteger(asObject(levels.content['users'])[userId]) ?? asInteger(levels.content['users_default']) ?? 0;
};

const defaults: Readonly<Record<string, number>> = {
	invite: 0,
	kick: 50,
	ban: 50,
	redact: 50,
	state_default: 50,
	events_default: 0,
};

const levelFor = (room: Room, action: string): number => asInteger(levelsOf(room)[action]) ?? defaults[action] ?? 0;

const levelToSend = (room: Room, type: string, isState: boolean): number =>
	asInteger(asObject(levelsOf(room)['events'])[type]) ?? levelFor(room, isState ? 'state_default' : 'events_default');

export const requirePower = (room: Room, userId: string, action: string): void => {
	if (powerOf(room, userId) < levelFor(room, action)) throw forbidden(`${userId} has not the power to ${action}`);
};

/** @throws MatrixError 403 when the person may not send state of this type */
export const requirePowerToSend = (room: Room, userId: string, type: string): void => {
	if (powerOf(room, userId) < levelToSend(room, type, true)) throw forbidden(`${userId} has not the power for ${type}`);
};

/** Every number of power levels, by a name of its own. */
const flatLevels = (levels: JsonObject): ReadonlyMap<string, unknown> =>
	new Map(
		[...Object.keys(defaults), 'users_default', 'users', 'events', 'notifications'].flatMap(name =>
			isObject(levels[name])
				? Object.entries(levels[name]).map(([key, level]): [string, unknown] => [`${name} ${key}`, level])
				: [[name, levels[name]]],
		),
	);

/** Nobody changes a level that is above their own, or that of somebody as powerful, or gives more than they have. */
const authorizeLevels = (room: Room, sender: string, levels: JsonObject): void => {
	const [before, after] = [flatLevels(levelsOf(room)), flatLevels(levels)];
	const own = powerOf(room, sender);
	for (const name of new Set([...before.keys(), ...after.keys()])) {
		const [old, next] = [asInteger(before.get(name)), asInteger(after.get(name))];
		if (after.get(name) !== undefined && next === undefined)
			throw new MatrixError(400, 'M_BAD_JSON', `The level ${name} is no integer`);
		if (old === next) continue;
		const isOfPeer = name.startsWith('users ') && name !== `users ${sender}`;
		requireRight(
			(old ?? 0) < own || (!isOfPeer && old === own) || old === undefined,
			`${sender} cannot change ${name}`,
		);
		requireRight((next ?? 0) <= own, `${sender} cannot set ${name} so high`);
	}
};

const joinRule = (room: Room): string =>
	asString(stateEvent(room, 'm.room.join_rules')?.content['join_rule']) ?? 'invite';

const mayJoinBySpace = (world: World, room: Room, userId: string): boolean =>
	asArray(stateEvent(room, 'm.room.join_rules')?.content['allow'])
		.filter(isObject)
		.some(({room_id: id}) => {
			const other = world.rooms.get(asString(id) ?? '');
			return other !== undefined && membershipOf(other, userId) === 'join';
		});

const memberships = ['join', 'invite', 'leave', 'ban', 'knock'];

const requireRight = (condition: boolean, why: string): void => {
	if (!condition) throw forbidden(why);
};

const banned = (userId: string): MatrixError => new MatrixError(403, 'M_BAD_STATE', `${userId} is banned`);

const authorizeOwnMembership = (world: World, room: Room, userId: string, membership: string): void => {
	const now = membershipOf(room, userId);
	const rule = joinRule(room);
	if (now === 'ban') throw banned(userId);
	if (membership === 'join') {
		const isOpen = rule === 'public' || (rule.includes('restricted') && mayJoinBySpace(world, room, userId));
		const isFirst = room.timeline.length === 1 && stateEvent(room, 'm.room.create')?.sender === userId;
		requireRight(now === 'join' || now === 'invite' || isOpen || isFirst, `${userId} is not invited`);
	} else if (membership === 'knock') {
		requireRight(rule.startsWith('knock') && now !== 'join' && now !== 'invite', 'Nobody can knock here');
	} else {
		requireRight(membership === 'leave' && now !== 'leave', `${userId} is not in the room`);
	}
};

const authorizeMembership = (world: World, room: Room, {sender, stateKey: target = '', content}: NewEvent): void => {
	const membership = asString(content['membership']) ?? '';
	if (!memberships.includes(membership)) throw new MatrixError(400, 'M_UNKNOWN', 'There is no such membership');
	const now = membershipOf(room, target);
	if (target === sender && membership !== 'invite' && membership !== 'ban')
		return authorizeOwnMembership(world, room, sender, membership);
	requireRight(membershipOf(room, sender) === 'join', `${sender} is not in the room`);
	if (membership === 'invite') {
		if (now === 'ban') throw banned(target);
		requireRight(now !== 'join', `${target} is in the room already`);
		return requirePower(room, sender, 'invite');
	}
	requireRight(membership === 'ban' || membership === 'leave', `${sender} cannot make ${target} ${membership}`);
	requireRight(membership === 'ban' || now !== 'leave', `${target} is not in the room`);
	requirePower(room, sender, membership === 'ban' || now === 'ban' ? 'ban' : 'kick');
	requireRight(powerOf(room, target) < powerOf(room, sender), `${target} has as much power as ${sender}`);
};

/** @throws MatrixError 403 when the sender may not put this event into the room */
export const authorize = (world: World, room: Room, event: NewEvent): void => {
	const {type, sender, stateKey} = event;
	if (type === 'm.room.create') throw forbidden('A room is created once');
	if (type === 'm.room.member' && stateKey !== undefined) return authorizeMembership(world, room, event);
	requireRight(membershipOf(room, sender) === 'join', `${sender} is not in the room`);
	requireRight(
		powerOf(room, sender) >= levelToSend(room, type, stateKey !== undefined),
		`${sender} has not the power to send ${type}`,
	);
	if (type === 'm.room.power_levels' && stateKey === '') authorizeLevels(room, sender, event.content);
	if (stateKey?.startsWith('@') === true && stateKey !== sender)
		throw forbidden(`The state ${type} of ${stateKey} is theirs to set`);
	if (type === 'm.room.redaction') {
		const target = world.events.get(asString(event.content['redacts']) ?? '');
		if (target?.room !== room) throw new MatrixError(404, 'M_NOT_FOUND', 'There is no such event to redact');
		if (target.sender !== sender) requirePower(room, sender, 'redact');
	}
};
