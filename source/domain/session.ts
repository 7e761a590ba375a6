/**
 * The one interface to a signed-in account. The screen reaches it over the worker's port, a second process over the
 * socket, a lone shell verb in its own process: the same methods, the same JSON.
 */
import {encryptionMethods, type EncryptionRequests} from './encryption-requests.ts';
import type {EncryptionSetup} from './encryption-setup.ts';
import {historyMethods, type HistoryRequests} from './history-requests.ts';
import type {JsonObject} from './json.ts';
import type {Mention} from './mention.ts';
import type {Message} from './message.ts';
import type {WaitingMessage} from './outbox-item.ts';
import {mediaMethods, type MediaRequests, type Transfer} from './media-requests.ts';
import {messageCareMethods, type MessageCare} from './message-care.ts';
import {roomMethods, type RoomRequests} from './room-requests.ts';
import {bridgeMethods, type BridgeRequests} from './bridge-requests.ts';
import {receiptMethods, type ReceiptRequests} from './receipt-requests.ts';
import {triageMethods, type TriageRequests} from './triage-requests.ts';
import {peopleMethods, type PeopleRequests} from './people-requests.ts';
import type {RoomRow} from './room.ts';
import type {RoomAddress, SendReceipt, SendRequest} from './sending.ts';
import type {Verification} from './verification-requests.ts';
import type {ErrorReport} from './errors.ts';

export type {EncryptionSetup} from './encryption-setup.ts';
export type {SendReceipt, SendRequest} from './sending.ts';

/** Something that is done to a message. It is durable when it is answered, and sent when the server can be reached. */
export type MessageRequest = {
	readonly roomId: string;
	readonly eventId: string;
	/** A key of the caller's: the same key is never done twice. */
	readonly transactionKey?: string | undefined;
};

/** State of the connection to the homeserver. */
export type NetState = {
	/** `no-storage`: the disk takes nothing, so nothing is sent or fetched until it does again. */
	readonly state: 'online' | 'connecting' | 'offline' | 'degraded' | 'no-storage' | 'soft-logout' | 'logged-out';
	/** A sentence for a person. */
	readonly cause?: string | undefined;
	/** Milliseconds since the Unix epoch of the next try. */
	readonly retryAt?: number | undefined;
};

export type AccountStatus = {
	readonly userId: string;
	readonly deviceId: string;
	readonly homeserver: string;
	readonly net: NetState;
	readonly encryption: EncryptionSetup;
	/** Milliseconds since the Unix epoch of the last completed sync; `undefined` before the first. */
	readonly lastSync: number | undefined;
	/** ed25519 and curve25519 keys of this device, base64; `undefined` where crypto is not loaded. */
	readonly deviceKeys: {readonly ed25519: string; readonly curve25519: string} | undefined;
};

/** `isSaid`: messages alone, without what was done to the room and what programs tell each other. A name of a person means all of their rooms, mixed by time. */
export type ReadRequest = {
	readonly room: RoomAddress;
	readonly count: number;
	readonly pick?: number | undefined;
	readonly isSaid?: boolean | undefined;
};
export type ReadResult = {
	/** Own messages that are not yet part of the timeline. */
	readonly waiting: readonly WaitingMessage[];
	readonly room: RoomRow;
	/** Where the messages are: that room, and behind it the others of the person. */
	readonly rooms: readonly RoomRow[];
	readonly messages: readonly Message[];
	readonly lastSync: number | undefined;
};
export type RoomsResult = {readonly rooms: readonly RoomRow[]; readonly lastSync: number | undefined};

