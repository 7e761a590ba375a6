/** Rooms that the person is not in yet: found, looked at, joined, made, arranged in spaces, followed when they move. */
import {isRoomAlias, isRoomId, parseServerName, serverNameOf} from '../domain/identifiers.ts';
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';
import {parseMatrixLink} from '../domain/matrix-link.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {CreateRoomRequest, RoomRequests, RoomSummary, SpaceRoom} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Session} from '../domain/session.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {ForeignSummary, HierarchyRoom} from '../matrix/room-calls.ts';
import {failureKindOf, refuse} from './refusals.ts';
import type {RoomPorts} from './room-ports.ts';
import {createRoomUpgrade} from './room-upgrade.ts';

type Discovery = Pick<
	RoomRequests,
	| 'createRoom'
	| 'knock'
	| 'directory'
	| 'preview'
	| 'spaceRooms'
	| 'setSpaceChild'
	| 'upgradeRoom'
	| 'checkSuccessor'
	| 'followUpgrade'
> &
	Pick<Session, 'join'>;

type Place = {readonly room: string; readonly servers: readonly string[]};

/** Pages of a space that are read at most: 50 rooms each. */
const mostSpacePages = 20;

/** What a new room begins with. @param servers by which its space is found */
const creationOf = (request: CreateRoomRequest, servers: readonly string[]): JsonObject => {
	const {name, topic, access, isEncrypted, alias, invite, spaceId, isSpace} = request;
	const isPublic = access === 'public' || access === 'listed';
	const state: JsonObject[] = [];
	const add = (type: string, content: JsonObject, stateKey = ''): void =>
		void state.push({type, state_key: stateKey, content});
	if (isEncrypted) add('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'});
	if (spaceId !== undefined) add('m.space.parent', {via: servers, canonical: true}, spaceId);
	if (access === 'space' && spaceId !== undefined)
		add('m.room.join_rules', {join_rule: 'restricted', allow: [{type: 'm.room_membership', room_id: spaceId}]});
	return {
		preset: isPublic ? 'public_chat' : 'private_chat',
		visibility: access === 'listed' ? 'public' : 'private',
		...(name === '' ? {} : {name}),
		...(topic === undefined || topic === '' ? {} : {topic}),
		...(alias === undefined || alias === '' ? {} : {room_alias_name: alias}),
		invite,
		initial_state: state,
		...(isSpace === true
			? {creation_content: {type: 'm.space'}, power_level_content_override: {events_default: 100}}
			: {}),
	};
};

