/** Finding rooms: addresses, the public list, spaces (client-server API §Room Aliases, §Published Room Directory, §Spaces). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import {limitOf} from './filter.ts';
import type {Call, Handler, Routes} from './http.ts';
import {forbidden, notFound} from './matrix-error.ts';
import {findRoom} from './rooms.ts';
import {visibleRoom} from './visibility.ts';
import {membersOf, membershipOf, stateEvent, type Room, type World} from './world.ts';

const summaryOf = (room: Room, more: JsonObject = {}): JsonObject => {
	const value = (type: string, key: string): string | undefined => asString(stateEvent(room, type)?.content[key]);
	const rule = value('m.room.join_rules', 'join_rule');
	const optional = {
		name: value('m.room.name', 'name'),
		topic: value('m.room.topic', 'topic'),
		avatar_url: value('m.room.avatar', 'url'),
		canonical_alias: value('m.room.canonical_alias', 'alias'),
		room_type: value('m.room.create', 'type'),
		encryption: value('m.room.encryption', 'algorithm'),
	};
	return {
		room_id: room.id,
		...more,
		...Object.fromEntries(Object.entries(optional).filter(([, each]) => each !== undefined)),
		num_joined_members: membersOf(room, 'join').length,
		join_rule: rule ?? 'invite',
		world_readable: value('m.room.history_visibility', 'history_visibility') === 'world_readable',
		guest_can_join: value('m.room.guest_access', 'guest_access') === 'can_join',
	};
};

const publicRooms: Handler = ({world, query, body}) => {
	const term = (asString(asObject(body['filter'])['generic_search_term']) ?? '').toLowerCase();
	const limit = limitOf(body['limit'] ?? query.get('limit'), 50);
	const from = Number(asString(body['since']) ?? query.get('since') ?? 0) || 0;
	const found = [...world.rooms.values()]
		.filter(({isPublished}) => isPublished)
		.map(room => summaryOf(room))
		.filter(({name, topic, canonical_alias: alias}) =>
			[name, topic, alias].some(text => (asString(text) ?? '').toLowerCase().includes(term)),
		)
		.toSorted((one, other) => Number(other['num_joined_members']) - Number(one['num_joined_members']));
	return {
		chunk: found.slice(from, from + limit),
		total_room_count_estimate: found.length,
		...(from + limit < found.length ? {next_batch: String(from + limit)} : {}),
		...(from > 0 ? {prev_batch: String(Math.max(0, from - limit))} : {}),
	};
};

/** Spaces and summaries tell the version of a room as well. */
const fullSummaryOf = (room: Room): JsonObject =>
	summaryOf(room, {room_version: stateEvent(room, 'm.room.create')?.content['room_version']});

/** A child without servers to ask was removed. */
const childrenOf = (
	world: World,
	room: Room,
	isSuggestedOnly: boolean,
): readonly {readonly room: Room | undefined; readonly event: JsonObject}[] =>
	[...(room.state.get('m.space.child')?.values() ?? [])]
		.filter(({content}) => Array.isArray(content['via']) && (!isSuggestedOnly || content['suggested'] === true))
		.map(({type, stateKey = '', sender, content, timestamp}) => ({
			room: world.rooms.get(stateKey),
			event: {type, state_key: stateKey, sender, content, origin_server_ts: timestamp},
		}));

const mayEnter = (room: Room, userId: string): boolean => {
	const rule = asString(stateEvent(room, 'm.room.join_rules')?.content['join_rule']);
	return (
		['join', 'invite'].includes(membershipOf(room, userId)) ||
		(rule !== undefined && rule !== 'invite' && rule !== 'private')
	);
};

/** §Querying spaces: depth first, each room once. */
const hierarchy: Handler = ({world, user, params, query}: Call) => {
	const isSuggestedOnly = query.get('suggested_only') === 'true';
	const deepest = Number(query.get('max_depth') ?? Number.POSITIVE_INFINITY);
	const seen = new Set<Room>();
	const rooms: JsonObject[] = [];
	const visit = (room: Room, depth: number): void => {
		if (seen.has(room) || !mayEnter(room, user.id)) return;
		seen.add(room);
		const children = childrenOf(world, room, isSuggestedOnly);
		rooms.push({...fullSummaryOf(room), children_state: children.map(({event}) => event)});
		if (depth < deepest) for (const child of children) if (child.room !== undefined) visit(child.room, depth + 1);
	};
	const root = world.rooms.get(params['roomId'] ?? '');
	if (root === undefined || !mayEnter(root, user.id)) throw forbidden(`${user.id} may not see the space`);
	visit(root, 0);
	const from = Number(query.get('from') ?? 0) || 0;
	const limit = limitOf(query.get('limit'), 50);
	return {
		rooms: rooms.slice(from, from + limit),
		...(from + limit < rooms.length ? {next_batch: String(from + limit)} : {}),
	};
};

/** What anybody may ask. */
export const openDirectoryRoutes: Routes = {
	'GET directory/list/room/{roomId}': ({world, params}) => ({
		visibility: findRoom(world, params['roomId'] ?? '').isPublished ? 'public' : 'private',
	}),
	'GET directory/room/{alias}': ({world, params}) => {
		const id = world.aliases.get(params['alias'] ?? '');
		if (id === undefined) throw notFound('There is no such address');
		return {room_id: id, servers: [world.serverName]};
	},
};

export const directoryRoutes: Routes = {
	'GET publicRooms': publicRooms,
	'POST publicRooms': publicRooms,
	'GET rooms/{roomId}/hierarchy': hierarchy,
	'GET rooms/{roomId}/aliases': ({world, user, params}) => {
		const room = visibleRoom(world, params['roomId'] ?? '', user.id);
		return {aliases: [...world.aliases].flatMap(([alias, id]) => (id === room.id ? [alias] : []))};
	},
	'GET room_summary/{roomId}': ({world, user, params}) => {
		const room = findRoom(world, params['roomId'] ?? '');
		if (!mayEnter(room, user.id)) throw notFound('There is no such room');
		return {...fullSummaryOf(room), membership: membershipOf(room, user.id)};
	},
};
