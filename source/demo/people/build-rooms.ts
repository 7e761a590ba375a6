/** Makes the rooms of the demo, as bridges and people make them: portals, consoles of bots, spaces. */
import type {JsonObject} from '../../domain/json.ts';
import {createRoom, joinRoom, sendEvent} from '../homeserver/rooms.ts';
import {stateEvent, type Room, type World} from '../homeserver/world.ts';
import {durationOf} from './ago.ts';
import type {BridgeData, NetworkData, RoomData} from './cast.ts';
import {loginSpaceRequest, networkSpaceRequest, portalRequest, type PortalPlace} from './portals.ts';
import type {Stage, StagePortal} from './stage.ts';

/** What rooms are made from. */
type Builder = {
	readonly world: World;
	/** User id. */
	readonly you: string;
	readonly people: ReadonlyMap<string, string>;
	readonly rooms: Map<string, Room>;
	/** By room id. */
	readonly portals: Map<string, StagePortal>;
	readonly logins: Stage['logins'];
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	/** What the makers of rooms do in them after the first messages. */
	readonly later: {readonly time: number; readonly act: () => void}[];
};

const usualAge = '60d';
const oldest = '61d';

const timeOf = ({now}: Builder, ago: string): number => now - (durationOf(ago) ?? 0);

const idOf = ({people}: Builder, key: string): string => {
	const id = people.get(key);
	if (id === undefined) throw new Error(`There is nobody with the key ${key}`);
	return id;
};

const keep = ({rooms}: Builder, key: string, room: Room): Room => {
	if (rooms.has(key)) throw new Error(`Two rooms have the key ${key}`);
	rooms.set(key, room);
	return room;
};

/** The key of the room of you and the bot. */
export const consoleKey = ({appservice}: BridgeData): string => `${appservice}-console`;

const placeOf = (builder: Builder, bridge: BridgeData): PortalPlace => ({
	serverName: builder.world.serverName,
	bridge,
	bot: idOf(builder, bridge.bot.localpart),
	you: builder.you,
});

const markPortal = (
	builder: Builder,
	room: Room,
	bridge: BridgeData,
	{failure, login = 0}: Pick<RoomData, 'failure' | 'login'>,
): void => {
	const {appservice, hasStatus = false, hasDelivery = false} = bridge;
	const bot = idOf(builder, bridge.bot.localpart);
	const own = builder.logins.get(consoleKey(bridge))?.all[login];
	builder.portals.set(room.id, {bot, appservice, hasStatus, hasDelivery, failure, login: own});
};

/** The name of a DM is that of the person. */
const nameOf = ({people: all}: NetworkData, {name, people}: RoomData): string =>
	name ?? all[people[0] ?? '']?.name ?? '';

const addPortal = (builder: Builder, network: NetworkData, key: string, data: RoomData): void => {
	const {bridge} = network;
	if (bridge === undefined) return;
	const place = placeOf(builder, bridge);
	const time = timeOf(builder, data.ago ?? usualAge);
	const others = data.people.map(person => idOf(builder, person));
	const request = portalRequest(place, data, {name: nameOf(network, data), others});
	const room = keep(builder, key, createRoom(builder.world, place.bot, request, time));
	for (const userId of others) joinRoom(builder.world, room, userId, time);
	if (data.you !== 'invited') joinRoom(builder.world, room, builder.you, time);
	markPortal(builder, room, bridge, data);
};

/** A space holds rooms; a child names servers through which it can be joined. */
const addChildren = (builder: Builder, space: Room, children: readonly Room[], time: number): void => {
	const {world} = builder;
	const sender = stateEvent(space, 'm.room.create')?.sender ?? '';
	for (const {id} of children)
		sendEvent(world, space, {
			type: 'm.space.child',
			sender,
			stateKey: id,
			content: {via: [world.serverName]},
			timestamp: time,
		});
};

