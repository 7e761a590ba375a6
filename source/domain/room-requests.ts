/** What can be asked of an account about rooms as such: who is in them, what they are set to, how they are found. */
import type {JsonObject} from './json.ts';
import type {Membership} from './room.ts';

/** What is done to a member by somebody else (client-server API §Room membership). */
export type MemberAction = 'invite' | 'kick' | 'ban' | 'unban';

/** Who may join (client-server API §m.room.join_rules). */
export const joinRules = ['invite', 'knock', 'restricted', 'knock_restricted', 'public'] as const;
export type JoinRule = (typeof joinRules)[number];

/** Who may read what was said before they came (client-server API §m.room.history_visibility). */
export const historyVisibilities = ['joined', 'invited', 'shared', 'world_readable'] as const;
export type HistoryVisibility = (typeof historyVisibilities)[number];

/** What a room tells the person of: everything, what mentions them, nothing, or as the account is set. */
export const notificationLevels = ['default', 'all', 'mentions', 'none'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];

/** One setting of a room and its new value. An empty text takes the setting away. */
export type RoomChange =
	| {readonly kind: 'name'; readonly value: string}
	| {readonly kind: 'topic'; readonly value: string}
	/** `#name:server`; made on the server if it is not there yet. */
	| {readonly kind: 'alias'; readonly value: string}
	| {readonly kind: 'joinRule'; readonly value: JoinRule}
	| {readonly kind: 'history'; readonly value: HistoryVisibility}
	/** For ever. */
	| {readonly kind: 'encryption'}
	/** Whether it stands in the directory of the server. */
	| {readonly kind: 'listed'; readonly value: boolean}
	/** The person's own name in this room alone. */
	| {readonly kind: 'ownName'; readonly value: string};

export type CreateRoomRequest = {
	readonly name: string;
	readonly topic?: string | undefined;
	/** `listed`: everybody, and in the directory of the server. */
	readonly access: 'invited' | 'space' | 'public' | 'listed';
	readonly isEncrypted: boolean;
	/** The part of the address before the server: `kitchen` for `#kitchen:server`. */
	readonly alias?: string | undefined;
	/** User ids. */
	readonly invite: readonly string[];
	/** Room id of the space that it becomes a part of. */
	readonly spaceId?: string | undefined;
	readonly isSpace?: boolean | undefined;
};

/** What is known of a room that the person need not be in. All strings are untrusted text from the network. */
export type RoomSummary = {
	readonly roomId: string;
	readonly name: string | undefined;
	readonly alias: string | undefined;
	readonly topic: string | undefined;
	readonly memberCount: number | undefined;
	readonly joinRule: string | undefined;
	readonly isEncrypted: boolean;
	readonly isSpace: boolean;
	/** What the account is in it, as far as its own store knows. */
	readonly membership: Membership | undefined;
	/** Servers to join by. */
	readonly servers: readonly string[];
};

/** A page of the directory; `next` asks for the one behind it. */
export type DirectoryPage = {
	readonly rooms: readonly RoomSummary[];
	readonly next: string | undefined;
	/** As the server guesses. */
	readonly total: number | undefined;
};

/** A room of a space. */
export type SpaceRoom = RoomSummary & {
	/** Sorts among the others; without it behind them. */
	readonly order: string | undefined;
	readonly isSuggested: boolean;
};

export type Profile = {readonly userId: string; readonly displayName: string | undefined};

/** Whether a tombstone's successor says that it continues the room. `unreadable`: only who is in it can see. */
export type SuccessorCheck = {
	readonly roomId: string;
	readonly state: 'points-back' | 'does-not' | 'unreadable';
};

