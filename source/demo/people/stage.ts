/** The people and rooms that are on the server, by the keys of the data. */
import type {Room, StoredEvent, User, World} from '../homeserver/world.ts';
import type {Answer, FailureKind} from './cast.ts';
import type {Step} from './steps.ts';

/** Somebody on the server. */
export type StagePerson = {
	readonly key: string;
	readonly userId: string;
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
	readonly rooms: ReadonlyMap<string, Room>;
	/** User ids. */
	readonly people: ReadonlyMap<string, string>;
	/** By user id; without you. */
	readonly cast: ReadonlyMap<string, StagePerson>;
	/** By room id; rooms without a bridge have none. */
	readonly portals: ReadonlyMap<string, StagePortal>;
	/** What steps named by `as`, by `ROOM NAME`. */
	readonly named: Map<string, StoredEvent>;
	/** Steps of encrypted rooms, oldest first, that nobody has played. */
	readonly withheld: ReadonlyMap<string, readonly Step[]>;
	/** Lines of rooms where people talk by themselves, by key of the room; the rest of what history has not used. */
	readonly chatter: ReadonlyMap<string, readonly (readonly [person: string, line: string])[]>;
};
