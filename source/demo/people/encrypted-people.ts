/** The encrypted conversations of the demo: who makes the rooms, speaks first, types, reads and answers. */
import {setTimeout as pause} from 'node:timers/promises';
import {asArray} from '../../domain/json.ts';
import {setReceipt, setTyping} from '../homeserver/receipts.ts';
import {createRoom, joinRoom} from '../homeserver/rooms.ts';
import {fullUserId} from '../homeserver/sessions.ts';
import {addUser, nextPosition, waitForChange, type Room, type User, type World} from '../homeserver/world.ts';
import {createEncryptedPerson, type EncryptedPerson} from './encrypted-person.ts';
import {encryptedPeople, encryptedRooms, type EncryptedRoom, type Line} from './encrypted-rooms.ts';

type Scene = EncryptedRoom & {
	readonly room: Room;
	readonly people: ReadonlyMap<string, EncryptedPerson>;
	readonly you: User;
	readonly world: World;
	readonly signal: AbortSignal;
};

/** Milliseconds: from reading to writing, and of writing at least and for each letter. */
const [thinking, shortestWriting, perLetter] = [400, 500, 15];
/** Milliseconds. */
const longestWait = 60_000;
const minute = 60_000;

/** Your clients show the room among the direct conversations (§Direct Messaging). */
const markDirect = (world: World, you: User, other: User, room: Room): void => {
	const content = you.accountData.get('m.direct')?.content ?? {};
	const rooms = asArray(content[other.id]).filter(id => typeof id === 'string');
	you.accountData.set('m.direct', {
		content: {...content, [other.id]: [...rooms, room.id]},
		position: nextPosition(world),
	});
};

const makeRoom = (
	world: World,
	you: User,
	members: readonly User[],
	{name, daysAgo}: Pick<EncryptedRoom, 'name' | 'daysAgo'>,
): Room => {
	const [maker, ...others] = members;
	if (maker === undefined) throw new Error('An encrypted room has nobody who makes it');
	const isDirect = name === undefined;
	const madeAt = world.now() - daysAgo * 24 * 60 * minute;
	const request = {
		preset: isDirect ? 'trusted_private_chat' : 'private_chat',
		is_direct: isDirect,
		...(isDirect ? {} : {name}),
		invite: [you.id, ...others.map(({id}) => id)],
		initial_state: [{type: 'm.room.encryption', content: {algorithm: 'm.megolm.v1.aes-sha2'}}],
	};
	const room = createRoom(world, maker.id, request, madeAt);
	for (const {id} of [...others, you]) joinRoom(world, room, id, madeAt);
	if (isDirect) markDirect(world, you, maker, room);
	return room;
};

const speaker = ({people}: Scene, who: string): EncryptedPerson => {
	const person = people.get(who);
	if (person === undefined) throw new Error(`Nobody is called ${who}`);
	return person;
};

const contentOf = (text: string) => ({msgtype: 'm.text', body: text});

const write = async (scene: Scene, {who, text}: Line): Promise<void> => {
	const {world, room, signal} = scene;
	const {user, say} = speaker(scene, who);
	const duration = shortestWriting + perLetter * text.length;
	await pause(thinking, undefined, {signal});
	setTyping(world, room, user.id, 2 * duration);
	await pause(duration, undefined, {signal});
	setTyping(world, room, user.id, 0);
	await say(room, contentOf(text));
};

/** Waits for a device that keys can be sent to. */
const untilReachable = async ({world, you, signal}: Scene): Promise<void> => {
	const isReachable = (): boolean =>
		[...you.devices.values()].some(
			({keys, oneTimeKeys, fallbackKeys}) => keys !== undefined && oneTimeKeys.size + fallbackKeys.size > 0,
		);
	while (!signal.aborted && !isReachable()) await waitForChange(world, longestWait, signal);
	signal.throwIfAborted();
};

/** Everybody reads what you write, as soon as they can decrypt it; whose turn it is answers. */
const converse = async (scene: Scene): Promise<void> => {
	const {world, room, you, signal, answers, members} = scene;
	let turn = 0;
	let wake = Promise.withResolvers<void>();
	signal.addEventListener('abort', () => wake.resolve());
	for (const who of members) {
		const person = speaker(scene, who);
		person.hear(({event}) => {
			if (event.room !== room || event.sender !== you.id) return;
			setReceipt(world, {userId: person.user.id, type: 'm.read', event, threadId: undefined});
			if (answers[turn % answers.length]?.who === who) wake.resolve();
		});
	}
	await untilReachable(scene);
	for (const line of scene.greeting) await write(scene, line);
	for (;;) {
		await wake.promise;
		signal.throwIfAborted();
		await write(scene, answers[turn % answers.length] ?? answers[0]);
		turn += 1;
		wake = Promise.withResolvers();
	}
};

const runScene = async (scene: Scene): Promise<void> => {
	const {world, room, lost} = scene;
	for (const {who, text, minutesAgo} of lost)
		await speaker(scene, who).sayUnshared(room, contentOf(text), {timestamp: world.now() - minutesAgo * minute});
	await converse(scene);
};

/** The end that was asked for is no failure. */
const untilAborted = async (signal: AbortSignal, task: Promise<unknown>): Promise<void> => {
	try {
		await task;
	} catch (error) {
		if (!signal.aborted || !(error instanceof Error) || error.name !== 'AbortError') throw error;
	}
};

/**
 * Makes the rooms at once, so that they are there with the first sync; their people come a moment later, when the crypto
 * is loaded.
 * @returns when the signal is aborted and nothing of them runs any more; rejects with a bug
 */
export const startEncryptedPeople = async (world: World, you: User, signal: AbortSignal): Promise<void> => {
	const users = new Map(
		Object.entries(encryptedPeople).map(([localpart, displayname]) => [
			localpart,
			addUser(world, fullUserId(world, localpart), {profile: {displayname}}),
		]),
	);
	const rooms = encryptedRooms.map(literal => {
		const members = literal.members.flatMap(who => users.get(who) ?? []);
		return {...literal, room: makeRoom(world, you, members, literal)};
	});
	const people = new Map<string, EncryptedPerson>();
	for (const [localpart, user] of users) {
		if (signal.aborted) break;
		people.set(localpart, await createEncryptedPerson(world, user, signal));
	}
	const scenes = signal.aborted ? [] : rooms.map(room => runScene({...room, people, you, world, signal}));
	await Promise.all(
		[...scenes, ...[...people.values()].map(({ended}) => ended)].map(async task => untilAborted(signal, task)),
	);
};
