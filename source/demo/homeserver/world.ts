/**
 * All that the homeserver knows: people, devices, rooms (appendices §Identifier grammar). Each change gets a number; a sync
 * token is the number of the last change that a client has seen.
 */
import {randomBytes} from 'node:crypto';
import {asString, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {forbidden, notFound} from './matrix-error.ts';

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

/** An event that notifies a person. */
export type Notification = {
	readonly event: StoredEvent;
	readonly isHighlight: boolean;
	readonly thread: string | undefined;
};

export type Room = {
	readonly id: string;
	readonly timeline: StoredEvent[];
	/** Current state, by type and state key. */
	readonly state: Map<string, Map<string, StoredEvent>>;
	/** Events that point to an event, by its id. */
	readonly relations: Map<string, StoredEvent[]>;
	/** The newest of each person, type and thread. */
	readonly receipts: Map<string, Receipt>;
	/** Until when people type, in milliseconds since the Unix epoch. */
	readonly typing: Map<string, number>;
	typingPosition: number;
	/** Of people who have a device here. */
	readonly notifications: Map<string, Notification[]>;
	isPublished: boolean;
	/** Number of the last change of any kind. */
	position: number;
	/** Number of the last change of a member. */
	membersPosition: number;
};

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

export type KeyBackup = {
	readonly version: string;
	readonly algorithm: string;
	authData: JsonObject;
	/** By room and session. */
	readonly sessions: Map<string, Map<string, JsonObject>>;
	etag: number;
};

export type User = {
	readonly id: string;
	/** `undefined`: nobody can sign in, as with the ghosts of bridges. */
	password: string | undefined;
	profile: JsonObject;
	readonly devices: Map<string, Device>;
	readonly rooms: Set<Room>;
	readonly accountData: Map<string, AccountData>;
	/** By room id and type. */
	readonly roomData: Map<string, Map<string, AccountData>>;
	readonly filters: JsonObject[];
	/** `master`, `self_signing` and `user_signing` keys, as they were uploaded. */
	readonly crossSigning: Map<string, JsonObject>;
	readonly backups: KeyBackup[];
	/** Those that were deleted count too: a version is never given twice. */
	backupCount: number;
};

export type Media = {readonly bytes: Uint8Array; readonly type: string; readonly name: string | undefined};

/** What people on the server can react to. */
export type Happening =
	| {readonly kind: 'event'; readonly event: StoredEvent}
	| {readonly kind: 'receipt'; readonly receipt: Receipt}
	/** A client that knows the rooms asks for news. */
	| {readonly kind: 'sync'; readonly device: Device}
	| {readonly kind: 'keys'; readonly user: User};

export type World = {
	/** The part of ids after the colon. */
	serverName: string;
	/** Base URL of the client-server API; set when the server listens. */
	url: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly users: Map<string, User>;
	readonly rooms: Map<string, Room>;
	readonly events: Map<string, StoredEvent>;
	/** Room ids by address. */
	readonly aliases: Map<string, string>;
	/** By access token. */
	readonly sessions: Map<string, Device>;
	readonly media: Map<string, Media>;
	/** Who got other keys or devices, in order. */
	readonly keyChanges: {readonly position: number; readonly userId: string}[];
	/** Number of the last change. */
	position: number;
	/** Told of what happens, in order. */
	readonly listeners: Set<(happening: Happening) => void>;
	/** Requests that wait for a change. */
	readonly waiting: Set<() => void>;
};

export const createWorld = (serverName: string, now: () => number = Date.now): World => ({
	serverName,
	url: '',
	now,
	users: new Map(),
	rooms: new Map(),
	events: new Map(),
	aliases: new Map(),
	sessions: new Map(),
	media: new Map(),
	keyChanges: [],
	position: 0,
	listeners: new Set(),
	waiting: new Set(),
});

/** Something changes: @returns its number. Requests that wait look again, when all of this turn is done. */
export const nextPosition = (world: World): number => {
	const {waiting} = world;
	if (waiting.size > 0) {
		const woken = [...waiting];
		waiting.clear();
		setImmediate(() => woken.forEach(wake => wake()));
	}
	return (world.position += 1);
};

export const tell = (world: World, happening: Happening): void => {
	for (const listener of world.listeners) listener(happening);
};

/** Waits for a change, at most so many milliseconds, or until the client is gone. */
export const waitForChange = (world: World, timeout: number, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		const end = (): void => {
			clearTimeout(timer);
			world.waiting.delete(end);
			signal.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, timeout);
		signal.addEventListener('abort', end);
		world.waiting.add(end);
	});

/** Asking the system for each id would take most of the time that an event needs. */
const createRandomPool = (size: number): ((bytes: number) => Buffer) => {
	let pool = Buffer.alloc(0);
	return bytes => {
		if (pool.length < bytes) pool = randomBytes(Math.max(size, bytes));
		const taken = pool.subarray(0, bytes);
		pool = pool.subarray(bytes);
		return taken;
	};
};

const takeRandom = createRandomPool(8192);

/** @returns an opaque id, such as that of an event or a device. */
export const newId = (bytes = 24): string => takeRandom(bytes).toString('base64url');

/** Makes a person, who has no device yet. */
export const addUser = (
	world: World,
	id: string,
	{password, profile = {}}: Partial<Pick<User, 'password' | 'profile'>> = {},
): User => {
	const user: User = {
		id,
		password,
		profile,
		devices: new Map(),
		rooms: new Set(),
		accountData: new Map(),
		roomData: new Map(),
		filters: [],
		crossSigning: new Map(),
		backups: [],
		backupCount: 0,
	};
	world.users.set(id, user);
	return user;
};

/** Makes a room in which there is nothing yet, not even its creation. */
export const addRoom = (world: World, isPublished = false): Room => {
	const room: Room = {
		id: `!${newId(12)}:${world.serverName}`,
		timeline: [],
		state: new Map(),
		relations: new Map(),
		receipts: new Map(),
		typing: new Map(),
		typingPosition: 0,
		notifications: new Map(),
		isPublished,
		position: 0,
		membersPosition: 0,
	};
	world.rooms.set(room.id, room);
	return room;
};

/** @throws MatrixError 404 */
export const userOf = (world: World, id: string): User => {
	const user = world.users.get(id);
	if (user === undefined) throw notFound(`There is no ${id} here`);
	return user;
};

export const stateEvent = (room: Room, type: string, stateKey = ''): StoredEvent | undefined =>
	room.state.get(type)?.get(stateKey);

export const membershipOf = (room: Room, userId: string): string =>
	asString(stateEvent(room, 'm.room.member', userId)?.content['membership']) ?? 'leave';

/** @returns member events of those who joined or are invited. */
export const membersOf = (room: Room, ...memberships: readonly string[]): readonly StoredEvent[] =>
	[...(room.state.get('m.room.member')?.values() ?? [])].filter(({content}) =>
		memberships.includes(asString(content['membership']) ?? ''),
	);

/** @throws MatrixError 403 also where there is no such room, so that nobody learns which rooms exist */
export const joinedRoom = (world: World, roomId: string, userId: string): Room => {
	const room = world.rooms.get(roomId);
	if (room === undefined || membershipOf(room, userId) !== 'join')
		throw forbidden(`${userId} is not in the room ${roomId}`);
	return room;
};

/** @returns the state event that stood there when the change of that number was done. */
export const stateAt = (current: StoredEvent, position: number): StoredEvent | undefined => {
	let event: StoredEvent | undefined = current;
	while (event !== undefined && event.position > position) event = event.replaced;
	return event;
};
