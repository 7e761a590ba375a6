/** Making rooms, sending events into them, and who is in them (client-server API §Room Creation, §Sending events, §Room membership). */
import {asArray, asObject, asString, isObject, type JsonObject} from '../../domain/json.ts';
import {authorize} from './authorization.ts';
import {addEvent, memberContent, type NewEvent} from './events.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import {
	addRoom,
	membershipOf,
	nextPosition,
	userOf,
	type Device,
	type Room,
	type StoredEvent,
	type World,
} from './world.ts';

const largestEvent = 65_536;

/** Appendices §Canonical JSON: other numbers have no form of their own. */
const hasOnlyIntegers = (value: unknown): boolean =>
	typeof value === 'number'
		? Number.isSafeInteger(value)
		: typeof value !== 'object' || value === null || Object.values(value).every(hasOnlyIntegers);

/** Puts an event into a room if its sender may. @throws MatrixError 400, 403, 413 */
export const sendEvent = (world: World, room: Room, event: NewEvent): StoredEvent => {
	if (!hasOnlyIntegers(event.content)) throw new MatrixError(400, 'M_BAD_JSON', 'Numbers in events are integers');
	if (Buffer.byteLength(JSON.stringify(event.content)) > largestEvent - 1024)
		throw new MatrixError(413, 'M_TOO_LARGE', 'The event is too large');
	authorize(world, room, event);
	return addEvent(world, room, event);
};

/** @returns the room of an id or address. @throws MatrixError 404 */
export const findRoom = (world: World, idOrAlias: string): Room => {
	const room = world.rooms.get(world.aliases.get(idOrAlias) ?? idOrAlias);
	if (room === undefined) throw notFound(`There is no room ${idOrAlias}`);
	return room;
};

export const setMembership = (
	world: World,
	room: Room,
	{
		sender,
		userId,
		membership,
		more = {},
		timestamp,
	}: {
		readonly sender: string;
		readonly userId: string;
		readonly membership: string;
		readonly more?: JsonObject;
		/** @default now */
		readonly timestamp?: number | undefined;
	},
): StoredEvent => {
	const profile =
		membership === 'leave' || membership === 'ban'
			? {membership, ...more}
			: memberContent(world, userId, membership, more);
	return sendEvent(world, room, {type: 'm.room.member', sender, stateKey: userId, content: profile, timestamp});
};

/** Joins once: whoever is in the room already stays as they are. */
export const joinRoom = (world: World, room: Room, userId: string, timestamp?: number): void => {
	if (membershipOf(room, userId) !== 'join')
		setMembership(world, room, {sender: userId, userId, membership: 'join', timestamp});
};

type RoomPreset = {readonly rule: string; readonly hasGuests: boolean; readonly isTrusted: boolean};

const roomVersion = '11';

const presets: Readonly<Record<string, RoomPreset>> = {
	private_chat: {rule: 'invite', hasGuests: true, isTrusted: false},
	trusted_private_chat: {rule: 'invite', hasGuests: true, isTrusted: true},
	public_chat: {rule: 'public', hasGuests: false, isTrusted: false},
};

const eventLevels = {
	'm.room.name': 50,
	'm.room.avatar': 50,
	'm.room.canonical_alias': 50,
	'm.room.history_visibility': 100,
	'm.room.power_levels': 100,
	'm.room.tombstone': 100,
	'm.room.server_acl': 100,
	'm.room.encryption': 100,
};

