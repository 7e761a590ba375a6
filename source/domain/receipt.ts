/** Receipts: what tells a server, and through it a bridge, what was read (client-server API §Receipts). */
import type {ReceiptMode} from './receipt-words.ts';

/** A receipt that covers all threads (client-server API §Threaded read receipts). */
export const unthreaded = '';

/** The main timeline. */
export const mainSlot = 'main';

/** `local` is sent to nobody: it keeps what was read from being counted again. */
export type ReceiptType = 'm.read' | 'm.read.private' | 'm.fully_read' | 'local';

/** One receipt that is to be sent. */
export type PlannedReceipt = {
	readonly type: ReceiptType;
	/** `unthreaded`, `mainSlot`, or the event id of the root of a thread: the server keeps one receipt for each. */
	readonly slot: string;
	readonly eventId: string;
	/** A bridge that was away has lost it: it is repeated in the other slot. */
	readonly mustHeal: boolean;
};

/** An event, as far as it matters here. */
export type ReadEvent = {
	readonly eventId: string;
	readonly sender: string;
	readonly type: string;
	readonly isState: boolean;
	/** `rel_type`. */
	readonly relation: string | undefined;
	readonly isRedacted: boolean;
	/** From the person's own ghost. */
	readonly isOwnGhost: boolean;
};

/** What there is in a chat of another network. */
export type PortalReading = {
	/** Newest message of somebody else that was seen; none where there is none. */
	readonly target: string | undefined;
	/** Oldest one that is known. */
	readonly oldest: string | undefined;
	/** The account has no public receipt in it: the bridge does not know where reading begins. */
	readonly isFirst: boolean;
	/** Threads have something unread that a receipt without a thread would take away. */
	readonly hasUnreadThreads: boolean;
	/** Behind the target the server counts messages of the person's own ghost. */
	readonly hasOwnBehind: boolean;
};

export type Reading = {
	readonly mode: ReceiptMode;
	/** The newest event that was seen. */
	readonly eventId: string;
	/** Root of the thread that was read; all else without. */
	readonly thread: string | undefined;
	/** Of a chat whose bridge passes receipts on. */
	readonly portal: PortalReading | undefined;
};
