/** What commands do with single messages: selecting, answering, editing, reacting, removing. */
import {answersInThreads} from '../bridges/limit-checks.ts';
import type {MessageActions} from '../commands/message-actions.ts';
import {isFileMessage} from '../domain/media.ts';
import type {Message} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {whyNot, type MessageAct} from '../view-models/message-abilities.ts';
import {limitsOf, removalWords} from '../view-models/network-limits.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sentMentions} from '../view-models/sent-mentions.ts';
import {unsentText} from '../view-models/written-words.ts';
import {editedText} from '../view-models/writings.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import type {HistoryLoader} from './history-loader.ts';
import {createMessageCareActions} from './message-care-actions.ts';
import {createMessageReading, type MessageReading, type MessageReadingOptions} from './message-reading.ts';
import {createMessageTargets} from './message-target.ts';
import {createReactions} from './reactions.ts';
import {askToRemoveLost, isLost, removeLost, resendLost} from './lost-messages.ts';
import type {RoomVisits} from './room-visits.ts';
import type {Turning} from './turning.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';
import {createThreadActions, type ThreadActions} from './thread-actions.ts';

export type MessageActionOptions = ScreenPort &
	Pick<MessageReadingOptions, 'openFile' | 'copy' | 'openLink' | 'now' | 'highlighter' | 'jumps'> & {
		readonly userId: string;
		readonly reader: AccountReader;
		readonly turning: Pick<Turning, 'to'>;
		readonly drafts: DraftKeeper;
		readonly visits: RoomVisits;
		readonly history: HistoryLoader;
	};

/** Rows that two pages have in common. */
const pageOverlap = 2;

