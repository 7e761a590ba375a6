/** The part of a room's archive that is in memory: a bounded run of messages around what is seen. */
import type {TimelineHole} from '../domain/history-requests.ts';
import type {Message} from '../domain/message.ts';
import type {MessagePage, TimelinePlace} from './account-source.ts';
import {createSameKeeper} from './keep-same.ts';

/** What is in memory, oldest first. */
export type MessageRun = {
	readonly messages: readonly Message[];
	readonly gaps: readonly number[];
	/** The same where several rooms are mixed; `undefined` for a room by itself. */
	readonly holes?: readonly TimelineHole[] | undefined;
	/** The archive reaches back to the room's first event. */
	readonly isStartKnown: boolean;
	/** The archive has older, or newer, messages than these. */
	readonly hasOlder: boolean;
	readonly hasNewer: boolean;
};

/** Messages that are read at a time, and the most that are kept. */
const pageSize = 60;
const maxMessages = 600;

const emptyRun: MessageRun = {messages: [], gaps: [], isStartKnown: false, hasOlder: false, hasNewer: false};

/** What is read: the newest messages, or those on one side of a place. */
export type MessagePages = {
	readonly read: (window: {
		readonly limit: number;
		readonly before?: TimelinePlace | undefined;
		readonly after?: TimelinePlace | undefined;
	}) => MessagePage;
};

export const createMessageWindow = (rooms: MessagePages) => {
	let isOpen = false;
	let run = emptyRun;
	let keepSame = createSameKeeper<Message>(message => message.pk);

	const set = (
		page: MessagePage,
		messages: readonly Message[],
		edges: Pick<MessageRun, 'hasOlder' | 'hasNewer'>,
	): void => {
		const {gaps, holes, isStartKnown} = page;
		run = {messages: keepSame(messages), gaps, holes, isStartKnown, ...edges};
	};

	const readNewest = (limit: number): void => {
		const page = rooms.read({limit});
		set(page, page.messages, {hasOlder: page.messages.length === limit, hasNewer: false});
	};

	/** Reads again from the oldest message on, so that filled gaps, edits and reactions show. */
	const readAgain = (first: Message): void => {
		const after = {chunkOrder: first.chunkOrder, position: first.position - 1};
		const page = rooms.read({limit: maxMessages, after});
		const last = run.messages.at(-1);
		const end = page.messages.findIndex(message => message.pk === last?.pk);
		const isCut = run.hasNewer && end !== -1;
		const messages = isCut ? page.messages.slice(0, end + 1) : page.messages;
		set(page, messages, {hasOlder: run.hasOlder, hasNewer: isCut || page.messages.length === maxMessages});
	};

	return {
		run: (): MessageRun => run,

		/** Shows the newest messages of other rooms, or none. */
		open(isAny: boolean): void {
			isOpen = isAny;
			run = emptyRun;
			keepSame = createSameKeeper<Message>(message => message.pk);
			if (isOpen) readNewest(pageSize);
		},

		/** @param isAtEnd the newest messages are what is seen: then what is far above them is let go */
		refresh(isAtEnd: boolean): void {
			if (!isOpen) return;
			const first = run.messages[0];
			if (first === undefined || (isAtEnd && (run.hasNewer || run.messages.length > 2 * pageSize)))
				readNewest(pageSize);
			else readAgain(first);
			if (isAtEnd && run.hasNewer) readNewest(pageSize);
		},

		/** @returns whether the archive had older ones. */
		loadOlder(): boolean {
			const first = run.messages[0];
			if (!isOpen || first === undefined || !run.hasOlder) return false;
			const page = rooms.read({limit: pageSize, before: first});
			const all = [...page.messages, ...run.messages];
			const messages = all.slice(0, maxMessages);
			const hasNewer = run.hasNewer || all.length > messages.length;
			set(page, messages, {hasOlder: page.messages.length === pageSize, hasNewer});
			return page.messages.length > 0;
		},

		/** @returns whether the archive had newer ones. */
		loadNewer(): boolean {
			const last = run.messages.at(-1);
			if (!isOpen || last === undefined || !run.hasNewer) return false;
			const page = rooms.read({limit: pageSize, after: last});
			const all = [...run.messages, ...page.messages];
			const messages = all.slice(-maxMessages);
			const hasOlder = run.hasOlder || all.length > messages.length;
			set(page, messages, {hasOlder, hasNewer: page.messages.length === pageSize});
			return page.messages.length > 0;
		},

		/** Shows the messages around a place. */
		openAt({chunkOrder, position}: TimelinePlace): void {
			if (!isOpen) return;
			const half = pageSize / 2;
			const older = rooms.read({limit: half, before: {chunkOrder, position: position + 1}});
			const newer = rooms.read({limit: half, after: {chunkOrder, position}});
			const edges = {hasOlder: older.messages.length === half, hasNewer: newer.messages.length === half};
			set(older, [...older.messages, ...newer.messages], edges);
		},

		toNewest(): void {
			if (isOpen && run.hasNewer) readNewest(pageSize);
		},

		/** After the server gave older messages: the archive may reach further back now. */
		expectOlder(): void {
			run = {...run, hasOlder: run.messages.length > 0};
		},
	};
};
