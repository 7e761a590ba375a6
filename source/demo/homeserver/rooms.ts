/** Making rooms, sending events into them, and who is in them (client-server API §Room Creation, §Sending events, §Room membership). */
import {asArray, asObject, asString, isObject, type JsonObject} from '../../domain/json.ts';
import {authorize} from './authorization.ts';
import {addEvent, memberContent, type NewEvent} from './events.ts';
import type {Call, Handler, Routes} from './http.ts';
import {badParameter, forbidden, MatrixError, notFound} from './matrix-error.ts';
import {
	addRoom,
	joinedRoom,
	membershipOf,
	nextPosition,
	stateEvent,
	userOf,
	type Device,
	type Room,
	type StoredEvent,
	type World,
} from './world.ts';

const largestEvent = 65_536;

/** Puts an event into a room if its sender may. @throws MatrixError 403, 413 */
export const sendEvent = (world: World, room: Room, event: NewEvent): StoredEvent => {
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

const presets: Readonly<Record<string, {readonly rule: string; readonly guests: string; readonly isTrusted: boolean}>> =
	{
		private_chat: {rule: 'invite', guests: 'can_join', isTrusted: false},
		trusted_private_chat: {rule: 'invite', guests: 'can_join', isTrusted: true},
		public_chat: {rule: 'public', guests: 'forbidden', isTrusted: false},
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
const requireFreeAlias = (world: World, alias: string): void => {
	if (!/^#[^:]+:.+$/.test(alias) || !alias.endsWith(`:${world.serverName}`))
		throw badParameter(`${alias} is no address of this server`);
	if (world.aliases.has(alias)) throw new MatrixError(409, 'M_ROOM_IN_USE', `${alias} is taken`);
};

/** §Creation: the events in the order that the specification gives. @param timestamp now without @throws MatrixError 400 */
export const createRoom = (world: World, sender: string, request: JsonObject, timestamp?: number): Room => {
	const visibility = asString(request['visibility']) ?? 'private';
	const preset = presets[asString(request['preset']) ?? (visibility === 'public' ? 'public_chat' : 'private_chat')];
	if (preset === undefined) throw badParameter('There is no such preset');
	const invited = asArray(request['invite']).filter(id => typeof id === 'string');
	for (const id of invited) userOf(world, id);
	const aliasName = asString(request['room_alias_name']);
	const alias = aliasName === undefined ? undefined : `#${aliasName}:${world.serverName}`;
	if (alias !== undefined) requireFreeAlias(world, alias);
	const room = addRoom(world, visibility === 'public');
	if (alias !== undefined) world.aliases.set(alias, room.id);
	const set = (type: string, content: JsonObject, stateKey = ''): void =>
		void addEvent(world, room, {type, sender, content, stateKey, timestamp});
	set('m.room.create', {...asObject(request['creation_content']), room_version: '11'});
	joinRoom(world, room, sender, timestamp);
	const powerful = [sender, ...(preset.isTrusted ? invited : [])];
	set('m.room.power_levels', {
		users: Object.fromEntries(powerful.map(id => [id, 100])),
		users_default: 0,
		events: eventLevels,
		events_default: 0,
		state_default: 50,
		ban: 50,
		kick: 50,
		redact: 50,
		invite: 0,
		...asObject(request['power_level_content_override']),
	});
	if (alias !== undefined) set('m.room.canonical_alias', {alias});
	set('m.room.join_rules', {join_rule: preset.rule});
	set('m.room.history_visibility', {history_visibility: 'shared'});
	set('m.room.guest_access', {guest_access: preset.guests});
	for (const event of asArray(request['initial_state']).filter(isObject))
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

const send = (call: Call, type: string, content: JsonObject): JsonObject => {
	const {world, user, device, params} = call;
	const {roomId = '', txnId = ''} = params;
	return once(device, `${type} ${roomId} ${txnId}`, () => {
		const room = joinedRoom(world, roomId, user.id);
		return {event_id: sendEvent(world, room, {type, sender: user.id, content, origin: {device, txnId}}).eventId};
	});
};

/** Setting state to what it is makes no event. */
const putState: Handler = ({world, user, params, body}) => {
	const {roomId = '', type = '', stateKey = ''} = params;
	const room = joinedRoom(world, roomId, user.id);
	const before = stateEvent(room, type, stateKey);
	if (before !== undefined && before.sender === user.id && JSON.stringify(before.content) === JSON.stringify(body))
		return {event_id: before.eventId};
	return {event_id: sendEvent(world, room, {type, sender: user.id, stateKey, content: body}).eventId};
};

const changeMembership =
	(membership: string, expected?: string): Handler =>
	({world, user, params, body}) => {
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		const userId = asString(body['user_id']) ?? '';
		if (expected !== undefined && membershipOf(room, userId) !== expected)
			throw forbidden(`${userId} is not ${expected}ned`);
		if (membership === 'invite') userOf(world, userId);
		const reason = asString(body['reason']);
		setMembership(world, room, {sender: user.id, userId, membership, more: reason === undefined ? {} : {reason}});
		return {};
	};

const join: Handler = ({world, user, params, body}) => {
	const room = findRoom(world, params['roomId'] ?? '');
	const reason = asString(body['reason']);
	if (membershipOf(room, user.id) !== 'join')
		setMembership(world, room, {
			sender: user.id,
			userId: user.id,
			membership: 'join',
			more: reason === undefined ? {} : {reason},
		});
	return {room_id: room.id};
};

export const roomRoutes: Routes = {
	'POST createRoom': ({world, user, body}) => ({room_id: createRoom(world, user.id, body).id}),
	'PUT rooms/{roomId}/send/{type}/{txnId}': call => send(call, call.params['type'] ?? '', call.body),
	'PUT rooms/{roomId}/redact/{eventId}/{txnId}': call =>
		send(call, 'm.room.redaction', {...call.body, redacts: call.params['eventId'] ?? ''}),
	'PUT rooms/{roomId}/state/{type}': putState,
	'PUT rooms/{roomId}/state/{type}/{stateKey}': putState,
	'POST join/{roomId}': join,
	'POST rooms/{roomId}/join': join,
	'POST knock/{roomId}': ({world, user, params, body}) => {
		const room = findRoom(world, params['roomId'] ?? '');
		const reason = asString(body['reason']);
		setMembership(world, room, {
			sender: user.id,
			userId: user.id,
			membership: 'knock',
			more: reason === undefined ? {} : {reason},
		});
		return {room_id: room.id};
	},
	'POST rooms/{roomId}/leave': ({world, user, params}) => {
		const room = world.rooms.get(params['roomId'] ?? '');
		if (room === undefined) throw notFound('There is no such room');
		setMembership(world, room, {sender: user.id, userId: user.id, membership: 'leave'});
		return {};
	},
	'POST rooms/{roomId}/forget': ({world, user, params}) => {
		const room = world.rooms.get(params['roomId'] ?? '');
		if (room !== undefined && membershipOf(room, user.id) === 'join')
			throw new MatrixError(400, 'M_UNKNOWN', 'You are still in the room');
		if (room !== undefined) user.rooms.delete(room);
		return {};
	},
	'POST rooms/{roomId}/invite': changeMembership('invite'),
	'POST rooms/{roomId}/kick': changeMembership('leave'),
	'POST rooms/{roomId}/ban': changeMembership('ban'),
	'POST rooms/{roomId}/unban': changeMembership('leave', 'ban'),
	'GET joined_rooms': ({user}) => ({
		joined_rooms: [...user.rooms].filter(room => membershipOf(room, user.id) === 'join').map(({id}) => id),
	}),
	'PUT directory/room/{alias}': ({world, user, params, body}) => {
		const {alias = ''} = params;
		requireFreeAlias(world, alias);
		world.aliases.set(alias, joinedRoom(world, asString(body['room_id']) ?? '', user.id).id);
		return {};
	},
	'DELETE directory/room/{alias}': ({world, params}) => {
		if (!world.aliases.delete(params['alias'] ?? '')) throw notFound('There is no such address');
		return {};
	},
	'PUT directory/list/room/{roomId}': ({world, user, params, body}) => {
		joinedRoom(world, params['roomId'] ?? '', user.id).isPublished = body['visibility'] !== 'private';
		return {};
	},
	'PUT rooms/{roomId}/typing/{userId}': ({world, user, params, body}) => {
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		setTyping(world, room, user.id, body['typing'] === true ? Number(body['timeout'] ?? 30_000) : 0);
		return {};
	},
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
