/** The part of the Session that is about bridges; it finds them too. */
import {bridgesType, withBotWord, withOwnGhost, withRoomWord} from '../domain/bridge-words.ts';
import type {BridgeRequests} from '../domain/bridge-requests.ts';
import type {JsonObject} from '../domain/json.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {findStoredRoom} from '../store/find-stored-room.ts';
import type {AccountStores} from './account-stores.ts';
import {createBridgeDetector, type BridgeDetectorOptions} from './bridge-detector.ts';
import {watchBridges} from './bridge-watch.ts';

export type BridgeAnswerOptions = Omit<BridgeDetectorOptions, 'bridges' | 'now' | 'stores'> & {
	readonly stores: BridgeDetectorOptions['stores'] & Pick<AccountStores, 'reader' | 'bridgeHealth'>;
	readonly homeserver: Pick<Homeserver, 'bridges' | 'accountData' | 'setAccountData'>;
};

export const createBridgeAnswers = (options: BridgeAnswerOptions): BridgeRequests => {
	const {userId, homeserver, stores, feed} = options;
	const detector = createBridgeDetector({...options, bridges: homeserver.bridges, now: Date.now});
	feed.subscribe(notice => {
		if (notice.kind === 'net' && notice.net.state === 'online') detector.online();
	});

	watchBridges(options);

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

	return {
		async whyBridged({room: address, pick}) {
			const room = findStoredRoom(stores.reader, address, pick);
			return {room, ...detector.explain(room)};
		},
		bridges: async () => ({bridges: stores.portals.bridges()}),
		async trustBot({userId: bot, isTrusted, protocol}) {
			await say(content => withBotWord(content, bot, isTrusted === undefined ? undefined : {isTrusted, protocol}));
			return {};
		},
		async setOwnGhost({userId: ghost, isMe}) {
			await say(content => withOwnGhost(content, ghost, isMe));
			// Whose a message is changes how it is drawn.
			feed.tell({kind: 'changed', rids: 'all', isListChanged: true});
			return {};
		},
		async setNetwork({room: address, pick, protocol}) {
			const room = findStoredRoom(stores.reader, address, pick);
			await say(content => withRoomWord(content, room.roomId, protocol));
			return {room};
		},
	};
};
