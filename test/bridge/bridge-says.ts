/** What a bridge of tests says besides messages, as mautrix bridgev2 does: limits, status events, notices, receipts. */
import {asString, type JsonObject} from '../../source/domain/json.ts';
import type {startFixtureBridge} from './fixture-bridge.ts';

export type FixtureBridge = Awaited<ReturnType<typeof startFixtureBridge>>;

/** `com.beeper.message_send_status`, without whom it is about. */
export type StatusWords = {
	readonly status: 'SUCCESS' | 'PENDING' | 'FAIL_RETRIABLE' | 'FAIL_PERMANENT';
	readonly reason?: string;
	readonly message?: string;
	readonly delivered_to_users?: readonly string[] | null;
};

/** @returns what the bot of a bridge can say in a room */
export const sayingsOf = (bridge: FixtureBridge, roomId: string) => {
	const room = `rooms/${encodeURIComponent(roomId)}`;
	const send = async (type: string, content: JsonObject, as?: string): Promise<string> => {
		const path = `${room}/send/${type}/${crypto.randomUUID()}`;
		return asString((await bridge.request('PUT', path, content, as))['event_id']) ?? '';
	};
	return {
		send,
		/** Limits of the room. @param key id of the appservice */
		features: async (content: JsonObject, key: string): Promise<void> => {
			await bridge.request('PUT', `${room}/state/com.beeper.room_features/${encodeURIComponent(key)}`, content);
		},
		state: async (type: string, content: JsonObject): Promise<void> => {
			await bridge.request('PUT', `${room}/state/${type}/`, content);
		},
		status: async (eventId: string, words: StatusWords): Promise<string> =>
			send('com.beeper.message_send_status', {
				...words,
				network: 'signal',
				'm.relates_to': {rel_type: 'm.reference', event_id: eventId},
			}),
		/** The notice that bridges send where status events are off. */
		failureNotice: async (eventId: string, words: string): Promise<string> =>
			send('m.room.message', {
				msgtype: 'm.notice',
				body: `⚠️ ${words}`,
				'm.relates_to': {'m.in_reply_to': {event_id: eventId}},
			}),
		/** @param as the bot, or a ghost. @default the bot */
		read: async (eventId: string, as?: string): Promise<void> => {
			await bridge.request('POST', `${room}/receipt/m.read/${encodeURIComponent(eventId)}`, {}, as);
		},
		/** @returns the messages of somebody that the server has passed on to the bridge, oldest first */
		heard: (sender: string): readonly JsonObject[] =>
			bridge
				.events()
				.filter(event => event['room_id'] === roomId && event['sender'] === sender && event['state_key'] === undefined),
	};
};
