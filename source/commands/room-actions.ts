/** What commands can do to rooms, to who is in them, and to find them. Each says what came of it, or why it is not possible. */
import type {MemberAction} from '../domain/room-requests.ts';

/** On the room that is open. */
export type RoomActions = {
	/** Asks first. */
	readonly leave: () => void;
	/** Asks first; of a room that was left. */
	readonly forget: () => void;
	readonly openSettings: () => void;
	/** @param user id, or the name of a member */
	readonly changeMember: (action: MemberAction, user: string, reason: string | undefined) => void;
	/** @param level a whole number as text */
	readonly setPower: (user: string, level: string) => void;
	readonly setTopic: (text: string) => void;
	readonly setName: (text: string) => void;
	/** `#name:server`; without one the address is taken away. */
	readonly setAlias: (alias: string | undefined) => void;
	/** The own name in this room alone; without one that of the account. */
	readonly setOwnName: (name: string | undefined) => void;
	/** Replaces the room by a newer one, after a question. */
	readonly upgrade: () => void;
	/** Goes on in the room that replaces this one, after a question. */
	readonly follow: () => void;
	/** The next message here is encrypted with a new session. */
	readonly discardSession: () => void;
	/** Declines the open invitation, and ignores who sent it. */
	readonly declineAndIgnore: () => void;
};

/** What can be done with a person whose profile is open. */
export type ProfileAct = 'direct' | 'mention' | 'verify' | 'ignore' | 'power' | 'kick' | 'ban' | 'invite';

export type PeopleActions = {
	readonly openMembers: () => void;
	/** @param user id, or the name of a member of the open room */
	readonly openProfile: (user: string) => void;
	readonly act: (what: ProfileAct) => void;
	/** Asks anew whom to trust of a person whose profile is open. */
	readonly reloadProfile: (userId: string) => void;
	readonly setIgnored: (user: string, isIgnored: boolean) => void;
	/** Opens the direct chat with a person; makes an encrypted one if there is none. */
	readonly openDirect: (user: string) => void;
	/** The name of the account everywhere. */
	readonly setDisplayName: (name: string) => void;
};

/** Rooms beyond those of the account. */
export type PlaceActions = {
	readonly create: (name: string | undefined) => void;
	/** Shows a room by address or link, to be joined from there. */
	readonly preview: (address: string) => void;
	readonly knock: (address: string, reason: string | undefined) => void;
	readonly openDirectory: (server: string | undefined) => void;
	readonly openSpaces: () => void;
	/** Within the list of spaces. */
	readonly space: {
		readonly toggle: () => void;
		readonly addOpenRoom: () => void;
		readonly removeChosen: () => void;
		/** Further down (positive) or up its space. */
		readonly moveChosen: (steps: -1 | 1) => void;
		readonly create: () => void;
	};
};
