/** A session that does to messages what the engine does, on the store of a sample account; the test is the server. */
import path from 'node:path';
import type {SendFileRequest} from '../../source/domain/media-requests.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {SendRequest} from '../../source/domain/session.ts';
import {createFileOrders} from '../../source/engine/file-orders.ts';
import {createNetworkLimits} from '../../source/engine/bridges/network-limits.ts';
import {createMessageOrders} from '../../source/engine/message-orders.ts';
import {createOutgoingFiles} from '../../source/store/outgoing-files.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {me, event, type SampleAccount, type SampleEvent} from './sample-account.ts';
import type {SampleScreenOptions} from './sample-screen.ts';

/** @returns the answers of a session that keeps what it is asked for in the outbox. */
export const storingAnswers = (account: SampleAccount): NonNullable<SampleScreenOptions['answers']> => {
	const {reader, outbox} = account;
	let last = 0;
	const requireRoom = (roomId: string) => {
		const room = reader.roomById(roomId);
		if (room === undefined) throw new Error(`There is no room ${roomId}.`);
		return room;
	};
	const orders = createMessageOrders({
		userId: me,
		stores: {outbox, reader},
		feed: {changed: () => undefined},
		outbox: {wake: () => undefined, settled: async () => undefined},
		requireRoom,
		newTransactionId: () => `mx-${++last}`,
		limits: createNetworkLimits({portals: reader.portals, now: Date.now}),
	});
	const files = createFileOrders({
		files: createOutgoingFiles(path.join(temporaryDirectory(), 'outgoing')),
		media: {largestUpload: async () => 1_000_000},
		orders,
		pictures: {inspect: async () => undefined},
	});
	return {
		sendFile: async (request: SendFileRequest) => files.sendFile(request, async () => requireRoom(request.to)),
		send: async (request: SendRequest) => orders.send(requireRoom(request.to), request),
		react: orders.react,
		unreact: orders.unreact,
		redact: orders.redact,
		resolveOutbox: async ({id, action}: {readonly id: number; readonly action: 'retry' | 'discard'}) => ({
			isDone: action === 'retry' ? outbox.retry(id) : outbox.discard(id),
		}),
	};
};

/** What is in the outbox of a room, oldest first. */
export const waiting = (account: SampleAccount, roomId: string) =>
	account.reader.outbox(account.reader.roomById(roomId)?.rid ?? 0);

/** Plays the server: the oldest row that waits becomes an event of the room. @returns the event */
export const acceptNext = (account: SampleAccount, roomId: string): SampleEvent => {
	const row = waiting(account, roomId).find(({state}) => state !== 'sent' && state !== 'failed');
	if (row === undefined) throw new Error('Nothing waits.');
	const {redacts, reason, ...content} = row.content as JsonObject & {redacts?: string; reason?: string};
	const made =
		row.type === 'm.room.redaction'
			? event(me, {redacts, ...(reason === undefined ? {} : {reason})}, {type: row.type, redacts})
			: event(me, content, {type: row.type});
	const echo = {...made, unsigned: {transaction_id: row.transactionId}};
	account.sync({id: roomId, timeline: [echo]});
	return echo;
};
