/** Replacing a room by a new one (client-server API §Room Upgrades). */
import {asString} from '../../domain/json.ts';
import {requirePowerToSend} from './authorization.ts';
import type {Routes} from './http.ts';
import {demand} from './matrix-error.ts';
import {createRoom, joinedRoom, sendEvent} from './rooms.ts';
import {stateEvent} from './world.ts';

/** State that goes along. */
const described = ['name', 'topic', 'avatar', 'encryption'];
const ruled = ['join_rules', 'history_visibility', 'guest_access', 'power_levels'];

export const upgradeRoutes: Routes = {
	'POST rooms/{roomId}/upgrade': call => {
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
	},
};
