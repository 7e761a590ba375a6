/**
 * All that the homeserver knows: people, devices, rooms (appendices §Identifier grammar). Each change gets a number; a sync
 * token is the number of the last change that a client has seen.
 */
import {randomUUID} from 'node:crypto';
import {EventEmitter, once} from 'node:events';
import {asString, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {found} from './matrix-error.ts';

/** An event of a room, and the number of the change that it was. */
export type StoredEvent = {
	readonly position: number;
	readonly eventId: string;
	readonly room: Room;
	readonly type: string;
	readonly sender: string;
	readonly timestamp: number;
	readonly stateKey: string | undefined;
	/** Emptied by a redaction. */
	content: JsonObject;
	/** The state event that it replaced. */
	readonly replaced: StoredEvent | undefined;
	/** Which device sent it, and under which transaction id. */
	readonly origin: {readonly device: Device; readonly txnId: string} | undefined;
	redaction: StoredEvent | undefined;
};

/** A receipt of a person: the event that it points to, by `m.read`, `m.read.private` and thread. */
export type Receipt = {
	readonly userId: string;
	readonly type: string;
	readonly event: StoredEvent;
	/** `main`, the root of a thread, or `undefined` for all of the room. */
	readonly threadId: string | undefined;
	readonly timestamp: number;
	readonly position: number;
};

/** An event that notifies a person; `thread` is `main` or the root of one. */
export type Notification = {readonly event: StoredEvent; readonly isHighlight: boolean; readonly thread: string};

const emptyRoom = (id: string, isPublished: boolean) => ({
	id,
	isPublished,
	timeline: [] as StoredEvent[],
	/** Current state, by type and state key. */
	state: new Map<string, Map<string, StoredEvent>>(),
	/** Events that point to an event, by its id. */
	relations: new Map<string, StoredEvent[]>(),
	/** The newest of each person, type and thread. */
	receipts: new Map<string, Receipt>(),
	/** Until when people type, in milliseconds since the Unix epoch. */
	typing: new Map<string, number>(),
	typingPosition: 0,
	/** Of people who can sign in. */
	notifications: new Map<string, Notification[]>(),
	/** Number of the last change of any kind. */
	position: 0,
	/** Number of the last change of a member. */
	membersPosition: 0,
});

export type Room = ReturnType<typeof emptyRoom>;

/** Content and the number of its last change. */
export type AccountData = {readonly content: JsonObject; readonly position: number};

export type Device = {
	readonly user: User;
	readonly id: string;
	name: string | undefined;
	lastSeen: number;
	/** Its identity keys (§Device keys), as they were uploaded. */
	keys: JsonObject | undefined;
	/** By key id, `signed_curve25519:AAAA`. */
	readonly oneTimeKeys: Map<string, JsonValue>;
	readonly fallbackKeys: Map<string, {readonly key: JsonValue; isUsed: boolean}>;
	readonly inbox: {readonly position: number; readonly event: JsonObject}[];
	/** Answers of requests with a transaction id, by path. */
	readonly answers: Map<string, JsonObject>;
};

/** The key of a session, encrypted, and what it is about. */
export type BackedUpKey = {readonly roomId: string; readonly sessionId: string; readonly key: JsonObject};

export type KeyBackup = {
	readonly version: string;
	readonly algorithm: string;
	authData: JsonObject;
	/** By room and session. */
	readonly keys: Map<string, BackedUpKey>;
	etag: number;
};

type NewUser = {readonly password?: string | undefined; readonly profile?: JsonObject};

const newUser = (id: string, {password, profile = {}}: NewUser) => ({
	id,
	/** `undefined`: nobody can sign in, as with the ghosts of bridges. */
	password,
	profile,
	devices: new Map<string, Device>(),
	rooms: new Set<Room>(),
	accountData: new Map<string, AccountData>(),
	/** By room id and type. */
	roomData: new Map<string, Map<string, AccountData>>(),
	filters: [] as JsonObject[],
	/** `master`, `self_signing` and `user_signing` keys, as they were uploaded. */
	crossSigning: new Map<string, JsonObject>(),
	backups: [] as KeyBackup[],
	/** Those that were deleted count too: a version is never given twice. */
	backupCount: 0,
});

export type User = ReturnType<typeof newUser>;

export type Media = {readonly bytes: Uint8Array; readonly type: string; readonly name: string | undefined};

/** What people on the server can react to. */
export type Happening =
	| {readonly kind: 'event'; readonly event: StoredEvent}
	| {readonly kind: 'receipt'; readonly receipt: Receipt}
	/** A client that knows the rooms asks for news. */
	| {readonly kind: 'sync'; readonly device: Device}
	| {readonly kind: 'keys'; readonly user: User};

/** @param serverName the part of ids after the colon @param now milliseconds since the Unix epoch */
export const createWorld = (serverName: string, now: () => number = Date.now) => ({
	serverName,
	/** Base URL of the client-server API; set when the server listens. */
	url: '',
	now,
	users: new Map<string, User>(),
	rooms: new Map<string, Room>(),
	events: new Map<string, StoredEvent>(),
	/** Room ids by address. */
	aliases: new Map<string, string>(),
	/** By access token. */
	sessions: new Map<string, Device>(),
	media: new Map<string, Media>(),
	/** Who got other keys or devices, in order. */
	keyChanges: [] as {readonly position: number; readonly userId: string}[],
	/** Number of the last change. */
	position: 0,
	/** Told of what happens, in order. */
	listeners: new Set<(happening: Happening) => void>(),
	/** Says `change` to requests that wait for one. */
	changes: new EventEmitter().setMaxListeners(0),
});

export type World = ReturnType<typeof createWorld>;

/** Something changes: @returns its number. Requests that wait look again, when all of this turn is done. */
export const nextPosition = (world: World): number => {
	if (world.changes.listenerCount('change') > 0) setImmediate(() => world.changes.emit('change'));
	return (world.position += 1);
};

export const tell = (world: World, happening: Happening): void => {
	for (const listener of world.listeners) listener(happening);
};

/** Waits for a change, at most so many milliseconds, or until the client is gone. */
export const waitForChange = async ({changes}: World, timeout: number, signal: AbortSignal): Promise<void> => {
	const end = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
	await once(changes, 'change', {signal: end}).catch(() => undefined);
};

/** @returns an opaque id, such as that of an event or a device, of at most 64 characters. */
export const newId = (length = 32): string => `${randomUUID()}${randomUUID()}`.replaceAll('-', '').slice(0, length);

/** @returns what the map has there; where there is nothing yet, it is made. */
export const ensure = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
	const value = map.get(key) ?? make();
	map.set(key, value);
	return value;
};

