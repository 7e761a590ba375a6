/** Replacing a room by a new one (client-server API §Room Upgrades). */
import {asString} from '../../domain/json.ts';
import {requirePowerToSend} from './authorization.ts';
import type {Routes} from './http.ts';
import {MatrixError} from './matrix-error.ts';
import {createRoom, joinedRoom, sendEvent} from './rooms.ts';
import {stateEvent} from './world.ts';

/** State that goes along. */
const carried = [
	'name',
	'topic',
	'avatar',
	'encryption',
	'join_rules',
	'history_visibility',
	'guest_access',
	'power_levels',
];

export const upgradeRoutes: Routes = {
	'POST rooms/{roomId}/upgrade': call => {
		const {world, user, body} = call;
		const room = joinedRoom(call);
		const version = asString(body['new_version']);
		if (version === undefined) throw new MatrixError(400, 'M_MISSING_PARAM', 'Which version?');
		requirePowerToSend(room, user.id, 'm.room.tombstone');
		const create = stateEvent(room, 'm.room.create')?.content;
		const next = createRoom(world, user.id, {
			room_version: version,
			creation_content: {...create, predecessor: {room_id: room.id}},
			initial_state: carried
				.flatMap(name => stateEvent(room, `m.room.${name}`) ?? [])
				.map(({type, content}) => ({type, content})),
		});
		const content = {body: 'This room has been replaced', replacement_room: next.id};
		sendEvent(world, room, {type: 'm.room.tombstone', sender: user.id, stateKey: '', content});
		for (const [alias, id] of world.aliases) if (id === room.id) world.aliases.set(alias, next.id);
		return {replacement_room: next.id};
	},
};
