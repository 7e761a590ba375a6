/** Keeping the inbox in order: what it shows, and what its rooms are marked with. */
import type {TaggedSection} from '../domain/room.ts';

export type TriageActions = {
	/** Puts the open room into a section; where it is there already, back among the others. */
	readonly toggleSection: (section: Exclude<TaggedSection, 'normal'>) => void;
	/** Adds a tag of the person's own to the open room, or takes it away where it is there. */
	readonly toggleTag: (tag: string) => void;
	/** Without a time, asks for how long; of a muted room, ends it. @param time such as `8h`, or `ever` */
	readonly mute: (time: string | undefined) => void;
	readonly unmute: () => void;
	/** Calls the open room as the person likes, for them alone; without a name, as it is called. */
	readonly setPetname: (name: string | undefined) => void;
	/** Takes the open room out of the inbox until a time; without one, asks for how long. @param time as `readSnoozeTime` reads it */
	readonly snooze: (time: string | undefined) => void;
	/** Brings the open room back from its sleep; where it is awake, asks for how long it is to be away. */
	readonly snoozeOrWake: () => void;
	/** Brings the open room back from its sleep. */
	readonly unsnooze: () => void;
	/** Says that nobody needs a reply in the open room until the next message; again, takes that back. */
	readonly dismissReply: () => void;
	/** Notes something of the open room, for nobody else. @param text `-` takes the note away; `undefined`: it is to be written */
	readonly note: (text: string | undefined) => void;
	readonly markUnread: () => void;
	/** @param what `all`: every room */
	readonly markRead: (what: string | undefined) => void;
	/** Shows the nth filter, from 1. */
	readonly showFilter: (number: number) => void;
	/** Shows the filter of a name, or the one whose name begins so. */
	readonly showFilterNamed: (name: string) => void;
	/** To the next filter (positive) or the one before. */
	readonly stepFilter: (steps: number) => void;
	/** Begins to narrow the inbox by a name. */
	readonly startNarrowing: () => void;
	readonly eraseNarrowing: (what: 'character' | 'all') => void;
	readonly stopNarrowing: () => void;
	/** Goes to the room that was found; where none was, runs what was typed if it is a command. */
	readonly finishNarrowing: () => void;
	/** What is typed while the inbox is narrowed. @param isPasted it is never run */
	readonly typeNarrowing: (text: string, isPasted: boolean) => void;
	readonly moveToEnd: (end: 'first' | 'last') => void;
	readonly previousUnread: () => void;
};
