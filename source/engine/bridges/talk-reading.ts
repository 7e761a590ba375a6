/** What the bot of a bridge says to mx, mx shows or acts on: it is read, and the room with the bot asks for nothing afterwards. */
import {isOut, parseBridgeReport} from '../../domain/bridge-health.ts';
import type {Message} from '../../domain/message.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {AccountReader} from '../../store/account-reader.ts';
import type {ReceiptManager} from '../receipt-manager.ts';

export type TalkReadingOptions = {
	readonly reader: Pick<AccountReader, 'room'>;
	readonly receipts: Pick<ReceiptManager, 'mark'>;
};

/**
 * Begins when nothing was said to the bot yet.
 * @returns marks as read what was said in the room since, oldest first. Nothing where something was unread before, as it would be read too; nothing
 * any more when the bot has said that a login is out: that is no answer, and for the person to see in the room
 */
export type TalkReading = (room: RoomRow) => (messages: readonly Message[]) => void;

export const createTalkReading =
	({reader, receipts}: TalkReadingOptions): TalkReading =>
	({rid}) => {
		const before = reader.room(rid);
		const isRead = before?.unreadCount === 0 && !before.isMarkedUnread;
		let marked: string | undefined;
		return messages => {
			const tellsOutage = messages.some(({content}) => {
				const report = parseBridgeReport(content);
				return report !== undefined && isOut(report);
			});
			const last = messages.findLast(({isMine}) => !isMine);
			if (!isRead || tellsOutage || last === undefined || last.eventId === marked) return;
			marked = last.eventId;
			receipts.mark(before, last.eventId);
		};
	};
