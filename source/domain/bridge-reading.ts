/** What is known of reading over a bridge: from this `mx bridge doctor` says what is wrong. */
import type {ReceiptMode} from './receipt-words.ts';

export type BridgeReading = {
	/** User id of its bot; untrusted text. */
	readonly bot: string;
	readonly protocol: string;
	/** Public receipts pass it, as far as is known. */
	readonly hasReceipts: boolean;
	/** What holds for the network as such. */
	readonly mode: ReceiptMode;
	/** Chats of it. */
	readonly chats: number;
	/** Chats with a rule of their own that is not public. */
	readonly silentChats: number;
	/** Chats in which no public receipt of the account is known: the first one is sent in two steps. */
	readonly unreadChats: number;
	/** Chats in which a private receipt of the account is further than the public one, or is alone. */
	readonly privateChats: number;
	/** Chats in which only the marker of what is fully read has moved. */
	readonly markerChats: number;
	/** Chats whose public receipt stands on what bridges do not know as a message: an own message, a reaction, one of the bot. */
	readonly unknownChats: number;
	/** Receipts that the server does not have yet. */
	readonly waiting: number;
	/** Receipts of the last day that are not repeated yet, and that are. */
	readonly toRepeat: number;
	readonly repeated: number;
	/** Logins that are signed out or in trouble, as the bot said last: what the person is called there, or its id. Untrusted text. */
	readonly troubledLogins: readonly string[];
	/** Chats that name the login of the person. */
	readonly loginChats: number;
	/** Own messages that were written on the phone came in the person's own name (double puppet), lately. */
	readonly hasDoublePuppet: boolean;
	/** The person's own ghost is known. */
	readonly hasOwnGhost: boolean;
	/** When bot or ghosts were heard of last; milliseconds since the Unix epoch. */
	readonly lastHeard: number | undefined;
	/** Receipts of the other side have come through. */
	readonly hasForeignReceipts: boolean;
};
