/** The part of the Session that sends: from the room that is meant to the receipt, and how that is let go on the way. */
import type {RoomRow} from '../domain/room.ts';
import type {SendRequest, Session} from '../domain/session.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {OutgoingFiles} from '../store/outgoing-files.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
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
		readonly homeserver: Pick<Homeserver, 'media'>;
		readonly finder: Pick<RoomFinder, 'findOrMake'>;
		readonly outgoing: OutgoingFiles;
		readonly pictures: Pictures;
		readonly receipts: Pick<ReceiptManager, 'noteSent'>;
		/** @throws ExpectedError `notFound` */
		readonly requireRoom: (roomId: string) => RoomRow;
	};

type Request = Omit<SendRequest, 'content' | 'edits'>;

export const createSendAnswers = (
	options: SendAnswerOptions,
): Pick<Session, 'send' | 'sendFile' | 'letGo' | 'resend'> => {
	const {orders, finder, receipts, requireRoom} = options;
	const lookUpAnswered = createAnsweredLookUp(options);
	const watch = createSendWatch(options);
	const open = createOpenOrders();
	const files = createFileOrders({
		files: options.outgoing,
		media: options.homeserver.media,
		orders,
		pictures: options.pictures,
	});

	/** @returns the room that is meant; what is answered is in it */
	const find = async (request: Request, checked: (room: RoomRow) => RoomRow): Promise<RoomRow> => {
		const room = checked(await finder.findOrMake(request.to, request.pick));
		await lookUpAnswered(room, request);
		return room;
	};

	/** What comes from the composer is written by somebody who has the room before them. */
	const noteAnswer = (room: RoomRow, {endsDraft, thread}: Request): void => {
		if (endsDraft === true) receipts.noteSent(room, thread);
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
				return send(findRoom, order);
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
