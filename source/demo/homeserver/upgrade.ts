/** Replacing a room by a new one (client-server API §Room Upgrades). */
import {asString, type JsonObject} from '../../domain/json.ts';
import {authorize} from './authorization.ts';
import type {Handler, Routes} from './http.ts';
import {MatrixError} from './matrix-error.ts';
import {createRoom, sendEvent} from './rooms.ts';
import {joinedRoom, stateEvent, type Room, type World} from './world.ts';

/** State that goes along. */
const carried = [
	'm.room.name',
	'm.room.topic',
	'm.room.avatar',
	'm.room.encryption',
	'm.room.join_rules',
	'm.room.history_visibility',
	'm.room.guest_access',
	'm.room.power_levels',
] as const;

const moveAliases = (world: World, from: Room, to: Room): void => {
	for (const [alias, id] of world.aliases) if (id === from.id) world.aliases.set(alias, to.id);
};

const upgrade: Handler = ({world, user, params, body}) => {
	const room = joinedRoom(world, params['roomId'] ?? '', user.id);
	const version = asString(body['new_version']);
	if (version === undefined) throw new MatrixError(400, 'M_MISSING_PARAM', 'Which version?');
	const tombstone = {type: 'm.room.tombstone', sender: user.id, stateKey: ''};
	authorize(world, room, {...tombstone, content: {}});
	const state = carried.flatMap((type): readonly JsonObject[] => {
		const event = stateEvent(room, type);
		return event === undefined ? [] : [{type, state_key: '', content: event.content}];
	});
	const create = stateEvent(room, 'm.room.create')?.content ?? {};
	const next = createRoom(world, user.id, {
		room_version: version,
		creation_content: {...create, predecessor: {room_id: room.id}},
		initial_state: state,
	});
	const content = {body: 'This room has been replaced', replacement_room: next.id};
	sendEvent(world, room, {...tombstone, content});
	moveAliases(world, room, next);
	return {replacement_room: next.id};
};

export const upgradeRoutes: Routes = {'POST rooms/{roomId}/upgrade': upgrade};
