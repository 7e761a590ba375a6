/** The SDK as mx uses it: the sync loop, the crypto, and nothing else. Importing this file loads the SDK. */
import {setImmediate, setTimeout} from 'node:timers/promises';
import {ClientEvent, createClient, HttpApiEvent, type MatrixClient} from 'matrix-js-sdk';
import {AllDevicesIsolationMode, CryptoEvent} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {logger as sdkLogger} from 'matrix-js-sdk/lib/logger.js';
import {asArray, asInteger, asObject, isObject, type JsonObject} from '../domain/json.ts';
import type {EncryptionSetup} from '../domain/session.ts';
import type {Logger} from '../store/log-file.ts';
import type {SdkStore} from '../store/sdk-store.ts';
import {takeOnlyNews} from './crypto-news.ts';
import {guardCrypto, type GuardedCrypto} from './crypto-guards.ts';
import {setUpNewAccount} from './encryption-setup.ts';
import {readPersonDevices} from './device-trust.ts';
import {readEncryptionSetup} from './encryption-state.ts';
import {MxStore} from './mx-store.ts';
import {limitPendingEvents} from './pending-events.ts';
import {unlockWithRecoveryKey, type RestoreProgress} from './recovery.ts';
import {createRoomEncryption, type RustCryptoParts} from './room-encryption.ts';
import {cleanEventList} from './sdk-event-input.ts';
import {createSecretStorageKeys} from './secret-storage-keys.ts';
import {takeInRounds} from './to-device-rounds.ts';
import {createTurns} from './turns.ts';
import {createSyncGate, type SyncGateOptions} from './sync-gate.ts';
import {openVerification, type VerificationHandlers} from './open-verification.ts';

export type SdkClientOptions = {
	readonly baseUrl: string;
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: string;
	/** 32 bytes; the crypto's records are sealed with it. */
	readonly storageKey: Uint8Array;
	readonly store: SdkStore;
	readonly log: Logger;
	readonly gate: Omit<SyncGateOptions, 'sink'> & {readonly write: SyncGateOptions['sink']['write']};
	readonly flushCrypto: () => Promise<void>;
	/** Keeps together what the crypto writes meanwhile: after a crash all of it is on disk, or nothing. */
	readonly storeTogether: <Result>(work: () => Promise<Result>) => Promise<Result>;
	readonly mustRotate: (roomId: string) => boolean;
	readonly clearRotation: (roomId: string) => void;
	/** See room-encryption.ts. */
	readonly bridgeBot: (roomId: string, sender: string) => string | undefined;
	readonly events: SdkEvents;
};

/** What the SDK tells. Handlers must not throw; they only take note. */
export type SdkEvents = VerificationHandlers & {
	/** A response is committed: rooms, account data, token. */
	readonly onCommit: (accountData: readonly JsonObject[]) => void;
	readonly onCommitFailure: (error: unknown) => void;
	/** Megolm sessions whose keys arrived. */
	readonly onRoomKeys: (sessionIds: readonly string[]) => void;
	/** More is known of the devices or the identity of these people. */
	readonly onDevicesChanged: (userIds: readonly string[]) => void;
	readonly onLoggedOut: (isSoft: boolean) => void;
};

export type SdkClient = Awaited<ReturnType<typeof openSdkClient>>;

/** The prefix of the crypto's databases in crypto.db. */
const databasePrefix = 'mx';
/** Turns of the event loop in which aborted work of the SDK ends. */
const turnsToEnd = 5;
/** Milliseconds that the end waits for what is being received. */
const patienceAtEnd = 500;

const createSilentLogger = (log: Logger) => {
	const write =
		(level: 'debug' | 'info' | 'warn' | 'error') =>
		(...values: readonly unknown[]): void =>
			log[level](
				'sdk',
				values.map(value => (value instanceof Error ? (value.stack ?? value.message) : String(value))).join(' '),
			);
	const logger = {
		trace: () => undefined,
		debug: () => undefined,
		info: () => undefined,
		warn: write('warn'),
		error: write('error'),
		// One for all rooms: the SDK would make one for each encrypted room.
		getChild: () => logger,
	};
	return logger;
};

