/** An account at work: stores, sync, outbox and the Session that everyone speaks to. One per account, by the lock. */
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import type {AccountFiles} from '../domain/directories.ts';
import {answerRequest} from '../domain/session-proxy.ts';
import type {EncryptionSetup, Session} from '../domain/session.ts';
import {serveSession, type SessionServer} from '../instance/socket-server.ts';
import {createGuardedFetch, type GuardedFetchOptions} from '../matrix/guarded-fetch.ts';
import {createHomeserver} from '../matrix/homeserver.ts';
import type {RestoreProgress, Unlocked} from '../matrix/recovery.ts';
import type {SyncLimits} from '../matrix/sync-gate.ts';
import type {AccountRecord} from '../store/account-record.ts';
import type {Logger} from '../store/log-file.ts';
import type {DerivedKeys} from '../store/secrets/derived-keys.ts';
import {openAccountStores} from './account-stores.ts';
import type {BridgeTimes} from './bridges/rooms.ts';
import {createChangeFeed, type NoticeListener} from './change-feed.ts';
import {damageNotice, fenceCause, notSignedIn, runningDamage} from './damage.ts';
import {createPictures} from '../pictures/pictures.ts';
import {createGapFiller} from './gap-filler.ts';
import {createHistory} from './history.ts';
import {createNetMonitor} from './net-monitor.ts';
import {isSignedOut} from './net-state.ts';
import {createReceiptManager, type ReceiptTimes} from './receipt-manager.ts';
import {createReceiptNotice} from './receipt-notice.ts';
import {createRoomFinder} from './room-finder.ts';
import {createSdkHost} from './sdk-host.ts';
import {createSending} from './sending.ts';
import {createSyncLoop} from './sync-loop.ts';
import {createSession, type EngineEnd} from './session.ts';

export type EngineOptions = {
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	readonly keys: DerivedKeys;
	/** `live`: syncs and answers other processes. `one-shot`: does what it is asked, without a sync loop. */
	readonly mode: 'live' | 'one-shot';
	/** Version of mx, for the socket's greeting. */
	readonly version: string;
	readonly log: Logger;
	/** A token from signing in just now; without it the stored one is used. */
	readonly accessToken?: string | undefined;
	/** Whether the device is new: its stores are made. @default false */
	readonly isNewDevice?: boolean | undefined;
	/** Name that other devices show, for signing in again. */
	readonly deviceName?: string | undefined;
	/** What messages and marks are dated by, milliseconds since the Unix epoch. @default Date.now */
	readonly now?: (() => number) | undefined;
	/** Times of the connection. */
	readonly limits?: SyncLimits | undefined;
	/** Other times and sizes for requests; see `GuardedFetchOptions`. */
	readonly requestLimits?: GuardedFetchOptions['limits'];
	/** Other times for what was read. */
	readonly receiptTimes?: ReceiptTimes | undefined;
	/** Other times for bridges and their bots. */
	readonly bridgeTimes?: BridgeTimes | undefined;
};

export type EngineEncryption = {
	readonly read: () => Promise<EncryptionSetup>;
	/** Creates identity, recovery key and backup of an account that has none. */
	readonly setUpNewAccount: (request: {readonly password: string}) => Promise<{readonly recoveryKey: string}>;
	/** Verifies this device by the recovery key and restores the backup. */
	readonly unlock: (recoveryKey: string, onProgress?: (progress: RestoreProgress) => void) => Promise<Unlocked>;
};

export type Engine = {
	readonly session: Session;
	readonly encryption: EngineEncryption;
	/** Tells the listener first how all stands. @returns a function that lets it go */
	readonly subscribe: (listener: NoticeListener) => () => void;
	/** Begins syncing and opens the socket. @throws ExpectedError when the socket cannot be made */
	readonly start: () => Promise<void>;
	/** Resolves when a sync response of this run is stored. */
	readonly caughtUp: Promise<void>;
	/** Resolves when the engine can go on no longer; then it is to be stopped. */
	readonly ended: Promise<EngineEnd>;
	readonly stop: () => Promise<void>;
};

/** Milliseconds between two sync responses at most while the connection is well: a long poll is 30 s. */
const longestPause = 60_000;
/** Milliseconds that requests which are out get to finish. */
const stopPatience = 1500;

/** Rejects with the signal's reason. */
const aborted = async (signal: AbortSignal): Promise<never> => {
	if (!signal.aborted) await once(signal, 'abort');
	throw signal.reason;
};

