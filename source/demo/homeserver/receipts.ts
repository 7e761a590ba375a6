/** What people have read, and who types (client-server API §Receipts, §Fully read markers, §Typing Notifications). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import {relationOf} from './events.ts';
import type {Call, Routes} from './http.ts';
import {badParameter, notFound} from './matrix-error.ts';
import {joinedRoom, nextPosition, tell, type Receipt, type Room, type StoredEvent, type World} from './world.ts';

/** @returns m.receipt with what changed; private receipts are the reader's alone. */
export const receiptsSince = (room: Room, userId: string, since: number): readonly JsonObject[] => {
	const content: Record<string, Record<string, Record<string, JsonObject>>> = {};
	for (const receipt of room.receipts.values()) {
		if (receipt.position <= since || (receipt.type === 'm.read.private' && receipt.userId !== userId)) continue;
		const {timestamp: ts, threadId} = receipt;
		const ofEvent = (content[receipt.event.eventId] ??= {});
		(ofEvent[receipt.type] ??= {})[receipt.userId] = {ts, ...(threadId === undefined ? {} : {thread_id: threadId})};
	}
	return Object.keys(content).length === 0 ? [] : [{type: 'm.receipt', content}];
};

export const typingOf = (room: Room): JsonObject => ({type: 'm.typing', content: {user_ids: [...room.typing.keys()]}});

const threadOf = (event: StoredEvent): string => {
	const {type, eventId = ''} = relationOf(event);
	return type === 'm.thread' ? eventId : 'main';
};

/** Moves a receipt forward; one to an older event changes nothing. */
export const setReceipt = (
	world: World,
	{
		userId,
		type,
		event,
		threadId,
		timestamp = world.now(),
	}: Pick<Receipt, 'userId' | 'type' | 'event' | 'threadId'> & Partial<Pick<Receipt, 'timestamp'>>,
): void => {
	const {room} = event;
	const key = `${userId} ${type} ${threadId ?? ''}`;
	if ((room.receipts.get(key)?.event.position ?? 0) >= event.position) return;
	const position = nextPosition(world);
	room.position = position;
	const receipt: Receipt = {userId, type, event, threadId, timestamp, position};
	room.receipts.set(key, receipt);
	tell(world, {kind: 'receipt', receipt});
};

const eventOf = (world: World, room: Room, eventId: string | undefined): StoredEvent => {
	const event = world.events.get(eventId ?? '');
	if (event?.room !== room) throw notFound('There is no such event in the room');
	return event;
};

const setFullyRead = (call: Call, room: Room, eventId: string): void => {
	const data = call.user.roomData.get(room.id) ?? new Map();
	call.user.roomData.set(room.id, data);
	data.set('m.fully_read', {content: {event_id: eventId}, position: nextPosition(call.world)});
};

const receiptTypes = ['m.read', 'm.read.private'];

export const receiptRoutes: Routes = {
	'POST rooms/{roomId}/receipt/{type}/{eventId}': call => {
		const {world, user, params, body} = call;
		const {type = ''} = params;
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		const event = eventOf(world, room, params['eventId']);
		const {thread_id: given} = body;
		const threadId = asString(given);
		if (given !== undefined && (threadId === undefined || threadId === '' || type === 'm.fully_read'))
			throw badParameter('Only receipts are for threads, and those have names');
		if (type === 'm.fully_read') setFullyRead(call, room, event.eventId);
		else if (!receiptTypes.includes(type)) throw badParameter(`There are no receipts of the type ${type}`);
		else if (threadId !== undefined && threadId !== threadOf(event) && threadId !== event.eventId)
			throw badParameter('The event is not in that thread');
		else setReceipt(world, {userId: user.id, type, event, threadId});
		return {};
	},
	'POST rooms/{roomId}/read_markers': call => {
		const {world, user, params, body} = call;
		const room = joinedRoom(world, params['roomId'] ?? '', user.id);
		const fullyRead = asString(body['m.fully_read']);
		if (fullyRead !== undefined) setFullyRead(call, room, fullyRead);
		for (const type of receiptTypes) {
			const eventId = asString(asObject(body)[type]);
			if (eventId !== undefined)
				setReceipt(world, {userId: user.id, type, event: eventOf(world, room, eventId), threadId: undefined});
		}
		return {};
	},
};
