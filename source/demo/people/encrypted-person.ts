/**
 * A person who speaks end-to-end encrypted: a device with the crypto that real clients have. It speaks to the server
 * without HTTP, in the same thread (client-server API §End-to-End Encryption).
 */
import {setImmediate as letOthers} from 'node:timers/promises';
import type * as RustCrypto from '@matrix-org/matrix-sdk-crypto-wasm';
import {asObject, asString, parseJson, type JsonObject} from '../../domain/json.ts';
import {addEvent, clientEvent} from '../homeserver/events.ts';
import {
	claimKeys,
	deviceChanges,
	keyCounts,
	queryKeys,
	sendMessages,
	takeInbox,
	uploadIdentity,
	uploadKeys,
	uploadSignatures,
} from '../homeserver/keys.ts';
import {signIn} from '../homeserver/sessions.ts';
import {createVerifying, isOfVerification} from './verifying-person.ts';
import {
	membersOf,
	membershipOf,
	waitForChange,
	type Device,
	type Happening,
	type Room,
	type StoredEvent,
	type User,
	type World,
} from '../homeserver/world.ts';

/** An event of somebody else, decrypted. */
export type Heard = {
	/** As it is in the room. */
	readonly event: StoredEvent;
	readonly type: string;
	readonly content: JsonObject;
};

/** @param timestamp milliseconds since the Unix epoch. @default now */
export type Say = (room: Room, content: JsonObject, options?: {readonly timestamp?: number}) => Promise<StoredEvent>;

export type EncryptedPerson = {
	readonly user: User;
	/** Sends an m.room.message that every device of the joined members can read, as they are now. */
	readonly say: Say;
	/** Sends one whose key nobody gets: no device will ever read it. */
	readonly sayUnshared: Say;
	/** From now on tells of what others say encrypted in rooms of hers, also where the key comes later. */
	readonly hear: (listener: (heard: Heard) => void) => void;
	/** Resolves when the signal is aborted and nothing of her runs any more; rejects with a bug. */
	readonly ended: Promise<void>;
};

type Crypto = typeof RustCrypto;
type RoomRequest = Pick<RustCrypto.RoomMessageRequest, 'id' | 'room_id' | 'event_type' | 'txn_id' | 'body'>;
type Request = {readonly id: string | undefined; readonly type: RustCrypto.RequestType; readonly body: string};

/** Milliseconds; any change ends the wait sooner. */
const longestWait = 60_000;

/** 5 MB of WebAssembly, which the server does not wait for: 35 ms, of which some 15 at a time block the thread. */
const loadCrypto = async (): Promise<Crypto> => {
	const crypto = await import('@matrix-org/matrix-sdk-crypto-wasm');
	await crypto.initAsync();
	await letOthers();
	return crypto;
};

/** One task after the other: two at once would mix up what was sent and what was marked as sent. */
const createTurns = () => {
	let last: Promise<unknown> = Promise.resolve();
	return <Result>(task: () => Promise<Result>): Promise<Result> => {
		const result = last.then(task);
		last = result.catch(() => undefined);
		return result;
	};
};

