/** What is done about single messages that puts no message into the room: pins, reports, fetching those that are missing. */
import {asArray, asObject, asString} from '../domain/json.ts';
import {pinnedType, type MessageCare} from '../domain/message-care.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountStores} from './account-stores.ts';
import type {DecryptionQueue} from './decryption-queue.ts';
import {failureKindOf, refuse} from './refusals.ts';
import {attempt, createRoomChecks} from './room-checks.ts';
import type {RoomPorts} from './room-ports.ts';

export type MessageCareOptions = Pick<RoomPorts, 'userId' | 'homeserver' | 'feed'> & {
	readonly stores: Pick<AccountStores, 'account' | 'reader' | 'rooms'>;
	readonly decryption: Pick<DecryptionQueue, 'add'>;
};

/** Messages that one request brings at most. */
const mostMessages = 100;

/** Failures that another try would meet again. */
const lasting: ReadonlySet<string | undefined> = new Set(['not-found', 'forbidden', 'bad-request']);

export const createMessageCare = (options: MessageCareOptions): MessageCare => {
	const {userId, homeserver, feed, decryption} = options;
	const {account, reader, rooms} = options.stores;
	const {requireRoom, requirePower} = createRoomChecks(reader, userId);

	/** @returns the event; `undefined` where the server does not give it */
	const fetch = async (roomId: string, eventId: string) => {
		try {
			const event = await homeserver.rooms.event(roomId, eventId);
			const place = asString(event['room_id']);
			return event['event_id'] === eventId && (place === undefined || place === roomId) ? event : undefined;
		} catch (error) {
			if (lasting.has(failureKindOf(error))) return undefined;
			throw error;
		}
	};

	const load = async ({rid, roomId}: RoomRow, eventId: string): Promise<void> => {
		const event = await fetch(roomId, eventId);
		if (event === undefined) return;
		const inserted = account.write(() => rooms.events.insertLone(rid, event));
		if (inserted?.event.type === 'm.room.encrypted') decryption.add([inserted.pk]);
		feed.changed([rid], false);
	};

	return {
		async setPinned({roomId, eventId, isPinned}) {
			const room = requireRoom(roomId);
			requirePower(room, reader.details.power(room.rid).toSetState(pinnedType), 'pin messages here');
			await attempt(isPinned ? 'pin the message' : 'take the pin off', async () => {
				// What somebody else has pinned a moment ago must not be undone.
				const content = asObject(await homeserver.stateEvent(roomId, pinnedType));
				const before = asArray(content['pinned']).filter(id => typeof id === 'string');
				if (before.includes(eventId) === isPinned) return;
				const others = before.filter(id => id !== eventId);
				const pinned = isPinned ? [...others, eventId] : others;
				await homeserver.rooms.putState(roomId, {type: pinnedType}, {...content, pinned});
			});
			return {};
		},

		async loadMessages({roomId, eventIds}) {
			const room = requireRoom(roomId);
			const missing = [...new Set(eventIds)].filter(id => reader.message(room.rid, id) === undefined);
			await attempt('load messages', async () => {
				for (const eventId of missing.slice(0, mostMessages)) await load(room, eventId);
			});
			return {};
		},

		async report({roomId, eventId, reason}) {
			requireRoom(roomId);
			if (reason.trim() === '') refuse('usage', 'A report needs a reason.', 'Say in a few words what is wrong.');
			await attempt('report the message', async () => homeserver.rooms.report(roomId, eventId, reason.trim()));
			return {};
		},
	};
};
