/** Who may do what in a room (client-server API §Permissions, §m.room.power_levels). */
import {asArray, asInteger, asObject, asString, type JsonObject, type JsonValue} from './json.ts';

export type PowerAction = 'invite' | 'kick' | 'ban' | 'redact';

export type RoomPower = {
	/** Creators of rooms from version 12 on have infinitely much. */
	readonly of: (userId: string) => number;
	readonly toAct: (action: PowerAction) => number;
	readonly toSetState: (type: string) => number;
};

const defaults: Readonly<Record<PowerAction, number>> = {invite: 0, kick: 50, ban: 50, redact: 50};

/** Rooms before version 10 may have levels as text. */
const levelOf = (value: JsonValue | undefined): number | undefined =>
	typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : asInteger(value);

/** Room versions whose creators stand above all levels (MSC4289); those before it are numbers below 12. */
const hasMightyCreators = (version: string): boolean => {
	const number = Number(version);
	return Number.isInteger(number) && number >= 12;
};

const creatorsOf = (create: JsonObject): readonly string[] => {
	const content = asObject(create['content']);
	const sender = asString(create['sender']);
	const others = asArray(content['additional_creators']).filter(id => typeof id === 'string');
	return sender === undefined ? others : [sender, ...others];
};

/**
 * @param levels content of m.room.power_levels; `undefined` where there is none: then the creator has 100
 * @param create the event m.room.create
 */
export const readRoomPower = (levels: JsonObject | undefined, create: JsonObject): RoomPower => {
	const version = asString(asObject(create['content'])['room_version']) ?? '1';
	const creators = new Set(creatorsOf(create));
	const isMighty = hasMightyCreators(version);
	const users = asObject(levels?.['users']);
	const events = asObject(levels?.['events']);
	const usual = levelOf(levels?.['users_default']) ?? 0;
	return {
		of(userId) {
			if (isMighty && creators.has(userId)) return Number.POSITIVE_INFINITY;
			if (levels === undefined) return creators.has(userId) ? 100 : 0;
			return (Object.hasOwn(users, userId) ? levelOf(users[userId]) : undefined) ?? usual;
		},
		toAct: action => levelOf(levels?.[action]) ?? defaults[action],
		toSetState: type =>
			(Object.hasOwn(events, type) ? levelOf(events[type]) : undefined) ?? levelOf(levels?.['state_default']) ?? 50,
	};
};

/** @returns why somebody of power `own` cannot do what needs `needed`; `undefined` if they can. */
export const lackOfPower = (own: number, needed: number, doing: string): string | undefined =>
	own >= needed ? undefined : `You need a power of ${needed} to ${doing}; yours is ${own}.`;

/** @returns what a level is usually called. */
export const powerName = (level: number): 'creator' | 'admin' | 'moderator' | 'member' | 'muted' => {
	if (level === Number.POSITIVE_INFINITY) return 'creator';
	if (level >= 100) return 'admin';
	if (level >= 50) return 'moderator';
	return level >= 0 ? 'member' : 'muted';
};
