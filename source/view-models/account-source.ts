/** What the view models read an account from: the part of the store's reader that they need. */
import type {TimelineHole} from '../domain/history-requests.ts';
import type {BridgeHealth} from '../domain/bridge-health.ts';
import type {InboxFilter} from '../domain/inbox-filter.ts';
import type {InboxLayout, InboxSection} from '../domain/inbox-section.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Mention} from '../domain/mention.ts';
import type {Message, ReadPlace} from '../domain/message.ts';
import type {OutboxItem} from '../domain/outbox-item.ts';
import type {BotFacts, BridgeState, Portal} from '../domain/portal.ts';
import type {RoomPower} from '../domain/room-power.ts';
import type {RoomRow} from '../domain/room.ts';
import type {UnreadCounts} from '../domain/sync-response.ts';

/**
 * A place in a timeline: by chunk, then position. Where several rooms are mixed, `chunkOrder` is the time, and the row number
 * tells what is equal in both apart.
 */
export type TimelinePlace = {
	readonly chunkOrder: number;
	readonly position: number;
	readonly pk?: number | undefined;
	/** Only where several rooms are mixed. */
	readonly home?: object | undefined;
};

/** Messages oldest first, and where the archive has holes. */
export type MessagePage = {
	readonly messages: readonly Message[];
	/** Chunk orders before whose oldest message history is missing. */
	readonly gaps: readonly number[];
	/** The same where several rooms are mixed. @default none */
	readonly holes?: readonly TimelineHole[] | undefined;
	readonly isStartKnown: boolean;
};

/** Every call reads what is committed now; it may throw when the file is damaged. */
export type AccountSource = {
	/** Runs calls that all read what is committed at one moment. */
	readonly atOnce: <Result>(read: () => Result) => Result;
	readonly rooms: (window: {
		readonly offset: number;
		readonly limit: number;
		/** A room that keeps the place of a read one. */
		readonly asRead?: number | undefined;
		readonly filter?: InboxFilter | undefined;
	}) => readonly RoomRow[];
	readonly roomCount: (filter?: InboxFilter) => number;
	/** The sections of the inbox that have rooms. */
	readonly sections: () => readonly InboxSection[];
	/** How the person has laid out the inbox. */
	readonly inboxLayout: () => InboxLayout;
	/** Spaces that the account is in, by name. */
	readonly spaces: () => readonly {readonly rid: number; readonly name: string}[];
	/** What all rooms are called, in the order of `rooms`. */
	readonly roomNames: (limit: number) => readonly (Pick<RoomRow, 'rid' | 'name' | 'alias' | 'inboxSection'> & {
		readonly others?: string;
	})[];
	readonly totals: () => {readonly unread: number; readonly highlights: number};
	readonly room: (rid: number) => RoomRow | undefined;
	/** The row of a list in which a room stands: that of the person whose chat it is, or its own. */
	readonly row: (rid: number) => RoomRow | undefined;
	/** All joined rooms of the person whose chat a room is, the one in which they wrote last first; for other rooms, that room alone. */
	readonly personRooms: (rid: number) => readonly number[];
	readonly timeline: (window: {
		readonly rid: number;
		readonly limit: number;
		readonly before?: TimelinePlace | undefined;
		readonly after?: TimelinePlace | undefined;
		/** Without what stands in threads. */
		readonly isMain?: boolean | undefined;
	}) => MessagePage;
	/** The messages of several rooms by time, without what stands in threads; the place of each in its own room is its `home`. */
	readonly mixedTimeline: (window: {
		readonly rids: readonly number[];
		readonly limit: number;
		readonly before?: TimelinePlace | undefined;
		readonly after?: TimelinePlace | undefined;
	}) => Omit<MessagePage, 'gaps'>;
	/** One event of a room by its id. */
	readonly message: (rid: number, eventId: string) => Message | undefined;
	readonly details: {
		readonly power: (rid: number) => RoomPower;
		readonly state: (rid: number, type: string) => JsonObject | undefined;
		readonly isIgnored: (userId: string) => boolean;
		readonly note: (rid: number) => string;
	};
	readonly reads: {
		/** How far others have read, who has read furthest first. @param thread its root; the main timeline without */
		readonly last: (rid: number, thread?: string) => readonly ReadPlace[];
		/** Threads in which something is not read, by their roots. */
		readonly threads: (rid: number) => ReadonlyMap<string, UnreadCounts>;
	};
	/** Which rooms are bridged. */
	readonly portals: {
		readonly portal: (rid: number) => Portal | undefined;
		readonly bridgeStates: (rid: number) => readonly BridgeState[];
		readonly knownBots: () => ReadonlyMap<string, BotFacts>;
		/** The login over which a room is written to, where nothing arrives there now. */
		readonly outage: (rid: number) => BridgeHealth | undefined;
	};
	readonly outbox: (rid: number) => readonly OutboxItem[];
	readonly draft: (rid: number, thread?: string) => string;
	/** Messages that are edited or answered in a draft of the room. */
	readonly draftTargets: (rid: number) => {readonly edits: string | undefined; readonly reply: string | undefined};
	readonly draftMentions: (rid: number, thread?: string) => readonly Mention[];
	readonly memberName: (rid: number, userId: string) => string | undefined;
	readonly fullyRead: (rid: number) => string | undefined;
	/** User id of who sent an invitation. */
	readonly inviter: (rid: number) => string | undefined;
};

/** @returns less than 0 if `first` is the older place. */
export const comparePlaces = (first: TimelinePlace, second: TimelinePlace): number =>
	first.chunkOrder - second.chunkOrder ||
	first.position - second.position ||
	// In one room a row may be replaced by another one of the same event, which stands in the same place.
	(first.home === undefined || second.home === undefined ? 0 : (first.pk ?? 0) - (second.pk ?? 0));

/** @returns the place above a message, below all that stand above it. */
export const placeAbove = ({chunkOrder, position}: TimelinePlace): TimelinePlace => ({
	chunkOrder,
	position: position - 1,
});
