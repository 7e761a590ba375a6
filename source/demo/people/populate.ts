/** Puts everybody on the server: accounts and ghosts, rooms, and what was said in them, in the order of time. */
import {asArray, asObject, type JsonObject} from '../../domain/json.ts';
import {peopleType, withPeopleChange} from '../../domain/person.ts';
import {receiptsType, withReceiptsTold} from '../../domain/receipt-words.ts';
import {register} from '../homeserver/sessions.ts';
import {membershipOf, nextPosition, type Room, type User, type World} from '../homeserver/world.ts';
import {createAccounts} from './accounts.ts';
import {durationOf} from './ago.ts';
import {buildRooms, consoleKey} from './build-rooms.ts';
import type {NetworkData, RoomData} from './cast.ts';
import {addGuide} from './guide.ts';
import {addHeavyRooms, scriptedRoomCount} from './heavy.ts';
import {networks} from './networks.ts';
import {isDeed, perform, setRoomData} from './perform.ts';
import {chooseWords, createChoices} from './random.ts';
import {loginsOf} from './sign-in.ts';
import type {Stage, StagePortal} from './stage.ts';
import type {Step, StepOf} from './steps.ts';

const localpart = 'you';
const password = 'only-for-trying';
const minute = 60_000;

/** A step of the past. */
type Memory = {readonly time: number; readonly key: string; readonly step: Step};

/** A room of the data, and what was said there. */
type Told = {readonly key: string; readonly data: Pick<RoomData, 'history' | 'chatter' | 'chatterCount'>};

const toldRooms = (networks: readonly NetworkData[]): readonly Told[] =>
	networks.flatMap(({bridge, rooms}) => [
		...(bridge === undefined ? [] : [{key: consoleKey(bridge), data: {history: bridge.console}}]),
		...Object.entries(rooms).map(([key, data]) => ({key, data})),
	]);

const isOwnMessage = (step: Step): boolean =>
	step.from === 'you' && !('phone' in step) && ('say' in step || 'image' in step || 'file' in step || 'voice' in step);

/** Where the bridge tells, each own message came through, unless the history tells something else. */
const withStatus = (history: readonly Step[], portal: StagePortal | undefined): readonly Step[] => {
	if (portal?.hasStatus !== true) return history;
	const told = new Set(history.flatMap(step => ('status' in step ? [step.of] : [])));
	return history.flatMap(step => {
		if (!isOwnMessage(step) || ('as' in step && told.has(step.as ?? ''))) return [step];
		const delivered = portal.hasDelivery ? {deliveredTo: []} : {};
		return [step, {status: 'SUCCESS', of: 'newest', ...delivered, ago: step.ago}];
	});
};

/** @returns lines of people who talk all day, the newest two minutes ago, further apart the older they are. */
const chatterMemories = ({key, data}: Told, now: number): readonly Memory[] => {
	const {chatter = [], chatterCount = 0} = data;
	const choices = createChoices(7);
	let time = now - 2 * minute;
	return Array.from({length: chatterCount}, (_, index) => {
		const [from, line] = chatter[(chatterCount - 1 - index) % chatter.length] ?? ['', ''];
		const memory = {time, key, step: {say: chooseWords(line, choices), from}};
		time -= (1 + choices.below(index < 30 ? 6 : 24)) * minute;
		return memory;
	}).toReversed();
};

const memoriesOf = (told: Told, now: number, portal: StagePortal | undefined): readonly Memory[] => {
	const steps = withStatus(told.data.history, portal).map(step => {
		const ago = durationOf(step.ago ?? '');
		if (ago === undefined) throw new Error(`A step of ${told.key} has no time: ${JSON.stringify(step)}`);
		return {time: now - ago, key: told.key, step};
	});
	return [...chatterMemories(told, now), ...steps];
};

const setAccountData = (world: World, {accountData}: User, type: string, content: JsonObject): void =>
	void accountData.set(type, {content, position: nextPosition(world)});

/** §Push rules: what mutes a room in other clients, too. */
const mute = (world: World, you: User, {id}: Room): void => {
	const rules = asObject(you.accountData.get('m.push_rules')?.content['global']);
	const conditions = [{kind: 'event_match', key: 'room_id', pattern: id}];
	const rule = {rule_id: id, default: false, enabled: true, conditions, actions: []};
	const override = [rule, ...(asArray(rules['override']) as readonly JsonObject[])];
	setAccountData(world, you, 'm.push_rules', {global: {...rules, override}});
};

/** One person on three networks. */
const known: readonly string[] = ['anna', 'annaOnWhatsapp', 'annaBySms'];

