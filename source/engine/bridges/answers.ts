/** The part of the Session that is about bridges; it finds them too. */
import {
	bridgesType,
	bridgeWords,
	withApi,
	withBotWord,
	withInvitations,
	withOwnGhost,
	withRoomWord,
} from '../../domain/bridge-words.ts';
import type {BridgeRequests} from '../../domain/bridge-requests.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {JsonObject} from '../../domain/json.ts';
import {toExpectedError} from '../../matrix/expected-errors.ts';
import type {Homeserver} from '../../matrix/homeserver.ts';
import {findStoredRoom} from '../../store/find-stored-room.ts';
import type {AccountStores} from '../account-stores.ts';
import {createBridgeApis} from './api.ts';
import {createBridgeDetector, type BridgeDetector, type BridgeDetectorOptions} from './detector.ts';
import {createBridgeLogins} from './logins.ts';
import {createBridgeRooms, type BridgeTimes} from './rooms.ts';
import {createTalkReading} from './talk-reading.ts';
import type {ReceiptManager} from '../receipt-manager.ts';
import {watchBridges} from './watch.ts';
import {createPortalInvitations} from './portal-invitations.ts';
import type {MessageOrders} from '../message-orders.ts';
import type {OutboxWorker} from '../outbox-worker.ts';
import type {RoomFinder} from '../room-finder.ts';

export type BridgeAnswerOptions = Omit<BridgeDetectorOptions, 'bridges' | 'now' | 'stores' | 'onLooked'> & {
	readonly stores: BridgeDetectorOptions['stores'] & Pick<AccountStores, 'reader' | 'bridgeHealth' | 'outbox'>;
	readonly homeserver: Pick<Homeserver, 'bridges' | 'accountData' | 'setAccountData' | 'createRoom'>;
	readonly finder: Pick<RoomFinder, 'join' | 'learn'>;
	readonly orders: Pick<MessageOrders, 'send' | 'redact'>;
	readonly outbox: Pick<OutboxWorker, 'settled'>;
	readonly receipts: Pick<ReceiptManager, 'mark' | 'noteConnected'>;
	readonly guardedFetch: typeof fetch;
	readonly newTransactionId: () => string;
	readonly bridgeTimes?: BridgeTimes | undefined;
	/** Resolves when a sync response of this run is stored. */
	readonly caughtUp: Promise<void>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Milliseconds that the server has to remove a secret. */
const removalPatience = 30_000;

export const createBridgeAnswers = (options: BridgeAnswerOptions): Omit<BridgeRequests, 'resend'> => {
	const {userId, homeserver, stores, feed, orders} = options;
	/** What the person said on another device comes with the first sync, after its rooms. */
	let isCaughtUp = false;
	const invitations = createPortalInvitations({
		...options,
		explain: room => detector.explain(room),
		// A lone verb does what it was asked for.
		isWanted: () => options.isLive && isCaughtUp && !bridgeWords(stores.sdk.accountDataOf(bridgesType)).isAskedFirst,
	});
	const detector: BridgeDetector = createBridgeDetector({
		...options,
		bridges: homeserver.bridges,
		onLooked: invitations.look,
	});
	void options.caughtUp.then(() => {
		isCaughtUp = true;
		invitations.look();
	});
	feed.subscribe(notice => {
		if (notice.kind !== 'net' || notice.net.state !== 'online') return;
		detector.online();
		invitations.online();
	});

	watchBridges(options);

	const apis = createBridgeApis(options);
	const logins = createBridgeLogins({
		...options,
		rooms: createBridgeRooms({...options, send: orders.send}),
		apis,
		reading: createTalkReading({reader: stores.reader, receipts: options.receipts}),
		join: async roomId => options.finder.join(roomId),
		newId: options.newTransactionId,
		async redact({roomId}, eventId) {
			const {transactionId} = await orders.redact({roomId, eventId});
			const row = stores.outbox.byTransaction(transactionId);
			const settled = row === undefined ? undefined : await options.outbox.settled(row.id, removalPatience);
			if (settled !== undefined && settled.state !== 'sent')
				throw new ExpectedError({message: settled.error ?? 'The server does not answer.', reason: 'queued'});
		},
	});

	/** The server's copy is the newest: another device may have written it a moment ago. */
	const say = async (change: (content: JsonObject) => JsonObject): Promise<void> => {
		try {
			const next = change(await homeserver.accountData(userId, bridgesType));
			await homeserver.setAccountData(userId, bridgesType, next);
			stores.account.write(() => stores.sdk.setAccountData(bridgesType, next));
		} catch (error) {
			throw toExpectedError(error, 'save what you said of a bridge');
		}
		detector.look();
	};

	const requireSaid = (isSaid: boolean, what: string): void => {
		if (isSaid) return;
		throw new ExpectedError({message: `You have said nothing of ${what}.`, next: 'See mx bridge.', reason: 'notFound'});
	};

	return {
		...logins,
		async whyBridged({room: address, pick}) {
			const room = findStoredRoom(stores.reader, address, pick);
			return {room, ...detector.explain(room)};
		},
		bridges: async () => ({bridges: stores.portals.bridges()}),
		async trustBot({userId: bot, isTrusted, protocol}) {
			await say(content => {
				requireSaid(isTrusted !== undefined || bridgeWords(content).bots.has(bot), bot);
				return withBotWord(content, bot, isTrusted === undefined ? undefined : {isTrusted, protocol});
			});
			return {};
		},
		async setOwnGhost({userId: ghost, isMe}) {
			if (isMe && !stores.reader.isInAnyRoom(ghost))
				throw new ExpectedError({
					message: `${ghost} is in no room of yours.`,
					next: 'See mx read --json for the ids of those who write.',
					reason: 'notFound',
				});
			await say(content => {
				requireSaid(isMe || bridgeWords(content).ownGhosts.has(ghost), ghost);
				return withOwnGhost(content, ghost, isMe);
			});
			// Whose a message is changes how it is drawn.
			feed.tell({kind: 'changed', rids: 'all', isListChanged: true});
			return {};
		},
		async setNetwork({room: address, pick, protocol}) {
			const room = findStoredRoom(stores.reader, address, pick);
			await say(content => withRoomWord(content, room.roomId, protocol));
			return {room};
		},
		async setPortalInvitations({isAskedFirst}) {
			await say(content => withInvitations(content, isAskedFirst));
			invitations.look();
			return {};
		},
		async setBridgeApi({url, isUsed}) {
			const bot = isUsed ? await apis.botAt(url) : undefined;
			await say(content => {
				requireSaid(isUsed || bridgeWords(content).apis.includes(url), url);
				return withApi(content, url, isUsed);
			});
			return {bot};
		},
	};
};
