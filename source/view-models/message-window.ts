/** The part of a room's archive that is in memory: a bounded run of messages around what is seen. */
import type {Message} from '../domain/message.ts';
import type {AccountSource, MessagePage, TimelinePlace} from './account-source.ts';
import {createSameKeeper} from './keep-same.ts';

/** What is in memory, oldest first. */
export type MessageRun = {
	readonly messages: readonly Message[];
	readonly gaps: readonly number[];
	/** The archive reaches back to the room's first event. */
	readonly isStartKnown: boolean;
	/** The archive has older, or newer, messages than these. */
	readonly hasOlder: boolean;
	readonly hasNewer: boolean;
};

/** Messages that are read at a time, and the most that are kept. */
const pageSize = 60;
const maxMessages = 600;

/** Threads are shown by themselves. */
const isMain = true;

const emptyRun: MessageRun = {messages: [], gaps: [], isStartKnown: false, hasOlder: false, hasNewer: false};

export const createMessageWindow = (source: Pick<AccountSource, 'timeline'>) => {
	let rid: number | undefined;
	let run = emptyRun;
	let keepSame = createSameKeeper<Message>(message => message.pk);

	const set = (
		page: MessagePage,
		messages: readonly Message[],
		edges: Pick<MessageRun, 'hasOlder' | 'hasNewer'>,
	): void => {
		run = {messages: keepSame(messages), gaps: page.gaps, isStartKnown: page.isStartKnown, ...edges};
	};

	const readNewest = (room: number, limit: number): void => {
		const page = source.timeline({rid: room, limit, isMain});
		set(page, page.messages, {hasOlder: page.messages.length === limit, hasNewer: false});
	};

	/** Reads again from the oldest message on, so that filled gaps, edits and reactions show. */
	const readAgain = (room: number, first: Message): void => {
		const after = {chunkOrder: first.chunkOrder, position: first.position - 1};
		const page = source.timeline({rid: room, limit: maxMessages, after, isMain});
		const last = run.messages.at(-1);
		const end = page.messages.findIndex(message => message.pk === last?.pk);
		const isCut = run.hasNewer && end !== -1;
		const messages = isCut ? page.messages.slice(0, end + 1) : page.messages;
		set(page, messages, {hasOlder: run.hasOlder, hasNewer: isCut || page.messages.length === maxMessages});
	};

	return {
		run: (): MessageRun => run,

		/** Shows another room's newest messages, or none. */
		open(room: number | undefined): void {
			rid = room;
			run = emptyRun;
			keepSame = createSameKeeper<Message>(message => message.pk);
			if (rid !== undefined) readNewest(rid, pageSize);
		},

		/** @param isAtEnd the newest messages are what is seen: then what is far above them is let go */
		refresh(isAtEnd: boolean): void {
			if (rid === undefined) return;
			const first = run.messages[0];
			if (first === undefined || (isAtEnd && (run.hasNewer || run.messages.length > 2 * pageSize)))
				readNewest(rid, pageSize);
			else readAgain(rid, first);
			if (isAtEnd && run.hasNewer) readNewest(rid, pageSize);
		},

		/** @returns whether the archive had older ones. */
		loadOlder(): boolean {
			const first = run.messages[0];
			if (rid === undefined || first === undefined || !run.hasOlder) return false;
			const page = source.timeline({rid, limit: pageSize, before: first, isMain});
			const all = [...page.messages, ...run.messages];
			const messages = all.slice(0, maxMessages);
			const hasNewer = run.hasNewer || all.length > messages.length;
			set(page, messages, {hasOlder: page.messages.length === pageSize, hasNewer});
			return page.messages.length > 0;
		},

		/** @returns whether the archive had newer ones. */
		loadNewer(): boolean {
			const last = run.messages.at(-1);
			if (rid === undefined || last === undefined || !run.hasNewer) return false;
			const page = source.timeline({rid, limit: pageSize, after: last, isMain});
			const all = [...run.messages, ...page.messages];
			const messages = all.slice(-maxMessages);
			const hasOlder = run.hasOlder || all.length > messages.length;
			set(page, messages, {hasOlder, hasNewer: page.messages.length === pageSize});
			return page.messages.length > 0;
		},

		/** Shows the messages around a place. */
		openAt(place: TimelinePlace): void {
			if (rid === undefined) return;
			const half = pageSize / 2;
			const older = source.timeline({rid, limit: half, before: {...place, position: place.position + 1}, isMain});
			const newer = source.timeline({rid, limit: half, after: place, isMain});
			const edges = {hasOlder: older.messages.length === half, hasNewer: newer.messages.length === half};
			set(older, [...older.messages, ...newer.messages], edges);
		},

		toNewest(): void {
			if (rid !== undefined && run.hasNewer) readNewest(rid, pageSize);
		},

		/** After the server gave older messages: the archive may reach further back now. */
		expectOlder(): void {
			run = {...run, hasOlder: run.messages.length > 0};
		},
	};
};
