/**
 * Gathers what the engine tells: changes are read once in 100 ms, and less often where that takes long. They are read and drawn in
 * several turns of the event loop: a key that comes meanwhile is heard between two of them, and seen in the same frame.
 */
import type {Transfer} from '../domain/media-requests.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import type {ToldNotice} from '../view-models/told.ts';

/** Milliseconds until news are read, and the longest that they rest after others. */
const batchTime = 100;
const longestRest = 200;

/** They rest so many times as long as they took: a key seldom meets them. */
const restShare = 4;

export type NoticeBatch = {readonly add: (notice: EngineNotice) => void; readonly dispose: () => void};

type NewsModel = Pick<
	ScreenModel,
	'hear' | 'isCovered' | 'opened' | 'readConversation' | 'readLists' | 'sayings' | 'timeline' | 'update'
>;

export const createNoticeBatch = (model: NewsModel): NoticeBatch => {
	let rids = new Set<number>();
	let others: ToldNotice[] = [];
	let reminder: string | undefined;
	let transfers: Transfer[] = [];
	let isAllChanged = false;
	let hasChanges = false;
	let timer: NodeJS.Timeout | undefined;
	let isOver = false;
	/** When news may be read again. */
	let restsUntil = 0;

	const inTurns = ([first, ...others]: readonly (() => void)[]): void => {
		if (first === undefined) return;
		setImmediate(() => {
			if (isOver) return;
			first();
			inTurns(others);
		});
	};

	const flush = (): void => {
		timer = undefined;
		const started = performance.now();
		const changed = isAllChanged ? 'all' : rids;
		const notices = others;
		rids = new Set();
		others = [];
		for (const notice of notices) model.hear(notice);
		if (reminder !== undefined) model.sayings.say(reminder, 'ok', false);
		reminder = undefined;
		for (const transfer of transfers) model.timeline.noteTransfer(transfer);
		transfers = [];
		const rest = (): void => {
			restsUntil = performance.now() + Math.min((performance.now() - started) * restShare, longestRest);
		};
		const reads = [() => model.readLists(), () => model.readConversation(changed)];
		inTurns([...(hasChanges ? reads : []), () => model.update(), rest]);
		hasChanges = false;
		isAllChanged = false;
	};

	/** A failed message says so itself where it is before somebody's eyes. */
	const isSeen = (rid: number): boolean =>
		model.opened.roomOf(rid) !== undefined && model.timeline.isAtEnd() && !model.isCovered();

	return {
		add(notice) {
			if (notice.kind === 'changed') {
				if (notice.rids === 'all') isAllChanged = true;
				else for (const rid of notice.rids) rids.add(rid);
				hasChanges = true;
			} else if (notice.kind === 'transfer') {
				transfers.push(notice.transfer);
			} else if (notice.kind === 'reminder') {
				reminder = notice.message;
			} else if (notice.kind !== 'verification') {
				if (notice.kind !== 'send-failed') others.push(notice);
				else if (!isSeen(notice.rid)) others.push({...notice, kind: 'alert'});
			}
			timer ??= setTimeout(flush, Math.max(batchTime, restsUntil - performance.now()));
			timer.unref();
		},
		dispose() {
			clearTimeout(timer);
			isOver = true;
		},
	};
};