/** Every method takes one JSON object and answers one; failures are ExpectedErrors or bugs. */
export type Session = RoomRequests &
	TriageRequests &
	PeopleRequests &
	BridgeRequests &
	ReceiptRequests &
	MediaRequests &
	MessageCare &
	HistoryRequests &
	EncryptionRequests & {
		send(request: SendRequest): Promise<SendReceipt>;
		/**
		 * Answers a `send` or `sendFile` now: with the receipt as it is if the message is stored, else with `interrupted`, and
		 * then it is never sent.
		 */
		letGo(request: {readonly order: string}): Promise<JsonObject>;
		/** Reacts to a message. @param request key: an emoji, or a word */
		react(request: MessageRequest & {readonly key: string}): Promise<SendReceipt>;
		/** Takes an own reaction back, also one that is not sent yet. */
		unreact(request: MessageRequest & {readonly key: string}): Promise<JsonObject>;
		/** Removes what a message says, for everybody. */
		redact(request: MessageRequest & {readonly reason?: string | undefined}): Promise<SendReceipt>;
		rooms(request: {readonly limit: number}): Promise<RoomsResult>;
		read(request: ReadRequest): Promise<ReadResult>;
		status(request: JsonObject): Promise<AccountStatus>;
		/** Signs in again on the same device after a soft logout. */
		signInAgain(request: {readonly password: string}): Promise<JsonObject>;
		/**
		 * Makes identity, recovery key and backup of an account that has none; waits until the engine is in step with the server.
		 * The recovery key is nowhere else: show it and forget it. Fails with `encryption` where an identity exists.
		 */
		setUpEncryption(request: {readonly password: string}): Promise<{readonly recoveryKey: string}>;
		/** Retries a failed message, or drops it. */
		resolveOutbox(request: {readonly id: number; readonly action: 'retry' | 'discard'}): Promise<JsonObject>;
		/** Keeps what stands in the composer of a room, or of a thread by its root; an empty text forgets it. */
		saveDraft(request: {
			readonly roomId: string;
			readonly text: string;
			readonly thread?: string | undefined;
			/** Whom the text names. */
			readonly mentions?: readonly Mention[] | undefined;
		}): Promise<JsonObject>;
		/** Tells which room is on a screen: holes in its history are filled first. */
		show(request: {readonly roomId: string}): Promise<JsonObject>;
		/** Sends receipts up to the event, as the person wants it, and moves the fully-read marker where it is outside of threads. */
		markRead(request: {
			readonly roomId: string;
			readonly eventId: string;
			/** Event id of the root of the thread that was read. */
			readonly thread?: string | undefined;
		}): Promise<JsonObject>;
		/** Accepts an invitation, or joins by id or alias. */
		join(request: {
			readonly room: RoomAddress;
			/** Servers to join by; those of an alias are found without. */
			readonly servers?: readonly string[] | undefined;
		}): Promise<{readonly roomId: string}>;
		leave(request: {readonly roomId: string}): Promise<JsonObject>;
		/** Tries the connection now instead of at the next planned time. */
		retryNow(request: JsonObject): Promise<JsonObject>;
		/** Revokes the token and stops the engine; the caller then wipes the files. */
		logout(request: {readonly isForced: boolean}): Promise<JsonObject>;
	};

export type SessionMethod = keyof Session;

/** The method names, for the border where a request comes in as text. */
export const sessionMethods: readonly SessionMethod[] = [
	'send',
	'letGo',
	'react',
	'unreact',
	'redact',
	'rooms',
	'read',
	'status',
	'signInAgain',
	'setUpEncryption',
	'resolveOutbox',
	'saveDraft',
	'show',
	'markRead',
	'join',
	'leave',
	'retryNow',
	'logout',
	...roomMethods,
	...triageMethods,
	...peopleMethods,
	...mediaMethods,
	...messageCareMethods,
	...historyMethods,
	...encryptionMethods,
	...bridgeMethods,
	...receiptMethods,
];

/** What the engine tells everyone who listens, without being asked. */
export type EngineNotice =
	/**
	 * Rows changed in the store: re-read. `isListChanged`: the room list's order or a row of it. A new listener is told
	 * first that `all` may have changed, and how net and encryption stand.
	 */
	| {readonly kind: 'changed'; readonly rids: readonly number[] | 'all'; readonly isListChanged: boolean}
	| {readonly kind: 'typing'; readonly rid: number; readonly users: readonly string[]}
	| {readonly kind: 'net'; readonly net: NetState}
	| {readonly kind: 'encryption'; readonly encryption: EncryptionSetup}
	/** A verification has come, or has changed; a new listener is told of those that are not over. */
	| {readonly kind: 'verification'; readonly verification: Verification}
	/** How far a file is. */
	| {readonly kind: 'transfer'; readonly transfer: Transfer}
	/** A message did not reach the network of a bridge; nothing else tells the person, who may be elsewhere. */
	| {readonly kind: 'send-failed'; readonly rid: number; readonly message: string; readonly next?: string | undefined}
	/** A room has come back from its sleep. */
	| {readonly kind: 'reminder'; readonly rid: number; readonly message: string}
	/** A sentence for the status line: a file set aside, a full disk. `isEnd`: nothing more comes in, until mx is started again. */
	| {readonly kind: 'alert'; readonly message: string; readonly next?: string | undefined; readonly isEnd?: true};

/** A request as it crosses a thread border or the socket. */
export type SessionRequest = {readonly id: number; readonly method: SessionMethod; readonly params: JsonObject};

/** Its answer. */
export type SessionReply =
	| {readonly id: number; readonly ok: true; readonly result: unknown}
	| {readonly id: number; readonly ok: false; readonly error: ErrorReport};
