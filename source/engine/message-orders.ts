/** What a person orders to be said, changed or removed in a room: the content with its relations, durably in the outbox. */
import {createHash} from 'node:crypto';
import {outageWords} from '../bridges/explain.ts';
import {relationOf} from '../domain/edits.ts';
import {ExpectedError} from '../domain/errors.ts';
import {requireSize} from '../domain/event-size.ts';
import type {JsonObject} from '../domain/json.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import {pollTypes} from '../domain/poll.ts';
import {requireRawEvent} from '../domain/raw-event.ts';
import {
	editOf,
	inThread,
	reactionTo,
	withReply,
	type RedactionOrder,
	type RelatedMessage,
} from '../domain/relations.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SendReceipt, SendRequest, Session} from '../domain/session.ts';
import type {NewAttachment} from '../store/attachment-store.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import type {NetworkLimits} from './bridges/network-limits.ts';
import type {OpenOrder} from './open-orders.ts';
import type {OutboxWorker} from './outbox-worker.ts';

export type MessageOrderOptions = {
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'outbox' | 'reader'>;
	readonly feed: Pick<ChangeFeed, 'changed'>;
	readonly outbox: Pick<OutboxWorker, 'wake' | 'settled'>;
	/** @throws ExpectedError `notFound` */
	readonly requireRoom: (roomId: string) => RoomRow;
	readonly newTransactionId: () => string;
	/** What the networks of bridges take. */
	readonly limits: NetworkLimits;
};

/** What may belong to an order. */
export type OrderParts = {
	/** What is uploaded first. */
	readonly files?: readonly NewAttachment[] | undefined;
	/** By whoever may let it go. */
	readonly order?: OpenOrder | undefined;
};

export type MessageOrders = Pick<Session, 'react' | 'unreact' | 'redact'> & {
	/** @throws ExpectedError also `interrupted`, where the order was let go before the message was stored */
	readonly send: (room: RoomRow, request: SendRequest, more?: OrderParts) => Promise<SendReceipt>;
	/** @returns the row that an earlier order with the same key has made */
	readonly known: (room: RoomRow, key: string | undefined) => OutboxItem | undefined;
};

/** The same key in the same room is the same order. */
const transactionOf = (roomId: string, key: string): string =>
	`mx-${createHash('sha256').update(`${roomId}\0${key}`).digest('base64url')}`;

const receiptOf = (item: OutboxItem): SendReceipt => ({
	roomId: item.roomId,
	transactionId: item.transactionId,
	state: item.state,
	eventId: item.eventId,
	error: item.error,
});

/** @returns what is said of a repeat that is none: its text went nowhere */
const otherText = (earlier: OutboxItem | undefined, {content, edits}: SendRequest): string | undefined =>
	earlier === undefined || edits !== undefined || earlier.content['body'] === content['body']
		? undefined
		: 'This key was used before, for another text: that one counts, and this one was not sent.';

const refused = (message: string): ExpectedError => new ExpectedError({message, reason: 'refused'});

/** Longest key of a reaction, in UTF-16 units; what the archive keeps. */
const maximumKey = 255;

/** Types of events that a person orders as they are; others have orders of their own. */
const sendableTypes: ReadonlySet<string> = new Set(['m.room.message', ...Object.values(pollTypes)]);

/** States of a row that nobody else has seen: it can go without a trace. */
const isUnseen = ({state, firstTry}: {readonly state: string; readonly firstTry: number | undefined}): boolean =>
	state === 'failed' || (firstTry === undefined && state !== 'inflight' && state !== 'sent');

