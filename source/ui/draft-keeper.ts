/** Keeps what is being written: while one types, when the room changes, and at the end. */
import {replyDraft} from '../domain/draft-place.ts';
import type {Composer} from '../view-models/composer.ts';
import type {ScreenPort} from './screen-port.ts';

/** Milliseconds after a key in which a text is kept, whether one goes on typing or not. */
const longestUnkept = 500;

export type DraftKeeper = {
	/** The text of the open room changed. */
	readonly touch: () => void;
	/** Keeps what is not kept yet, of all rooms. Never rejects. */
	readonly flush: () => Promise<void>;
	/** The text of a composer was sent, or is being sent: it is no draft. */
	readonly setSending: (composer: number | undefined) => void;
};

/**
 * @param roomIdOf room id of a room number
 * @param kept text that is kept of a room, or of a thread in it
 */
export const createDraftKeeper = (
	{model, session, log}: ScreenPort,
	source: {
		readonly roomIdOf: (rid: number) => string | undefined;
		readonly kept: (rid: number, thread: string | undefined) => string;
	},
): DraftKeeper => {
	const saved = new Map<number, string>();
	const savedReplies = new Map<number, string>();
	let timer: NodeJS.Timeout | undefined;
	let sending: number | undefined;

	const save = async (composer: number, {text, mentions}: Pick<Composer, 'text' | 'mentions'>): Promise<void> => {
		const place = model.writings.placeOf(composer);
		const roomId = place === undefined ? undefined : source.roomIdOf(place.rid);
		if (place === undefined || roomId === undefined || composer === sending) return;
		const before = saved.get(composer) ?? source.kept(place.rid, place.thread);
		if (before === text) return;
		saved.set(composer, text);
		try {
			const named = mentions.filter(mention => text.includes(mention.text));
			const thread = place.thread === undefined ? {} : {thread: place.thread};
			await session.saveDraft({roomId, text, ...thread, ...(named.length === 0 ? {} : {mentions: named})});
			// The inbox marks rooms with drafts.
			if ((before === '') !== (text === '')) model.refresh(new Set());
		} catch (error) {
			// It is still in memory, and the next key tries again.
			saved.set(composer, before);
			log.warn('screen', 'a draft could not be kept', {error});
		}
	};

	/** Which message is answered in a room. */
	const saveReply = async (rid: number, eventId = ''): Promise<void> => {
		const roomId = source.roomIdOf(rid);
		const before = savedReplies.get(rid) ?? source.kept(rid, replyDraft);
		if (roomId === undefined || before === eventId) return;
		savedReplies.set(rid, eventId);
		try {
			await session.saveDraft({roomId, text: eventId, thread: replyDraft});
		} catch (error) {
			savedReplies.set(rid, before);
			log.warn('screen', 'what is answered could not be kept', {error});
		}
	};

	const flush = async (): Promise<void> => {
		clearTimeout(timer);
		timer = undefined;
		await Promise.all([
			// What has gone from one room to another is kept there before it is dropped here.
			...Array.from(model.composers.texts())
				.toSorted(([, one], [, other]) => Number(one.text === '') - Number(other.text === ''))
				.map(async ([number, composer]) => save(number, composer)),
			...model.writings.replies().map(async ([rid, eventId]) => saveReply(rid, eventId)),
		]);
	};

	return {
		flush,
		touch() {
			if (timer !== undefined) return;
			timer = setTimeout(() => void flush(), longestUnkept);
			// A draft alone keeps no program alive: the end flushes it.
			timer.unref();
		},
		setSending(rid) {
			sending = rid;
		},
	};
};
