/** Encrypting for rooms and decrypting archived events, over the SDK's Rust crypto. */
import {EventTimeline, MatrixEvent, type MatrixClient, type Room} from 'matrix-js-sdk';
import type {CryptoBackend} from 'matrix-js-sdk/lib/common-crypto/CryptoBackend.js';
import {EventShieldColour, EventShieldReason} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../domain/errors.ts';
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import {isNestedDeeper} from '../domain/nesting.ts';
import type {Shield} from '../domain/message.ts';
import type {Encryption} from './guarded-send.ts';
import type {MxStore} from './mx-store.ts';
import type {Turns} from './turns.ts';
import {cleanEvent, isUserId} from './sdk-event-input.ts';

/** Private parts of RustCrypto that mx touches; test/matrix/sdk-contract.test.ts holds them to this shape. */
export type RustCryptoParts = CryptoBackend & {
	onCryptoEvent(room: Room, event: MatrixEvent): Promise<void>;
	onRoomKeysUpdated(
		keys: ReadonlyArray<{readonly sessionId: string; readonly roomId: {toString(): string}}>,
	): Promise<void>;
	readonly eventDecryptor: {removeEventFromPendingList(event: MatrixEvent): void};
	readonly olmMachine: {readonly userId: object; updateTrackedUsers(users: readonly object[]): Promise<void>};
	readonly outgoingRequestsManager: {doProcessOutgoingRequests(): Promise<void>};
};

export type RoomEncryptionOptions = {
	readonly client: MatrixClient;
	readonly store: MxStore;
	/** Resolves when everything that the crypto has written so far is on disk. */
	readonly flush: () => Promise<void>;
	/** Not while keys are being received: see sdk-client.ts. */
	readonly inTurn: Turns;
	readonly mustRotate: (roomId: string) => boolean;
	readonly clearRotation: (roomId: string) => void;
	/** @returns user id of the bot of the room's bridge, where that is attested and the sender is a ghost of it */
	readonly bridgeBot: (roomId: string, sender: string) => string | undefined;
};

/** An event as the archive holds it, to be decrypted. */
export type ArchivedEvent = {readonly roomId: string; readonly raw: JsonObject};

export type Decryption =
	| {readonly kind: 'clear'; readonly type: string; readonly content: JsonObject; readonly shield: Shield | undefined}
	/** The SDK's DecryptionFailureCode. */
	| {readonly kind: 'failed'; readonly reason: string};

const megolm = 'm.megolm.v1.aes-sha2';

const shieldReasons: Readonly<Record<EventShieldReason, Shield['reason']>> = {
	[EventShieldReason.UNKNOWN]: 'unknown',
	[EventShieldReason.UNVERIFIED_IDENTITY]: 'unverified-identity',
	[EventShieldReason.UNSIGNED_DEVICE]: 'unsigned-device',
	[EventShieldReason.UNKNOWN_DEVICE]: 'unknown-device',
	[EventShieldReason.AUTHENTICITY_NOT_GUARANTEED]: 'authenticity-not-guaranteed',
	[EventShieldReason.MISMATCHED_SENDER_KEY]: 'mismatched-sender-key',
	[EventShieldReason.SENT_IN_CLEAR]: 'sent-in-clear',
	[EventShieldReason.VERIFICATION_VIOLATION]: 'verification-violation',
	[EventShieldReason.MISMATCHED_SENDER]: 'mismatched-sender',
};

/** Reasons that may only mean that the sender's devices and identity were never asked for. */
const unaskedReasons: ReadonlySet<Shield['reason']> = new Set(['unknown', 'unknown-device', 'unsigned-device']);

const refuse = (message: string): never => {
	throw new ExpectedError({message, next: 'Nothing was sent. `mx doctor` says more.', reason: 'encryption'});
};

const cryptoOf = (client: MatrixClient): RustCryptoParts => {
	const crypto = client.getCrypto() as unknown as RustCryptoParts | undefined;
	return crypto ?? refuse('Encryption is not available.');
};