const addBridgeSpaces = (builder: Builder, {bridge, rooms}: NetworkData): void => {
	if (bridge?.framework !== 'bridgev2') return;
	const {world, you} = builder;
	const place = placeOf(builder, bridge);
	const time = timeOf(builder, oldest);
	const add = (key: string, request: JsonObject, children: readonly Room[]): Room => {
		const space = keep(builder, key, createRoom(world, place.bot, request, time));
		addChildren(builder, space, children, time);
		joinRoom(world, space, you, time);
		return space;
	};
	const roomsWhere = (isWanted: (data: RoomData) => boolean): readonly Room[] =>
		Object.entries(rooms).flatMap(([key, data]) => (isWanted(data) ? (builder.rooms.get(key) ?? []) : []));
	const {network, appservice, logins} = bridge;
	const isChannel = ({kind}: RoomData): boolean => network !== undefined && kind === 'channel';
	const team =
		network === undefined
			? []
			: [add(`${appservice}-team`, networkSpaceRequest(place, network), roomsWhere(isChannel))];
	for (const [index, login] of logins.entries()) {
		const own = roomsWhere(data => (data.login ?? 0) === index && !isChannel(data));
		add(`${appservice}-space-${index}`, loginSpaceRequest(place, login), [...team, ...own]);
	}
};

const addConsole = (builder: Builder, bridge: BridgeData): void => {
	const {world, you} = builder;
	const bot = idOf(builder, bridge.bot.localpart);
	const time = timeOf(builder, oldest);
	const request = {preset: 'trusted_private_chat', is_direct: true, invite: [bot]};
	const room = keep(builder, consoleKey(bridge), createRoom(world, you, request, time));
	joinRoom(world, room, bot, time);
	if (bridge.framework === 'bridgev2') {
		const content = {topic: `${bridge.protocol.displayname} bridge management room`};
		sendEvent(world, room, {type: 'm.room.topic', sender: bot, stateKey: '', content, timestamp: time});
	}
};

const addMatrixRoom = (builder: Builder, key: string, data: RoomData, more: JsonObject = {}): Room => {
	const {world, you, rooms} = builder;
	const {kind, name, topic, people, address, ago = usualAge, replaces, state = []} = data;
	const time = timeOf(builder, ago);
	const creator = idOf(builder, data.by ?? people[0] ?? '');
	const others = people.map(person => idOf(builder, person)).filter(id => id !== creator);
	const isInvited = data.you !== 'outside';
	const old = replaces === undefined ? undefined : rooms.get(replaces);
	const initial = state.map(({type, key: stateKey = '', content}) => ({type, state_key: stateKey, content}));
	const predecessor = {room_id: old?.id, event_id: old?.timeline.at(-1)?.eventId};
	const request: JsonObject = {
		preset: address === undefined ? (kind === 'dm' ? 'trusted_private_chat' : 'private_chat') : 'public_chat',
		...(address === undefined ? {} : {visibility: 'public', room_alias_name: address}),
		...(name === undefined ? {} : {name}),
		...(topic === undefined ? {} : {topic}),
		is_direct: kind === 'dm',
		invite: [...(isInvited ? [you] : []), ...others],
		initial_state: initial,
		creation_content: {...more, ...(old === undefined ? {} : {predecessor})},
	};
	const room = keep(builder, key, createRoom(world, creator, request, time));
	for (const userId of others) joinRoom(world, room, userId, time);
	if (data.you === undefined || data.you === 'joined') joinRoom(world, room, you, time);
	if (old !== undefined) {
		const content = {body: 'This room has moved', replacement_room: room.id};
		const sender = stateEvent(old, 'm.room.create')?.sender ?? '';
		const tombstone = {type: 'm.room.tombstone', sender, stateKey: '', content, timestamp: time};
		builder.later.push({time, act: () => void sendEvent(world, old, tombstone)});
	}
	return room;
};

/** Makes all rooms, without what was said in them. */
export const buildRooms = (builder: Builder, networks: readonly NetworkData[]): void => {
	for (const network of networks) {
		const {bridge, rooms, spaces = {}} = network;
		if (bridge !== undefined) addConsole(builder, bridge);
		for (const [key, data] of Object.entries(rooms))
			if (bridge === undefined) addMatrixRoom(builder, key, data);
			else addPortal(builder, network, key, data);
		addBridgeSpaces(builder, network);
		for (const [key, {rooms: names, ...data}] of Object.entries(spaces)) {
			const space = addMatrixRoom(builder, key, data, {type: 'm.space'});
			const children = names.flatMap(name => builder.rooms.get(name) ?? []);
			addChildren(builder, space, children, space.timeline[0]?.timestamp ?? builder.now);
		}
	}
};
