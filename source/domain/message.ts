/** One event of a timeline, as the archive holds it and the screen shows it. */
import type {PollVotes} from './poll.ts';
import type {JsonObject} from './json.ts';
import type {FailedChange, SendStatus} from './send-status.ts';

/** How the ids of rows begin that stand for what mx cannot read. The ids of servers begin with a `$`. */
export const unreadablePrefix = 'mx:unreadable:';

/** The type of such a row. By itself it means nothing: anybody can send events of any type. */
export const unreadableType = 'mx.unreadable';

/** @returns whether the row only keeps the place of something that was no event. Its id must never be sent. */
export const isUnreadable = ({eventId}: {readonly eventId: string}): boolean => eventId.startsWith(unreadablePrefix);

/** How an event came to be readable. */
export type EncryptionState = 'clear' | 'undecrypted' | 'decrypted';

/**
 * What is wrong with the authenticity of an event; `undefined` in a message means nothing to warn of.
 * The names are the SDK's EventShieldReason, plus `clear` for cleartext in an encrypted room.
 */
export type Shield = {
	/** `neutral`: nothing to warn of, but worth a word. */
	readonly colour: 'grey' | 'red' | 'neutral';
	readonly reason:
		| 'unknown'
		| 'unverified-identity'
		| 'unsigned-device'
		| 'unknown-device'
		| 'authenticity-not-guaranteed'
		| 'mismatched-sender-key'
		| 'mismatched-sender'
		| 'verification-violation'
		| 'sent-in-clear'
		/** Of a ghost, by the device of its bridge. */
		| 'via-bridge';
	/** Of a mismatched sender: user id of the bot of a bridge whose device it is, and whose ghost the sender is. */
	readonly bridge?: string | undefined;
};

/** One reaction under a message. */
export type Reaction = {readonly key: string; readonly count: number; readonly isMine: boolean};

/** The quoted target of a reply; sender and body are missing while the target is unknown. */
export type ReplyTarget = {
	readonly eventId: string;
	readonly sender: string | undefined;
	readonly senderName: string | undefined;
	readonly body: string | undefined;
};

/** The replies of a thread. */
export type ThreadSummary = {
	readonly count: number;
	/** Milliseconds since the Unix epoch of the newest one. */
	readonly last: number;
	/** Messages in it that notify and are not read, as the server counts them; without one, nothing. */
	readonly unread?: number | undefined;
	/** How many of these mention the account. */
	readonly highlights?: number | undefined;
};

/** How far somebody has read. The name is untrusted. */
export type ReadPlace = {
	readonly userId: string;
	readonly name: string | undefined;
	readonly chunkOrder: number;
	readonly position: number;
};

/** A timeline event. All strings are untrusted text from the network. */
export type Message = {
	/** Row number in the archive. */
	readonly pk: number;
	readonly eventId: string;
	readonly rid: number;
	/** Order of the timeline: by chunk order, then position; never by time. */
	readonly chunkOrder: number;
	readonly position: number;
	/** Of a timeline in which several rooms are mixed by time: its place in its own room; the other two are its place among all. */
	readonly home?: {readonly chunkOrder: number; readonly position: number} | undefined;
	/** Milliseconds since the Unix epoch, by the sender's server. */
	readonly timestamp: number;
	/** When it came in, where that was before the time that it says; milliseconds since the Unix epoch. */
	readonly cameAt?: number | undefined;
	readonly sender: string;
	readonly senderName: string | undefined;
	/** The type after decryption; `m.room.encrypted` while undecrypted. */
	readonly type: string;
	/** Present on state events only. */
	readonly stateKey: string | undefined;
	/** The content to show: decrypted, and of the last valid edit. */
	readonly content: JsonObject;
	readonly isEdited: boolean;
	readonly encryption: EncryptionState;
	/** Why it could not be decrypted: the SDK's DecryptionFailureCode. */
	readonly undecryptableReason: string | undefined;
	readonly shield: Shield | undefined;
	/** User id of who removed it; content is empty then. */
	readonly redactedBy: string | undefined;
	readonly reactions: readonly Reaction[];
	readonly replyTo: ReplyTarget | undefined;
	readonly threadRoot: string | undefined;
	/** Sent by this account, which may change it. */
	readonly isMine: boolean;
	/**
	 * The person wrote it in the app of another network: it came by their own ghost, or in their name by the bridge.
	 * @default false
	 */
	readonly isPhone?: boolean | undefined;
	/** Of an own message behind a bridge that is believed: what became of it there. */
	readonly status?: SendStatus | undefined;
	/** Own changes of it that did not reach the network of the bridge. */
	readonly failedChanges?: readonly FailedChange[] | undefined;
	/** Who wrote it, as the bridge that is believed says; the sender only brought it. */
	readonly author?: string | undefined;
	/** What it is about: the subject of a mail. */
	readonly title?: string | undefined;
	/** What the bot of a bridge says beside the conversation. @default false */
	readonly isChatter?: boolean | undefined;
	/** Another row says the same: a notice of a failure, or a message that was sent again. @default false */
	readonly isFolded?: boolean | undefined;
	/** What stands in the thread whose root it is, as far as the archive has it; without one, nothing. */
	readonly thread?: ThreadSummary | undefined;
	/** Of a poll: how the votes stand, as far as the archive has them. */
	readonly votes?: PollVotes | undefined;
};

/** @returns its time among the messages of other rooms, milliseconds since the Unix epoch: no wrong clock keeps it below all of them for ever */
export const timeAmongRooms = ({cameAt, timestamp}: Pick<Message, 'cameAt' | 'timestamp'>): number =>
	cameAt ?? timestamp;

/** @returns whether the person wrote a message themselves, here or elsewhere: to them it is nothing new. */
export const isByPerson = ({isMine, isPhone}: Pick<Message, 'isMine' | 'isPhone'>): boolean =>
	isMine || isPhone === true;