export const createRoomEncryption = (options: RoomEncryptionOptions) => {
	const {client, store} = options;

	/** Makes sure that the crypto knows the room and its members as they are stored now. */
	const prepare = async (crypto: RustCryptoParts, roomId: string): Promise<Room> => {
		const room = store.getRoom(roomId);
		if (room === null) return refuse(`The room ${roomId} is not known.`);
		const state = room.getLiveTimeline().getState(EventTimeline.FORWARDS);
		const known = state?.getStateEvents('m.room.encryption', '');
		const algorithm = asString(asObject(known?.getContent())['algorithm']);
		if (algorithm !== undefined && algorithm !== megolm)
			refuse('The room asks for an encryption that mx does not know.');
		// Sticky: where the state lost its event, the room stays encrypted with the defaults.
		const event =
			algorithm === undefined
				? new MatrixEvent({type: 'm.room.encryption', state_key: '', room_id: roomId, content: {algorithm: megolm}})
				: (known as MatrixEvent);
		await crypto.onCryptoEvent(room, event);
		if (options.mustRotate(roomId)) {
			await client.getCrypto()?.forceDiscardSession(roomId);
			options.clearRotation(roomId);
		}
		return room;
	};

	const encryption: Encryption = {
		isEnabledIn: async roomId =>
			(await client.getCrypto()?.isEncryptionEnabledInRoom(roomId)) ?? refuse('Encryption is not available.'),
		async encrypt(roomId, type, content) {
			const crypto = cryptoOf(client);
			const room = await prepare(crypto, roomId);
			const event = new MatrixEvent({type, room_id: roomId, sender: client.getSafeUserId(), content: {...content}});
			await options.inTurn(async () => crypto.encryptEvent(event, room));
			// A crash after the request and before the commit would use the same message index for another text.
			await options.flush();
			return {type: event.getWireType(), content: event.getWireContent()};
		},
	};

	const followed = new Set<string>();

	/**
	 * The SDK follows the devices of members of a Room that it holds, and mx gives it few. What comes of it is told as
	 * DevicesUpdated, and the messages of the sender are decrypted anew.
	 */
	const follow = async (crypto: RustCryptoParts, userId: string): Promise<void> => {
		if (followed.has(userId)) return;
		followed.add(userId);
		// The SDK exports no UserId.
		const UserId = crypto.olmMachine.userId.constructor as new (id: string) => object;
		await crypto.olmMachine.updateTrackedUsers([new UserId(userId)]);
		await crypto.outgoingRequestsManager.doProcessOutgoingRequests();
	};

	/** A bridge encrypts what its ghosts say with the device of its bot: it must be that, and nobody else's. */
	const bridgeOf = async (event: MatrixEvent): Promise<string | undefined> => {
		const [roomId, sender, key] = [event.getRoomId(), event.getSender(), event.getSenderKey()];
		const bot = roomId === undefined || sender === undefined ? undefined : options.bridgeBot(roomId, sender);
		if (bot === undefined || key === null || !isUserId(bot)) return undefined;
		const devices = (await client.getCrypto()?.getUserDeviceInfo([bot]))?.get(bot);
		for (const device of devices?.values() ?? []) if (device.getIdentityKey() === key) return bot;
		// Not waited for: its messages are looked at again when its devices are known.
		follow(cryptoOf(client), bot).catch(() => undefined);
		return undefined;
	};

	const shieldOf = async (event: MatrixEvent): Promise<Shield | undefined> => {
		const info = await client.getCrypto()?.getEncryptionInfoForEvent(event);
		if (info === null || info === undefined || info.shieldColour === EventShieldColour.NONE) return undefined;
		const reason = info.shieldReason === null ? 'unknown' : (shieldReasons[info.shieldReason] ?? 'unknown');
		const bridge = reason === 'mismatched-sender' ? await bridgeOf(event) : undefined;
		if (bridge !== undefined) return {colour: 'red', reason, bridge};
		return {colour: info.shieldColour === EventShieldColour.RED ? 'red' : 'grey', reason};
	};

	return {
		...encryption,

		/** Decrypts one archived event; needs no Room. */
		async decrypt({roomId, raw}: ArchivedEvent): Promise<Decryption> {
			const crypto = cryptoOf(client);
			const event = new MatrixEvent({...cleanEvent(raw), room_id: roomId});
			await event.attemptDecryption(crypto);
			if (event.isDecryptionFailure()) {
				// The archive keeps what waits for a key; the SDK would keep it in memory for ever.
				crypto.eventDecryptor.removeEventFromPendingList(event);
				return {kind: 'failed', reason: event.decryptionFailureReason ?? 'UNKNOWN_ERROR'};
			}
			const content = asObject(event.getClearContent());
			// What the SDK says is a text is what the sender encrypted.
			const type = asString(event.getType());
			// The ciphertext is one string, whatever depth of JSON is in it.
			if (type === undefined || type === '' || isNestedDeeper(content))
				return {kind: 'failed', reason: 'UNKNOWN_ERROR'};
			const shield = await shieldOf(event);
			const sender = event.getSender();
			// Not waited for. What could not be sent now is sent with the next sync.
			if (shield !== undefined && unaskedReasons.has(shield.reason) && isUserId(sender))
				follow(crypto, sender).catch(() => undefined);
			return {kind: 'clear', type, content, shield};
		},
	};
};
