/**
 * The state that bridges put into the rooms they make: `m.bridge` (MSC2346), limits, service members, spaces, as mautrix
 * bridgev2 writes it; heisenbridge and matrix-appservice-slack put nothing there.
 */
import type {JsonObject} from '../../domain/json.ts';
import type {BridgeData, Login, RoomData} from './cast.ts';

/** Where a room of a bridge is made. */
export type PortalPlace = {
	readonly serverName: string;
	readonly bridge: BridgeData;
	/** User id of the bot. */
	readonly bot: string;
	/** User id of you. */
	readonly you: string;
};

type StateInput = {readonly type: string; readonly state_key: string; readonly content: JsonObject};

const state = (type: string, content: JsonObject, key = ''): StateInput => ({type, state_key: key, content});

const roomTypes = {dm: 'dm', group: 'group_dm', channel: ''} as const;

/** Both names of the event, as bridgev2 sends it; its key is the server and the id of the appservice. */
const bridgeStates = (
	{serverName, bridge, bot}: PortalPlace,
	channel: JsonObject,
	roomType: string,
	protocolId = bridge.protocol.id,
): readonly StateInput[] => {
	const {protocol, network, appservice} = bridge;
	const content: JsonObject = {
		bridgebot: bot,
		creator: bot,
		protocol: {...protocol, id: protocolId, avatar_url: `mxc://${serverName}/${appservice}`},
		...(network === undefined ? {} : {network}),
		channel,
		...(roomType === 'dm' ? {'com.beeper.room_type': 'dm'} : {}),
		'com.beeper.room_type.v2': roomType,
	};
	const key = `${serverName}/${appservice}`;
	return [state('m.bridge', content, key), state('uk.half-shot.bridge', content, key)];
};

const powerful = (bot: string): JsonObject => ({
	users: {[bot]: 9001},
	events_default: 0,
	users_default: 0,
	state_default: 99,
	invite: 50,
	events: {'m.room.name': 0, 'm.room.topic': 0, 'm.room.avatar': 0, 'm.room.tombstone': 100, 'm.reaction': 0},
});

const bridgeV2States = (place: PortalPlace, room: RoomData, name: string): readonly StateInput[] => {
	const {serverName, bridge, bot} = place;
	const {kind, id = '', login = 0, isMessageRequest, disappearsAfter, topic, transport} = room;
	const {id: receiver = ''} = bridge.logins[login] ?? {};
	const channel = {
		id,
		displayname: name,
		'fi.mau.receiver': receiver,
		...(isMessageRequest === true ? {'com.beeper.message_request': true} : {}),
	};
	const protocolId = transport === undefined ? bridge.protocol.id : `${bridge.protocol.id}-${transport}`;
	return [
		state('io.element.functional_members', {service_members: [bot]}),
		...bridgeStates(place, channel, roomTypes[kind], protocolId),
		state('com.beeper.room_features', bridge.features ?? {}, `${serverName}/${bridge.appservice}`),
		...(disappearsAfter === undefined
			? []
			: [state('com.beeper.disappearing_timer', {type: 'after_read', timer: disappearsAfter})]),
		state('m.room.name', {name}),
		...(topic === undefined ? [] : [state('m.room.topic', {topic})]),
	];
};

/** @returns the request that the bot makes the room with. @param others user ids of ghosts */
export const portalRequest = (
	place: PortalPlace,
	room: RoomData,
	{name, others}: {readonly name: string; readonly others: readonly string[]},
): JsonObject => {
	const {bridge, bot, you} = place;
	const common = {preset: 'private_chat', invite: [you, ...others], power_level_content_override: powerful(bot)};
	switch (bridge.framework) {
		case 'bridgev2':
			return {
				...common,
				is_direct: room.kind === 'dm',
				creation_content: {'m.federate': true},
				initial_state: bridgeV2States(place, room, name),
			};
		case 'heisenbridge':
			return {...common, name, topic: room.topic ?? ''};
		case 'appservice-slack':
			return {
				...common,
				name,
				...(room.topic === undefined ? {} : {topic: room.topic}),
				...(room.address === undefined ? {} : {room_alias_name: room.address}),
			};
	}
};

const spaceRequest = (place: PortalPlace, name: string, states: readonly StateInput[]): JsonObject => ({
	preset: 'private_chat',
	name,
	creation_content: {type: 'm.space'},
	invite: [place.you],
	power_level_content_override: powerful(place.bot),
	initial_state: states,
});

/** @returns the request for the space with all rooms of one login. */
export const loginSpaceRequest = (place: PortalPlace, login: Login): JsonObject => {
	const {displayname} = place.bridge.protocol;
	const channel = {id: '__personal_filtering_space__', displayname, 'fi.mau.receiver': login.id};
	const states = bridgeStates(place, channel, 'personal_filtering_space');
	const topic = state('m.room.topic', {topic: `Your ${displayname} bridged chats - ${login.name}`});
	return spaceRequest(place, `${displayname} (${login.name})`, [...states, topic]);
};

/** @returns the request for the space of what the channels belong to, such as a team. */
export const networkSpaceRequest = (place: PortalPlace, network: {readonly id: string; readonly displayname: string}) =>
	spaceRequest(
		place,
		network.displayname,
		bridgeStates(place, {id: network.id, displayname: network.displayname}, 'space'),
	);
