/** What can be asked of an account about single messages, beside saying, changing and removing them. */
import type {JsonObject} from './json.ts';

/** The type of the state event that lists what is pinned in a room. */
export const pinnedType = 'm.room.pinned_events';

/** Part of `Session`: failures are ExpectedErrors with the reason, such as how much power is needed. */
export type MessageCare = {
	/** Pins a message for everybody in the room, or takes that back (client-server API §m.room.pinned_events). */
	setPinned(request: {
		readonly roomId: string;
		readonly eventId: string;
		readonly isPinned: boolean;
	}): Promise<JsonObject>;
	/** Brings messages that the store lacks, such as old pinned ones. What the server does not give is left out. */
	loadMessages(request: {readonly roomId: string; readonly eventIds: readonly string[]}): Promise<JsonObject>;
	/** Tells those who run the server of a message (client-server API §Reporting content). */
	report(request: {readonly roomId: string; readonly eventId: string; readonly reason: string}): Promise<JsonObject>;
};

/** The method names, for the border where a request comes in as text. */
export const messageCareMethods = [
	'setPinned',
	'loadMessages',
	'report',
] as const satisfies readonly (keyof MessageCare)[];
