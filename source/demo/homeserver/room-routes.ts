/** The requests about rooms: making them, sending into them, coming and going (client-server API §Rooms). */
import {asString, type JsonObject} from '../../domain/json.ts';
import {requirePowerToSend} from './authorization.ts';
import type {Call, Handler, Routes} from './http.ts';
import {MatrixError, notFound} from './matrix-error.ts';
import {requireGoodRelation} from './relations.ts';
import {
	createRoom,
	findRoom,
	once,
	requireFreeAlias,
	requireUser,
	sendEvent,
	setMembership,
	setTyping,
} from './rooms.ts';
import {joinedRoom, membershipOf, stateEvent} from './world.ts';

const send = (call: Call, type: string, content: JsonObject): JsonObject => {
	const {world, user, device, params} = call;
	const {roomId = '', txnId = ''} = params;
	return once(device, `${type} ${roomId} ${txnId}`, () => {
		const room = joinedRoom(world, roomId, user.id);
		requireGoodRelation(world, room, {type, sender: user.id, content});
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

const reasonOf = (body: JsonObject): JsonObject => {
	const reason = asString(body['reason']);
	return reason === undefined ? {} : {reason};
};

const changeMembership =
	(membership: string, expected?: string): Handler =>
	({world, user, params, body}) => {
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		const userId = asString(body['user_id']);
		if (userId === undefined) throw new MatrixError(400, 'M_MISSING_PARAM', 'user_id is missing');
		if (expected !== undefined && membershipOf(room, userId) !== expected)
			throw new MatrixError(403, 'M_BAD_STATE', `${userId} is not ${expected}ned`);
		if (membership === 'invite') requireUser(world, userId);
		setMembership(world, room, {sender: user.id, userId, membership, more: reasonOf(body)});
		return {};
	};

const join: Handler = ({world, user, params, body}) => {
	const room = findRoom(world, params['roomId'] ?? '');
	const {id} = user;
	if (membershipOf(room, id) !== 'join')
		setMembership(world, room, {sender: id, userId: id, membership: 'join', more: reasonOf(body)});
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
		const {id} = user;
		setMembership(world, room, {sender: id, userId: id, membership: 'knock', more: reasonOf(body)});
		return {room_id: room.id};
	},
	'POST rooms/{roomId}/leave': ({world, user, params, body}) => {
		const room = world.rooms.get(params['roomId'] ?? '');
		const {id} = user;
		if (room === undefined) throw notFound('There is no such room');
		// Leaving twice changes nothing.
		if (stateEvent(room, 'm.room.member', id)?.content['membership'] !== 'leave')
			setMembership(world, room, {sender: id, userId: id, membership: 'leave', more: reasonOf(body)});
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
	'DELETE directory/room/{alias}': ({world, user, params}) => {
		const alias = params['alias'] ?? '';
		const roomId = world.aliases.get(alias);
		if (roomId === undefined) throw notFound('There is no such address');
		requirePowerToSend(joinedRoom(world, roomId, user.id), user.id, 'm.room.canonical_alias');
		world.aliases.delete(alias);
		return {};
	},
	'PUT directory/list/room/{roomId}': ({world, user, params, body}) => {
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		requirePowerToSend(room, user.id, 'm.room.canonical_alias');
		room.isPublished = body['visibility'] !== 'private';
		return {};
	},
	'PUT rooms/{roomId}/typing/{userId}': ({world, user, params, body}) => {
		if (params['userId'] !== user.id) throw new MatrixError(400, 'M_FORBIDDEN', 'Others type for themselves');
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		setTyping(world, room, user.id, body['typing'] === true ? Number(body['timeout'] ?? 30_000) : 0);
		return {};
	},
};
