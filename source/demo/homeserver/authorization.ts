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

const joinRule = (room: Room): string =>
	asString(stateEvent(room, 'm.room.join_rules')?.content['join_rule']) ?? 'invite';

const mayJoinBySpace = (world: World, room: Room, userId: string): boolean =>
	asArray(stateEvent(room, 'm.room.join_rules')?.content['allow'])
		.filter(isObject)
		.some(({room_id: id}) => {
			const other = world.rooms.get(asString(id) ?? '');
			return other !== undefined && membershipOf(other, userId) === 'join';
		});

const requireRight = (condition: boolean, why: string): void => {
	if (!condition) throw forbidden(why);
};

const authorizeOwnMembership = (world: World, room: Room, userId: string, membership: string): void => {
	const now = membershipOf(room, userId);
	const rule = joinRule(room);
	requireRight(now !== 'ban', `${userId} is banned`);
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
	const now = membershipOf(room, target);
	if (target === sender && membership !== 'invite' && membership !== 'ban')
		return authorizeOwnMembership(world, room, sender, membership);
	requireRight(membershipOf(room, sender) === 'join', `${sender} is not in the room`);
	if (membership === 'invite') {
		requireRight(now !== 'join' && now !== 'ban', `${target} is in the room already, or banned`);
		return requirePower(room, sender, 'invite');
	}
	requireRight(membership === 'ban' || membership === 'leave', `${sender} cannot make ${target} ${membership}`);
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
	if (stateKey?.startsWith('@') === true && stateKey !== sender)
		throw forbidden(`The state ${type} of ${stateKey} is theirs to set`);
	if (type === 'm.room.redaction') {
		const target = world.events.get(asString(event.content['redacts']) ?? '');
		if (target?.room !== room) throw new MatrixError(404, 'M_NOT_FOUND', 'There is no such event to redact');
		if (target.sender !== sender) requirePower(room, sender, 'redact');
	}
};