export const createMessageActions = (
	options: MessageActionOptions,
): MessageActions & Pick<ThreadActions, 'showThread'> & Pick<MessageReading, 'showSource'> => {
	const {model, session, drafts, history} = options;
	const {timeline, writings} = model;
	const mayRemoveOthers = (rid: number): boolean => {
		const power = options.reader.details.power(rid);
		return power.of(options.userId) >= power.toAct('redact');
	};
	const targets = createMessageTargets({
		...options,
		mayRemoveOthers,
		turn: options.turning.to,
	});
	const reactions = createReactions({...options, find: () => targets.find('react')});
	const threads = createThreadActions({
		...options,
		find: () => targets.find('reply', 'In the thread'),
		reply: target => beginReply(target),
	});
	const care = createMessageCareActions({...options, targets});
	const reading = createMessageReading({...options, findAll: act => targets.findAll(act)});

	/** Does something to the message that is meant, or says why it cannot be. */
	const withTarget = (act: MessageAct, run: (message: Message) => void): void => {
		const message = targets.find(act);
		if (typeof message === 'string') model.say(message, 'warning');
		else run(message);
	};

	/** History may be missing on either side. */
	const afterMove = (): void => {
		model.update();
		history.ask();
	};

	const select = (): void => {
		const room = model.openedRoom();
		if (room === undefined || !timeline.selectSeen()) {
			model.say(room === undefined ? 'Open a room first.' : 'There is no message to select.');
			return;
		}
		model.focusTimeline();
	};

	const write = (): void => {
		model.focusComposer();
		options.visits.check();
	};

	const beginReply = (target: Message): void => {
		writings.begin({kind: 'reply', target});
		drafts.touch();
		write();
	};

	/** Where a network has threads in place of answers, the answer is begun in the one of its message. */
	const answer = (target: Message): void => {
		const limits = limitsOf(options.reader, model.opened.roomOf(target.rid));
		if (limits !== undefined && answersInThreads(limits)) threads.answer(target);
		else beginReply(target);
	};

	const beginEdit = (target: Message): void => {
		void drafts.flush();
		writings.begin({kind: 'edit', target});
		model.composers.apply(model.composerNumber(), {
			kind: 'set',
			text: editedText(target),
			mentions: sentMentions(target.content),
		});
		drafts.touch();
		write();
	};

	const fileRefusal = (): string => `A file is not edited: ${model.keyOf('discard-key')} gives it up.`;

	/** A message that the server does not have goes back to where it was written. */
	const takeBack = async (item: OutboxItem): Promise<void> => {
		if (isFileMessage(item.content, item.type)) return model.say(fileRefusal(), 'warning');
		const {isDone} = await session.resolveOutbox({id: item.id, action: 'discard'});
		if (isDone === false) return model.say('It is being sent: try again in a moment.', 'warning');
		options.turning.to(item.rid, 'Editing');
		write();
		model.edit({kind: 'paste', text: unsentText(item), mentions: sentMentions(item.content)});
		drafts.touch();
		model.refresh(new Set([item.rid]));
	};

	/** The message that is meant, if a bridge did not pass it on. */
	const lostMessage = (): {readonly roomId: string; readonly message: Message} | undefined => {
		const message = targets.find('look');
		if (typeof message === 'string' || message.status?.stage !== 'failed') return undefined;
		const roomId = model.opened.roomOf(message.rid)?.roomId;
		return roomId === undefined ? undefined : {roomId, message};
	};

	/** An edit would arrive as little as the message did. */
	const writeLostAgain = async (roomId: string, message: Message): Promise<void> => {
		if (isFileMessage(message.content, message.type)) return model.say(fileRefusal(), 'warning');
		await removeLost(options, roomId, message);
		options.turning.to(message.rid, 'Editing');
		write();
		model.edit({kind: 'paste', text: editedText(message), mentions: sentMentions(message.content)});
		drafts.touch();
	};

	const remove = (messages: readonly Message[], reason: string | undefined): void => {
		const roomId = model.openedRoom()?.roomId;
		const [first, ...others] = messages;
		if (roomId === undefined || first === undefined) return;
		if (others.length === 0 && reason === undefined && isLost(first)) return askToRemoveLost(options, roomId, first);
		const one = first.isMine ? 'your message' : 'this message';
		const what = others.length === 0 ? one : `${messages.length} messages`;
		const whom = removalWords(limitsOf(options.reader, model.openedRoom()), first, options.now());
		const ask = reason === undefined ? `Remove ${what} ${whom}?` : `Remove ${what} ${whom} (${reason})?`;
		model.question.ask(
			yesQuestion(ask, 'removes', () => {
				void sayFailure(options, async () => {
					for (const {eventId} of messages) await session.redact({roomId, eventId, reason});
					model.refresh(new Set([first.rid]));
				});
			}),
		);
	};

	const resolve = (action: 'retry' | 'discard', item: OutboxItem): void => {
		void sayFailure(options, async () => {
			const {isDone} = await session.resolveOutbox({id: item.id, action});
			if (isDone === false) model.say('It is being sent: try again in a moment.', 'warning');
			model.refresh(new Set([item.rid]));
		});
	};

	return {
		...reactions,
		...reading,
		...threads,
		...care,
		select,
		leave: write,
		move(steps) {
			timeline.moveSelection(steps);
			afterMove();
		},
		moveDay(direction) {
			timeline.moveSelectionByDay(direction);
			afterMove();
		},
		movePages(pages) {
			const rows = Math.max(1, model.store.get().frame.timelineRows - pageOverlap);
			timeline.scrollLines(pages * rows);
			timeline.selectSeenEnd(pages < 0 ? 'oldest' : 'newest');
			afterMove();
		},
		moveToEnd(end) {
			timeline.scrollToEnd(end);
			afterMove();
		},
		reply: () => withTarget('reply', answer),
		chooseReply(steps) {
			const room = model.openedRoom();
			const before = room === undefined ? undefined : writings.of(room.rid);
			if (room === undefined || before?.kind === 'edit') return;
			const next = timeline.neighbour(
				before?.target.eventId,
				steps,
				message => message.rid === room.rid && whyNot(message, 'reply') === undefined,
			);
			if (next === undefined && steps < 0) return;
			if (next === undefined) writings.drop(room.rid);
			else writings.begin({kind: 'reply', target: next});
			drafts.touch();
			if (next === undefined) timeline.deselect();
			else timeline.selectMessage(next.eventId);
			afterMove();
		},
		edit() {
			const unsent = targets.selectedUnsent();
			const lost = unsent === undefined ? lostMessage() : undefined;
			if (unsent !== undefined) void sayFailure(options, async () => takeBack(unsent));
			else if (lost !== undefined && isLost(lost.message))
				void sayFailure(options, async () => writeLostAgain(lost.roomId, lost.message));
			else withTarget('edit', beginEdit);
		},
		remove(reason) {
			const messages = targets.findAll('remove');
			if (typeof messages === 'string') model.say(messages, 'warning');
			else remove(messages, reason);
		},
		pick() {
			timeline.togglePicked();
			model.update();
		},
		pickRange() {
			timeline.togglePickedRange();
			model.update();
		},
		unpick() {
			timeline.unpick();
			model.update();
		},
		retry() {
			const item = targets.unsent();
			const lost = item === undefined ? lostMessage() : undefined;
			if (item?.state === 'failed') resolve('retry', item);
			else if (lost !== undefined) void sayFailure(options, async () => resendLost(options, lost.roomId, lost.message));
			else threads.writeInThread();
		},
		discard() {
			const item = targets.unsent();
			const lost = item === undefined ? lostMessage() : undefined;
			if (lost !== undefined) return askToRemoveLost(options, lost.roomId, lost.message);
			if (item === undefined) return model.say(`This is sent: ${model.keyOf('remove-key')} removes it for everybody.`);
			model.question.ask(yesQuestion('Forget what is not sent?', 'forgets it', () => resolve('discard', item)));
		},
	};
};
