/** The part of the Session that sends: from the room that is meant to the receipt, and how that is let go on the way. */
import {setTimeout as sleep} from 'node:timers/promises';
import {receiptsType} from '../domain/receipt-words.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SendRequest, Session} from '../domain/session.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {OutgoingFiles} from '../store/outgoing-files.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {AccountStores} from './account-stores.ts';
import {createFileOrders} from './file-orders.ts';
import {createAnsweredLookUp, type LookUpOptions} from './look-up-answered.ts';
import type {MessageOrders} from './message-orders.ts';
import {createOpenOrders, type OpenOrder} from './open-orders.ts';
import type {ReceiptManager} from './receipt-manager.ts';
import type {RoomFinder} from './room-finder.ts';
import {createSendWatch, type SendWatchOptions} from './send-watch.ts';

export type SendAnswerOptions = Omit<LookUpOptions, 'orders'> &
	Omit<SendWatchOptions, 'orders'> & {
		readonly orders: MessageOrders;
		/** The account's own. */
		readonly userId: string;
		readonly stores: Pick<AccountStores, 'account' | 'sdk'>;
		readonly homeserver: Pick<Homeserver, 'media' | 'accountData'>;
		readonly finder: Pick<RoomFinder, 'findOrMake'>;
		readonly outgoing: OutgoingFiles;
		readonly pictures: Pictures;
		readonly receipts: Pick<ReceiptManager, 'noteSent' | 'noteAnswered' | 'resume'>;
		/** @throws ExpectedError `notFound` */
		readonly requireRoom: (roomId: string) => RoomRow;
	};

/** Milliseconds that a verb by itself waits to hear who may see what was read. */
const tellPatience = 3000;

/** @param patience milliseconds */
const within = async (work: Promise<void>, patience: number): Promise<void> => {
	const limit = new AbortController();
	await Promise.race([work, sleep(patience, undefined, {signal: limit.signal}).catch(() => undefined)]);
	limit.abort();
};

type Request = Omit<SendRequest, 'content' | 'edits'>;

export const createSendAnswers = (
	options: SendAnswerOptions,
): Pick<Session, 'send' | 'sendFile' | 'letGo' | 'resend'> => {
	const {userId, stores, homeserver, orders, finder, receipts, requireRoom} = options;
	const lookUpAnswered = createAnsweredLookUp(options);
	const watch = createSendWatch(options);
	const open = createOpenOrders();
	const files = createFileOrders({
		files: options.outgoing,
		media: homeserver.media,
		orders,
		pictures: options.pictures,
	});

	/** @returns the room that is meant; what is answered is in it */
	const find = async (request: Request, checked: (room: RoomRow) => RoomRow): Promise<RoomRow> => {
		const room = checked(await finder.findOrMake(request.to, request.pick));
		await lookUpAnswered(room, request);
		return room;
	};

	/** What comes from the composer is written by somebody who has the room before them; of all else only what it answers was seen. */
	const noteAnswer = (room: RoomRow, {endsDraft, thread, replyTo}: Request): void => {
		if (endsDraft === true) receipts.noteSent(room, thread);
		else if (replyTo !== undefined) receipts.noteAnswered(room, replyTo);
	};

	/** A verb by itself is not in step: who may see what is read may have been said on another device meanwhile. */
	const tellAlone = async (): Promise<void> => {
		try {
			const words = await homeserver.accountData(userId, receiptsType);
			stores.account.write(() => stores.sdk.setAccountData(receiptsType, words));
			receipts.resume();
		} catch (error) {
			options.log.info('receipts', 'The next mx tells what was read', {error});
		}
	};

	type Send = (findRoom: () => Promise<RoomRow>, order: OpenOrder) => ReturnType<Session['send']>;

	const answer = async (request: Request, send: Send): ReturnType<Session['send']> =>
		open.answer(request.order, async order =>
			watch.until(request, order.signal, async checked => {
				const findRoom = async (): Promise<RoomRow> => {
					const room = await find(request, checked);
					order.signal.throwIfAborted();
					noteAnswer(room, request);
					return room;
				};
				const receipt = await send(findRoom, order);
				const isAnswer = request.replyTo !== undefined && receipt.state === 'sent';
				if (isAnswer && !options.isLive) await within(tellAlone(), tellPatience);
				return receipt;
			}),
		);

	return {
		send: async request => answer(request, async (findRoom, order) => orders.send(await findRoom(), request, {order})),
		sendFile: async request => answer(request, async (findRoom, order) => files.sendFile(request, findRoom, order)),
		async letGo({order}) {
			open.letGo(order);
			return {};
		},
		resend: async ({roomId, eventId}) => watch.resend(requireRoom(roomId), eventId),
	};
};
