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
};

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
