/** The Session of the process that owns the account. */
import {ExpectedError} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {parseMentions} from '../domain/mention.ts';
import type {AccountStatus, Session} from '../domain/session.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {logInWithPassword, logOut} from '../matrix/login.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import {classifyFailure} from '../matrix/network-errors.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {readStoredRoom} from '../store/find-stored-room.ts';
import type {Logger} from '../store/log-file.ts';
import type {OutgoingFiles} from '../store/outgoing-files.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {AccountStores} from './account-stores.ts';
import {createAvatars} from './avatars.ts';
import type {ChangeFeed} from './change-feed.ts';
import {createFileFetching} from './file-fetching.ts';
import type {GapFiller} from './gap-filler.ts';
import {createEncryptionAnswers} from './encryption-answers.ts';
import {createHistoryAnswers} from './history-answers.ts';
import type {History} from './history.ts';
import {limit} from './limit.ts';
import {createMessageCare} from './message-care.ts';
import {createMessageOrders} from './message-orders.ts';
import {createNetworkLimits} from './bridges/network-limits.ts';
import type {NetMonitor} from './net-monitor.ts';
import type {OutboxWorker} from './outbox-worker.ts';
import type {ReceiptManager} from './receipt-manager.ts';
import {createRoomAdministration} from './room-administration.ts';
import type {RoomFinder} from './room-finder.ts';
import type {SdkHost} from './sdk-host.ts';
import {createSendAnswers} from './send-answers.ts';
import {createBridgeAnswers} from './bridges/answers.ts';
import type {BridgeTimes} from './bridges/rooms.ts';
import {createReceiptAnswers} from './receipt-answers.ts';
import {createInboxLayout} from './inbox-layout.ts';
import {createPeople} from './people.ts';
import {createTriage} from './triage.ts';

/** Why an engine is at its end: `mx logout`, a new token, a disk that takes nothing, a sync loop that has died, or a bug. */
export type EngineEnd = 'signed-out' | 'renewed' | 'storage-failed' | 'stalled' | 'failed';

export type SessionOptions = {
	readonly record: AccountRecord;
	readonly stores: AccountStores;
	readonly homeserver: Homeserver;
	readonly finder: RoomFinder;
	readonly outbox: OutboxWorker;
	readonly outgoing: OutgoingFiles;
	readonly pictures: Pictures;
	/** Directory for files that are only looked at. */
	readonly opened: string;
	readonly receipts: ReceiptManager;
	readonly history: History;
	readonly gapFiller: GapFiller;
	readonly sdk: SdkHost;
	readonly net: NetMonitor;
	readonly feed: ChangeFeed;
	readonly retryNow: () => void;
	/** Only while the sync loop runs; waits for its first answer. */
	readonly setUpEncryption: Session['setUpEncryption'];
	readonly guardedFetch: typeof fetch;
	readonly deviceName: string;
	readonly isLive: boolean;
	readonly bridgeTimes: BridgeTimes | undefined;
	readonly newTransactionId: () => string;
	readonly log: Pick<Logger, 'info' | 'error'>;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Resolves when a sync response of this run is stored. */
	readonly caughtUp: Promise<void>;
	readonly onEnded: (how: EngineEnd) => void;
};

const maximumRooms = 10_000;
const maximumMessages = 10_000;

