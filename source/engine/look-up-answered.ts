/** What is answered must be in the room: the archive knows, else the server is asked. */
import {ExpectedError} from '../domain/errors.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SendRequest} from '../domain/session.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {History} from './history.ts';
import type {MessageOrders} from './message-orders.ts';

export type LookUpOptions = {
	readonly stores: Pick<AccountStores, 'reader' | 'outbox'>;
	readonly history: Pick<History, 'loadAround'>;
	readonly orders: Pick<MessageOrders, 'known'>;
	readonly log: Pick<Logger, 'info'>;
};

/**
 * @returns looks up the message that is answered, so that whoever wrote it is mentioned. Where the server cannot be asked, the answer is
 * queued all the same; a repeat of an order is that order.
 */
export const createAnsweredLookUp = ({stores, history, orders, log}: LookUpOptions) => {
	const isMissing = async (rid: number, roomId: string, eventId: string): Promise<boolean> => {
		try {
			return (await history.loadAround({rid, roomId, eventId})) === 'missing';
		} catch (error) {
			log.info('sending', 'what is answered could not be looked up', {error});
			return false;
		}
	};

	/** @throws ExpectedError `notFound` when the server does not have it in this room */
	return async (room: RoomRow, request: Pick<SendRequest, 'replyTo' | 'transactionKey'>): Promise<void> => {
		const {rid, roomId} = room;
		const {replyTo} = request;
		if (replyTo === undefined || orders.known(room, request.transactionKey) !== undefined) return;
		if (stores.reader.message(rid, replyTo) !== undefined) return;
		if (stores.outbox.byEvent(rid, replyTo) !== undefined) return;
		if (await isMissing(rid, roomId, replyTo))
			throw new ExpectedError({
				message: `There is no message ${replyTo} in this room, or you may not see it.`,
				next: 'See mx read --json for the ids.',
				reason: 'notFound',
			});
	};
};
