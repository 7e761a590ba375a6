/** Threads: one in the side pane, the list of a room's, and writing in one. */
import type {MessageActions} from '../commands/message-actions.ts';
import type {Message} from '../domain/message.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Highlighter} from '../text/highlighter.ts';
import {literal} from '../text/safe-text.ts';
import {createBridgedMessages} from '../view-models/bridged-messages.ts';
import {withoutBot} from '../view-models/message-marks.ts';
import {networkLabel} from '../view-models/network-label.ts';
import {limitsOf} from '../view-models/network-limits.ts';
import {pinnedIn} from '../view-models/pinned.ts';
import {threadKey, threadListRows, threadRows, type ThreadEntry} from '../view-models/thread-rows.ts';
import type {RoomVisits} from './room-visits.ts';
import type {ScreenPort} from './screen-port.ts';
import type {Turning} from './turning.ts';

export type ThreadOptions = ScreenPort & {
	readonly reader: AccountReader;
	readonly userId: string;
	readonly visits: Pick<RoomVisits, 'showThread'>;
	readonly turning: Pick<Turning, 'to'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly highlighter: Highlighter;
	/** @returns the message that is meant, or why there is none */
	readonly find: () => Message | string;
	/** Begins an answer to a message. */
	readonly reply: (message: Message) => void;
};

export type ThreadActions = Pick<MessageActions, 'openThread' | 'openThreads' | 'writeInThread'> & {
	/** Begins an answer in the thread that the message is in, or that it starts. */
	readonly answer: (message: Message) => void;
	/** @param chosen the message of it that the keys are for. @default the newest */
	readonly showThread: (rid: number, root: string, chosen?: string) => void;
};

/** Messages of a thread that are shown, and threads of a room. */
const mostReplies = 500;
const mostThreads = 200;

export const createThreadActions = (options: ThreadOptions): ThreadActions => {
	const {model, reader, userId, visits, now, find} = options;
	const bridged = createBridgedMessages(reader);
	/** The thread that was opened last. */
	let opened: {readonly rid: number; readonly rootId: string} | undefined;

	const open = (rid: number, rootId: string, chosen?: string): void => {
		opened = {rid, rootId};
		model.openPanel({
			scope: 'thread',
			place: 'side',
			title: literal`Thread`,
			isFollowed: true,
			hint: literal`${model.keyOf('write-in-thread')} writes · Enter shows its start · ${model.keyOf('help')} all keys`,
			empty: () => literal`Nothing of this thread is stored here.`,
			rows: () =>
				threadRows(
					{
						rootId,
						root: bridged(
							rid,
							[reader.message(rid, rootId)].filter(root => root !== undefined),
						)[0],
						replies: bridged(rid, reader.thread(rid, rootId, mostReplies)),
						outbox: reader.outbox(rid),
						reads: withoutBot(reader, rid, reader.reads.last(rid, rootId)),
						network: limitsOf(reader, reader.room(rid))?.network,
						pinned: pinnedIn(reader, rid),
						revealed: model.timeline.revealed(),
					},
					{
						ownUserId: userId,
						nameOf: user => reader.memberName(rid, user),
						quoteOf: eventId => reader.message(rid, eventId),
						now: now(),
						highlight: options.highlighter.highlight,
					},
				),
			onClose: () => visits.showThread(undefined),
			choose(eventId) {
				model.closePanel('all');
				if (!eventId.startsWith('$') || !model.timeline.jumpTo(eventId)) return;
				model.focusTimeline();
			},
		});
		model.inPanel(panels => (chosen === undefined ? panels.moveToEnd('last') : panels.select(chosen)));
		const roomId = reader.room(rid)?.roomId;
		if (roomId !== undefined) visits.showThread({rid, roomId, root: rootId});
	};

	const write = (rid: number, rootId: string): void => {
		const target = reader.message(rid, rootId);
		if (target === undefined) return model.say('The first message of this thread is not stored here yet.', 'warning');
		const isSeen = model.panels.scope() === 'thread' && opened?.rid === rid && opened.rootId === rootId;
		if (!isSeen) open(rid, rootId);
		model.writings.begin({kind: 'thread', target});
		model.focusComposer();
	};

	/** Where a network has no threads, one that is there is shown, and none is begun. */
	const withTarget = (run: (rid: number, rootId: string) => void): void => {
		const message = find();
		if (typeof message === 'string') return model.say(message, 'warning');
		const limits = limitsOf(reader, model.openedRoom());
		const isInThread = message.threadRoot !== undefined || message.thread !== undefined;
		if (isInThread || limits?.thread === undefined || limits.thread > 0)
			return run(message.rid, message.threadRoot ?? message.eventId);
		options.reply(message);
		model.say(`${limits.network} has no threads: this is a reply.`);
	};

	/** Of all chats of a person together; the one that was last written in first. */
	const threadsOf = (rids: readonly number[]): readonly ThreadEntry[] =>
		rids
			.flatMap(rid => {
				const unread = reader.reads.threads(rid);
				const network = rids.length > 1 ? networkLabel(reader.room(rid)?.protocol) : undefined;
				return reader.about.threads(rid, mostThreads).map(rootId => ({
					rid,
					rootId,
					root: reader.message(rid, rootId),
					last: reader.thread(rid, rootId, 1)[0],
					unread: unread.get(rootId),
					network,
				}));
			})
			.toSorted((one, other) => (other.last?.timestamp ?? 0) - (one.last?.timestamp ?? 0))
			.slice(0, mostThreads);

	return {
		showThread: open,
		answer: ({rid, eventId, threadRoot}) => write(rid, threadRoot ?? eventId),
		openThread: () => withTarget((rid, rootId) => open(rid, rootId)),
		writeInThread() {
			const isOpen = model.focusedPane() === 'panel' && model.panels.scope() === 'thread';
			if (isOpen && opened !== undefined) write(opened.rid, opened.rootId);
			else withTarget(write);
		},
		openThreads() {
			const room = model.openedRoom();
			if (room === undefined) return model.say('Open a room first.', 'warning');
			let listed: readonly ThreadEntry[] = [];
			model.openPanel({
				scope: 'threads',
				place: 'side',
				title: model.opened.via() === undefined ? literal`Threads` : literal`Threads of all chats`,
				hint: literal`Enter opens`,
				empty: () => literal`No threads here yet: ${model.keyOf('retry-key')} on a message begins one.`,
				rows() {
					listed = threadsOf(reader.personRooms(room.rid));
					return threadListRows(listed, now());
				},
				choose(key) {
					const thread = listed.find(each => threadKey(each) === key);
					if (thread === undefined) return;
					// A thread is one of the room that is written in.
					if (options.turning.to(thread.rid, 'In the thread')) open(thread.rid, thread.rootId);
					else model.say('This is a thread of a room that is not open any more.', 'warning');
				},
			});
		},
	};
};
