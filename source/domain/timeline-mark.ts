/** A place in the timeline of a room that account data name: whatever came behind it is news. */
import {asInteger, asString, type JsonObject} from './json.ts';

export type TimelineMark = {
	readonly eventId: string | undefined;
	/** Of that event, milliseconds since the Unix epoch, server time: for devices that do not know it. */
	readonly time: number;
};

/** @returns the place that a content names; `undefined` where it names none */
export const readMark = (content: JsonObject): TimelineMark | undefined => {
	const time = asInteger(content['origin_server_ts']);
	return time === undefined ? undefined : {eventId: asString(content['event_id']), time};
};

/** @returns what `readMark` reads */
export const markContent = ({eventId, time}: TimelineMark): JsonObject => ({
	...(eventId === undefined ? {} : {event_id: eventId}),
	origin_server_ts: time,
});

/**
 * @param messages newest first
 * @returns those behind the mark: by the order of the timeline, since the clocks of bridges and servers differ
 */
export const behindMark = <Message extends {readonly eventId: string; readonly timestamp: number}>(
	messages: readonly Message[],
	{eventId, time}: TimelineMark,
): readonly Message[] => {
	const index = messages.findIndex(message => message.eventId === eventId);
	return index === -1 ? messages.filter(message => message.timestamp > time) : messages.slice(0, index);
};
