/** The other side of a conversation: a bare client on matrix-js-sdk with all its state in memory, and nothing of mx in it. */

import './sdk-timers.ts';
import {
	ClientEvent,
	createClient,
	EventType,
	MatrixEventEvent,
	MemoryStore,
	Preset,
	RoomEvent,
	type ICreateRoomOpts,
	type MatrixClient,
	type MatrixEvent,
	type Room,
} from 'matrix-js-sdk';
import {logger as globalLogger, type Logger} from 'matrix-js-sdk/lib/logger.js';
import {setTimeout as sleep} from 'node:timers/promises';
import {MatrixRequestError, matrixRequest} from './matrix-request.ts';
import {asString} from '../../source/domain/json.ts';
import type {Homeserver, Owner} from './synapse.ts';

/** Milliseconds that a peer waits for something the server should tell it. */
const defaultTimeout = 20_000;

/** Who a peer is. */
export type PeerOptions = {
	readonly server: Homeserver;
	/** Localpart. A name that exists is signed in once more, as another device of that user. */
	readonly name: string;
	readonly password?: string;
	/** Whether it can read and write encrypted messages. @default false */
	readonly isEncrypted?: boolean;
};

/** What `createRoom` makes; by default an unencrypted private room without a name. */
export type PeerRoomOptions = {
	readonly name?: string;
	readonly isEncrypted?: boolean;
	readonly isDirect?: boolean;
	/** User ids. */
	readonly invite?: readonly string[];
};

/** A peer that is signed in and has finished its first sync. */
export type Peer = {
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: string;
	/** The SDK itself, for whatever has no method here. */
	readonly client: MatrixClient;
	/** @returns the id of the room, once the peer's own sync has it. */
	readonly createRoom: (options?: PeerRoomOptions) => Promise<string>;
	/** Joins (or accepts the invite) and waits until the peer's own sync has the room. */
	readonly join: (roomId: string) => Promise<void>;
	/** @returns the event id. */
	readonly sendText: (roomId: string, text: string) => Promise<string>;
	/**
	 * Waits for a message whose decrypted body is this text or passes this test; one that is there already counts.
	 *
	 * @param timeout milliseconds.
	 * @throws Error that lists the messages the peer does have.
	 */
	readonly waitForText: (
		roomId: string,
		expected: string | ((body: string) => boolean),
		timeout?: number,
	) => Promise<MatrixEvent>;
	/** Waits until the room is known and passes the test. */
	readonly waitForRoom: (roomId: string, test: (room: Room) => boolean, timeout?: number) => Promise<Room>;
	/**
	 * Waits until it knows a device, as it must before what it encrypts can be read there from the first message on.
	 */
	readonly waitForDevice: (userId: string, deviceId: string) => Promise<void>;
	/** @returns the decrypted bodies of the messages in order; one that cannot be decrypted reads `undecryptable: REASON`. */
	readonly messages: (roomId: string) => readonly string[];
	/** Makes the user's cross-signing identity, secret storage and key backup. @returns the recovery key, as a person types it. */
	readonly setUpEncryption: () => Promise<string>;
	readonly stop: () => void;
};

const nothing = () => undefined;
/** The SDK's logger that says nothing. */
export const silent: Logger = {
	trace: nothing,
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing,
	getChild: () => silent,
};

/** Many lines of the SDK go to the global logger and its children although the client has a silent one. */
const silenceGlobalLogger = (): void => {
	Object.assign(globalLogger, silent, {log: nothing});
};

type Login = {readonly userId: string; readonly deviceId: string; readonly accessToken: string};

const logIn = async (url: string, name: string, password: string): Promise<Login> => {
	const answer = await matrixRequest({url}, 'POST', '/_matrix/client/v3/login', {
		type: 'm.login.password',
		identifier: {type: 'm.id.user', user: name},
		password,
	});
	return {
		userId: asString(answer['user_id']) ?? '',
		deviceId: asString(answer['device_id']) ?? '',
		accessToken: asString(answer['access_token']) ?? '',
	};
};

const registerOrLogIn = async ({url, registerUser}: Homeserver, name: string, password: string): Promise<Login> => {
	try {
		return await registerUser(name, password);
	} catch (error) {
		if (error instanceof MatrixRequestError && error.errcode === 'M_USER_IN_USE') {
			return logIn(url, name, password);
		}

		throw error;
	}
};

/** Waits for `look` to find something, looking again at each of the events that could have changed the answer. */
const waitOnClient = <Found>(
	client: MatrixClient,
	look: () => Found | undefined,
	{timeout, failure}: {readonly timeout: number; readonly failure: () => string},
): Promise<Found> =>
	new Promise((resolve, reject) => {
		const events = [ClientEvent.Sync, ClientEvent.Room, RoomEvent.Timeline, MatrixEventEvent.Decrypted] as const;
		const finish = (settle: () => void) => {
			clearTimeout(timer);
			events.forEach(event => client.off(event, check));
			settle();
		};
		const check = () => {
			const found = look();
			if (found !== undefined) {
				finish(() => resolve(found));
			}
		};
		const timer = setTimeout(() => finish(() => reject(new Error(failure()))), timeout);
		events.forEach(event => client.on(event, check));
		check();
	});

const messageEvents = (client: MatrixClient, roomId: string): readonly MatrixEvent[] =>
	(client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? []).filter(
		event => !event.isState() && (event.getType() === 'm.room.message' || event.isEncrypted()),
	);

const bodyOf = (event: MatrixEvent): string => {
	if (event.isDecryptionFailure()) {
		return `undecryptable: ${event.decryptionFailureReason}`;
	}

	return asString(event.getContent()['body']) ?? '';
};

