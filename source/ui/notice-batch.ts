/** Gathers what the engine tells: changes are read once in 100 ms, so that a flood costs ten frames a second. */
import type {Transfer} from '../domain/media-requests.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {SaidNotice} from '../view-models/sayings.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

/** Milliseconds. */
const batchTime = 100;

export type NoticeBatch = {readonly add: (notice: EngineNotice) => void; readonly dispose: () => void};

export const createNoticeBatch = (model: ScreenModel): NoticeBatch => {
	let rids = new Set<number>();
	let others: SaidNotice[] = [];
	let reminder: string | undefined;
	let transfers: Transfer[] = [];
	let isAllChanged = false;
	let hasChanges = false;
	let timer: NodeJS.Timeout | undefined;

	const flush = (): void => {
		timer = undefined;
		const changed = isAllChanged ? 'all' : rids;
		const notices = others;
		rids = new Set();
		others = [];
		for (const notice of notices) model.notice(notice);
		if (reminder !== undefined) model.say(reminder, 'ok');
		reminder = undefined;
		for (const transfer of transfers) model.timeline.noteTransfer(transfer);
		if (hasChanges) model.refresh(changed);
		else if (transfers.length > 0) model.update();
		transfers = [];
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
			timer ??= setTimeout(flush, batchTime);
			timer.unref();
		},
		dispose: () => clearTimeout(timer),
	};
};
