/** What can be asked of an account to keep the inbox in order: part of `Session`. */
import type {JsonObject} from './json.ts';
import type {TaggedSection} from './room.ts';

export type TriageRequests = {
	/** Puts a room among the favourites, below, or away; `normal` takes it out again. */
	setSection(request: {readonly roomId: string; readonly section: TaggedSection}): Promise<JsonObject>;
	/** Sets or takes away a tag of the person's own, which begins with `u.` on the server. */
	setTag(request: {readonly roomId: string; readonly tag: string; readonly isSet: boolean}): Promise<JsonObject>;
	/**
	 * Silences a room on all devices, by a push rule.
	 * @param request.until milliseconds since the Unix epoch; without it, for ever. This mx ends it, or the next one that starts
	 */
	mute(request: {
		readonly roomId: string;
		readonly isMuted: boolean;
		readonly until?: number | undefined;
	}): Promise<JsonObject>;
	/** Marks a room by hand as waiting (client-server API §m.marked_unread), or takes the mark away. */
	markUnread(request: {readonly roomId: string; readonly isUnread: boolean}): Promise<JsonObject>;
	/**
	 * Takes a room out of the inbox until a time, or until somebody writes; it comes back marked as unread, by this mx or the next
	 * one that starts.
	 * @param request.until milliseconds since the Unix epoch; without it, the room comes back now
	 * @param request.isUnlessAnswered the person waits for an answer, and wants to know if none comes
	 */
	snooze(request: {
		readonly roomId: string;
		readonly until?: number | undefined;
		readonly isUnlessAnswered?: boolean | undefined;
	}): Promise<JsonObject>;
	/** Says that nobody needs a reply in a room, until the next message; or takes that back. */
	dismissReply(request: {readonly roomId: string; readonly isDismissed: boolean}): Promise<JsonObject>;
	/** Notes something of a room, for nobody else; an empty text takes the note away. */
	setNote(request: {readonly roomId: string; readonly note: string}): Promise<JsonObject>;
	/** Gives a room a name of the person's own, on all their devices; an empty one takes it away. */
	setPetname(request: {readonly roomId: string; readonly name: string}): Promise<JsonObject>;
	/**
	 * Marks everything as read but invitations.
	 * @param request.section row number of a section of the inbox; without it, all rooms
	 * @param request.until row number of the last event that counts: what came in later stays unread
	 * @returns how many rooms that were
	 */
	markAllRead(request: {
		readonly section?: number | undefined;
		readonly until?: number | undefined;
	}): Promise<{readonly count: number}>;
	/** Lays out the inbox, on all devices. @param request.layout as `inboxLayoutContent` makes it */
	setInboxLayout(request: {readonly layout: JsonObject}): Promise<JsonObject>;
};

/** The method names of this part. */
export const triageMethods = [
	'setSection',
	'setTag',
	'mute',
	'markUnread',
	'snooze',
	'dismissReply',
	'setNote',
	'setPetname',
	'markAllRead',
	'setInboxLayout',
] as const satisfies readonly (keyof TriageRequests)[];