export const createSession = (options: SessionOptions): Session => {
	const {record, stores, homeserver, finder, outbox, sdk, net, feed} = options;
	const {account, reader} = stores;

	const requireRoom = (roomId: string) => {
		const room = reader.roomById(roomId);
		if (room !== undefined) return room;
		throw new ExpectedError({message: `The room ${roomId} is not known.`, reason: 'notFound'});
	};

	const {newTransactionId} = options;
	const limits = createNetworkLimits({portals: stores.portals, now: options.now});
	const orders = createMessageOrders({
		userId: record.userId,
		stores,
		feed,
		outbox,
		requireRoom,
		newTransactionId,
		limits,
	});

	const {userId} = record;
	const administration = createRoomAdministration({userId, homeserver, stores, finder, feed});
	const {noteRead, endMutes, wakeRooms, ...triage} = createTriage({
		userId,
		homeserver,
		stores,
		feed,
		log: options.log,
		signal: options.signal,
		now: options.now,
		receipts: options.receipts,
		setNotifications: async request => administration.setNotifications(request),
	});
	if (options.isLive) {
		// Other devices may have woken rooms, and read them since.
		void options.caughtUp.then(wakeRooms);
		feed.subscribe(notice => {
			if (notice.kind !== 'net') return;
			if (notice.net.state === 'online') endMutes();
			if (notice.net.state === 'offline') wakeRooms();
		});
	}
	const fetching = createFileFetching({
		media: homeserver.media,
		message: (roomId, eventId) => reader.message(requireRoom(roomId).rid, eventId),
		opened: options.opened,
		tell: transfer => feed.tell({kind: 'transfer', transfer}),
		now: () => performance.now(),
	});

	const status = async (): Promise<AccountStatus> => ({
		userId: record.userId,
		deviceId: record.deviceId,
		homeserver: record.homeserver,
		net: net.state(),
		encryption: sdk.encryptionSetup(),
		lastSync: reader.lastSync(),
		deviceKeys: await (options.isLive ? await sdk.load() : sdk.loaded())?.deviceKeys(),
	});

	/** The token is replaced where it is stored; the caller starts the engine anew with it. */
	const signInAgain = async (password: string): Promise<JsonObject> => {
		if (net.state().state === 'logged-out') {
			throw new ExpectedError({
				message: 'The server has removed this device; its encryption keys are of no use any more.',
				next: 'Quit mx and run `mx login`: it makes a new device and keeps the messages.',
				reason: 'notSignedIn',
			});
		}
		const signedIn = await logInWithPassword(
			{
				baseUrl: record.homeserver,
				user: record.userId,
				password,
				deviceId: record.deviceId,
				deviceName: options.deviceName,
			},
			options.guardedFetch,
		);
		account.writeDurably(() => account.setMeta('access_token', signedIn.accessToken));
		outbox.release();
		options.onEnded('renewed');
		return {};
	};

	return {
		react: orders.react,
		unreact: orders.unreact,
		redact: orders.redact,
		...createSendAnswers({...options, userId, orders, requireRoom}),
		...createAvatars({
			userId: record.userId,
			media: homeserver.media,
			calls: homeserver.rooms,
			pictures: options.pictures,
			reader,
		}),
		fetchFile: fetching.fetchFile,
		stopFetching: fetching.stopFetching,
		rooms: async ({limit: count}) => ({
			rooms: reader.rooms({offset: 0, limit: limit(count, maximumRooms)}),
			lastSync: reader.lastSync(),
		}),
		async read(request) {
			return readStoredRoom(reader, userId, {...request, count: limit(request.count, maximumMessages)});
		},
		status,
		signInAgain: async ({password}) => signInAgain(password),
		async setUpEncryption({password}) {
			if (options.isLive) return options.setUpEncryption({password});
			throw new ExpectedError({
				message: 'Encryption is set up by an mx that is in step with the server.',
				next: 'Run `mx login`, or start mx.',
				reason: 'notReady',
			});
		},
		async resolveOutbox({id, action}) {
			const item = stores.outbox.byId(id);
			const isDone = action === 'retry' ? stores.outbox.retry(id) : stores.outbox.discard(id);
			if (item !== undefined) feed.changed([item.rid], false);
			outbox.wake();
			return {isDone};
		},
		async saveDraft({roomId, text, thread, mentions}) {
			stores.drafts.save(requireRoom(roomId).rid, text, parseMentions(mentions), thread);
			return {};
		},
		async show({roomId}) {
			options.gapFiller.show(requireRoom(roomId).rid);
			return {};
		},
		async markRead({roomId, eventId, thread}) {
			const room = requireRoom(roomId);
			options.receipts.mark(room, eventId, thread);
			if (thread === undefined) noteRead(room);
			return {};
		},
		...createEncryptionAnswers({...options, requireRoom}),
		...createHistoryAnswers({...options, userId: record.userId, requireRoom}),
		...administration,
		...createBridgeAnswers({...options, userId, orders, onPortals: rids => sdk.decryption.addBridged(rids)}),
		...createReceiptAnswers({...options, userId, requireRoom}),
		...triage,
		...createPeople({...options, userId, setSection: triage.setSection}),
		...createInboxLayout({userId, homeserver, stores, feed, log: options.log}),
		...createMessageCare({userId, homeserver, stores, feed, decryption: sdk.decryption}),
		async leave({roomId}) {
			try {
				await homeserver.leave(roomId);
			} catch (error) {
				throw toExpectedError(error, 'leave the room');
			}
			return {};
		},
		async retryNow() {
			options.retryNow();
			return {};
		},
		async logout({isForced}) {
			try {
				await logOut(
					{baseUrl: record.homeserver, accessToken: account.meta('access_token') ?? ''},
					options.guardedFetch,
				);
			} catch (error) {
				const {kind} = classifyFailure(error);
				if (!isForced && kind !== 'logged-out' && kind !== 'soft-logout') throw error;
			}
			account.writeDurably(() => account.setMeta('access_token', null));
			options.onEnded('signed-out');
			return {};
		},
	};
};
