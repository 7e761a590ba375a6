/** Making rooms, sending into them, coming and going (client-server API §Room Creation, §Sending events, §Room membership, §Room Upgrades). */
import {isDeepStrictEqual} from 'node:util';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../domain/json.ts';
import {authorize, defaultLevels, requireGoodRelation, requirePowerToSend} from './authorization.ts';
import {addEvent, memberContent, type NewEvent} from './events.ts';
import type {Call, Handler, Routes} from './http.ts';
import {demand, found} from './matrix-error.ts';
import {addRoom, ensure, membershipOf, stateEvent, userOf} from './world.ts';
import type {Room, StoredEvent, World} from './world.ts';

/** Bytes; an event has 64 KiB. */
const largestContent = 63 * 1024;

/** Appendices §Canonical JSON: other numbers have no form of their own. */
const hasOnlyIntegers = (value: unknown): boolean =>
	typeof value === 'number'
		? Number.isSafeInteger(value)
		: typeof value !== 'object' || value === null || Object.values(value).every(hasOnlyIntegers);

/** Puts an event into a room if its sender may. @throws MatrixError 400, 403, 413 */
export const sendEvent = (world: World, room: Room, event: NewEvent): StoredEvent => {
	demand(hasOnlyIntegers(event.content), 400, 'M_BAD_JSON', 'Numbers in events are integers');
	const size = Buffer.byteLength(JSON.stringify(event.content));
	demand(size <= largestContent, 413, 'M_TOO_LARGE', 'The event is too large');
	authorize(world, room, event);
	return addEvent(world, room, event);
};

/** @returns the room of an id or address. @throws MatrixError 404 */
export const findRoom = ({rooms, aliases}: World, idOrAlias: string): Room =>
	found(rooms.get(aliases.get(idOrAlias) ?? idOrAlias), `There is no room ${idOrAlias}`);

/** @throws MatrixError 403 also where there is no such room, so that nobody learns which rooms exist */
export const joinedRoom = ({world, user, part}: Call, roomId = part('roomId')): Room => {
	const room = world.rooms.get(roomId);
	const isIn = room !== undefined && membershipOf(room, user.id) === 'join';
	demand(isIn, 403, 'M_FORBIDDEN', `${user.id} is not in the room ${roomId}`);
	return room;
};

type Member = {readonly userId: string; readonly membership: string; readonly more?: JsonObject};
type MemberChange = Member & Pick<NewEvent, 'sender' | 'timestamp'>;

export const setMembership = (world: World, room: Room, change: MemberChange): StoredEvent => {
	const {sender, userId, membership, more, timestamp} = change;
	const isGone = membership === 'leave' || membership === 'ban';
	const content = isGone ? {membership, ...more} : memberContent(world, userId, membership, more);
	return sendEvent(world, room, {type: 'm.room.member', sender, stateKey: userId, content, timestamp});
};

/** Joins once: whoever is in the room already stays as they are. */
export const joinRoom = (world: World, room: Room, userId: string, timestamp?: number): void => {
	if (membershipOf(room, userId) !== 'join')
		setMembership(world, room, {sender: userId, userId, membership: 'join', timestamp});
};

const roomVersion = '11';

const presets = new Map([
	['private_chat', {rule: 'invite', hasGuests: true, isTrusted: false}],
	['trusted_private_chat', {rule: 'invite', hasGuests: true, isTrusted: true}],
	['public_chat', {rule: 'public', hasGuests: false, isTrusted: false}],
]);

const levelOf = (level: number, ...names: readonly string[]) =>
	Object.fromEntries(names.map(name => [`m.room.${name}`, level]));
const eventLevels = {
	...levelOf(50, 'name', 'avatar', 'canonical_alias'),
	...levelOf(100, 'history_visibility', 'power_levels', 'tombstone', 'server_acl', 'encryption'),
};

