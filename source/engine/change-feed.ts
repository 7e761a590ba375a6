/** Collects which rows changed and tells it at most once in 16 ms: a sync response of a thousand rooms is one notice. */
import type {EngineNotice} from '../domain/session.ts';

export type NoticeListener = (notice: EngineNotice) => void;

export type ChangeFeed = {
	/** Notes that rows of a room changed. @param isListChanged the room list shows something else too */
	readonly changed: (rids: Iterable<number>, isListChanged: boolean) => void;
	/** Tells something at once, after what was collected. */
	readonly tell: (notice: EngineNotice) => void;
	/** @returns a function that lets the listener go */
	readonly subscribe: (listener: NoticeListener) => () => void;
	/** Tells what is collected and starts no timer any more. */
	readonly close: () => void;
};

const millisecondsToCollect = 16;

export const createChangeFeed = (): ChangeFeed => {
	const listeners = new Set<NoticeListener>();
	let rids = new Set<number>();
	let isListChanged = false;
	let timer: NodeJS.Timeout | undefined;
	let isClosed = false;

	const send = (notice: EngineNotice): void => {
		for (const listener of listeners) listener(notice);
	};

	const flush = (): void => {
		clearTimeout(timer);
		timer = undefined;
		if (rids.size === 0 && !isListChanged) return;
		const notice: EngineNotice = {kind: 'changed', rids: [...rids], isListChanged};
		rids = new Set();
		isListChanged = false;
		send(notice);
	};

	return {
		changed(changedRids, isList) {
			for (const rid of changedRids) rids.add(rid);
			isListChanged ||= isList;
			if (!isClosed) timer ??= setTimeout(flush, millisecondsToCollect);
		},
		tell(notice) {
			flush();
			send(notice);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close() {
			isClosed = true;
			flush();
		},
	};
};