export const createMessageOrders = (options: MessageOrderOptions): MessageOrders => {
	const {userId, stores, feed, outbox, requireRoom, limits} = options;
	const {reader} = stores;

	/** An own message that was sent a moment ago is in the outbox only, or not decrypted yet. */
	const find = (rid: number, eventId: string): RelatedMessage | undefined => {
		const message = reader.message(rid, eventId);
		if (message?.redactedBy !== undefined) throw refused('The message was removed.');
		const isReadable = message !== undefined && message.encryption !== 'undecrypted';
		const row = isReadable ? undefined : stores.outbox.byEvent(rid, eventId);
		if (row === undefined) return message;
		return {eventId, sender: userId, content: row.content, threadRoot: relationOf(row.content).thread};
	};

	const require = (rid: number, eventId: string): RelatedMessage => {
		const message = find(rid, eventId);
		if (message !== undefined) return message;
		throw new ExpectedError({message: 'The message is not known here.', reason: 'notFound'});
	};

	/** What is not in the archive can be answered, but not mentioned. */
	const answered = (content: JsonObject, rid: number, replyTo: string): JsonObject => {
		const target = find(rid, replyTo);
		return target === undefined
			? {...content, 'm.relates_to': {'m.in_reply_to': {event_id: replyTo}}}
			: withReply(content, target, userId);
	};

	const inThreadOf = (content: JsonObject, rid: number, {thread, replyTo}: SendRequest): JsonObject => {
		// Where a network has no threads, what is written in one is an answer to the last message of it.
		if (thread !== undefined && !limits.hasThreads(rid))
			return answered(content, rid, replyTo ?? reader.about.lastOfThread(rid, thread) ?? thread);
		const isInstead = replyTo !== undefined && limits.answersInThreads(rid);
		const root = thread ?? (isInstead ? (find(rid, replyTo)?.threadRoot ?? replyTo) : undefined);
		if (root === undefined) return replyTo === undefined ? content : answered(content, rid, replyTo);
		if (replyTo === undefined || isInstead)
			return inThread(content, root, reader.about.lastOfThread(rid, root) ?? root);
		return withReply(content, {...require(rid, replyTo), threadRoot: root}, userId);
	};

	const editing = (content: JsonObject, rid: number, eventId: string): JsonObject => {
		const target = require(rid, eventId);
		if (target.sender !== userId) throw refused('Only the person who sent a message can edit it.');
		return editOf(content, target);
	};

	const editLimits = (rid: number, eventId: string): string | undefined => {
		const timestamp = reader.message(rid, eventId)?.timestamp ?? stores.outbox.byEvent(rid, eventId)?.createdAt;
		const edits = Math.max(0, reader.about.versions(rid, eventId).length - 1);
		return limits.edit(rid, {timestamp, edits}).warning;
	};

	/** A network that keeps one reaction of a person has the last one. */
	const takeOthersBack = (room: RoomRow, eventId: string, key: string): void => {
		const mine = reader.message(room.rid, eventId)?.reactions.filter(each => each.isMine && each.key !== key) ?? [];
		for (const other of mine)
			for (const redacts of reader.about.ownReactions(room.rid, eventId, other.key))
				redact(room, {redacts, reaction: {eventId, key: other.key}}, undefined);
	};

	/** @returns that nothing arrives where a room is, in a sentence */
	const outageOf = (rid: number): string | undefined => {
		const outage = reader.portals.outage(rid);
		return outage === undefined ? undefined : `${outageWords(outage)}.`;
	};

	const add = (room: RoomRow, order: Parameters<typeof stores.outbox.add>[0]): OutboxItem => {
		const item = stores.outbox.add(order);
		if (item.state === 'failed') stores.outbox.retry(item.id);
		feed.changed([room.rid], false);
		outbox.wake();
		return item;
	};

	const transactionId = (roomId: string, key: string | undefined): string =>
		key === undefined ? options.newTransactionId() : transactionOf(roomId, key);

	/** @param key of the caller's, if there is one */
	const redact = (room: RoomRow, order: RedactionOrder, key: string | undefined): OutboxItem =>
		add(room, {
			rid: room.rid,
			transactionId: transactionId(room.roomId, key),
			type: 'm.room.redaction',
			content: {...order},
		});

	const known: MessageOrders['known'] = ({roomId}, key) =>
		key === undefined ? undefined : stores.outbox.byTransaction(transactionOf(roomId, key));

	return {
		known,
		async send(room, request, {files, order} = {}) {
			const {rid, roomId} = room;
			const {type = 'm.room.message'} = request;
			if (request.isRaw === true) requireRawEvent(type, request.content);
			else if (!sendableTypes.has(type)) throw refused(`Events of the type ${type} are not sent.`);
			// A repeat is the same order, whatever the network says by now.
			// What is sent by hand goes as it is.
			const earlier = known(room, request.transactionKey);
			const isRepeat = earlier !== undefined || request.isRaw === true;
			const fitted: {readonly content: JsonObject; readonly warning?: string | undefined} = isRepeat
				? {content: request.content}
				: limits.message(rid, type, request.content);
			const editWarning = request.edits === undefined || isRepeat ? undefined : editLimits(rid, request.edits);
			const content =
				request.edits === undefined
					? inThreadOf(fitted.content, rid, request)
					: editing(fitted.content, rid, request.edits);
			const warning = outageOf(rid) ?? fitted.warning ?? editWarning ?? otherText(earlier, request);
			const answer = (row: OutboxItem): SendReceipt => ({
				...receiptOf(row),
				...(warning === undefined ? {} : {warning}),
			});
			requireSize(content, room);
			order?.store();
			const item = add(room, {
				rid,
				transactionId: transactionId(roomId, request.transactionKey),
				type,
				content,
				endsDraft: request.endsDraft,
				thread: request.thread,
				files,
				sendAt: request.sendAt,
			});
			if (!request.isWaiting) return answer(item);
			return answer((await outbox.settled(item.id, request.timeout, order?.signal)) ?? item);
		},

		async react({roomId, eventId, key, transactionKey}) {
			const room = requireRoom(roomId);
			if (key.trim() === '' || key.length > maximumKey) throw refused('A reaction is an emoji, or a word.');
			require(room.rid, eventId);
			const {warning, isSingle} = limits.reaction(room.rid, key);
			if (isSingle) takeOthersBack(room, eventId, key);
			const content = reactionTo(eventId, key);
			const id = transactionId(roomId, transactionKey);
			const item = add(room, {rid: room.rid, transactionId: id, type: 'm.reaction', content});
			return {...receiptOf(item), ...(warning === undefined ? {} : {warning})};
		},

		async unreact({roomId, eventId, key, transactionKey}) {
			const room = requireRoom(roomId);
			const sent = new Set(reader.about.ownReactions(room.rid, eventId, key));
			const reaction = {eventId, key};
			let count = 0;
			const keyOf = (target: string | number): string | undefined =>
				transactionKey === undefined ? undefined : `${transactionKey} ${target}`;
			for (const row of stores.outbox.reactions(room.rid, eventId, key)) {
				const isGone = row.eventId !== undefined && reader.message(room.rid, row.eventId)?.redactedBy !== undefined;
				if (isGone || (row.eventId !== undefined && sent.has(row.eventId))) continue;
				count += 1;
				if (isUnseen(row) && stores.outbox.discard(row.id)) continue;
				redact(room, {row: row.id, reaction}, keyOf(row.id));
			}
			for (const redacts of sent) redact(room, {redacts, reaction}, keyOf(redacts));
			if (count + sent.size === 0) throw refused('You have not reacted with that.');
			feed.changed([room.rid], false);
			return {};
		},

		async redact({roomId, eventId, reason, transactionKey}) {
			const room = requireRoom(roomId);
			require(room.rid, eventId);
			const {warning} = limits.removal(room.rid, reader.message(room.rid, eventId)?.timestamp ?? Date.now());
			const order = reason === undefined ? {redacts: eventId} : {redacts: eventId, reason};
			return {...receiptOf(redact(room, order, transactionKey)), ...(warning === undefined ? {} : {warning})};
		},
	};
};
