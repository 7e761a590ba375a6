/** `mx demo --rooms N`: a heavy account, with rooms of all networks in the proportions of a real one. They come before the people. */
import {ExpectedError} from '../../domain/errors.ts';
import {asString, type JsonObject} from '../../domain/json.ts';
import {addEvent} from '../homeserver/events.ts';
import {
	addRoom,
	addUser,
	newId,
	nextPosition,
	type Room,
	type StoredEvent,
	type User,
	type World,
} from '../homeserver/world.ts';
import {encryptedRooms} from './encrypted-rooms.ts';
import {heavyNetworks, words, type HeavyNetwork} from './heavy-words.ts';
import {networks as scripted} from './networks.ts';
import {createChoices, type Choices} from './random.ts';

const day = 86_400_000;
const messagesOfRoom = 20;
/** So many days back the quietest room goes. */
const deepest = 700;
const youngest = 1.1 * day;

/** What is the same in many rooms is there once. */
const shared = {
	joinRules: {join_rule: 'invite'},
	visibility: {history_visibility: 'shared'},
	guests: {guest_access: 'can_join'},
};

type Heavy = {
	readonly world: World;
	readonly you: User;
	readonly choices: Choices;
	readonly messages: readonly JsonObject[];
	readonly direct: Record<string, string[]>;
};

const createMessages = ({pick}: Choices): readonly JsonObject[] =>
	Array.from({length: 800}, () => {
		const body = `${pick(words.openings)} the ${pick(words.things)} ${pick(words.doings)} ${pick(words.endings)}`;
		return {msgtype: 'm.text', body, 'm.mentions': {}};
	});

/** Whoever has a password is no ghost, although nobody knows it. */
const ensureUser = (world: World, localpart: string, displayname: string, password?: string): User => {
	const id = `@${localpart}:${world.serverName}`;
	return world.users.get(id) ?? addUser(world, id, {password, profile: {displayname}});
};

/** A person of a network: few of them are in many groups, most in one chat. */
const personOf = ({world, choices: {pick}}: Heavy, network: HeavyNetwork, number: number): User =>
	ensureUser(
		world,
		network.ghost(number),
		`${pick(words.givenNames)} ${pick(words.familyNames)}`,
		network.bot === '' ? newId() : undefined,
	);

const groupPeople = 60;

const peopleOf = (heavy: Heavy, network: HeavyNetwork, {index, isDirect}: {index: number; isDirect: boolean}) => {
	if (isDirect) return [personOf(heavy, network, 1000 + index)];
	const {below} = heavy.choices;
	const numbers = new Set(Array.from({length: 2 + below(11)}, () => below(groupPeople)));
	return [...numbers].map(number => personOf(heavy, network, number));
};

const bridgeContent = (network: HeavyNetwork, bot: string, channel: JsonObject, isDirect: boolean): JsonObject => {
	const [id = '', displayname = ''] = network.protocol ?? [];
	return {
		bridgebot: bot,
		creator: bot,
		protocol: {id, displayname},
		channel,
		...(isDirect ? {'com.beeper.room_type': 'dm'} : {}),
		'com.beeper.room_type.v2': isDirect ? 'dm' : 'group_dm',
	};
};

/** State and members of a room. */
const furnish = (
	{world, you, choices}: Heavy,
	room: Room,
	{network, people, index, time}: {network: HeavyNetwork; people: readonly User[]; index: number; time: number},
): void => {
	const isDirect = people.length === 1;
	const bot = network.bot === '' ? undefined : ensureUser(world, network.bot, `${network.bot} (bridge)`);
	const sender = (bot ?? people[0] ?? you).id;
	const set = (type: string, content: JsonObject, stateKey = ''): void =>
		void addEvent(world, room, {type, sender, content, stateKey, timestamp: time, isRead: true});
	const topic = `${choices.pick(words.things)} ${choices.pick(words.doings)}`;
	const name = isDirect ? (asString(people[0]?.profile['displayname']) ?? '') : network.channel(`${topic} ${index}`);
	set('m.room.create', {room_version: '11'});
	set('m.room.power_levels', {users: {[sender]: 100}, users_default: 0, events_default: 0, state_default: 50});
	set('m.room.join_rules', shared.joinRules);
	set('m.room.history_visibility', shared.visibility);
	set('m.room.guest_access', shared.guests);
	if (bot !== undefined && network.protocol !== undefined) {
		const channel = {id: `channel-${index}`, displayname: name, 'fi.mau.receiver': 'heavy'};
		const content = bridgeContent(network, bot.id, channel, isDirect);
		const key = `${world.serverName}/${network.bot.replace(/bot$/, '')}`;
		set('m.bridge', content, key);
		set('uk.half-shot.bridge', content, key);
		set('io.element.functional_members', {service_members: [bot.id]});
	}
	if (!isDirect || bot !== undefined) set('m.room.name', {name});
	if (!isDirect) set('m.room.topic', {topic});
	for (const user of new Set([...(bot === undefined ? [] : [bot]), ...people, you])) {
		const content = {membership: 'join', displayname: user.profile['displayname']};
		addEvent(world, room, {
			type: 'm.room.member',
			sender: user.id,
			stateKey: user.id,
			content,
			timestamp: time,
			isRead: true,
		});
	}
};

