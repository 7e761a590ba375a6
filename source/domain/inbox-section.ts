/** The sections of the inbox: one for each network, or each account of it, and a few that every account has. */
import type {BridgeCondition} from './bridge-health.ts';

/** Row numbers of those that every account has. Networks come behind. */
export const fixedSections = {
	/** Invitations, and whom the person did not answer yet. */
	requests: 1,
	/** Rooms tagged `m.favourite`, of whatever network. */
	favourites: 2,
	/** Rooms of no bridge. */
	matrix: 3,
	/** Rooms with the bots of bridges. */
	bridges: 4,
} as const;

/** A section that has rooms. All strings but `protocol` are untrusted text. */
export type InboxSection = {
	/** Row number in the store. */
	readonly id: number;
	/** Id in the registry, as `Portal` has it; `undefined` for a fixed section. */
	readonly protocol: string | undefined;
	/** Id of the team, guild or IRC network. */
	readonly network: string | undefined;
	readonly networkName: string | undefined;
	/** Id of the login; only where the network has several. */
	readonly account: string | undefined;
	/** What the bridge calls that login. */
	readonly accountName: string | undefined;
	readonly rooms: number;
	/** Rooms that wait: unread, or invited to. */
	readonly unread: number;
	/** Those of them that are invitations. */
	readonly invitations: number;
	/** Rooms in which the person is mentioned. */
	readonly mentions: number;
	/** How the login is, or the worst of several; `undefined` where all is well, or nothing is known. */
	readonly trouble: Exclude<BridgeCondition, 'connected'> | undefined;
};

/** What the person chose of the inbox as a whole; the same on all devices. */
export type InboxLayout = {
	/** One list by time, whatever the network. */
	readonly isByTime: boolean;
	/** Keys of the sections that are folded. */
	readonly folded: readonly string[];
	/** Keys of sections in the order of the person; those that are not named keep their place. */
	readonly order: readonly string[];
};
