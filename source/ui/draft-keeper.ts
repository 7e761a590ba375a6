/** Keeps what is being written: after a pause, when the room changes, and at the end. */
import type {Composer} from '../view-models/composer.ts';
import type {ScreenPort} from './screen-port.ts';

/** Milliseconds without a key after which a text is kept. */
const pause = 1000;

export type DraftKeeper = {
	/** The text of the open room changed. */
	readonly touch: () => void;
	/** Keeps what is not kept yet, of all rooms. Never rejects. */
	readonly flush: () => Promise<void>;
	/** The text of a room was sent, or is being sent: it is no draft. */
	readonly setSending: (rid: number | undefined) => void;
};

/**
 * @param roomIdOf room id of a room number
 * @param kept text that is kept of a room
 */
export const createDraftKeeper = (
	{model, session, log}: ScreenPort,
	source: {readonly roomIdOf: (rid: number) => string | undefined; readonly kept: (rid: number) => string},
): DraftKeeper => {
	const saved = new Map<number, string>();
	let timer: NodeJS.Timeout | undefined;
	let sending: number | undefined;

	const save = async (rid: number, {text, mentions}: Pick<Composer, 'text' | 'mentions'>): Promise<void> => {
		const roomId = source.roomIdOf(rid);
		const before = saved.get(rid) ?? source.kept(rid);
		if (roomId === undefined || rid === sending || before === text) return;
		saved.set(rid, text);
		try {
			const named = mentions.filter(mention => text.includes(mention.text));
			await session.saveDraft(named.length === 0 ? {roomId, text} : {roomId, text, mentions: named});
		} catch (error) {
			// It is still in memory, and the next pause tries again.
			saved.set(rid, before);
			log.warn('screen', 'a draft could not be kept', {error});
		}
	};

	const flush = async (): Promise<void> => {
		clearTimeout(timer);
		await Promise.all(Array.from(model.composers.texts(), async ([rid, composer]) => save(rid, composer)));
	};

	return {
		flush,
		touch() {
			clearTimeout(timer);
			timer = setTimeout(() => void flush(), pause);
			// A draft alone keeps no program alive: the end flushes it.
			timer.unref();
		},
		setSending(rid) {
			sending = rid;
		},
	};
};
