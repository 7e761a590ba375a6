/** The calls of the client-server API that look into the history of a room at some place: around an event, behind a token, at a time. */
import {asArray, asInteger, asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {NetworkError} from './network-errors.ts';
import type {RoomCall} from './room-calls.ts';

/** An answer of GET /rooms/{id}/context/{event}. */
export type ContextAnswer = {
	/** Oldest first, with the event itself. */
	readonly events: readonly unknown[];
	/** Members that the events need. */
	readonly state: readonly JsonObject[];
	/** Tokens of the pages on either side. */
	readonly start: string | undefined;
	readonly end: string | undefined;
};

/** An event by its time. Milliseconds since the Unix epoch, by the server that sent it. */
export type EventAtTime = {readonly eventId: string; readonly timestamp: number | undefined};

const part = encodeURIComponent;
const filter = part(JSON.stringify({lazy_load_members: true}));

const isMissing = (error: unknown): boolean => error instanceof NetworkError && error.failure.kind === 'not-found';

const membersOf = (state: unknown): readonly JsonObject[] =>
	asArray(state)
		.filter(isObject)
		.filter(({type}) => type === 'm.room.member');

export const createHistoryCalls = (call: RoomCall) => ({
	/** @param limit events on both sides together. @returns `undefined` for an event that is not there, or not for this account */
	async around(roomId: string, eventId: string, limit: number): Promise<ContextAnswer | undefined> {
		try {
			const answer = await call(
				`/_matrix/client/v3/rooms/${part(roomId)}/context/${part(eventId)}?limit=${limit}&filter=${filter}`,
				'GET',
			);
			return {
				events: [
					...asArray(answer['events_before']).toReversed(),
					asObject(answer['event']),
					...asArray(answer['events_after']),
				],
				state: membersOf(answer['state']),
				start: asString(answer['start']),
				end: asString(answer['end']),
			};
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	},

	/** GET /messages?dir=f. @returns events oldest first; `end` is missing behind the newest one */
	async newer(roomId: string, from: string, limit: number) {
		const answer = await call(
			`/_matrix/client/v3/rooms/${part(roomId)}/messages?dir=f&limit=${limit}&filter=${filter}&from=${part(from)}`,
			'GET',
		);
		// No answer that is none may say that nothing follows.
		if (!Array.isArray(answer['chunk']))
			throw new NetworkError({kind: 'server-error', message: 'the server gave an answer without chunk'});
		return {
			events: asArray(answer['chunk']),
			state: membersOf(answer['state']),
			end: asString(answer['end']),
		};
	},

	/**
	 * GET /timestamp_to_event (client-server API §Getting events by time).
	 * @param direction `f`: the first event from then on, `b`: the last one until then
	 * @returns `undefined` where there is none
	 */
	async atTime(roomId: string, time: number, direction: 'f' | 'b'): Promise<EventAtTime | undefined> {
		try {
			const answer = await call(
				`/_matrix/client/v1/rooms/${part(roomId)}/timestamp_to_event?ts=${time}&dir=${direction}`,
				'GET',
			);
			const eventId = asString(answer['event_id']);
			return eventId === undefined ? undefined : {eventId, timestamp: asInteger(answer['origin_server_ts'])};
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	},
});
