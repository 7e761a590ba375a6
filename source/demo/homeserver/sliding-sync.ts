/** The rooms that were active last, each with its newest messages: one request of simplified sliding sync (MSC4186), without positions. */
import {asArray, asInteger, asObject, type JsonObject} from '../../domain/json.ts';
import {clientEvent, strippedState} from './events.ts';
import type {Routes} from './http.ts';
import {unreadCounts} from './push.ts';
import {createVisibility} from './visibility.ts';
import {membersOf, membershipOf, stateEvent, type Room, type User} from './world.ts';

const heroesOf = (room: Room, userId: string): readonly JsonObject[] =>
	membersOf(room, 'join', 'invite')
		.filter(({stateKey}) => stateKey !== userId)
		.slice(0, 5)
		.map(({stateKey = '', content}) => ({
			user_id: stateKey,
			displayname: content['displayname'],
			avatar_url: content['avatar_url'],
		}));

const roomPart = (
	room: Room,
	user: User,
	{required, limit}: {readonly required: readonly unknown[]; readonly limit: number},
): JsonObject => {
	const member = stateEvent(room, 'm.room.member', user.id);
	const direct = Object.values(asObject(user.accountData.get('m.direct')?.content)).some(rooms =>
		asArray(rooms).includes(room.id),
	);
	const common = {
		name: stateEvent(room, 'm.room.name')?.content['name'],
		heroes: heroesOf(room, user.id),
		is_dm: direct,
		initial: true,
		joined_count: membersOf(room, 'join').length,
		invited_count: membersOf(room, 'invite').length,
	};
	if (membershipOf(room, user.id) === 'invite' && member !== undefined)
		return {...common, invite_state: strippedState(room, member)};
	const timeline = room.timeline.filter(createVisibility(room, user.id)).slice(-limit);
	const senders = new Set(timeline.map(({sender}) => sender));
	const state = required.flatMap(entry => {
		const [type, key] = asArray(entry).map(String);
		const all = [...(room.state.get(type ?? '')?.values() ?? [])];
		return all.filter(({stateKey = ''}) =>
			key === '$LAZY' ? senders.has(stateKey) : stateKey === (key === '$ME' ? user.id : key),
		);
	});
	return {
		...common,
		...unreadCounts(room, user.id).main,
		required_state: [...new Set(state)].map(event => clientEvent(event, user.id)),
		timeline: timeline.map(event => clientEvent(event, user.id)),
		prev_batch: `t${(timeline[0]?.position ?? 1) - 1}`,
		limited: timeline.length < room.timeline.length,
		bump_stamp: room.timeline.at(-1)?.position ?? 0,
	};
};

export const slidingSyncRoutes: Routes = {
	'POST unstable/org.matrix.simplified_msc3575/sync': ({world, user, body}) => {
		const newest = [...user.rooms]
			.filter(room => ['join', 'invite'].includes(membershipOf(room, user.id)))
			.toSorted((one, other) => (other.timeline.at(-1)?.position ?? 0) - (one.timeline.at(-1)?.position ?? 0));
		const rooms: Record<string, JsonObject> = {};
		const lists: Record<string, JsonObject> = {};
		for (const [name, list] of Object.entries(asObject(body['lists']))) {
			const {ranges, required_state: required, timeline_limit: limit} = asObject(list);
			const [from = 0, to = 0] = asArray(asArray(ranges)[0]).map(Number);
			lists[name] = {count: newest.length};
			for (const room of newest.slice(from, to + 1))
				rooms[room.id] = roomPart(room, user, {required: asArray(required), limit: asInteger(limit) ?? 1});
		}
		return {pos: String(world.position), lists, rooms};
	},
};