/** @throws MatrixError 400, 409 */
export const requireFreeAlias = (world: World, alias: string): void => {
	if (!/^#[^:]+:.+$/.test(alias)) throw badParameter(`${alias} is no address`);
	if (!alias.endsWith(`:${world.serverName}`))
		throw new MatrixError(400, 'M_UNKNOWN', `${alias} is no address of this server`);
	if (world.aliases.has(alias)) throw new MatrixError(409, 'M_UNKNOWN', `${alias} is taken`);
};

const requireTexts = (request: JsonObject, names: readonly string[]): void => {
	for (const name of names)
		if (request[name] !== undefined && typeof request[name] !== 'string')
			throw new MatrixError(400, 'M_UNKNOWN', `${name} is no text`);
};

/** @throws MatrixError 400 for what is no user id, 404 for one that nobody has */
export const requireUser = (world: World, id: string): void => {
	if (!id.startsWith('@')) throw new MatrixError(400, 'M_UNKNOWN', `${id} is no user id`);
	userOf(world, id);
};

/** §Creation: the events in the order that the specification gives. @param timestamp now without @throws MatrixError 400 */
export const createRoom = (world: World, sender: string, request: JsonObject, timestamp?: number): Room => {
	requireTexts(request, ['name', 'topic', 'room_alias_name']);
	if ((asString(request['room_version']) ?? roomVersion) !== roomVersion)
		throw new MatrixError(400, 'M_UNSUPPORTED_ROOM_VERSION', `Rooms here have the version ${roomVersion}`);
	const visibility = asString(request['visibility']) ?? 'private';
	const preset = presets[asString(request['preset']) ?? (visibility === 'public' ? 'public_chat' : 'private_chat')];
	if (preset === undefined) throw new MatrixError(400, 'M_BAD_JSON', 'There is no such preset');
	const invited = asArray(request['invite']).filter(id => typeof id === 'string');
	for (const id of invited) requireUser(world, id);
	const aliasName = asString(request['room_alias_name']);
	const alias = aliasName === undefined ? undefined : `#${aliasName}:${world.serverName}`;
	if (alias !== undefined && world.aliases.has(alias)) throw new MatrixError(400, 'M_ROOM_IN_USE', `${alias} is taken`);
	if (alias !== undefined) requireFreeAlias(world, alias);
	const room = addRoom(world, visibility === 'public');
	if (alias !== undefined) world.aliases.set(alias, room.id);
	const set = (type: string, content: JsonObject, stateKey = ''): void =>
		void addEvent(world, room, {type, sender, content, stateKey, timestamp});
	const initial = asArray(request['initial_state']).filter(isObject);
	/** What the request brings itself comes in its place. */
	const preSet = (type: string, content: JsonObject): void => {
		if (!initial.some(event => event['type'] === type && (event['state_key'] ?? '') === '')) set(type, content);
	};
	set('m.room.create', {...asObject(request['creation_content']), room_version: roomVersion});
	joinRoom(world, room, sender, timestamp);
	const powerful = [sender, ...(preset.isTrusted ? invited : [])];
	preSet('m.room.power_levels', {
		users: Object.fromEntries(powerful.map(id => [id, 100])),
		users_default: 0,
		events: eventLevels,
		events_default: 0,
		state_default: 50,
		ban: 50,
		kick: 50,
		redact: 50,
		invite: preset.rule === 'public' ? 50 : 0,
		...asObject(request['power_level_content_override']),
	});
	if (alias !== undefined) preSet('m.room.canonical_alias', {alias});
	preSet('m.room.join_rules', {join_rule: preset.rule});
	preSet('m.room.history_visibility', {history_visibility: 'shared'});
	if (preset.hasGuests) preSet('m.room.guest_access', {guest_access: 'can_join'});
	for (const event of initial)
		set(asString(event['type']) ?? '', asObject(event['content']), asString(event['state_key']) ?? '');
	if (request['name'] !== undefined) set('m.room.name', {name: request['name']});
	if (request['topic'] !== undefined) set('m.room.topic', {topic: request['topic']});
	const more = request['is_direct'] === true ? {is_direct: true} : {};
	for (const userId of invited) setMembership(world, room, {sender, userId, membership: 'invite', more, timestamp});
	return room;
};

/** §Transaction identifiers: the same request again changes nothing and gets the same answer. */
export const once = (device: Device, key: string, act: () => JsonObject): JsonObject => {
	const answer = device.answers.get(key) ?? act();
	device.answers.set(key, answer);
	return answer;
};

/** §Typing Notifications. @param duration milliseconds; 0 for nobody types any more */
export const setTyping = (world: World, room: Room, userId: string, duration: number): void => {
	if (duration > 0) room.typing.set(userId, world.now() + duration);
	else room.typing.delete(userId);
	room.typingPosition = room.position = nextPosition(world);
	if (duration > 0)
		setTimeout(() => {
			if ((room.typing.get(userId) ?? Number.POSITIVE_INFINITY) <= world.now()) setTyping(world, room, userId, 0);
		}, duration + 1).unref();
};
