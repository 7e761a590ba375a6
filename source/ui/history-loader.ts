/** Asks the server for older messages when a hole in the history is seen. */
import type {RoomRow} from '../domain/room.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

/** Messages that are asked for at a time. */
const pageSize = 50;

/** Pages that are loaded without anybody scrolling, to fill a screen. */
const maxUnasked = 4;

export type HistoryLoader = {
	/** Something on the screen changed. */
	readonly check: () => void;
	/** The person scrolls towards older messages, or the server is back: what failed is tried again. */
	readonly ask: () => void;
};

export const createHistoryLoader = ({model, session, log}: ScreenPort): HistoryLoader => {
	const loading = new Set<number>();
	let unasked = {rid: 0, count: 0};

	const isAllowed = ({rid}: RoomRow): boolean => {
		if (unasked.rid !== rid) unasked = {rid, count: 0};
		unasked.count += 1;
		return unasked.count <= maxUnasked;
	};

	const load = async (room: RoomRow): Promise<void> => {
		loading.add(room.rid);
		model.timeline.setOlder({kind: 'loading'});
		model.update();
		const isStillOpen = (): boolean => model.openedRoom()?.rid === room.rid;
		try {
			const {hasMore} = await session.loadOlder({
				roomId: room.roomId,
				count: pageSize,
				at: model.timeline.missingAt(),
			});
			if (isStillOpen()) model.timeline.acceptOlder(hasMore ? {kind: 'idle'} : {kind: 'end'});
		} catch (error) {
			log.info('screen', 'older messages could not be loaded', {error});
			if (isStillOpen()) model.timeline.setOlder({kind: 'failed', reason: failureText(error)});
		} finally {
			loading.delete(room.rid);
		}
		model.update();
	};

	const check = (): void => {
		const room = model.openedRoom();
		if (room?.membership !== 'join' || loading.has(room.rid) || model.timeline.older().kind !== 'idle') return;
		if (model.timeline.isMissingHistory() && isAllowed(room)) void load(room);
	};

	return {
		check,
		ask() {
			unasked = {rid: unasked.rid, count: 0};
			if (model.timeline.older().kind === 'failed') model.timeline.setOlder({kind: 'idle'});
			check();
		},
	};
};