/** Which rooms are chats of two and who of them is one person, which stand above or below others, which are silent. */
const arrange = (stage: Stage, networks: readonly NetworkData[]): void => {
	const {world, you, rooms, people} = stage;
	const direct: Record<string, string[]> = {};
	const addDirect = (person: string, room: Room): void => {
		(direct[people.get(person) ?? ''] ??= []).push(room.id);
	};
	for (const {bridge, rooms: ofNetwork} of networks) {
		const consoleRoom = bridge && rooms.get(consoleKey(bridge));
		if (bridge !== undefined && consoleRoom !== undefined) addDirect(bridge.bot.localpart, consoleRoom);
		for (const [key, {kind, people: others, tag, isMuted}] of Object.entries(ofNetwork)) {
			const room = rooms.get(key);
			if (room === undefined || membershipOf(room, you.id) !== 'join') continue;
			if (kind === 'dm') addDirect(others[0] ?? '', room);
			if (tag !== undefined) setRoomData(stage, room, 'm.tag', {tags: {[tag]: {order: 0.5}}});
			if (isMuted === true) mute(world, you, room);
		}
	}
	setAccountData(world, you, 'm.direct', direct);
	const users = known.map(key => people.get(key) ?? '');
	setAccountData(
		world,
		you,
		peopleType,
		withPeopleChange({}, {kind: 'link', users, id: 'anna', name: 'Anna Kowalska'}),
	);
};

const greetingsOf = (
	networks: readonly NetworkData[],
	rooms: ReadonlyMap<string, Room>,
): Map<string, StepOf<'say'>> => {
	const all = networks.flatMap(({rooms: ofNetwork}) => Object.entries(ofNetwork));
	return new Map(
		all.flatMap(([key, {greeting: say, by, people}]) =>
			say === undefined ? [] : [[rooms.get(key)?.id ?? '', {say, from: by ?? people[0]}]],
		),
	);
};

/** What has no step that says how far you read has been read. */
const readTheRest = (stage: Stage, told: readonly Told[]): void => {
	const {you, rooms, world} = stage;
	const hasOwn = new Set(
		told.flatMap(({key, data}) => (data.history.some(step => 'read' in step && step.from === 'you') ? [key] : [])),
	);
	for (const [key, room] of rooms)
		if (!hasOwn.has(key) && membershipOf(room, you.id) === 'join')
			perform(stage, {read: room.timeline.at(-1)?.eventId ?? '', from: 'you'}, {room: key, time: world.now()});
};

/**
 * Puts everybody on a server that is empty.
 * @param count how many rooms your account has at least; what the people have without
 * @returns what steps are performed on
 */
export const populate = (world: World, count = 0): Stage => {
	const now = world.now();
	const you = register(world, localpart, password, {displayname: 'You'});
	const {people, cast} = createAccounts(world, networks);
	people.set('you', you.id);
	const otherDirect = addHeavyRooms(world, you, Math.max(0, count - scriptedRoomCount()));
	const rooms = new Map<string, Room>();
	const portals = new Map<string, StagePortal>();
	const later: {time: number; act: () => void}[] = [];
	const logins = loginsOf(networks, people);
	buildRooms({world, you: you.id, people, rooms, portals, logins, now, later}, networks);
	const told = toldRooms(networks);
	const stage: Stage = {
		world,
		you,
		password,
		rooms,
		people,
		cast,
		portals,
		logins,
		named: new Map(),
		chatter: new Map(
			told.flatMap(({key, data: {chatter: lines, chatterCount = 0}}) =>
				lines === undefined ? [] : [[key, {lines, told: chatterCount}]],
			),
		),
		greetings: greetingsOf(networks, rooms),
		hesitant: networks.flatMap(({rooms: ofNetwork}) =>
			Object.entries(ofNetwork).flatMap(
				([
					room,
					{
						isHesitant,
						people: [person = ''],
					},
				]) => (isHesitant === true ? [{room, person}] : []),
			),
		),
	};
	arrange(stage, networks);
	// Nobody real sees what is read here.
	setAccountData(world, you, receiptsType, withReceiptsTold({}));
	const memories = told
		.flatMap(each => memoriesOf(each, now, portals.get(rooms.get(each.key)?.id ?? '')))
		.map(({time, key, step}) => ({time, act: () => isDeed(step) && perform(stage, step, {room: key, time})}));
	for (const {act} of [...later, ...memories].toSorted((one, other) => one.time - other.time)) act();
	readTheRest(stage, told);
	const guide = addGuide(world, you);
	rooms.set('guide', guide);
	const direct = you.accountData.get('m.direct')?.content;
	setAccountData(world, you, 'm.direct', {...otherDirect, ...direct, [guide.timeline[0]?.sender ?? '']: [guide.id]});
	return stage;
};
