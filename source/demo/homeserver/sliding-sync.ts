/** The rooms that were active last, each with its newest messages: one request of simplified sliding sync (MSC4186), without positions. */
import {asArray, asInteger, asObject, type JsonObject} from '../../domain/json.ts';
import {clientEvent, strippedState} from './events.ts';
import type {Routes} from './http.ts';
import {unreadCounts} from './push.ts';
import {createVisibility} from './visibility.ts';
import {
	membersOf,
	membershipOf,
	stateEvent,
	stateOf,
	stateText,
	type Room,
	type StoredEvent,
	type User,
} from './world.ts';

type Wish = {readonly required: readonly unknown[]; readonly limit: number};

const roomPart = (room: Room, user: User, {required, limit}: Wish): JsonObject => {
	const direct = Object.values(asObject(user.accountData.get('m.direct')?.content));
	const others = membersOf(room, 'join', 'invite').filter(({stateKey}) => stateKey !== user.id);
	const common = {
		name: stateText(room, 'm.room.name', 'name'),
		heroes: others.slice(0, 5).map(({stateKey, content: {displayname, avatar_url: avatar}}) => {
			return {user_id: stateKey, displayname, avatar_url: avatar};
		}),
		is_dm: direct.some(rooms => asArray(rooms).includes(room.id)),
		initial: true,
		joined_count: membersOf(room, 'join').length,
		invited_count: membersOf(room, 'invite').length,
	};
	const member = stateEvent(room, 'm.room.member', user.id);
	if (member?.content['membership'] === 'invite') return {...common, invite_state: strippedState(room, member)};
	const timeline = room.timeline.filter(createVisibility(room, user.id)).slice(-limit);
	const senders = new Set(timeline.map(({sender}) => sender));
	const state = required.flatMap(entry => {
		const [type = '', key = ''] = asArray(entry).map(String);
		const isRequired = ({stateKey = ''}: StoredEvent): boolean =>
			key === '$LAZY' ? senders.has(stateKey) : stateKey === (key === '$ME' ? user.id : key);
		return stateOf(room, {type}).filter(isRequired);
	});
	return {
		...common,
		...unreadCounts(room, user.id).main,
		required_state: [...new Set(state)].map(event => clientEvent(event, {userId: user.id})),
		timeline: timeline.map(event => clientEvent(event, {userId: user.id})),
		prev_batch: `t${(timeline[0]?.position ?? 1) - 1}`,
		limited: timeline.length < room.timeline.length,
		bump_stamp: lastChange(room),
	};
};

const lastChange = (room: Room): number => room.timeline.at(-1)?.position ?? 0;

export const slidingSyncRoutes: Routes = {
	'POST unstable/org.matrix.simplified_msc3575/sync': ({world, user, body}) => {
		const newest = [...user.rooms]
			.filter(room => ['join', 'invite'].includes(membershipOf(room, user.id)))
			.toSorted((one, other) => lastChange(other) - lastChange(one));
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
