/** What is told of a network, of its people and of its rooms: the form of the data in `networks/`. */
import type {JsonObject} from '../../domain/json.ts';
import type {Step} from './steps.ts';

/** What somebody answers: a line in its turn, or one for messages that have one of these words. */
export type Answer =
	| string
	| {readonly to?: readonly string[]; readonly say?: string; readonly react?: string; readonly edited?: string};

export type PersonData = {
	readonly name: string;
	/** After the prefix of the bridge; on Matrix the localpart, or a whole id of another server. */
	readonly id: string;
	/** Of the same human on other networks (`tel:`, `mailto:`); only Signal tells them. */
	readonly identifiers?: readonly string[];
	/** @default none: never answers */
	readonly answers?: readonly Answer[];
};

export type RoomData = {
	readonly kind: 'dm' | 'group' | 'channel';
	/** @default for a DM the name of the person */
	readonly name?: string;
	readonly topic?: string;
	/** On the other network. */
	readonly id?: string;
	/** Whoever is in it besides you and the bot. */
	readonly people: readonly string[];
	/** Who made it and invites. @default the bot, or the first of the people */
	readonly by?: string;
	/** When it was made. @default 60d */
	readonly ago?: string;
	/** Whether you are in it. @default joined */
	readonly you?: 'joined' | 'invited' | 'outside';
	/** Login of yours, by its place among those of the network. @default 0 */
	readonly login?: number;
	/** Of Google Messages: which of two protocols. */
	readonly transport?: 'sms' | 'rcs';
	/** Localpart of its address: it is public. */
	readonly address?: string;
	/** The room of the same network that it takes the place of. */
	readonly replaces?: string;
	readonly tag?: 'm.favourite' | 'm.lowpriority';
	readonly isMuted?: boolean;
	readonly isMessageRequest?: boolean;
	/** Milliseconds after which messages disappear. */
	readonly disappearsAfter?: number;
	/** Besides what the network puts into each room. */
	readonly state?: readonly {readonly type: string; readonly key?: string; readonly content: JsonObject}[];
	/** The bridge can no longer bring your messages there. @default it can */
	readonly failure?: FailureKind;
	/** Lines of people who talk although nobody asked; `{a|b}` is one of both. */
	readonly chatter?: readonly (readonly [person: string, line: string])[];
	/** How many lines of chatter are history already. @default 0 */
	readonly chatterCount?: number;
	/** What its maker says when you join. */
	readonly greeting?: string;
	/** The person of this DM sometimes types, and says nothing. */
	readonly isHesitant?: boolean;
	/** In order of time. You have read all of it, unless a step says how far. */
	readonly history: readonly Step[];
};

/** Told by a status event, or by a notice of the bot, as bridges do that send no status events. */
export type FailureKind = {readonly by: 'status' | 'notice'; readonly message: string};

export type Login = {
	readonly id: string;
	readonly name: string;
	/** Key of the person that you are there: what you write on your phone, where the bridge cannot write as you. */
	readonly ownGhost?: string;
	/** It has to be renewed. @default false */
	readonly isOut?: boolean;
};

export type NetworkData = {
	/** As in the table of protocols. */
	readonly name: string;
	/** Who connects it: what stands in rooms depends on that. Without it, people are plain Matrix accounts. */
	readonly bridge?: BridgeData;
	readonly people: Readonly<Record<string, PersonData>>;
	readonly rooms: Readonly<Record<string, RoomData>>;
	/** Community spaces: names of the rooms in it. */
	readonly spaces?: Readonly<Record<string, RoomData & {readonly rooms: readonly string[]}>>;
};

export type BridgeData = {
	readonly framework: 'bridgev2' | 'heisenbridge' | 'appservice-slack';
	/** Of the bot; its key among the people is the localpart. */
	readonly bot: {readonly localpart: string; readonly name: string; readonly answers?: readonly Answer[]};
	/** Localparts of ghosts begin with it. */
	readonly ghostPrefix: string;
	/** Id of the appservice, and the name that it gives itself in `com.beeper.message_send_status`. */
	readonly appservice: string;
	readonly protocol: {readonly id: string; readonly displayname: string; readonly external_url?: string};
	/** What the channels belong to, such as a team of Slack. */
	readonly network?: {readonly id: string; readonly displayname: string};
	readonly logins: readonly Login[];
	/** com.beeper.room_features. */
	readonly features?: JsonObject;
	/** Sends com.beeper.message_send_status. @default false */
	readonly hasStatus?: boolean;
	/** Says also to whom a message was delivered. @default false */
	readonly hasDelivery?: boolean;
	/** Ghosts read and type. @default false */
	readonly hasReceipts?: boolean;
	/** What you write on the phone comes under your name. @default false */
	readonly hasDoublePuppet?: boolean;
	/** Tells the remote ids of people in their profiles. @default false */
	readonly hasExtraProfile?: boolean;
	/** What was said in the room of you and the bot. */
	readonly console: readonly Step[];
};
