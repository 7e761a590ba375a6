/** Who may do what in a room (room version 11 §Authorization rules; client-server API §Permissions, §Annotating events, §Threading). */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject} from '../../domain/json.ts';
import {relatedTo, relationOf, type NewEvent} from './events.ts';
import {demand} from './matrix-error.ts';
import {membershipOf, stateEvent, stateText, type Room, type World} from './world.ts';

const levelsOf = (room: Room): JsonObject => stateEvent(room, 'm.room.power_levels')?.content ?? {};

/** The power of a person; the creator has 100 before there are levels. */
const powerOf = (room: Room, userId: string): number => {
	const levels = stateEvent(room, 'm.room.power_levels');
	if (levels === undefined) return stateEvent(room, 'm.room.create')?.sender === userId ? 100 : 0;
	return asInteger(asObject(levels.content['users'])[userId]) ?? asInteger(levels.content['users_default']) ?? 0;
};

/** What somebody needs for an action where the levels do not say. */
export const defaultLevels = {events_default: 0, state_default: 50, ban: 50, kick: 50, redact: 50, invite: 0};

const requireRight = (condition: boolean, why: string): void => demand(condition, 403, 'M_FORBIDDEN', why);

const requirePower = (room: Room, userId: string, action: keyof typeof defaultLevels): void => {
	const needed = asInteger(levelsOf(room)[action]) ?? defaultLevels[action];
	requireRight(powerOf(room, userId) >= needed, `${userId} has not the power to ${action}`);
};

/** @throws MatrixError 403 when the person may not send events of this type */
export const requirePowerToSend = (room: Room, userId: string, type: string, isState = true): void => {
	const needed = asInteger(asObject(levelsOf(room)['events'])[type]);
	if (needed === undefined) return requirePower(room, userId, isState ? 'state_default' : 'events_default');
	requireRight(powerOf(room, userId) >= needed, `${userId} has not the power to send ${type}`);
};

/** Every number of power levels, by a name of its own. */
const flatLevels = (levels: JsonObject): ReadonlyMap<string, unknown> => {
	const names = [...Object.keys(defaultLevels), 'users_default', 'users', 'events', 'notifications'];
	const entries = names.flatMap((name): [string, unknown][] => {
		const level = levels[name];
		return isObject(level) ? Object.entries(level).map(([key, each]) => [`${name} ${key}`, each]) : [[name, level]];
	});
	return new Map(entries);
};

/** Nobody changes a level that is above their own, or that of somebody as powerful, or gives more than they have. */
const authorizeLevels = (room: Room, sender: string, levels: JsonObject): void => {
	const [before, after] = [flatLevels(levelsOf(room)), flatLevels(levels)];
	const own = powerOf(room, sender);
	for (const name of new Set([...before.keys(), ...after.keys()])) {
		const [old, next] = [asInteger(before.get(name)), asInteger(after.get(name))];
		demand(next === after.get(name), 400, 'M_BAD_JSON', `The level ${name} is no integer`);
		if (old === next) continue;
		const isOfPeer = name.startsWith('users ') && name !== `users ${sender}`;
		const mayChange = old === undefined || old < own || (old === own && !isOfPeer);
		requireRight(mayChange && (next ?? 0) <= own, `${sender} cannot change ${name} so`);
	}
};

/** Members of one of the rooms that a restricted room names may join it. */
const mayJoinBySpace = (world: World, room: Room, userId: string): boolean =>
	asArray(stateEvent(room, 'm.room.join_rules')?.content['allow']).some(allowed => {
		const other = world.rooms.get(asString(asObject(allowed)['room_id']) ?? '');
		return other !== undefined && membershipOf(other, userId) === 'join';
	});

const requireNotBanned = (membership: string): void =>
	demand(membership !== 'ban', 403, 'M_BAD_STATE', 'A ban has to be lifted first');

const authorizeOwnMembership = (world: World, room: Room, userId: string, membership: string): void => {
	const now = membershipOf(room, userId);
	const isHere = now === 'join' || now === 'invite';
	const rule = stateText(room, 'm.room.join_rules', 'join_rule') ?? 'invite';
	requireNotBanned(now);
	if (membership === 'join') {
		const isOpen = rule === 'public' || (rule.includes('restricted') && mayJoinBySpace(world, room, userId));
		const isFirst = room.timeline.length === 1 && stateEvent(room, 'm.room.create')?.sender === userId;
		requireRight(isHere || isOpen || isFirst, `${userId} is not invited`);
	} else if (membership === 'knock') requireRight(rule.startsWith('knock') && !isHere, 'Nobody can knock here');
	else requireRight(membership === 'leave' && now !== 'leave', `${userId} is not in the room`);
};

const authorizeMembership = (world: World, room: Room, {sender, stateKey: target = '', content}: NewEvent): void => {
	const membership = asString(content['membership']) ?? '';
	const isKnown = ['join', 'invite', 'leave', 'ban', 'knock'].includes(membership);
	demand(isKnown, 400, 'M_UNKNOWN', 'There is no such membership');
	if (target === sender && membership !== 'invite' && membership !== 'ban')
		return authorizeOwnMembership(world, room, sender, membership);
	const now = membershipOf(room, target);
	requireRight(membershipOf(room, sender) === 'join', `${sender} is not in the room`);
	if (membership === 'invite') {
		requireNotBanned(now);
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
	const {type, sender, stateKey, content} = event;
	requireRight(type !== 'm.room.create', 'A room is created once');
	if (type === 'm.room.member' && stateKey !== undefined) return authorizeMembership(world, room, event);
	requireRight(membershipOf(room, sender) === 'join', `${sender} is not in the room`);
	requirePowerToSend(room, sender, type, stateKey !== undefined);
	if (type === 'm.room.power_levels' && stateKey === '') authorizeLevels(room, sender, content);
	const isOfAnother = stateKey?.startsWith('@') === true && stateKey !== sender;
	requireRight(!isOfAnother, `The state ${type} of ${stateKey} is theirs to set`);
	if (type !== 'm.room.redaction') return;
	const target = world.events.get(asString(content['redacts']) ?? '');
	demand(target?.room === room, 404, 'M_NOT_FOUND', 'There is no such event to redact');
	if (target.sender !== sender) requirePower(room, sender, 'redact');
};

/** @throws MatrixError 400 for the same reaction twice, and for a thread within a thread */
export const requireGoodRelation = (world: World, room: Room, event: NewEvent): void => {
	const {type, eventId = '', key} = relationOf(event);
	const target = world.events.get(eventId);
	if (target?.room !== room) return;
	const isSame = (other: NewEvent): boolean => other.sender === event.sender && relationOf(other).key === key;
	const isTwice = type === 'm.annotation' && relatedTo(target, type).some(isSame);
	demand(!isTwice, 400, 'M_DUPLICATE_ANNOTATION', 'The same reaction is there already');
	const isNested = type === 'm.thread' && relationOf(target).type !== undefined;
	demand(!isNested, 400, 'M_UNKNOWN', 'A thread begins at an event without a relation');
};
