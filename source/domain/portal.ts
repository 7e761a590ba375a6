/** A portal: a room that a bridge keeps in step with a chat of another network, and how far that is believed. */
import type {JsonObject} from './json.ts';
import type {Membership} from './room.ts';

/**
 * How far: `attested` by a bot that the own homeserver vouches for or the person trusts; `announced` by a bot in the room, which
 * did not make it; `inferred` from names of the own server; `claimed`, which counts for nothing.
 */
export type BridgeTrust = 'attested' | 'announced' | 'inferred' | 'claimed';

/** `account`: the space with all rooms of one login; `console`: the room with the bot. */
export type PortalKind = 'direct' | 'group' | 'channel' | 'space' | 'account' | 'console';

/** One sign of a bridge, for or against: which, and what it says. Untrusted text. */
export type BridgeEvidence = {readonly sign: BridgeSign; readonly detail: string};

export type BridgeSign =
	| 'override'
	| 'bridge-state'
	| 'no-bot'
	| 'foreign-sender'
	| 'foreign-creator'
	| 'remote-bot'
	| 'bot-confirmed'
	| 'bot-is-person'
	| 'bot-name'
	| 'bot-unconfirmed'
	| 'protocol-changed'
	| 'features'
	| 'ghosts'
	| 'inviter'
	| 'hookshot'
	| 'management-room'
	| 'room-name';

/** A team, a guild, an IRC network. Untrusted text. */
export type PortalNetwork = {readonly id: string; readonly name: string};

/** All strings but `protocol` are untrusted text. */
export type Portal = {
	/** Id in the registry (`bridges/protocols.ts`), or `other:` and an id of `[a-z0-9._+-]`. */
	readonly protocol: string;
	readonly trust: BridgeTrust;
	readonly kind: PortalKind;
	/** User id of the bridge's bot. */
	readonly bot: string | undefined;
	/** Id of the login at the other network (`fi.mau.receiver`). */
	readonly account: string | undefined;
	readonly network: PortalNetwork | undefined;
	/** Id of the chat on the other network. */
	readonly channel: string | undefined;
	/** The person's own ghost: what it says was written on the phone. */
	readonly ownGhost: string | undefined;
	/** The network that the room was attested to be of before it turned into this one: it is not believed again by itself. */
	readonly formerly: string | undefined;
	/** Somebody whom the person did not answer yet (`com.beeper.message_request`). */
	readonly isRequest: boolean;
};

/** @returns whether the room stands in the section of its network. */
export const isGrouped = ({trust}: Pick<Portal, 'trust'>): boolean => trust === 'attested' || trust === 'inferred';

/** A bridge, as its rooms tell of it. */
export type KnownBridge = {
	/** User id of its bot; untrusted text. */
	readonly bot: string;
	readonly protocol: string;
	/** The most that one of its rooms is believed. */
	readonly trust: BridgeTrust;
	/** Rooms of it that are in a section of the inbox. */
	readonly rooms: number;
};

/** What a room was found to be; no portal where nothing speaks for one. */
export type Detection = {readonly portal: Portal | undefined; readonly evidence: readonly BridgeEvidence[]};

/** A state event; its content is untrusted. */
export type BridgeState = {
	readonly type: string;
	readonly stateKey: string;
	readonly sender: string;
	readonly content: JsonObject;
};

/** What detection looks at. Everything in it is untrusted. */
export type RoomEvidence = {
	readonly membership: Membership;
	/** Who made the room: sender of m.room.create, and from room version 12 on `additional_creators`. */
	readonly creators: readonly string[];
	/** `m.bridge`, `uk.half-shot.bridge`, `com.beeper.room_features`, `uk.half-shot.matrix-hookshot.*`. */
	readonly states: readonly BridgeState[];
	/** User ids of who is joined or invited, the account's own left out; of a large room some. */
	readonly members: readonly string[];
	/** Who is known to have left, of those that the events name. */
	readonly departed: readonly string[];
	/** Who is joined or invited, the account included. */
	readonly memberCount: number;
	readonly inviter: string | undefined;
	/** Of m.room.name and m.room.topic. */
	readonly name: string | undefined;
	readonly topic: string | undefined;
};

/** What is known of the bot of a bridge. */
export type BotFacts = {
	/** `appservice`: by the server or the person; `person`: the server says that it is none; `unknown`: nobody has said. */
	readonly verdict: 'appservice' | 'person' | 'unknown';
	/** Id of the registry, where the person or the bot's own rooms said so. */
	readonly protocol: string | undefined;
	/** What the localparts of its ghosts begin with, as learned; without it, what is the default counts. */
	readonly ghostPrefix: string | undefined;
};