/** Makes a person, who has no device yet. */
export const addUser = (world: World, id: string, options: NewUser = {}): User => {
	const user = newUser(id, options);
	world.users.set(id, user);
	return user;
};

/** Makes a room in which there is nothing yet, not even its creation. */
export const addRoom = (world: World, isPublished = false): Room => {
	const room = emptyRoom(`!${newId(18)}:${world.serverName}`, isPublished);
	world.rooms.set(room.id, room);
	return room;
};

/** @throws MatrixError 404 */
export const userOf = (world: World, id: string): User => found(world.users.get(id), `There is no ${id} here`);

/** @returns the account data of a person, or those about one room, by type. */
export const accountDataOf = (user: User, roomId = ''): Map<string, AccountData> =>
	roomId === '' ? user.accountData : ensure(user.roomData, roomId, () => new Map<string, AccountData>());

export const stateEvent = (room: Room, type: string, stateKey = ''): StoredEvent | undefined =>
	room.state.get(type)?.get(stateKey);

/** @returns a text in the state of a room, such as its name. */
export const stateText = (room: Room, type: string, name: string): string | undefined =>
	asString(stateEvent(room, type)?.content[name]);

/** @returns all state, or that of one type, as it was after the change of a number. */
export const stateOf = (room: Room, type?: string, position?: number): readonly StoredEvent[] => {
	const types = type === undefined ? room.state.values() : [room.state.get(type) ?? new Map<string, StoredEvent>()];
	return [...types].flatMap(ofType => [...ofType.values()]).flatMap(event => stateAt(event, position) ?? []);
};

/** @returns the state event that stood there when the change of that number was done. */
export const stateAt = (current: StoredEvent | undefined, position = Infinity): StoredEvent | undefined => {
	let event = current;
	while (event !== undefined && event.position > position) event = event.replaced;
	return event;
};

const membershipIn = (member: StoredEvent | undefined): string => asString(member?.content['membership']) ?? 'leave';

/** @param position as it was after the change of this number. @default now */
export const membershipOf = (room: Room, userId: string, position?: number): string =>
	membershipIn(stateAt(stateEvent(room, 'm.room.member', userId), position));

/** @returns member events of those who joined or are invited. */
export const membersOf = (room: Room, ...memberships: readonly string[]): readonly StoredEvent[] =>
	stateOf(room, 'm.room.member').filter(member => memberships.includes(membershipIn(member)));
