/** A room as the inbox shows it. */
import {fixedSections} from './inbox-section.ts';

/** What the account is in a room (Matrix spec §m.room.member). */
export type Membership = 'join' | 'invite' | 'knock' | 'leave' | 'ban';

/** Where the person has put a room, by its tags (client-server API §Room Tagging). */
export type TaggedSection = 'favourite' | 'normal' | 'low' | 'archived';

/** Where a room stands. `snoozed`: it is away until some time. */
export type RoomSection = TaggedSection | 'snoozed';

/** The sections in the order of the list. */
export const roomSections: readonly RoomSection[] = ['favourite', 'normal', 'low', 'archived', 'snoozed'];

/** @returns whether a room has something unread, or was marked so. */
export const isUnread = (room: Pick<RoomRow, 'unreadCount' | 'isMarkedUnread' | 'isMuted' | 'section'>): boolean =>
	room.isMarkedUnread ||
	(room.unreadCount > 0 && !room.isMuted && room.section !== 'snoozed' && room.section !== 'archived');

/** @returns whether the person has let a room in: it is neither an invitation nor a request. */
export const isLetIn = ({inboxSection}: Pick<RoomRow, 'inboxSection'>): boolean =>
	inboxSection !== fixedSections.requests;

/** @returns those that are let in, then the others, each in their order: by its name, a stranger is nobody's first match. */
export const letInFirst = <Room extends Pick<RoomRow, 'inboxSection'>>(rooms: readonly Room[]): readonly Room[] => [
	...rooms.filter(isLetIn),
	...rooms.filter(room => !isLetIn(room)),
];

/** @returns whether it is the chat of somebody on another network whom the person did not answer yet (`Portal`). */
export const isRequest = (room: Pick<RoomRow, 'membership' | 'inboxSection'>): boolean =>
	room.membership === 'join' && !isLetIn(room);

/** One row of the room list. All strings are untrusted text from the network. */
export type RoomRow = {
	/** Row number in the store; stable while the store lives. */
	readonly rid: number;
	readonly roomId: string;
	readonly membership: Membership;
	/** The name to show: m.room.name, else the canonical alias, else the heroes (spec §"Calculating the display name"). */
	readonly name: string;
	readonly alias: string | undefined;
	readonly topic: string | undefined;
	readonly isDirect: boolean;
	/** The other person of a direct chat. */
	readonly directUser: string | undefined;
	readonly isEncrypted: boolean;
	/** Unread notifications as the server counts them, plus what mx counted in rooms it had to decrypt. */
	readonly unreadCount: number;
	readonly highlightCount: number;
	readonly isMarkedUnread: boolean;
	/** Nothing in it counts as unread; messages are there all the same. */
	readonly isMuted: boolean;
	readonly section: RoomSection;
	/** Row number of the section of the inbox in which it stands (`InboxSection`). */
	readonly inboxSection: number;
	/** A space (m.space): a room that lists rooms. */
	readonly isSpace: boolean;
	/** Time of the last message, milliseconds since the Unix epoch, server time; 0 if there is none. */
	readonly lastActivity: number;
	/** Body of the last message. */
	readonly preview: string | undefined;
	readonly joinedCount: number;
	/** Protocol id of the bridge (`signal`, `irc` …), `undefined` for plain Matrix. */
	readonly protocol: string | undefined;
	/** The team, guild, IRC network or login that it is of: only where the account has several of its protocol. */
	readonly place?: string | undefined;
	/** Room id that a tombstone names: the room goes on there (client-server API §Room Upgrades). */
	readonly successor?: string | undefined;
	/** Something is written there, or in a thread of it, that was not sent. */
	readonly hasDraft: boolean;
	/** A message that was sent from this device did not arrive, and nothing was sent since. @default false */
	readonly hasFailed?: boolean | undefined;
	/** Since when somebody waits for an answer, milliseconds since the Unix epoch, server time; not of what is muted or away. */
	readonly needsReplySince: number | undefined;
	/** When it comes back, milliseconds since the Unix epoch; only of the section `snoozed`. */
	readonly snoozedUntil: number | undefined;
	/** It was snoozed, came back, and was not looked at since. */
	readonly isReminder: boolean;
	/** Of the person whose chat it is, where the owner of the account said who that is (`Person`); the name is theirs then. */
	readonly personId?: string | undefined;
	/** All chats of that person: only where it was read as a row of a list. */
	readonly person?: RoomPerson | undefined;
};

/** A person of whom a row of a list tells. */
export type RoomPerson = {
	/** Row number in the store. */
	readonly number: number;
	/** All their joined rooms; the one that stands for them first. */
	readonly rids: readonly number[];
	/** The networks of those, each once and in that order; `undefined` for Matrix. */
	readonly protocols: readonly (string | undefined)[];
};

/** @returns whether a row of a list is that of a room: its own, or that of the person whose chat it is */
export const isRowOf = ({rid, person}: RoomRow, of: number | undefined): boolean =>
	of !== undefined && (rid === of || person?.rids.includes(of) === true);

/** What a row of a list is recognised by: of the rooms of a person, now one stands for all, now another. */
export const rowKey = ({rid, person}: RoomRow): number => (person === undefined ? rid : -person.number);
