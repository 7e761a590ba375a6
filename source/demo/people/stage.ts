/** The people and rooms that are on the server, by the keys of the data. */
import type {Room, StoredEvent, User, World} from '../homeserver/world.ts';
import type {Answer, FailureKind} from './cast.ts';
import type {StepOf} from './steps.ts';

/** Somebody on the server. */
export type StagePerson = {
	readonly key: string;
	readonly userId: string;
	/** Of their name: who is called by it answers. */
	readonly firstName: string;
	/** A ghost that stands for you. */
	readonly isYou: boolean;
	readonly answers: readonly Answer[];
	/** Types and reads: not everybody's network can tell. */
	readonly hasReceipts: boolean;
	/** Nothing but text comes from their network. */
	readonly isBare: boolean;
};

/** What a bridge does in a room when you write. */
export type StagePortal = {
	readonly bot: string;
	/** As it calls itself in status events. */
	readonly appservice: string;
	readonly hasStatus: boolean;
	readonly hasDelivery: boolean;
	readonly failure: FailureKind | undefined;
	/** The login of yours by which it is there, where one of the bridge has to be renewed. */
	readonly login: StageLogin | undefined;
};

/** A login of yours at a bridge. */
export type StageLogin = {
	/** As the other network has it. */
	readonly id: string;
	readonly name: string;
	/** Nothing comes or goes over it until you sign in again. */
	isOut: boolean;
};

/** The logins of a bridge, and the user id of its bot. */
export type StageLogins = {readonly bot: string; readonly all: readonly StageLogin[]};

export type Stage = {
	readonly world: World;
	readonly you: User;
	readonly password: string;
	/** By key. */
	readonly rooms: Map<string, Room>;
	/** User ids. */
	readonly people: ReadonlyMap<string, string>;
	/** By user id; without you. */
	readonly cast: ReadonlyMap<string, StagePerson>;
	/** By room id; rooms without a bridge have none. */
	readonly portals: ReadonlyMap<string, StagePortal>;
	/** Of the bridges of which a login has to be renewed, by key of the room of you and the bot. */
	readonly logins: ReadonlyMap<string, StageLogins>;
	/** What steps named by `as`, by `ROOM NAME`. */
	readonly named: Map<string, StoredEvent>;
	/** By key of the room. */
	readonly chatter: ReadonlyMap<string, Chatter>;
	/** By room id: what is said to you when you join. */
	readonly greetings: Map<string, StepOf<'say'>>;
	/** Who sometimes types and says nothing, and in which room. */
	readonly hesitant: readonly {readonly room: string; readonly person: string}[];
};

/** Lines of people who talk by themselves, and how many of them were said already. */
export type Chatter = {readonly lines: readonly (readonly [person: string, line: string])[]; readonly told: number};
