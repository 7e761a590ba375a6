/** Loads the SDK when it is first needed and wires it to the stores: sync, decryption, keys, failures. */
import {inboxType} from '../domain/inbox-layout.ts';
import {bridgesType} from '../domain/bridge-words.ts';
import type {JsonObject} from '../domain/json.ts';
import {peopleType} from '../domain/person.ts';
import type {OutgoingEvent} from '../matrix/guarded-send.ts';
import type {EncryptionSetup} from '../domain/session.ts';
import type {SyncRoom} from '../domain/sync-response.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {SyncLimits} from '../matrix/sync-gate.ts';
import type {SdkClient} from '../matrix/sdk-client.ts';
import type {RoomChange} from '../store/room-writer.ts';
import type {RoomWithGap} from '../store/timeline-writer.ts';
import type {Logger} from '../store/log-file.ts';
import {isStorageFailure} from '../store/storage-failure.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import {createBridgeBots} from './bridges/bots.ts';
import {createDecryptionQueue, type DecryptionQueue} from './decryption-queue.ts';
import type {NetMonitor} from './net-monitor.ts';
import {createVerificationInbox} from './verification-inbox.ts';
import {installIndexedDB} from '../store/crypto-store/install-indexed-db.ts';

export type SdkHostOptions = {
	readonly baseUrl: string;
	readonly userId: string;
	readonly deviceId: string;
	readonly accessToken: () => string;
	readonly storageKey: Uint8Array;
	readonly stores: AccountStores;
	readonly homeserver: Homeserver;
	readonly feed: ChangeFeed;
	readonly net: NetMonitor;
	readonly limits: SyncLimits | undefined;
	readonly guardedFetch: typeof fetch;
	readonly failure: () => Error | undefined;
	readonly fence: (error: unknown) => void;
	readonly log: Logger;
	readonly onLoggedOut: (isSoft: boolean) => void;
	/** A sync response is committed. */
	readonly onCommit: () => void;
	/** In these rooms a sync response left messages out. */
	readonly onGaps: (rooms: readonly RoomWithGap[]) => void;
	/** Sends an event into a room outside of the outbox. @returns its id */
	readonly sendNow: (event: OutgoingEvent) => Promise<string>;
};

export type SdkHost = {
	/** The loaded SDK; loads it once. */
	readonly load: () => Promise<SdkClient>;
	/** The SDK if it is loaded already. */
	readonly loaded: () => SdkClient | undefined;
	/** Like `load`, and knows the devices of now although no sync loop runs. */
	readonly loadForLoneSend: () => Promise<SdkClient>;
	readonly decryption: DecryptionQueue;
	/** What was last known; told anew when it changes. */
	readonly encryptionSetup: () => EncryptionSetup;
	/** Asks the SDK and the server how the encryption is set up. */
	readonly refreshEncryptionSetup: () => Promise<EncryptionSetup>;
	readonly stop: () => Promise<void>;
};

/** What the screen shows of the account data. */
const shownAccountData: ReadonlySet<unknown> = new Set([
	'm.direct',
	'm.push_rules',
	'm.ignored_user_list',
	bridgesType,
	inboxType,
	peopleType,
]);

