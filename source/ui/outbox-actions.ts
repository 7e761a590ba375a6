/** What commands do with messages that the server does not have yet: list them, send them now, take them back. */
import type {ComposerActions} from '../commands/composer-actions.ts';
import {relationOf} from '../domain/edits.ts';
import {isFileMessage} from '../domain/media.ts';
import {isMessageOfItsOwn, type OutboxItem} from '../domain/outbox-item.ts';
import type {Message} from '../domain/message.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal} from '../text/safe-text.ts';
import {plainSummary} from '../text/message-text.ts';
import {truncate} from '../text/width.ts';
import {lostOfKey, lostRows, outboxRows, outboxSummary} from '../view-models/outbox-rows.ts';
import {yesQuestion} from '../view-models/question.ts';
import {sentMentions} from '../view-models/sent-mentions.ts';
import {clockText} from '../view-models/time-text.ts';
import {editedText} from '../view-models/writings.ts';
import {unsentText} from '../view-models/written-words.ts';
import type {DraftKeeper} from './draft-keeper.ts';
import {askToRemoveLost, isLost, removeLost, resendLost} from './lost-messages.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type OutboxActionOptions = ScreenPort & {
	readonly reader: Pick<AccountReader, 'waiting' | 'lost' | 'outbox' | 'room' | 'message'>;
	readonly drafts: Pick<DraftKeeper, 'touch'>;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export type OutboxActions = Pick<ComposerActions, 'takeBack' | 'openOutbox' | 'actOnWaiting'>;

/** Cells of a message that is repeated in a question. */
const quoteWidth = 40;

/** A file is not written: it is chosen anew. */
const isText = (item: OutboxItem): boolean => isMessageOfItsOwn(item) && !isFileMessage(item.content, item.type);

const beingSent = 'It is being sent: try again in a moment.';

