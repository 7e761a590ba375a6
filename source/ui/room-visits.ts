/**
 * What being in a room means: holes in its history are filled first, and it is read once its newest message is seen by who has turned
 * to it. With the keys in the inbox a room is only looked at in passing.
 */
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {ScreenPort} from './screen-port.ts';

/** Milliseconds in a room after which it counts as visited: passing through on the way to another does not. */
const settleTime = 250;

export type RoomVisits = {
	/** A room was opened, or none. */
	readonly enter: () => void;
	/** Another room of the same person is written in: all that is seen was seen before. */
	readonly turn: () => void;
	/** The person marks an open room as unread: seeing its newest message does not undo that until it is opened again. */
	readonly keepUnread: (room: RoomRow) => void;
	/** @param isFocused whether the terminal has the focus; unknown counts as yes */
	readonly setTerminalFocus: (isFocused: boolean) => void;
	/** A thread is shown beside the room or over it, or none. */
	readonly showThread: (thread: ShownThread | undefined) => void;
	/** Something on the screen changed. */
	readonly check: () => void;
	/** The person does something in the open room, wherever the keys are, e.g. scrolls there. */
	readonly act: () => void;
	readonly dispose: () => void;
};

/** A thread by the event id of its root. */
export type ShownThread = {readonly roomId: string; readonly rid: number; readonly root: string};

type Source = Pick<AccountReader, 'fullyRead' | 'reads'> & {
	readonly about: Pick<AccountReader['about'], 'lastOfThread'>;
};

export const createRoomVisits = ({model, session, log}: ScreenPort, source: Source): RoomVisits => {
	let visited: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let isFocused = true;
	/** The person did something in the room since the keys went to the inbox. */
	let hasActed = false;
	let kept: ReadonlySet<number> = new Set();
	let thread: ShownThread | undefined;
	/** What the engine was told last, by room and root. */
	const marked = new Map<string, string>();

	const markRead = async (request: Parameters<typeof session.markRead>[0]): Promise<void> => {
		const {roomId, eventId, thread: root = ''} = request;
		const key = `${roomId} ${root}`;
		if (marked.get(key) === eventId) return;
		marked.set(key, eventId);
		try {
			await session.markRead(request);
		} catch (error) {
			// Tried again when something else comes.
			if (marked.get(key) === eventId) marked.delete(key);
			log.info('screen', 'a room could not be marked as read', {error});
		}
	};

	const unreadOutsideOfThreads = ({rid, unreadCount}: RoomRow): number =>
		unreadCount - [...source.reads.threads(rid).values()].reduce((sum, {unread}) => sum + unread, 0);

	const checkRoom = (room: RoomRow): void => {
		if (room.membership !== 'join' || kept.has(room.rid)) return;
		const eventId = source.reads.lastMainEvent(room.rid);
		const isRead = unreadOutsideOfThreads(room) <= 0 && !room.isMarkedUnread && eventId === source.fullyRead(room.rid);
		if (eventId !== undefined && !isRead) void markRead({roomId: room.roomId, eventId});
	};

	const checkRooms = (): void => {
		const isBehindList = model.panels.isOpen() && model.store.get().frame.sideWidth === 0;
		const isVisited = visited !== undefined && model.openedRoom()?.rid === visited;
		if (!isVisited || !model.timeline.isAtEnd() || model.isCovered() || isBehindList) return;
		// Who has seen the end of what is mixed has seen that of each.
		for (const room of model.opened.rooms()) checkRoom(room);
	};

	/** Who stands on the newest reply has seen the thread. */
	const checkThread = (): void => {
		if (thread === undefined || model.panels.scope() !== 'thread' || !model.panels.isLastChosen()) return;
		const {rid, roomId, root} = thread;
		const eventId = source.about.lastOfThread(rid, root);
		const isRead = source.reads.threads(rid).get(root) === undefined && eventId === source.reads.ownInThread(rid, root);
		if (eventId !== undefined && !isRead) void markRead({roomId, eventId, thread: root});
	};

	const check = (): void => {
		if (!model.isInInbox()) hasActed = false;
		if (!isFocused || model.isHelpOpen() || (model.isInInbox() && !hasActed)) return;
		checkRooms();
		checkThread();
	};

	const tell = async ({roomId}: RoomRow): Promise<void> => {
		try {
			await session.show({roomId});
		} catch (error) {
			log.info('screen', 'the engine could not be told which room is shown', {error});
		}
	};

	const settle = (): void => {
		const room = model.openedRoom();
		visited = room?.rid;
		if (room === undefined) return;
		check();
		void tell(room);
	};

	return {
		check,
		act() {
			hasActed = true;
			check();
		},
		keepUnread({rid}) {
			const rooms = model.opened.rooms().map(room => room.rid);
			kept = new Set(rooms.includes(rid) ? rooms : [rid]);
		},
		turn() {
			const room = model.openedRoom();
			// Whoever has just come in is still passing by.
			if (room === undefined || visited === undefined) return;
			visited = room.rid;
			void tell(room);
		},
		enter() {
			kept = new Set();
			hasActed = false;
			clearTimeout(timer);
			visited = undefined;
			timer = setTimeout(settle, settleTime);
			timer.unref();
		},
		showThread(next) {
			thread = next;
			check();
		},
		setTerminalFocus(isNowFocused) {
			isFocused = isNowFocused;
			check();
		},
		dispose: () => clearTimeout(timer),
	};
};
