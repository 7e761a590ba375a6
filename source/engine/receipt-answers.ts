/** The part of the Session that is about read receipts. */
import {protocolOf} from '../bridges/protocols.ts';
import {isTroubled} from '../domain/bridge-health.ts';
import type {JsonObject} from '../domain/json.ts';
import {receiptsType, receiptWords, withReceiptWord, type ReceiptMode} from '../domain/receipt-words.ts';
import type {ReceiptRequests} from '../domain/receipt-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {AccountStores} from './account-stores.ts';
import type {ReceiptManager} from './receipt-manager.ts';

export type ReceiptAnswerOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'sdk' | 'portals' | 'bridgeReading'>;
	readonly homeserver: Pick<Homeserver, 'accountData' | 'setAccountData'>;
	readonly receipts: ReceiptManager;
	/** @throws ExpectedError `notFound` */
	readonly requireRoom: (roomId: string) => RoomRow;
};

export const createReceiptAnswers = (options: ReceiptAnswerOptions): ReceiptRequests => {
	const {userId, stores, homeserver, receipts, requireRoom} = options;

	const bridgesOf = (network: string | undefined) =>
		stores.portals
			.bridges()
			.filter(({trust, protocol}) => trust === 'attested' && (network === undefined || protocol === network));

	/** What is read already is said too, where that is wanted from now on. */
	const markAgain = (roomId: string, mode: ReceiptMode | undefined): void => {
		const room = requireRoom(roomId);
		const eventId = stores.reader.fullyRead(room.rid);
		if (eventId !== undefined && mode === 'public' && room.membership === 'join') receipts.mark(room, eventId);
	};

	return {
		receiptsIn: async ({roomId}) => receipts.rule(requireRoom(roomId)),
		async setReceipts({scope, mode}) {
			try {
				// The server's copy is the newest: another device may have written it a moment ago.
				const next: JsonObject = withReceiptWord(await homeserver.accountData(userId, receiptsType), scope, mode);
				await homeserver.setAccountData(userId, receiptsType, next);
				stores.account.write(() => stores.sdk.setAccountData(receiptsType, next));
			} catch (error) {
				throw toExpectedError(error, 'save who sees what you have read');
			}
			if (scope.kind === 'room') markAgain(scope.id, mode);
			return {};
		},
		async healReceipts({network}) {
			let count = 0;
			for (const {bot} of bridgesOf(network)) count += await receipts.heal(bot);
			return {count};
		},
		async bridgeReading({network}) {
			const words = receiptWords(stores.sdk.accountDataOf(receiptsType));
			const health = stores.reader.portals.health();
			const bridges = bridgesOf(network).map(({bot, protocol}) => ({
				...stores.bridgeReading(bot, words.rooms),
				bot,
				protocol,
				hasReceipts: protocolOf(protocol).hasReceipts,
				troubledLogins: health
					.filter(login => login.bot === bot && isTroubled(login))
					.map(({name, account}) => name ?? account),
				mode: words.networks.get(protocol) ?? words.bridged,
			}));
			return {bridges};
		},
	};
};