export const createOutboxActions = (options: OutboxActionOptions): OutboxActions => {
	const {model, session, reader, drafts, enterRoom, now} = options;

	/** @returns whether it is out of the outbox; if not, that is said */
	const discard = async (item: OutboxItem): Promise<boolean> => {
		const {isDone} = await session.resolveOutbox({id: item.id, action: 'discard'});
		if (isDone === false) model.say(beingSent, 'warning');
		model.refresh(new Set([item.rid]));
		return isDone !== false;
	};

	/** What it was about is so again: the message that it answers, or its thread. */
	const beginAgain = ({rid, content}: Pick<OutboxItem, 'rid' | 'content'>): void => {
		const {thread, replyTo} = relationOf(content);
		const root = thread === undefined ? undefined : reader.message(rid, thread);
		if (root !== undefined) model.writings.begin({kind: 'thread', target: root});
		const target = replyTo === undefined ? undefined : reader.message(rid, replyTo);
		if (target !== undefined) model.writings.begin({kind: 'reply', target});
	};

	/** The text stands in the composer of its room; what was written there is put away. */
	const writeAgain = (item: Pick<OutboxItem, 'rid' | 'content'>, written: string): void => {
		const room = reader.room(item.rid);
		if (room === undefined) return;
		if (model.openedRoom()?.rid !== room.rid) enterRoom(room);
		model.focusComposer();
		beginAgain(item);
		const wasWritten = model.composer().text !== '';
		model.edit({kind: 'move', to: 'text-end'});
		model.edit({kind: 'kill', to: 'text-start'});
		model.edit({kind: 'replace', from: 0, to: 0, text: written, mentions: sentMentions(item.content)});
		drafts.touch();
		model.say(
			wasWritten
				? `Taken back; ${model.keyOf('yank')} puts what was written behind it.`
				: 'Taken back: it is not sent.',
			'ok',
		);
	};

	const takeBackUnsent = async (item: OutboxItem): Promise<void> => {
		if (!(await discard(item))) return;
		if (isText(item)) writeAgain(item, unsentText(item));
		else model.say(`Taken back: ${outboxSummary(item)}.`, 'ok');
	};

	const askToRemove = ({eventId, rid, content, type, timestamp}: Message): void => {
		const roomId = reader.room(rid)?.roomId;
		if (roomId === undefined) return;
		const what = truncate(plainSummary(content, type), quoteWidth);
		const question = `It is sent. Remove “${what}” of ${clockText(timestamp)} for everybody?`;
		model.question.ask(
			yesQuestion(question, 'removes', () => {
				void sayFailure(options, async () => {
					await session.redact({roomId, eventId});
					model.refresh(new Set([rid]));
				});
			}),
		);
	};

	/** @returns the newest own message; that which has just arrived may be in the outbox only */
	const newestSent = (rid: number): Message | undefined =>
		model.timeline.findMessage(
			message =>
				message.rid === rid && message.isMine && message.redactedBy === undefined && message.stateKey === undefined,
		);

	const chosen = (): OutboxItem | undefined => {
		const id = Number(model.panels.chosen());
		return reader.waiting().find(item => item.id === id);
	};

	const act = async (item: OutboxItem, action: 'retry' | 'discard'): Promise<void> => {
		if (action === 'discard') {
			await discard(item);
			return;
		}
		const {isDone} = await session.resolveOutbox({id: item.id, action});
		if (isDone === false) model.say(beingSent, 'warning');
		model.refresh(new Set([item.rid]));
	};

	/** The message of the list that a bridge did not pass on. */
	const chosenLost = (): {readonly room: RoomRow; readonly message: Message} | undefined => {
		const key = lostOfKey(model.panels.chosen() ?? '');
		const room = key === undefined ? undefined : reader.room(key.rid);
		const message = key === undefined ? undefined : reader.message(key.rid, key.eventId);
		return room === undefined || message === undefined ? undefined : {room, message};
	};

	const actOnLost = (roomId: string, message: Message, action: 'send' | 'edit' | 'discard'): void => {
		if (action === 'send') return void sayFailure(options, async () => resendLost(options, roomId, message));
		if (action === 'discard') return askToRemoveLost(options, roomId, message);
		if (!isLost(message) || isFileMessage(message.content, message.type))
			return model.say(
				isLost(message) ? 'A file is not edited: d removes it.' : 'It may have arrived: s sends it again.',
			);
		void sayFailure(options, async () => {
			await removeLost(options, roomId, message);
			model.closePanel('all');
			writeAgain(message, editedText(message));
		});
	};

	return {
		takeBack() {
			const room = model.openedRoom();
			if (room === undefined) return model.say('Open a room first.', 'warning');
			const {rid} = room;
			const unsent = reader.waiting().filter(item => item.rid === rid);
			const newest = unsent.toSorted((first, second) => second.id - first.id)[0];
			const sent = newestSent(rid);
			if (newest !== undefined) void sayFailure(options, async () => takeBackUnsent(newest));
			else if (reader.outbox(rid).length > 0) model.say(beingSent, 'warning');
			else if (sent === undefined) model.say('You have said nothing here that could be taken back.');
			else askToRemove(sent);
		},
		openOutbox() {
			model.openPanel({
				scope: 'outbox',
				place: 'over',
				title: literal`Outbox`,
				hint: literal`s sends now · e takes back to edit · d discards · Enter goes there`,
				empty: () => literal`Nothing waits: all that you wrote is sent.`,
				rows() {
					const facts = {roomNameOf: (rid: number) => reader.room(rid)?.name, now: now()};
					return [...outboxRows(reader.waiting(), facts), ...lostRows(reader.lost(), facts)];
				},
				choose(key) {
					const rid = chosen()?.rid ?? lostOfKey(key)?.rid;
					const room = rid === undefined ? undefined : reader.room(rid);
					if (room === undefined) return;
					model.closePanel('all');
					enterRoom(room);
				},
			});
		},
		actOnWaiting(action) {
			const item = chosen();
			const lost = chosenLost();
			if (lost !== undefined) return actOnLost(lost.room.roomId, lost.message, action);
			if (item === undefined) return model.say('Nothing is chosen.');
			if (action === 'send') return void sayFailure(options, async () => act(item, 'retry'));
			if (action === 'discard') {
				const what = truncate(outboxSummary(item), quoteWidth);
				const question = yesQuestion(`Forget “${what}”, which is not sent?`, 'forgets it', () => {
					void sayFailure(options, async () => act(item, 'discard'));
				});
				return model.question.ask(question);
			}
			if (!isText(item)) return model.say('This is no text of its own: d discards it.', 'warning');
			void sayFailure(options, async () => {
				if (!(await discard(item))) return;
				model.closePanel('all');
				writeAgain(item, unsentText(item));
			});
		},
	};
};