/** An eighth of them are reactions; some edit or answer. */
const contentOf = (
	{choices, messages}: Heavy,
	before: StoredEvent | undefined,
	sender: string,
): [type: string, content: JsonObject] => {
	const content = choices.pick(messages);
	const kind = choices.below(16);
	if (before === undefined || kind > 3) return ['m.room.message', content];
	if (kind < 2)
		return [
			'm.reaction',
			{
				'm.relates_to': {
					rel_type: 'm.annotation',
					event_id: before.eventId,
					key: choices.pick(['👍', '❤️', '😂', '🎉']),
				},
			},
		];
	if (kind === 2 && before.sender === sender)
		return [
			'm.room.message',
			{
				...content,
				body: `* ${asString(content['body']) ?? ''}`,
				'm.new_content': content,
				'm.relates_to': {rel_type: 'm.replace', event_id: before.eventId},
			},
		];
	return ['m.room.message', {...content, 'm.relates_to': {'m.in_reply_to': {event_id: before.eventId}}}];
};

const receive = (world: World, event: StoredEvent, userId: string): void => {
	const position = nextPosition(world);
	event.room.position = position;
	event.room.receipts.set(`${userId} m.read `, {
		userId,
		type: 'm.read',
		event,
		threadId: undefined,
		timestamp: event.timestamp,
		position,
	});
};

/** Twenty messages, the newest at that time. @param unread so many of the newest are not read */
const talk = (
	heavy: Heavy,
	room: Room,
	{people, newest, unread}: {people: readonly User[]; newest: number; unread: number},
): void => {
	const {world, you, choices} = heavy;
	const gap = (1 + choices.below(40)) * 600_000;
	let before: StoredEvent | undefined;
	for (let left = messagesOfRoom - 1; left >= 0; left--) {
		const isUnread = left < unread;
		const sender = (!isUnread && choices.below(4) === 0 ? you : choices.pick(people)).id;
		const [type, content] = isUnread
			? ['m.room.message', choices.pick(heavy.messages)]
			: contentOf(heavy, before, sender);
		const event = addEvent(world, room, {type, sender, content, timestamp: newest - left * gap, isRead: !isUnread});
		if (type === 'm.room.message' && content['m.relates_to'] === undefined) before = event;
		if (left === unread) receive(world, event, you.id);
		if (left === 2 && people[0] !== undefined) receive(world, event, people[0].id);
	}
};

/** How many rooms the people bring: spaces, consoles and invitations included, and the guide's. */
export const scriptedRoomCount = (): number =>
	scripted.reduce((sum, {bridge, rooms, spaces = {}}) => {
		const own = [...Object.values(rooms), ...Object.values(spaces)].filter(({you}) => you !== 'outside').length;
		if (bridge === undefined) return sum + own;
		const spaceCount =
			bridge.framework === 'bridgev2' ? bridge.logins.length + (bridge.network === undefined ? 0 : 1) : 0;
		return sum + own + 1 + spaceCount;
	}, 1 + encryptedRooms.length);

/** @throws ExpectedError `usage` where the people have more rooms than that */
export const requireRoomsForPeople = (rooms: number): void => {
	const least = scriptedRoomCount();
	if (rooms < least)
		throw new ExpectedError({
			message: `The people of the demo have ${least} rooms, more than ${rooms}.`,
			next: `Give --rooms ${least} or more.`,
			reason: 'usage',
		});
};

/** Adds so many rooms, the quietest first, all of them quieter than what the people do. @returns the m.direct content of them */
export const addHeavyRooms = (world: World, you: User, count: number): JsonObject => {
	const choices = createChoices(5);
	const heavy: Heavy = {world, you, choices, messages: createMessages(choices), direct: {}};
	const now = world.now();
	for (let index = 0; index < count; index++) {
		const network = heavyNetworks[index % heavyNetworks.length];
		if (network === undefined) break;
		const isDirect = choices.below(100) < 45;
		const people = peopleOf(heavy, network, {index, isDirect});
		const newest = Math.round(now - youngest - ((count - index) / count) ** 2 * deepest * day);
		const room = addRoom(world);
		furnish(heavy, room, {network, people, index, time: newest - 40 * day});
		talk(heavy, room, {people, newest, unread: choices.below(8) === 0 ? 1 + choices.below(9) : 0});
		if (isDirect) (heavy.direct[people[0]?.id ?? ''] ??= []).push(room.id);
	}
	return heavy.direct;
};
