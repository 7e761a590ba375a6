/** Asks the server for older messages when a hole in the history is seen. */
import type {RoomRow} from '../domain/room.ts';
import type {MissingPlace} from '../view-models/timeline-places.ts';
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

	const load = async ({rid, roomId}: RoomRow, place: MissingPlace | undefined): Promise<void> => {
		loading.add(rid);
		model.timeline.setOlder({kind: 'loading'}, rid);
		model.update();
		const isStillOpen = (): boolean => model.timeline.rids().includes(rid);
		try {
			const at = place === undefined ? undefined : {chunkOrder: place.chunkOrder, side: place.side};
			const {hasMore} = await session.loadOlder({roomId, count: pageSize, at});
			if (isStillOpen()) model.timeline.acceptOlder(hasMore ? {kind: 'idle'} : {kind: 'end'}, rid);
		} catch (error) {
			log.info('screen', 'older messages could not be loaded', {error});
			if (isStillOpen()) model.timeline.setOlder({kind: 'failed', reason: failureText(error)}, rid);
		} finally {
			loading.delete(rid);
		}
		model.update();
	};

	const check = (): void => {
		const open = model.openedRoom();
		if (open?.membership !== 'join' || !model.timeline.isMissingHistory()) return;
		const place = model.timeline.missingAt();
		// Of the rooms of a person, the one in which it is missing.
		const room = place?.rid === undefined ? open : (model.opened.roomOf(place.rid) ?? open);
		if (loading.has(room.rid) || model.timeline.older(room.rid).kind !== 'idle') return;
		if (isAllowed(open)) void load(room, place);
	};

	return {
		check,
		ask() {
			unasked = {rid: unasked.rid, count: 0};
			for (const rid of model.timeline.rids())
				if (model.timeline.older(rid).kind === 'failed') model.timeline.setOlder({kind: 'idle'}, rid);
			check();
		},
	};
};