const createOptions = (options: PeerRoomOptions): ICreateRoomOpts => ({
	preset: options.isDirect ? Preset.TrustedPrivateChat : Preset.PrivateChat,
	...(options.name === undefined ? {} : {name: options.name}),
	is_direct: options.isDirect ?? false,
	invite: [...(options.invite ?? [])],
	initial_state: options.isEncrypted
		? [{type: EventType.RoomEncryption, state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}}]
		: [],
});

const markAsDirect = async (client: MatrixClient, userId: string, roomId: string): Promise<void> => {
	const content = client.getAccountData(EventType.Direct)?.getContent() ?? {};
	await client.setAccountData(EventType.Direct, {...content, [userId]: [...(content[userId] ?? []), roomId]});
};

const setUpEncryption = async (client: MatrixClient, name: string, password: string): Promise<string> => {
	const crypto = client.getCrypto();
	if (crypto === undefined) {
		throw new Error('This peer was made without encryption.');
	}

	await crypto.bootstrapCrossSigning({
		authUploadDeviceSigningKeys: async makeRequest => {
			await makeRequest({type: 'm.login.password', identifier: {type: 'm.id.user', user: name}, password});
		},
	});
	const recoveryKey = await crypto.createRecoveryKeyFromPassphrase();
	await crypto.bootstrapSecretStorage({setupNewKeyBackup: true, createSecretStorageKey: async () => recoveryKey});
	return recoveryKey.encodedPrivateKey ?? '';
};

const openClient = async (url: string, login: Login, isEncrypted: boolean): Promise<MatrixClient> => {
	silenceGlobalLogger();
	const secretStorageKeys = new Map<string, Uint8Array<ArrayBuffer>>();
	const client = createClient({
		baseUrl: url,
		...login,
		store: new MemoryStore(),
		logger: silent,
		cryptoCallbacks: {
			getSecretStorageKey: async ({keys}) => {
				const known = Object.keys(keys).find(id => secretStorageKeys.has(id));
				const key = known === undefined ? undefined : secretStorageKeys.get(known);
				return known === undefined || key === undefined ? null : [known, key];
			},
			cacheSecretStorageKey: (id, _description, key) => secretStorageKeys.set(id, key),
		},
	});
	if (isEncrypted) {
		await client.initRustCrypto({useIndexedDB: false});
	}

	await client.startClient({initialSyncLimit: 50, pollTimeout: 10_000});
	await waitOnClient(client, () => client.isInitialSyncComplete() || undefined, {
		timeout: defaultTimeout,
		failure: () => `${login.userId} got no first sync.`,
	});
	return client;
};

/** Signs a peer in (registering it where needed) and starts its sync; it is stopped when its owner ends. */
export const createPeer = async (owner: Owner, options: PeerOptions): Promise<Peer> => {
	const {server, name, password = `password of ${name}`, isEncrypted = false} = options;
	const login = await registerOrLogIn(server, name, password);
	const client = await openClient(server.url, login, isEncrypted);
	let isStopped = false;
	const stop = () => {
		if (!isStopped) {
			isStopped = true;
			client.stopClient();
		}
	};
	owner.after(async () => stop());

	const waitForRoom: Peer['waitForRoom'] = (roomId, test, timeout = defaultTimeout) =>
		waitOnClient(
			client,
			() => {
				const room = client.getRoom(roomId);
				return room !== null && test(room) ? room : undefined;
			},
			{timeout, failure: () => `${login.userId} waited in vain for room ${roomId}.`},
		);
	const waitUntilJoined = (roomId: string) => waitForRoom(roomId, room => room.getMyMembership() === 'join');
	const messages = (roomId: string) => messageEvents(client, roomId).map(bodyOf);

	return {
		userId: login.userId,
		deviceId: login.deviceId,
		accessToken: login.accessToken,
		client,
		async createRoom(roomOptions = {}) {
			const {room_id: roomId} = await client.createRoom(createOptions(roomOptions));
			const room = await waitUntilJoined(roomId);
			if (roomOptions.isEncrypted) {
				await waitForRoom(roomId, () => room.hasEncryptionStateEvent());
			}

			const [partner] = roomOptions.invite ?? [];
			if (roomOptions.isDirect && partner !== undefined) {
				await markAsDirect(client, partner, roomId);
			}

			return roomId;
		},
		async join(roomId) {
			await client.joinRoom(roomId);
			await waitUntilJoined(roomId);
		},
		sendText: async (roomId, text) => (await client.sendTextMessage(roomId, text)).event_id,
		waitForText(roomId, expected, timeout = defaultTimeout) {
			const isExpected = typeof expected === 'string' ? (body: string) => body === expected : expected;
			const what = typeof expected === 'string' ? `"${expected}"` : 'a message that passes the test';
			return waitOnClient(client, () => messageEvents(client, roomId).find(event => isExpected(bodyOf(event))), {
				timeout,
				failure: () => `${login.userId} waited in vain for ${what}; it has ${JSON.stringify(messages(roomId))}.`,
			});
		},
		waitForRoom,
		async waitForDevice(userId, deviceId) {
			const crypto = client.getCrypto();
			const deadline = performance.now() + defaultTimeout;
			while ((await crypto?.getUserDeviceInfo([userId], true))?.get(userId)?.has(deviceId) !== true) {
				if (performance.now() > deadline) throw new Error(`${login.userId} waited in vain for a device of ${userId}.`);
				await sleep(100);
			}
		},
		messages,
		setUpEncryption: () => setUpEncryption(client, name, password),
		stop,
	};
};
