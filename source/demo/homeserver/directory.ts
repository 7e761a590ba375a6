/** Finding rooms: addresses, the public list, spaces (client-server API §Room Aliases, §Published Room Directory, §Spaces). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import {limitOf, partOf} from './filter.ts';
import type {Handler, Routes} from './http.ts';
import {demand} from './matrix-error.ts';
import {findRoom} from './rooms.ts';
import {membersOf, membershipOf, stateOf, stateText, type Room, type StoredEvent} from './world.ts';

const joinRuleOf = (room: Room): string => stateText(room, 'm.room.join_rules', 'join_rule') ?? 'invite';

const summaryOf = (room: Room): JsonObject => ({
	room_id: room.id,
	name: stateText(room, 'm.room.name', 'name'),
	topic: stateText(room, 'm.room.topic', 'topic'),
	avatar_url: stateText(room, 'm.room.avatar', 'url'),
	canonical_alias: stateText(room, 'm.room.canonical_alias', 'alias'),
	room_type: stateText(room, 'm.room.create', 'type'),
	encryption: stateText(room, 'm.room.encryption', 'algorithm'),
	num_joined_members: membersOf(room, 'join').length,
	join_rule: joinRuleOf(room),
	world_readable: stateText(room, 'm.room.history_visibility', 'history_visibility') === 'world_readable',
	guest_can_join: stateText(room, 'm.room.guest_access', 'guest_access') === 'can_join',
});

/** Spaces and summaries tell the version of a room as well. */
const fullSummaryOf = (room: Room): JsonObject => {
	return {...summaryOf(room), room_version: stateText(room, 'm.room.create', 'room_version')};
};

const publicRooms: Handler = ({world, query, body}) => {
	const term = (asString(asObject(body['filter'])['generic_search_term']) ?? '').toLowerCase();
	const isFound = ({name, topic, canonical_alias: alias}: JsonObject): boolean =>
		[name, topic, alias].some(text => (asString(text) ?? '').toLowerCase().includes(term));
	const found = [...world.rooms.values()]
		.flatMap(room => (room.isPublished ? [summaryOf(room)] : []))
		.filter(isFound)
		.toSorted((one, other) => Number(other['num_joined_members']) - Number(one['num_joined_members']));
	const [since, limit] = ['since', 'limit'].map(name => body[name] ?? query.get(name));
	const {page, next, previous} = partOf(found, since, limitOf(limit, 50));
	return {chunk: page, total_room_count_estimate: found.length, next_batch: next, prev_batch: previous};
};

const mayEnter = (room: Room, userId: string): boolean =>
	['join', 'invite'].includes(membershipOf(room, userId)) || !['invite', 'private'].includes(joinRuleOf(room));

/** §Querying spaces: depth first, each room once. */
const hierarchy: Handler = ({world, user, part, query}) => {
	const deepest = Number(query.get('max_depth') ?? Number.POSITIVE_INFINITY);
	/** A child without servers to ask was removed. */
	const isChild = ({content}: StoredEvent): boolean => Array.isArray(content['via']);
	const rooms = new Map<Room, JsonObject>();
	const visit = (room: Room | undefined, depth: number): void => {
		if (room === undefined || depth > deepest || rooms.has(room) || !mayEnter(room, user.id)) return;
		const children = stateOf(room, 'm.space.child').filter(isChild);
		const state = children.map(({type, stateKey, sender, content, timestamp}) => {
			return {type, state_key: stateKey, sender, content, origin_server_ts: timestamp};
		});
		rooms.set(room, {...fullSummaryOf(room), children_state: state});
		for (const {stateKey = ''} of children) visit(world.rooms.get(stateKey), depth + 1);
	};
	visit(world.rooms.get(part('roomId')), 0);
	demand(rooms.size > 0, 403, 'M_FORBIDDEN', `${user.id} may not see the space`);
	const {page, next} = partOf([...rooms.values()], query.get('from'), limitOf(query.get('limit'), 50));
	return {rooms: page, next_batch: next};
};

export const directoryRoutes: Routes = {
	'GET publicRooms': publicRooms,
	'POST publicRooms': publicRooms,
	'GET rooms/{roomId}/hierarchy': hierarchy,
	'GET room_summary/{roomId}': ({world, user, part}) => {
		const room = findRoom(world, part('roomId'));
		demand(mayEnter(room, user.id), 404, 'M_NOT_FOUND', 'There is no such room');
		return {...fullSummaryOf(room), membership: membershipOf(room, user.id)};
	},
	'open GET directory/list/room/{roomId}': ({world, part}) => {
		return {visibility: findRoom(world, part('roomId')).isPublished ? 'public' : 'private'};
	},
	'open GET directory/room/{alias}': ({world, part}) => {
		return {room_id: findRoom(world, part('alias')).id, servers: [world.serverName]};
	},
};
