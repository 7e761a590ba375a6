/** What people have read, and who types (client-server API §Receipts, §Fully read markers, §Typing Notifications). */
import {asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import {threadOf} from './push.ts';
import {joinedRoom} from './rooms.ts';
import {accountDataOf, nextPosition, tell, type Receipt, type Room, type StoredEvent, type World} from './world.ts';

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

/** Moves a receipt forward; one to an older event changes nothing. @param receipt its time is now without */
export const setReceipt = (
	world: World,
	{timestamp = world.now(), ...given}: Omit<Receipt, 'position' | 'timestamp'> & {readonly timestamp?: number},
): void => {
	const {userId, type, event, threadId} = given;
	const {room} = event;
	const key = `${userId} ${type} ${threadId ?? ''}`;
	if ((room.receipts.get(key)?.event.position ?? 0) >= event.position) return;
	room.position = nextPosition(world);
	const receipt: Receipt = {...given, timestamp, position: room.position};
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

const eventOf = (world: World, room: Room, eventId: string): StoredEvent => {
	const event = world.events.get(eventId);
	if (event?.room !== room) throw notFound('There is no such event in the room');
	return event;
};

/** Where a client asks for it, a marker of a type is moved to an event of the room. */
const mark = (call: Call, type: string, eventId: string, threadId?: string): void => {
	const {world, user} = call;
	const room = joinedRoom(call);
	if (type === 'm.fully_read') {
		const content = {event_id: eventId};
		accountDataOf(user, room.id).set(type, {content, position: nextPosition(world)});
		return;
	}
	setReceipt(world, {userId: user.id, type, event: eventOf(world, room, eventId), threadId});
};

/** The thread that a receipt is for, if it is for one. @throws MatrixError 400 */
const wantedThread = ({world, body, part}: Call, room: Room): string | undefined => {
	const threadId = asString(body['thread_id']);
	if (body['thread_id'] === undefined) return undefined;
	if (threadId === undefined || threadId === '' || part('type') === 'm.fully_read')
		throw badParameter('Only receipts are for threads, and those have names');
	const event = eventOf(world, room, part('eventId'));
	if (![threadOf(event), event.eventId].includes(threadId)) throw badParameter('The event is not in that thread');
	return threadId;
};

const markers = ['m.fully_read', 'm.read', 'm.read.private'];

export const receiptRoutes: Routes = {
	'POST rooms/{roomId}/receipt/{type}/{eventId}': call => {
		const {world, part} = call;
		const [room, type] = [joinedRoom(call), part('type')];
		if (!markers.includes(type)) throw badParameter(`There are no receipts of the type ${type}`);
		mark(call, type, eventOf(world, room, part('eventId')).eventId, wantedThread(call, room));
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
		if (part('userId') !== user.id) throw new MatrixError(400, 'M_FORBIDDEN', 'Others type for themselves');
		setTyping(world, joinedRoom(call), user.id, body['typing'] === true ? Number(body['timeout'] ?? 30_000) : 0);
	},
};