/** Gives an address to a room. @throws MatrixError 400, 409 */
const addAlias = (world: World, alias: string, roomId: string): void => {
	demand(/^#[^:]+:.+$/.test(alias), 400, 'M_INVALID_PARAM', `${alias} is no address`);
	demand(alias.endsWith(`:${world.serverName}`), 400, 'M_UNKNOWN', `${alias} is no address of this server`);
	demand(!world.aliases.has(alias), 409, 'M_UNKNOWN', `${alias} is taken`);
	world.aliases.set(alias, roomId);
};

/** @throws MatrixError 400 for what is no user id, 404 for one that nobody has */
const requireUser = (world: World, id: string): void => {
	demand(id.startsWith('@'), 400, 'M_UNKNOWN', `${id} is no user id`);
	userOf(world, id);
};

/** What a new room is asked to be. @throws MatrixError 400 */
const parseRequest = (world: World, request: JsonObject) => {
	const isPossible = [undefined, roomVersion].includes(asString(request['room_version']));
	demand(isPossible, 400, 'M_UNSUPPORTED_ROOM_VERSION', `Rooms here have the version ${roomVersion}`);
	const isPublic = request['visibility'] === 'public';
	const preset = presets.get(asString(request['preset']) ?? (isPublic ? 'public_chat' : 'private_chat'));
	demand(preset, 400, 'M_BAD_JSON', 'There is no such preset');
	const invited = asArray(request['invite']).filter(id => typeof id === 'string');
	for (const id of invited) requireUser(world, id);
	const aliasName = asString(request['room_alias_name']);
	const alias = aliasName === undefined ? undefined : `#${aliasName}:${world.serverName}`;
	demand(!world.aliases.has(alias ?? ''), 400, 'M_ROOM_IN_USE', `${alias} is taken`);
	return {isPublic, preset, invited, alias, initial: asArray(request['initial_state']).filter(isObject)};
};

/** §Creation: the events in the order that the specification gives. @param timestamp now without @throws MatrixError 400 */
export const createRoom = (world: World, sender: string, request: JsonObject, timestamp?: number): Room => {
	const {isPublic, preset, invited, alias, initial} = parseRequest(world, request);
	const room = addRoom(world, isPublic);
	if (alias !== undefined) addAlias(world, alias, room.id);
	const set = (type: string, content: JsonObject, stateKey = ''): void =>
		void addEvent(world, room, {type: `m.room.${type}`, sender, content, stateKey, timestamp});
	/** What the request brings itself comes in its place. */
	const preSet = (type: string, content: JsonObject): void => {
		if (!initial.some(event => event['type'] === `m.room.${type}` && !event['state_key'])) set(type, content);
	};
	set('create', {...asObject(request['creation_content']), room_version: roomVersion});
	joinRoom(world, room, sender, timestamp);
	preSet('power_levels', {
		...defaultLevels,
		invite: preset.rule === 'public' ? 50 : 0,
		users: Object.fromEntries([sender, ...(preset.isTrusted ? invited : [])].map(id => [id, 100])),
		users_default: 0,
		events: eventLevels,
		...asObject(request['power_level_content_override']),
	});
	if (alias !== undefined) preSet('canonical_alias', {alias});
	preSet('join_rules', {join_rule: preset.rule});
	preSet('history_visibility', {history_visibility: 'shared'});
	if (preset.hasGuests) preSet('guest_access', {guest_access: 'can_join'});
	for (const event of initial) {
		const [type = '', stateKey = ''] = [asString(event['type']), asString(event['state_key'])];
		addEvent(world, room, {type, sender, content: asObject(event['content']), stateKey, timestamp});
	}
	for (const name of ['name', 'topic']) if (request[name] !== undefined) set(name, {[name]: request[name]});
	const more = {is_direct: request['is_direct'] === true ? true : undefined};
	for (const userId of invited) setMembership(world, room, {sender, userId, membership: 'invite', more, timestamp});
	return room;
};

const send = (call: Call, type: string, content: JsonObject): JsonObject => {
	const {world, user, device, part} = call;
	const [roomId, txnId] = [part('roomId'), part('txnId')];
	// §Transaction identifiers: the same request again changes nothing and gets the same answer.
	return ensure(device.answers, `${type} ${roomId} ${txnId}`, () => {
		const event = {type, sender: user.id, content, origin: {device, txnId}};
		const room = joinedRoom(call);
		requireGoodRelation(world, room, event);
		return {event_id: sendEvent(world, room, event).eventId};
	});
};

/** Setting state to what it is makes no event. */
const putState: Handler = call => {
	const {world, user, part, body} = call;
	const [room, type, stateKey] = [joinedRoom(call), part('type'), part('stateKey')];
	const before = stateEvent(room, type, stateKey);
	const isSame = before?.sender === user.id && isDeepStrictEqual(before.content, body);
	const event = isSame ? before : sendEvent(world, room, {type, sender: user.id, stateKey, content: body});
	return {event_id: event.eventId};
};

const change = ({world, user, body}: Call, room: Room, userId: string, membership: string): void => {
	const reason = asString(body['reason']);
	setMembership(world, room, {sender: user.id, userId, membership, more: reason === undefined ? {} : {reason}});
};

/** @param expected what somebody has to be before */
const changeOther =
	(membership: string, expected?: string): Handler =>
	call => {
		const room = joinedRoom(call);
		const userId = asString(call.body['user_id']);
		demand(userId, 400, 'M_MISSING_PARAM', 'user_id is missing');
		const isExpected = expected === undefined || membershipOf(room, userId) === expected;
		demand(isExpected, 403, 'M_BAD_STATE', `${userId} is not ${expected}ned`);
		if (membership === 'invite') requireUser(call.world, userId);
		change(call, room, userId, membership);
	};

const enter =
	(membership: 'join' | 'knock'): Handler =>
	call => {
		const room = findRoom(call.world, call.part('roomId'));
		// Whoever has joined may come again.
		const isDone = membership === 'join' && membershipOf(room, call.user.id) === 'join';
		if (!isDone) change(call, room, call.user.id, membership);
		return {room_id: room.id};
	};

/** State that goes along when a room is replaced. */
const described = ['name', 'topic', 'avatar', 'encryption'];
const ruled = ['join_rules', 'history_visibility', 'guest_access', 'power_levels'];

/** §Room Upgrades: a new room takes the place of the old one. */
const upgrade: Handler = call => {
	const {world, user, body} = call;
	const room = joinedRoom(call);
	const version = asString(body['new_version']);
	demand(version, 400, 'M_MISSING_PARAM', 'Which version?');
	requirePowerToSend(room, user.id, 'm.room.tombstone');
	const carried = [...described, ...ruled].flatMap(name => stateEvent(room, `m.room.${name}`) ?? []);
	const next = createRoom(world, user.id, {
		room_version: version,
		creation_content: {...stateEvent(room, 'm.room.create')?.content, predecessor: {room_id: room.id}},
		initial_state: carried.map(({type, content}) => ({type, content})),
	});
	const content = {body: 'This room has been replaced', replacement_room: next.id};
	sendEvent(world, room, {type: 'm.room.tombstone', sender: user.id, stateKey: '', content});
	for (const [alias, id] of world.aliases) if (id === room.id) world.aliases.set(alias, next.id);
	return {replacement_room: next.id};
};

export const roomRoutes: Routes = {
	'POST createRoom': ({world, user, body}) => ({room_id: createRoom(world, user.id, body).id}),
	'PUT rooms/{roomId}/send/{type}/{txnId}': call => send(call, call.part('type'), call.body),
	'PUT rooms/{roomId}/redact/{eventId}/{txnId}': call =>
		send(call, 'm.room.redaction', {...call.body, redacts: call.part('eventId')}),
	'PUT rooms/{roomId}/state/{type}/{stateKey?}': putState,
	'POST join/{roomId}': enter('join'),
	'POST rooms/{roomId}/join': enter('join'),
	'POST knock/{roomId}': enter('knock'),
	'POST rooms/{roomId}/leave': call => {
		const room = findRoom(call.world, call.part('roomId'));
		// Leaving twice changes nothing.
		if (stateEvent(room, 'm.room.member', call.user.id)?.content['membership'] !== 'leave')
			change(call, room, call.user.id, 'leave');
	},
	'POST rooms/{roomId}/forget': ({world, user, part}) => {
		const room = world.rooms.get(part('roomId'));
		if (room === undefined) return;
		demand(membershipOf(room, user.id) !== 'join', 400, 'M_UNKNOWN', 'You are still in the room');
		user.rooms.delete(room);
	},
	'POST rooms/{roomId}/upgrade': upgrade,
	'POST rooms/{roomId}/invite': changeOther('invite'),
	'POST rooms/{roomId}/kick': changeOther('leave'),
	'POST rooms/{roomId}/ban': changeOther('ban'),
	'POST rooms/{roomId}/unban': changeOther('leave', 'ban'),
	'PUT directory/room/{alias}': call => {
		const roomId = asString(call.body['room_id']) ?? '';
		addAlias(call.world, call.part('alias'), joinedRoom(call, roomId).id);
	},
	'DELETE directory/room/{alias}': call => {
		const alias = call.part('alias');
		requirePowerToSend(joinedRoom(call, findRoom(call.world, alias).id), call.user.id, 'm.room.canonical_alias');
		call.world.aliases.delete(alias);
	},
	'PUT directory/list/room/{roomId}': call => {
		const room = joinedRoom(call);
		requirePowerToSend(room, call.user.id, 'm.room.canonical_alias');
		room.isPublished = call.body['visibility'] !== 'private';
	},
};