/** Only the members that processSyncChanges takes from a response. */
const syncChangesOf = (response: JsonObject) => {
	const counts = asObject(response['device_one_time_keys_count']);
	const fallback = response['device_unused_fallback_key_types'];
	const lists = asObject(response['device_lists']);
	return {
		toDeviceEvents: asArray(asObject(response['to_device'])['events']).filter(isObject),
		deviceLists: {changed: asArray(lists['changed']), left: asArray(lists['left'])},
		oneTimeKeysCounts: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, asInteger(count) ?? 0])),
		unusedFallbackKeys: Array.isArray(fallback) ? fallback : undefined,
	};
};

/** Creates the client and its crypto on the store that `installIndexedDB` put in place. @throws when the crypto store does not fit */
export const openSdkClient = async (options: SdkClientOptions) => {
	const {events, log, store} = options;
	(sdkLogger as {setLevel?: (level: string) => void}).setLevel?.('error');
	const mxStore = new MxStore({
		store,
		flushCrypto: options.flushCrypto,
		onCommit: ({accountData}) => events.onCommit(accountData),
		onFailure: events.onCommitFailure,
	});
	const gate = createSyncGate({
		...options.gate,
		onProblem: (problem, details) => log.warn('sync', problem, details),
		sink: {
			isLoaded: roomId => mxStore.isLoaded(roomId),
			load: roomId => void mxStore.getRoom(roomId),
			drop: roomId => mxStore.evict(roomId),
			write: options.gate.write,
		},
	});
	const keys = createSecretStorageKeys();
	const client: MatrixClient = createClient({
		baseUrl: options.baseUrl,
		userId: options.userId,
		deviceId: options.deviceId,
		accessToken: options.accessToken,
		store: mxStore,
		fetchFn: gate.fetch,
		logger: createSilentLogger(log),
		cryptoCallbacks: keys.callbacks,
		verificationMethods: ['m.sas.v1'],
		// The names of rooms are mx's own affair; the SDK's rule throws for an invitation by e-mail without a text as its name.
		roomNameGenerator: roomId => roomId,
	});
	mxStore.attach(client);
	// The SDK asks the server, inside the sync loop, for every event that a reaction or an edit points to: 649 requests at once
	// were seen. The archive answers, or nobody.
	client.fetchRoomEvent = async (roomId, eventId) => {
		const event = store.event(roomId, eventId);
		if (event === undefined) throw new Error('The event is not in the archive');
		return {...event, room_id: roomId};
	};
	// The SDK asks for the members at the time of its sync token; whoever left since must not get the next key.
	const askMembers = client.members.bind(client);
	client.members = async (roomId, included, excluded) => {
		const answer = await askMembers(roomId, included, excluded);
		// One member that is none would keep the room without any, and nothing could be encrypted for it.
		return {...answer, chunk: cleanEventList(answer['chunk'])} as unknown as typeof answer;
	};
	await client.initRustCrypto({cryptoDatabasePrefix: databasePrefix, storageKey: options.storageKey});
	const crypto = client.getCrypto();
	if (crypto === undefined) throw new Error('The SDK has no crypto after initRustCrypto');
	crypto.setDeviceIsolationMode(new AllDevicesIsolationMode(false));

	const parts = crypto as unknown as RustCryptoParts & GuardedCrypto;
	const passOn = parts.onRoomKeysUpdated.bind(parts);
	parts.onRoomKeysUpdated = async sessions => {
		events.onRoomKeys(sessions.map(session => session.sessionId));
		await passOn(sessions);
	};
	// The two share Olm sessions in memory. A message key would be stored here although the room key that a message brought is
	// not stored yet there: killed in between, mx could never read it again.
	const inTurn = createTurns();
	const takeChanges = takeOnlyNews(parts.processSyncChanges.bind(parts), () => performance.now());
	let isOver = false;
	const receive: typeof takeChanges = async changes => {
		try {
			return await takeInRounds(takeChanges, changes);
		} catch (error) {
			// Cut off by the end: it never ends, so that nothing of it is stored, and no token behind it.
			if (isOver) await new Promise(() => undefined);
			throw error;
		}
	};
	// Of a message that begins an Olm session the crypto stores first the session, which has read it, and then the room key that it
	// brought (matrix-sdk-crypto, Account::decrypt_olm_message): killed in between, mx could never read that key again.
	parts.processSyncChanges = async changes => inTurn(async () => options.storeTogether(async () => receive(changes)));
	guardCrypto(parts, error => log.warn('crypto', 'A verification message could not be taken', {error}));
	limitPendingEvents(client, parts);
	client.on(HttpApiEvent.SessionLoggedOut, error => events.onLoggedOut(error.data['soft_logout'] === true));
	for (const event of [
		CryptoEvent.KeysChanged,
		CryptoEvent.KeyBackupStatus,
		CryptoEvent.UserTrustStatusChanged,
	] as const) {
		client.on(event, () => events.onEncryptionChanged());
	}
	client.on(CryptoEvent.DevicesUpdated, userIds => events.onDevicesChanged(userIds));
	client.on(CryptoEvent.UserTrustStatusChanged, userId => events.onDevicesChanged([userId]));
	client.on(ClientEvent.SyncUnexpectedError, error => log.error('sync', 'The SDK failed on a response', {error}));

	const encryption = createRoomEncryption({
		client,
		store: mxStore,
		flush: options.flushCrypto,
		inTurn,
		mustRotate: options.mustRotate,
		clearRotation: options.clearRotation,
		bridgeBot: options.bridgeBot,
	});
	const access = {client, keys};
	const {verifications, verificationEvents} = openVerification({client, events, log, flush: options.flushCrypto});

	return {
		encryption,
		/** See verifications.ts. */
		verifications,
		/** See verification-events.ts. */
		verificationEvents,

		/** Starts the sync loop; it goes on until `stop`, whatever the network does. */
		async start(): Promise<void> {
			// Threads are mx's own: with the SDK's, the server's unread counts leave them out.
			await client.startClient({
				initialSyncLimit: 20,
				lazyLoadMembers: true,
				disablePresence: true,
				threadSupport: false,
			});
		},

		/** Ends it for good: the crypto cannot be used afterwards. */
		async stop(): Promise<void> {
			gate.stop();
			// What is being received is taken whole.
			const limit = new AbortController();
			const expired = setTimeout(patienceAtEnd, undefined, {signal: limit.signal}).catch(() => undefined);
			await Promise.race([inTurn(async () => undefined), expired]);
			limit.abort();
			isOver = true;
			// Whoever in the SDK waited for an answer gets to its end before the crypto is freed under it.
			for (let turn = 0; turn < turnsToEnd; turn++) await setImmediate();
			client.stopClient();
		},

		/** Asks the server anew at once, whatever is waited for. */
		retryNow: gate.retryNow,

		/** Whether the sync loop asks for something, or waits for its next try. */
		isAsking: gate.isAsking,

		/** Takes device lists, messages to this device and key counts from a sync without rooms, for a lone send. */
		async takeEncryptionSync(response: JsonObject): Promise<void> {
			await parts.processSyncChanges(
				syncChangesOf(response) as unknown as Parameters<typeof parts.processSyncChanges>[0],
			);
			await options.flushCrypto();
		},

		deviceKeys: () => crypto.getOwnDeviceKeys(),
		readEncryptionSetup: (): Promise<EncryptionSetup> => readEncryptionSetup(client),
		/** @returns the keys that this device has, as JSON (client-server API §Key exports). */
		exportRoomKeys: async (): Promise<string> => crypto.exportRoomKeysAsJson(),
		/** @param keys a list of objects as JSON. */
		importRoomKeys: async (keys: string): Promise<void> => {
			await crypto.importRoomKeysAsJson(keys);
			await options.flushCrypto();
		},
		/** See device-trust.ts. */
		readPersonDevices: async (person: string) => readPersonDevices(client, person),
		/** See `setUpNewAccount` of encryption-setup.ts. */
		setUpNewAccount: async (request: {readonly password: string}) => setUpNewAccount(access, request),
		/** See `unlockWithRecoveryKey` of recovery.ts. */
		unlock: async (recoveryKey: string, onProgress?: (progress: RestoreProgress) => void) =>
			unlockWithRecoveryKey(access, recoveryKey, {onProgress}),
	};
};