export const createSdkHost = (options: SdkHostOptions): SdkHost => {
	const {stores, feed, log} = options;
	let loading: Promise<SdkClient> | undefined;
	let client: SdkClient | undefined;
	/** Whether a lone send has learned of the devices of now. */
	let knowsDevices = false;
	let setup: EncryptionSetup = {state: 'unknown', message: 'The state of the encryption is not known yet.'};
	let [lastAsked, lastAnswered] = [0, 0];
	/** Rows of the response that the SDK is working on; decrypted when it is done. */
	let fresh: number[] = [];

	/** A store that cannot be written closes the connection before anything is answered that is not on disk. */
	const orFence = <Result>(write: () => Result): Result => {
		try {
			return write();
		} catch (error) {
			options.fence(error);
			throw error;
		}
	};

	const inbox = createVerificationInbox({
		event: pk => stores.undecrypted.event(pk),
		take: event => client?.verificationEvents.take(event),
		now: Date.now,
	});

	const decryption = createDecryptionQueue({
		store: {
			...stores.undecrypted,
			write(results, onError) {
				inbox.noteDecrypted(results);
				try {
					stores.undecrypted.write(results, onError);
				} catch (error) {
					// What a bug does here, the next engine would meet again.
					if (isStorageFailure(error)) options.fence(error);
					throw error;
				}
				if (inbox.hasDecrypted()) void decryption.idle().then(() => inbox.handOnDecrypted());
			},
		},
		feed,
		decrypt: () => {
			const encryption = client?.encryption;
			return encryption && (async event => encryption.decrypt(event));
		},
		onError: error => {
			log.error('decryption', 'Decrypting failed', {error});
		},
	});

	let isRetried = false;
	/** What failed before is tried again after the first answer, whatever it is: until then the account is not in step. */
	const retryFailed = (): void => {
		if (isRetried) return;
		isRetried = true;
		decryption.addStored('failed');
	};

	const writeRoom = (room: SyncRoom): RoomChange => {
		const change = stores.rooms.applyRoom(room);
		const {rid, roomId, hasDeparture} = change;
		if (hasDeparture && stores.reader.room(rid)?.isEncrypted === true) {
			stores.rooms.setMustRotateSession(rid, true);
			log.info('crypto', 'Somebody left: the next message starts a new session', {roomId});
		}
		return change;
	};

	const writeAlone = (room: SyncRoom): RoomChange | undefined =>
		stores.isolated(
			room,
			() => writeRoom(room),
			error => {
				log.error('sync', 'A room could not be written; what came for it is in quarantine', {
					error,
					roomId: room.roomId,
				});
			},
		);

	const writeRooms = (rooms: readonly SyncRoom[]): void => {
		const changes = stores.account.write(() => rooms.map(writeAlone)).filter(change => change !== undefined);
		const skipped = changes.reduce((sum, change) => sum + change.skipped, 0);
		if (skipped > 0) log.warn('sync', 'Malformed events were left out', {count: skipped});
		for (const {rid, undecrypted, typing} of changes) {
			fresh.push(...undecrypted);
			if (typing !== undefined) feed.tell({kind: 'typing', rid, users: typing});
		}
		// Rooms with something to decrypt are told when it is done: one repaint instead of two.
		feed.changed(
			changes.filter(change => change.undecrypted.length === 0).map(change => change.rid),
			true,
		);
		for (const room of rooms) inbox.note(room);
		options.onGaps(changes.filter(change => change.hasGap));
	};

	const refreshEncryptionSetup = async (): Promise<EncryptionSetup> => {
		const sdk = client;
		if (sdk === undefined) return setup;
		const asked = (lastAsked += 1);
		const now = await sdk.readEncryptionSetup();
		// Of two at once, the one that was asked last knows better, whichever is answered first.
		if (asked < lastAnswered) return setup;
		lastAnswered = asked;
		const before = setup;
		setup = now;
		if (setup.state !== before.state) feed.tell({kind: 'encryption', encryption: setup});
		return setup;
	};

	const refreshQuietly = (): void => {
		refreshEncryptionSetup().catch((error: unknown) =>
			log.warn('crypto', 'The encryption state could not be read', {error}),
		);
	};

	const open = async (): Promise<SdkClient> => {
		installIndexedDB(stores.crypto.factory);
		const {openSdkClient} = await import('../matrix/sdk-client.ts');
		client = await openSdkClient({
			baseUrl: options.baseUrl,
			userId: options.userId,
			deviceId: options.deviceId,
			accessToken: options.accessToken(),
			storageKey: options.storageKey,
			store: stores.sdk,
			log,
			gate: {
				write: rooms => orFence(() => writeRooms(rooms)),
				fetch: options.guardedFetch,
				failure: options.failure,
				settled: () => stores.crypto.flush(),
				connection: {
					...options.net,
					failed(failed) {
						options.net.failed(failed);
						retryFailed();
					},
				},
				limits: options.limits,
			},
			flushCrypto: () => stores.crypto.flush(),
			storeTogether: async work => stores.crypto.together(work),
			mustRotate: roomId => stores.rooms.mustRotateSession(roomId),
			clearRotation: roomId => {
				const room = stores.reader.roomById(roomId);
				if (room !== undefined) stores.account.write(() => stores.rooms.setMustRotateSession(room.rid, false));
			},
			bridgeBot: createBridgeBots(stores),
			events: {
				onCommit: accountData => {
					const rows = fresh;
					fresh = [];
					retryFailed();
					decryption.add(rows);
					inbox.handOnClear();
					if (accountData.some(event => shownAccountData.has(event['type']))) feed.changed([], true);
					// What ignored people said is not shown, and comes back.
					if (accountData.some(event => event['type'] === 'm.ignored_user_list'))
						feed.tell({kind: 'changed', rids: 'all', isListChanged: true});
					options.onCommit();
				},
				onCommitFailure: options.fence,
				onRoomKeys: sessionIds => decryption.addSessions(sessionIds),
				onDevicesChanged: userIds => decryption.addSenders(userIds),
				onLoggedOut: options.onLoggedOut,
				onEncryptionChanged: refreshQuietly,
				onVerification: verification => feed.tell({kind: 'verification', verification}),
				onBackupRestored() {
					decryption.addStored('all');
					refreshQuietly();
				},
				sendNow: options.sendNow,
			},
		});
		decryption.addStored('untried');
		return client;
	};

	const load = async (): Promise<SdkClient> => {
		loading ??= open();
		return loading;
	};

	return {
		load,
		loaded: () => client,
		async loadForLoneSend() {
			const sdk = await load();
			const since = stores.sdk.nextBatch();
			// Until an answer was taken: a message that fails here must not be encrypted for the devices of yesterday.
			if (!knowsDevices && since !== undefined) {
				const response: JsonObject = await options.homeserver.encryptionSync(since);
				await sdk.takeEncryptionSync(response);
				knowsDevices = true;
			}
			return sdk;
		},
		decryption,
		encryptionSetup: () => setup,
		refreshEncryptionSetup,
		async stop() {
			decryption.stop();
			// A crypto that is being opened must not find its store closed.
			await loading?.catch(() => undefined);
			await decryption.idle();
			await client?.stop();
		},
	};
};