/** The crypto of a device, and the server's endpoints as it calls them. */
const createOwnDevice = (crypto: Crypto, machine: RustCrypto.OlmMachine, world: World, device: Device) => {
	const {user} = device;
	const {RequestType} = crypto;
	let {position} = world;
	let lastCounts = '';

	const usersOf = (ids: readonly string[]) => ids.map(id => new crypto.UserId(id));

	const answerTo = (request: Request & {readonly event_type?: string}): JsonObject => {
		const call = {world, user, device, body: asObject(parseJson(request.body))};
		switch (request.type) {
			case RequestType.KeysUpload:
				return uploadKeys(call);
			case RequestType.KeysQuery:
				return queryKeys(call);
			case RequestType.KeysClaim:
				return claimKeys(call);
			case RequestType.SignatureUpload:
				return uploadSignatures(call);
			case RequestType.ToDevice:
				return sendMessages(call, request.event_type ?? '');
			default:
				throw new Error(`There is no answer to the crypto's request of the type ${request.type}`);
		}
	};

	/** Events of verifications that are on their way into a room: until then the crypto offers them again. */
	const putting = new Set<string>();

	const put = async ({room_id, event_type, body}: RoomRequest): Promise<JsonObject> => {
		const room = world.rooms.get(room_id);
		if (room === undefined) throw new Error('A verification goes through a room that is not there');
		const readers = membersOf(room, 'join').map(({stateKey = ''}) => stateKey);
		const content = await encrypt(room, readers, asObject(parseJson(body)), event_type);
		return {event_id: addEvent(world, room, {type: 'm.room.encrypted', sender: user.id, content}).eventId};
	};

	const send = async (request: Request | RoomRequest): Promise<void> => {
		if ('room_id' in request) {
			if (putting.has(request.txn_id)) return;
			putting.add(request.txn_id);
			const answer = JSON.stringify(await put(request));
			await machine.markRequestAsSent(request.id, RequestType.RoomMessage, answer);
			return;
		}
		// Making keys takes the crypto milliseconds, and the requests of clients wait in this thread.
		await letOthers();
		const answer = JSON.stringify(answerTo(request));
		if (request.id !== undefined) await machine.markRequestAsSent(request.id, request.type, answer);
	};

	const sendAll = async (): Promise<void> => {
		for (const request of await machine.outgoingRequests()) await send(request);
	};

	/** Shares the room's key with devices that lack it. @returns the content of the encrypted event */
	const encrypt = async (
		room: Room,
		readers: readonly string[],
		content: JsonObject,
		type = 'm.room.message',
	): Promise<JsonObject> => {
		const roomId = new crypto.RoomId(room.id);
		await machine.updateTrackedUsers(usersOf(readers));
		await sendAll();
		const claim = await machine.getMissingSessions(usersOf(readers));
		if (claim) await send(claim);
		const settings = new crypto.EncryptionSettings();
		for (const request of await machine.shareRoomKey(roomId, usersOf(readers), settings)) await send(request);
		return asObject(parseJson(await machine.encryptRoomEvent(roomId, type, JSON.stringify(content))));
	};

	return {
		encrypt,

		/** Takes part in a verification. */
		verify: createVerifying({
			crypto,
			machine,
			userId: user.id,
			send,
			sendAll,
		}),

		/** Uploads keys of the device, and an identity that vouches for it (§Cross-signing). */
		async introduce(): Promise<void> {
			const {uploadKeysRequest, uploadSigningKeysRequest, uploadSignaturesRequest} =
				await machine.bootstrapCrossSigning(true);
			if (uploadKeysRequest !== undefined) await send(uploadKeysRequest as Request);
			uploadIdentity({world, user, device, body: asObject(parseJson(uploadSigningKeysRequest.body))});
			await send(uploadSignaturesRequest);
			await sendAll();
		},

		/** Does what a sync would do. @returns whether keys may have come */
		async receive(): Promise<boolean> {
			const since = position;
			position = world.position;
			const messages = takeInbox(device, since);
			const {changed, left} = deviceChanges(world, user, since);
			const counts = keyCounts(device);
			const areCountsSame = lastCounts === (lastCounts = JSON.stringify(counts));
			if (messages.length + changed.length + left.length === 0 && areCountsSame) return false;
			await machine.receiveSyncChanges(
				JSON.stringify(messages),
				new crypto.DeviceLists(usersOf(changed), usersOf(left)),
				new Map(Object.entries(counts.device_one_time_keys_count)),
				new Set(counts.device_unused_fallback_key_types),
			);
			await sendAll();
			return messages.length > 0;
		},

		/** The next message has a key that nobody has. */
		async forgetRoomKey(room: Room): Promise<void> {
			await machine.invalidateGroupSession(new crypto.RoomId(room.id));
		},

		/** @returns the clear event, or `undefined` while its key is missing */
		async decrypt(event: StoredEvent): Promise<Heard | undefined> {
			const settings = new crypto.DecryptionSettings(crypto.TrustRequirement.Untrusted);
			try {
				const decrypted = await machine.decryptRoomEvent(
					JSON.stringify(clientEvent(event, {userId: user.id})),
					new crypto.RoomId(event.room.id),
					settings,
				);
				const {type, content} = asObject(parseJson(decrypted.event));
				return {event, type: asString(type) ?? '', content: asObject(content)};
			} catch (error) {
				if (error instanceof crypto.MegolmDecryptionError) return undefined;
				throw error;
			}
		},
	};
};

/**
 * Gives the person a device with keys in memory, and an identity.
 * @param signal ends her
 */
export const createEncryptedPerson = async (
	world: World,
	user: User,
	signal: AbortSignal,
): Promise<EncryptedPerson> => {
	const crypto = await loadCrypto();
	const {device} = signIn(world, user, {name: 'Phone'});
	const machine = await crypto.OlmMachine.initialize(new crypto.UserId(user.id), new crypto.DeviceId(device.id));
	await letOthers();
	const own = createOwnDevice(crypto, machine, world, device);
	const inTurn = createTurns();
	await inTurn(async () => own.introduce());

	const listeners = new Set<(heard: Heard) => void>();
	/** Events that are to be tried, and those whose key was missing. */
	const [fresh, locked]: [StoredEvent[], StoredEvent[]] = [[], []];
	const notice = (happening: Happening): void => {
		if (happening.kind !== 'event') return;
		const {event} = happening;
		const isHers = event.sender === user.id || membershipOf(event.room, user.id) !== 'join';
		if ((event.type === 'm.room.encrypted' || isOfVerification(event)) && !isHers) fresh.push(event);
	};

	const receive = async (): Promise<void> => {
		if (await own.receive()) fresh.unshift(...locked.splice(0));
	};

	const catchUp = async (): Promise<void> => {
		await receive();
		for (const event of fresh.splice(0)) {
			const heard =
				event.type === 'm.room.encrypted'
					? await own.decrypt(event)
					: {event, type: event.type, content: event.content};
			if (heard === undefined) locked.push(event);
			else if (isOfVerification(heard)) await own.verify(heard);
			else for (const listener of listeners) listener(heard);
		}
	};

	const live = async (): Promise<void> => {
		world.listeners.add(notice);
		try {
			while (!signal.aborted) {
				const {position} = world;
				await inTurn(catchUp);
				if (world.position === position && fresh.length === 0 && !signal.aborted)
					await waitForChange(world, longestWait, signal);
			}
		} finally {
			world.listeners.delete(notice);
			await inTurn(async () => machine.close());
		}
	};

	const put = (room: Room, content: JsonObject, timestamp: number | undefined): StoredEvent =>
		addEvent(world, room, {type: 'm.room.encrypted', sender: user.id, content, timestamp});

	return {
		user,
		say: async (room, content, {timestamp} = {}) =>
			inTurn(async () => {
				signal.throwIfAborted();
				await receive();
				const readers = membersOf(room, 'join').map(({stateKey = ''}) => stateKey);
				return put(room, await own.encrypt(room, readers, content), timestamp);
			}),
		sayUnshared: async (room, content, {timestamp} = {}) =>
			inTurn(async () => {
				signal.throwIfAborted();
				await own.forgetRoomKey(room);
				const event = put(room, await own.encrypt(room, [], content), timestamp);
				await own.forgetRoomKey(room);
				return event;
			}),
		hear: listener => void listeners.add(listener),
		ended: live(),
	};
};