/** Part of `Session`: failures are ExpectedErrors with the reason, such as how much power is needed. */
export type RoomRequests = {
	/** Brings the store's list of members up to date with the server. */
	loadMembers(request: {readonly roomId: string}): Promise<JsonObject>;
	changeMember(request: {
		readonly roomId: string;
		readonly userId: string;
		readonly action: MemberAction;
		readonly reason?: string | undefined;
	}): Promise<JsonObject>;
	setPower(request: {readonly roomId: string; readonly userId: string; readonly level: number}): Promise<JsonObject>;
	/** Hides, or shows again, what somebody says anywhere (client-server API §Ignoring Users). */
	setIgnored(request: {readonly userId: string; readonly isIgnored: boolean}): Promise<JsonObject>;
	changeRoom(request: {readonly roomId: string; readonly change: RoomChange}): Promise<JsonObject>;
	/** Sets a state event that a person has written by hand. @throws ExpectedError for types that have a way of their own */
	setState(request: {
		readonly roomId: string;
		readonly type: string;
		readonly stateKey: string;
		readonly content: JsonObject;
	}): Promise<JsonObject>;
	setNotifications(request: {readonly roomId: string; readonly level: NotificationLevel}): Promise<JsonObject>;
	createRoom(request: CreateRoomRequest): Promise<{readonly roomId: string}>;
	/** Asks to be let in. @returns the room id */
	knock(request: {
		readonly room: string;
		readonly servers?: readonly string[] | undefined;
		readonly reason?: string | undefined;
	}): Promise<{readonly roomId: string}>;
	/** Forgets a room that was left: the server tells nothing of it any more. What the archive has stays. */
	forget(request: {readonly roomId: string}): Promise<JsonObject>;
	directory(request: {
		/** Another server than the person's own. */
		readonly server?: string | undefined;
		readonly term?: string | undefined;
		readonly from?: string | undefined;
	}): Promise<DirectoryPage>;
	/** Whether a room stands in the directory of the person's server. */
	isListed(request: {readonly roomId: string}): Promise<{readonly isListed: boolean}>;
	/** @param request.room id, alias, or a matrix.to or matrix: link */
	preview(request: {readonly room: string; readonly servers?: readonly string[] | undefined}): Promise<RoomSummary>;
	spaceRooms(request: {readonly spaceId: string}): Promise<{readonly rooms: readonly SpaceRoom[]}>;
	/** Makes a room part of a space, or changes its place. @param request.isChild `false` takes it out */
	setSpaceChild(request: {
		readonly spaceId: string;
		readonly roomId: string;
		readonly isChild: boolean;
		readonly order?: string | undefined;
	}): Promise<JsonObject>;
	/** Replaces a room by a new one of the server's default version, in its spaces too, and invites who was in it where that is needed. */
	upgradeRoom(request: {readonly roomId: string}): Promise<UpgradedRoom>;
	/** Looks, before it is joined, whether the room that a tombstone names continues this one. */
	checkSuccessor(request: {readonly roomId: string}): Promise<SuccessorCheck>;
	/** Joins the room that continues this one; leaves it again and fails if it does not point back. */
	followUpgrade(request: {readonly roomId: string}): Promise<{readonly roomId: string}>;
	profile(request: {readonly userId: string}): Promise<Profile>;
	setDisplayName(request: {readonly name: string}): Promise<JsonObject>;
};

/** The room that replaces another one. */
export type UpgradedRoom = {
	readonly roomId: string;
	/** People who were invited to it. */
	readonly invited: number;
	/** People who were in the old room and could not be invited. */
	readonly missed: number;
};

/** The method names of this part. */
export const roomMethods = [
	'loadMembers',
	'setState',
	'changeMember',
	'setPower',
	'setIgnored',
	'changeRoom',
	'setNotifications',
	'createRoom',
	'knock',
	'forget',
	'directory',
	'isListed',
	'preview',
	'spaceRooms',
	'setSpaceChild',
	'upgradeRoom',
	'checkSuccessor',
	'followUpgrade',
	'profile',
	'setDisplayName',
] as const satisfies readonly (keyof RoomRequests)[];
