/** What being in a room means: holes in its history are filled first, and it is read once its newest message is seen. */
import type {RoomRow} from '../domain/room.ts';
import type {ScreenPort} from './screen-port.ts';

/** Milliseconds in a room after which it counts as visited: passing through on the way to another does not. */
const settleTime = 250;

export type RoomVisits = {
	/** A room was opened, or none. */
	readonly enter: () => void;
	/** The person marks an open room as unread: seeing its newest message does not undo that until it is opened again. */
	readonly keepUnread: (room: RoomRow) => void;
	/** @param isFocused whether the terminal has the focus; unknown counts as yes */
	readonly setTerminalFocus: (isFocused: boolean) => void;
	/** Something on the screen changed. */
	readonly check: () => void;
	readonly dispose: () => void;
};

type Source = {
	readonly lastEventId: (rid: number) => string | undefined;
	readonly fullyRead: (rid: number) => string | undefined;
};

export const createRoomVisits = ({model, session, log}: ScreenPort, source: Source): RoomVisits => {
	let visited: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let isFocused = true;
	let kept: number | undefined;
	const marked = new Map<number, string>();

	const markRead = async ({rid, roomId}: RoomRow, eventId: string): Promise<void> => {
		marked.set(rid, eventId);
		try {
			await session.markRead({roomId, eventId});
		} catch (error) {
			// Tried again when something else comes.
			if (marked.get(rid) === eventId) marked.delete(rid);
			log.info('screen', 'a room could not be marked as read', {error});
		}
	};

	const check = (): void => {
		const room = model.openedRoom();
		const isSeen =
			isFocused && room?.rid === visited && model.timeline.isAtEnd() && !model.isCovered() && !model.isHelpOpen();
		if (room === undefined || !isSeen || room.membership !== 'join' || room.rid === kept) return;
		const eventId = source.lastEventId(room.rid);
		const isDone = eventId === undefined || eventId === marked.get(room.rid);
		const isRead = room.unreadCount === 0 && !room.isMarkedUnread && eventId === source.fullyRead(room.rid);
		if (!isDone && !isRead) void markRead(room, eventId);
	};

	const settle = async (): Promise<void> => {
		const room = model.openedRoom();
		visited = room?.rid;
		if (room === undefined) return;
		check();
		try {
			await session.show({roomId: room.roomId});
		} catch (error) {
			log.info('screen', 'the engine could not be told which room is shown', {error});
		}
	};

	return {
		check,
		keepUnread({rid}) {
			kept = rid;
		},
		enter() {
			kept = undefined;
			clearTimeout(timer);
			visited = undefined;
			timer = setTimeout(() => void settle(), settleTime);
			timer.unref();
		},
		setTerminalFocus(isNowFocused) {
			isFocused = isNowFocused;
			check();
		},
		dispose: () => clearTimeout(timer),
	};
};