/**
 * Claims the account and opens it.
 * @throws StoreBusy when another process owns it; ExpectedError when it cannot be opened
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
	const {files, record, keys, log, now = Date.now} = options;
	const stores = openAccountStores({files, record, keys, isNewDevice: options.isNewDevice ?? false, now});
	const {account} = stores;
	try {
		if (options.accessToken !== undefined)
			account.writeDurably(() => account.setMeta('access_token', options.accessToken));
		// What was held for a sign-in gets its chance; a token that is still bad holds it again.
		stores.outbox.release();
		if (account.meta('access_token') === undefined) notSignedIn(stores.damage);
	} catch (error) {
		await stores.close();
		throw error;
	}

	let failure: Error | undefined;
	/** Set when the engine ends: the SDK goes on asking for things for a while. */
	let end: Error | undefined;
	let server: SessionServer | undefined;
	const feed = createChangeFeed();
	const caughtUp = Promise.withResolvers<void>();
	const ended = Promise.withResolvers<EngineEnd>();
	const accessToken = (): string => account.meta('access_token') ?? '';
	const guardedFetch = createGuardedFetch({isFailed: () => failure ?? end, limits: options.requestLimits});
	/** Ends the requests that are out when the engine ends. */
	const ending = new AbortController();
	const homeserver = createHomeserver({
		baseUrl: record.homeserver,
		accessToken,
		send: async (input, init) =>
			guardedFetch(input, {...init, signal: AbortSignal.any([ending.signal, ...(init?.signal ? [init.signal] : [])])}),
	});
	const net = createNetMonitor({
		tell: state => feed.tell({kind: 'net', net: state}),
		onOnline: () => {
			outbox.online();
			receipts.online();
			gapFiller.online();
		},
	});

	/** After a failed write the memory of the crypto is ahead of the disk: nothing may go out any more, and an engine begins anew. */
	const fence = (error: unknown): void => {
		if (failure !== undefined || end !== undefined) return;
		failure = error instanceof Error ? error : new Error(String(error));
		log.error('store', 'Writing failed; the connection is closed', {error});
		const cause = fenceCause(failure);
		if (cause !== undefined) net.fenced(cause);
		// First of all: what follows may meet the same failure.
		ended.resolve(cause === undefined ? 'failed' : 'storage-failed');
		outbox.hold();
		for (const notice of runningDamage(failure)) feed.tell(notice);
	};

	const sdk = createSdkHost({
		baseUrl: record.homeserver,
		userId: record.userId,
		deviceId: record.deviceId,
		accessToken,
		storageKey: keys.storageKey(record.deviceId),
		stores,
		homeserver,
		feed,
		net,
		limits: options.limits,
		guardedFetch,
		failure: () => failure,
		fence,
		log,
		onLoggedOut: isSoft => {
			net.signedOut(isSoft);
			outbox.hold();
		},
		onCommit: () => {
			lastCommit = {wall: Date.now(), steady: performance.now()};
			caughtUp.resolve();
			if (isResumed) return outbox.noticeEchoes();
			isResumed = true;
			stores.provisional.dropRest();
			feed.changed([], true);
			gapFiller.add(stores.rooms.timelines.roomsWithGap());
			outbox.resume();
			receipts.resume();
			stores.outbox.prune(now());
			void refreshSetup();
		},
		onGaps: rooms => gapFiller.add(rooms),
		sendNow: async event => sendNow(event),
	});
	let isResumed = false;
	let lastCommit: {readonly wall: number; readonly steady: number} | undefined;
	/** Whether the stream was followed a moment ago: the wall clock may be set, the steady one stands still in sleep. */
	const isCurrent = (): boolean => {
		if (lastCommit === undefined) return false;
		const wall = Date.now() - lastCommit.wall;
		return wall >= 0 && wall < longestPause && performance.now() - lastCommit.steady < longestPause;
	};

	const {outbox, outgoing, sendNow} = createSending({
		homeserver,
		stores,
		sdk,
		feed,
		outgoing: files.outgoing,
		isLive: options.mode === 'live',
		isCurrent,
		failure: () => failure,
		onStoreFailure: fence,
		now,
	});

	// The parts that it holds are there by now.
	stores.onFailure(fence);

	const retryNow = (): void => {
		sdk.loaded()?.retryNow();
		outbox.online();
		gapFiller.online();
	};

	/** What was done is done, whatever comes of asking how all stands now. */
	const refreshSetup = async (): Promise<void> => {
		try {
			await sdk.refreshEncryptionSetup();
		} catch (error) {
			log.warn('crypto', 'The encryption state could not be read', {error});
		}
	};
	const setUpNewAccount: EngineEncryption['setUpNewAccount'] = async request => {
		const made = await (await sdk.load()).setUpNewAccount(request);
		await refreshSetup();
		return made;
	};

	const own = {userId: record.userId, homeserver, feed, stores, log};
	const tellOnce = createReceiptNotice(own);
	const receipts = createReceiptManager({...own, tellOnce, times: options.receiptTimes, now});
	const history = createHistory({homeserver, stores, decryption: sdk.decryption, feed, log});
	const gapFiller = createGapFiller({
		history,
		gap: rid => stores.rooms.timelines.gap(rid),
		reader: stores.reader,
		log,
	});
	const pictures = createPictures();
	const session = createSession({
		record,
		stores,
		homeserver,
		finder: createRoomFinder({userId: record.userId, homeserver, account, reader: stores.reader, rooms: stores.rooms}),
		outbox,
		outgoing,
		opened: files.opened,
		pictures,
		receipts,
		history,
		gapFiller,
		sdk,
		net,
		feed,
		retryNow,
		async setUpEncryption(request) {
			await Promise.race([caughtUp.promise, aborted(ending.signal)]);
			return setUpNewAccount(request);
		},
		guardedFetch,
		deviceName: options.deviceName ?? 'mx',
		isLive: options.mode === 'live',
		bridgeTimes: options.bridgeTimes,
		newTransactionId: () => `mx-${randomUUID()}`,
		log,
		signal: ending.signal,
		now,
		caughtUp: caughtUp.promise,
		onEnded: ended.resolve,
	});
	// A live engine first learns what happened meanwhile: which rooms are encrypted, which devices are gone.
	if (options.mode === 'one-shot') outbox.resume();

	const loop = createSyncLoop({
		homeserver,
		stores,
		sdk,
		feed,
		log,
		retryNow,
		isOver: () => end !== undefined,
		isAtRest: () => failure !== undefined || isSignedOut(net.state()),
		onStalled: () => ended.resolve('stalled'),
	});

	/** A new listener is told first how all stands now: what was told before, others have heard. */
	const subscribe = (listener: NoticeListener): (() => void) => {
		const unsubscribe = feed.subscribe(listener);
		listener({kind: 'changed', rids: 'all', isListChanged: true});
		listener({kind: 'net', net: net.state()});
		const encryption = sdk.encryptionSetup();
		if (encryption.state !== 'unknown') listener({kind: 'encryption', encryption});
		for (const verification of sdk.loaded()?.verifications.list() ?? []) listener({kind: 'verification', verification});
		return unsubscribe;
	};

	let stopping: Promise<void> | undefined;
	const stop = async (): Promise<void> => {
		loop.stop();
		pictures.stop();
		await server?.close();
		// After a failure nothing can be sent, and what remains to be done to the files must not be cut off.
		await Promise.all([outbox, receipts].map(async part => part.stop(failure === undefined ? stopPatience : 0)));
		await sdk.loaded()?.verifications.stop(failure === undefined ? stopPatience : 0);
		end = new DOMException('The engine has stopped', 'AbortError');
		ending.abort(end);
		await gapFiller.stop();
		await sdk.stop();
		feed.close();
		await stores.close();
	};

	return {
		session,
		encryption: {
			read: async () => {
				await sdk.load();
				return sdk.refreshEncryptionSetup();
			},
			setUpNewAccount,
			unlock: async (recoveryKey, onProgress) => {
				const unlocked = await (await sdk.load()).unlock(recoveryKey, onProgress);
				await refreshSetup();
				sdk.decryption.addStored('all');
				await sdk.decryption.idle();
				return unlocked;
			},
		},
		subscribe,
		caughtUp: caughtUp.promise,
		ended: ended.promise,
		async start() {
			server = await serveSession({
				files,
				version: options.version,
				userId: record.userId,
				handle: async request => answerRequest(session, request),
				onSubscribe: subscribe,
				onProblem: problem => log.warn('socket', problem),
			});
			if (stores.damage !== undefined) feed.tell(damageNotice(stores.damage));
			if (options.mode === 'live') {
				// A lone verb has told nobody.
				stores.forgetDamage();
				loop.start();
			}
		},
		stop: async () => (stopping ??= stop()),
	};
};
