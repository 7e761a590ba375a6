/** What people have read, and who types (client-server API §Receipts, §Fully read markers, §Typing Notifications). */
import {asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {demand} from './matrix-error.ts';
import {threadOf} from './push.ts';
import {joinedRoom} from './rooms.ts';
import {accountDataOf, nextPosition, tell, type Receipt, type Room, type World} from './world.ts';

/** @returns m.receipt with what changed; private receipts are the reader's alone. */
export const receiptsSince = (room: Room, userId: string, since: number): readonly JsonObject[] => {
	const content: Record<string, Record<string, Record<string, JsonObject>>> = {};
	for (const receipt of room.receipts.values()) {
		if (receipt.position <= since || (receipt.type === 'm.read.private' && receipt.userId !== userId)) continue;
		const ofType = ((content[receipt.event.eventId] ??= {})[receipt.type] ??= {});
		ofType[receipt.userId] = {ts: receipt.timestamp, thread_id: receipt.threadId};
	}
	return Object.keys(content).length === 0 ? [] : [{type: 'm.receipt', content}];
};

type NewReceipt = Omit<Receipt, 'position' | 'timestamp'> & {readonly timestamp?: number};

/** Moves a receipt forward; one to an older event changes nothing. @param receipt its time is now without */
export const setReceipt = (world: World, given: NewReceipt): void => {
	const {userId, type, event, threadId, timestamp = world.now()} = given;
	const {room} = event;
	const key = `${userId} ${type} ${threadId ?? ''}`;
	if ((room.receipts.get(key)?.event.position ?? 0) >= event.position) return;
	room.position = nextPosition(world);
	const receipt = {...given, timestamp, position: room.position};
	room.receipts.set(key, receipt);
	tell(world, {kind: 'receipt', receipt});
};

/** §Typing Notifications. @param duration milliseconds; 0 for nobody types any more */
export const setTyping = (world: World, room: Room, userId: string, duration: number): void => {
	if (duration > 0) room.typing.set(userId, world.now() + duration);
	else room.typing.delete(userId);
	room.typingPosition = room.position = nextPosition(world);
	const end = (): void => {
		if ((room.typing.get(userId) ?? Number.POSITIVE_INFINITY) <= world.now()) setTyping(world, room, userId, 0);
	};
	if (duration > 0) setTimeout(end, duration + 1).unref();
};

const markers = ['m.fully_read', 'm.read', 'm.read.private'];

/** Moves a marker of a type to an event of the room that a client names. */
const mark = (call: Call, type: string, eventId: string): void => {
	const {world, user, body} = call;
	const room = joinedRoom(call);
	const event = world.events.get(eventId);
	demand(event?.room === room, 404, 'M_NOT_FOUND', 'There is no such event in the room');
	const [given, threadId] = [body['thread_id'], asString(body['thread_id'])];
	const isInThread = type !== 'm.fully_read' && [threadOf(event), eventId].includes(threadId ?? '');
	demand(given === undefined || isInThread, 400, 'M_INVALID_PARAM', 'The event is not in that thread');
	if (type !== 'm.fully_read') return setReceipt(world, {userId: user.id, type, event, threadId});
	accountDataOf(user, room.id).set(type, {content: {event_id: eventId}, position: nextPosition(world)});
};

export const receiptRoutes: Routes = {
	'POST rooms/{roomId}/receipt/{type}/{eventId}': call => {
		const type = call.part('type');
		demand(markers.includes(type), 400, 'M_INVALID_PARAM', `There are no receipts of the type ${type}`);
		mark(call, type, call.part('eventId'));
	},
	'POST rooms/{roomId}/read_markers': call => {
		joinedRoom(call);
		for (const type of markers) {
			const eventId = asString(call.body[type]);
			if (eventId !== undefined) mark(call, type, eventId);
		}
	},
	'PUT rooms/{roomId}/typing/{userId}': call => {
		const {world, user, part, body} = call;
		demand(part('userId') === user.id, 400, 'M_FORBIDDEN', 'Others type for themselves');
		setTyping(world, joinedRoom(call), user.id, body['typing'] === true ? Number(body['timeout'] ?? 30_000) : 0);
	},
};