export const createRoomDiscovery = (options: RoomPorts): Discovery => {
	const {userId: self, homeserver, stores, finder, feed} = options;
	const {reader, account, rooms} = stores;
	const {details} = reader;
	const calls = homeserver.rooms;

	const known = (roomId: string): RoomRow | undefined => reader.roomById(roomId);

	const withMembership = (summary: ForeignSummary): RoomSummary => ({
		...summary,
		membership: known(summary.roomId)?.membership,
	});

	/** @throws ExpectedError `usage` for what is no address */
	const placeOf = (text: string, servers: readonly string[] = []): Place => {
		const link = parseMatrixLink(text);
		if (link !== undefined && !link.id.startsWith('@')) return {room: link.id, servers: link.servers};
		const room = text.trim();
		if (isRoomAlias(room) || isRoomId(room)) return {room, servers};
		return refuse(
			'usage',
			`${text} is no address of a room.`,
			'Type #kitchen:example.org, a room id, or a link to a room.',
		);
	};

	/** The servers that know an alias, or those that were said. */
	const resolve = async ({room, servers}: Place): Promise<Place> => {
		if (!room.startsWith('#')) return {room, servers};
		try {
			const found = await homeserver.resolveAlias(room);
			return {
				room: found.roomId,
				servers: [serverNameOf(room), ...found.servers.filter(each => each !== serverNameOf(room))],
			};
		} catch (error) {
			if (failureKindOf(error) === 'not-found') return refuse('notFound', `There is no room with the address ${room}.`);
			if (failureKindOf(error) === 'server-error')
				return refuse(
					'notFound',
					`The server ${serverNameOf(room)} cannot be reached, or is no Matrix server.`,
					'Check the spelling.',
				);
			throw toExpectedError(error, `look ${room} up`);
		}
	};

	/** Of a room that the person is in, what the store knows is enough. */
	const storedSummary = (room: RoomRow, servers: readonly string[]): RoomSummary => ({
		roomId: room.roomId,
		name: room.name,
		alias: room.alias,
		topic: room.topic,
		memberCount: room.joinedCount,
		joinRule: asString(details.state(room.rid, 'm.room.join_rules')?.['join_rule']),
		isEncrypted: room.isEncrypted,
		isSpace: details.isSpace(room.rid),
		membership: room.membership,
		servers,
	});

	const preview: Discovery['preview'] = async request => {
		const given = placeOf(request.room, request.servers);
		const place = await resolve(given);
		const room = known(place.room);
		if (room?.membership === 'join') return storedSummary(room, place.servers);
		try {
			const summary = await calls.roomSummary(place.room, place.servers);
			if (summary !== undefined) return withMembership(summary);
		} catch (error) {
			const kind = failureKindOf(error);
			if (kind !== 'not-found' && kind !== 'forbidden' && kind !== 'bad-request')
				throw toExpectedError(error, `look at ${given.room}`);
		}
		if (room !== undefined) return storedSummary(room, place.servers);
		// The room is there, but tells nothing to who is not in it.
		return {
			roomId: place.room,
			name: undefined,
			alias: given.room.startsWith('#') ? given.room : undefined,
			topic: undefined,
			memberCount: undefined,
			joinRule: undefined,
			isEncrypted: false,
			isSpace: false,
			membership: undefined,
			servers: place.servers,
		};
	};

	/** Why a room does not let the person in, as far as it can be found out. */
	const whyClosed = async (place: Place): Promise<never> => {
		if (known(place.room)?.membership === 'ban') return refuse('refused', 'You are banned from this room.');
		const rule = await calls.roomSummary(place.room, place.servers).then(
			summary => summary?.joinRule,
			() => undefined,
		);
		if (rule?.startsWith('knock'))
			return refuse('refused', 'This room lets people in who ask.', `/knock ${place.room} asks.`);
		if (rule === 'restricted')
			return refuse('refused', 'This room is for the members of a space that you are not in, or for the invited.');
		return refuse(
			'refused',
			'You are not invited to this room, or you are banned.',
			'Ask somebody in it for an invitation.',
		);
	};

	const join: Discovery['join'] = async ({room, servers}) => {
		const link = parseMatrixLink(room);
		const address = link?.id ?? room;
		const via = link === undefined || link.servers.length === 0 ? servers : link.servers;
		try {
			const roomId = await finder.join(address, via ?? []);
			feed.changed([], true);
			return {roomId};
		} catch (error) {
			const cause = error instanceof Error ? error.cause : undefined;
			if (failureKindOf(cause) === 'forbidden' && !address.startsWith('@'))
				return whyClosed(await resolve({room: address, servers: via ?? []}));
			// Says it in the terms of the address.
			if (address.startsWith('#')) await resolve({room: address, servers: []});
			throw error;
		}
	};

	const viaOf = (roomId: string): readonly string[] => {
		const room = known(roomId);
		const servers = room === undefined ? [] : details.servers(room.rid);
		return servers.length > 0 ? servers : [serverNameOf(self)];
	};

	const setSpaceChild: Discovery['setSpaceChild'] = async ({spaceId, roomId, isChild, order}) => {
		const space = known(spaceId);
		if (space?.membership !== 'join') return refuse('refused', 'You are not in this space.');
		const power = details.power(space.rid);
		const lack = lackOfPower(power.of(self), power.toSetState('m.space.child'), 'change what is in this space');
		if (lack !== undefined) return refuse('refused', lack, 'Ask somebody with more power in the space.');
		const before = details.state(space.rid, 'm.space.child', roomId) ?? {};
		const {order: _, ...others} = before;
		const place = order === undefined ? before : order === '' ? others : {...before, order};
		const content: JsonObject = isChild ? {...place, via: viaOf(roomId)} : {};
		try {
			await calls.putState(spaceId, {type: 'm.space.child', stateKey: roomId}, content);
		} catch (error) {
			throw toExpectedError(error, 'change the space');
		}
		return {};
	};

	const createRoom: Discovery['createRoom'] = async request => {
		if (request.access === 'space' && request.spaceId === undefined)
			return refuse('usage', 'Members of which space may join?', 'Choose a space, or let only the invited in.');
		for (const userId of request.invite)
			if (!/^@[^:]+:.+$/.test(userId))
				refuse('usage', `${userId} is not the id of a person.`, 'An id looks like @anna:example.org.');
		const space = request.spaceId === undefined ? [] : viaOf(request.spaceId);
		let roomId: string;
		try {
			roomId = await homeserver.createRoom(creationOf(request, space));
		} catch (error) {
			throw toExpectedError(error, 'create the room');
		}
		if (request.isEncrypted) account.writeDurably(() => rooms.setEncrypted(roomId));
		try {
			await finder.learn(roomId);
		} catch {
			// It is there; the stream brings it.
		}
		feed.changed([], true);
		if (request.spaceId !== undefined) await setSpaceChild({spaceId: request.spaceId, roomId, isChild: true});
		return {roomId};
	};

	/** A room of the hierarchy with its place, as the space's own event has it. */
	const spaceRoom = (room: HierarchyRoom, events: readonly JsonObject[]): SpaceRoom => {
		const {children: _, ...summary} = room;
		const content = asObject(events.find(event => event['state_key'] === room.roomId)?.['content']);
		const servers = asArray(content['via']).filter(server => typeof server === 'string');
		return {
			...withMembership({...summary, servers}),
			order: asString(content['order']),
			isSuggested: content['suggested'] === true,
		};
	};

	const spaceRooms: Discovery['spaceRooms'] = async ({spaceId}) => {
		const found: HierarchyRoom[] = [];
		try {
			let from: string | undefined;
			for (let page = 0; page < mostSpacePages; page++) {
				const {rooms: list, next} = await calls.hierarchy(spaceId, from);
				found.push(...list);
				if (next === undefined) break;
				from = next;
			}
		} catch (error) {
			throw toExpectedError(error, 'look into the space');
		}
		const events = found.find(({roomId}) => roomId === spaceId)?.children ?? [];
		return {rooms: found.filter(({roomId}) => roomId !== spaceId).map(room => spaceRoom(room, events))};
	};

	return {
		join,
		preview,
		createRoom,
		spaceRooms,
		setSpaceChild,
		...createRoomUpgrade(options, join),
		async knock({room, servers, reason}) {
			const place = await resolve(placeOf(room, servers));
			const membership = known(place.room)?.membership;
			if (membership === 'join') return refuse('refused', 'You are in this room already.');
			if (membership === 'invite') return refuse('refused', 'You are invited to this room.', '/accept joins it.');
			if (membership === 'ban') return refuse('refused', 'You are banned from this room.');
			try {
				const body: JsonObject = reason === undefined || reason === '' ? {} : {reason};
				return {roomId: (await calls.knock(place.room, place.servers, body)) ?? place.room};
			} catch (error) {
				if (failureKindOf(error) === 'forbidden') return refuse('refused', 'This room takes no requests to be let in.');
				throw toExpectedError(error, 'ask to be let in');
			}
		},
		async directory({server, term, from}) {
			if (server !== undefined && parseServerName(server) === undefined)
				return refuse('usage', `${server} is not the name of a server.`, 'Type it as example.org.');
			try {
				const page = await calls.directory({server, term, from});
				return {...page, rooms: page.rooms.map(withMembership)};
			} catch (error) {
				const kind = failureKindOf(error);
				if (server !== undefined && (kind === 'server-error' || kind === 'not-found'))
					return refuse(
						'notFound',
						`The server ${server} cannot be reached, or is no Matrix server.`,
						'Check the spelling.',
					);
				if (server !== undefined && kind === 'forbidden')
					return refuse('refused', `The server ${server} does not show its directory.`);
				throw toExpectedError(error, 'read the directory');
			}
		},
	};
};
