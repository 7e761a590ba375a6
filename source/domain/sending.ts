/** What is asked of an account to send something, and what it answers. */
import type {JsonObject} from './json.ts';
import type {OutboxState} from './outbox-item.ts';

/** Whom or where to send: `@user:server`, `#alias:server`, `!room_id`, or an exact room name. */
export type RoomAddress = string;

export type SendRequest = {
	readonly to: RoomAddress;
	/** Message type and bodies (client-server API §m.room.message). */
	readonly content: JsonObject;
	/** Type of the event. @default `m.room.message` */
	readonly type?: string | undefined;
	/** A person has written type and content by hand: types that mx has no use for are sent too. @default false */
	readonly isRaw?: boolean | undefined;
	/** Milliseconds since the Unix epoch before which it waits in the outbox. @default at once */
	readonly sendAt?: number | undefined;
	/** Event id that is replied to; who is answered is mentioned. */
	readonly replyTo?: string | undefined;
	/** Event id of an own message that says `content` from now on. */
	readonly edits?: string | undefined;
	/** Event id of the root of the thread that the message belongs to. */
	readonly thread?: string | undefined;
	/** A key of the caller's: the same key never makes a second event. */
	readonly transactionKey?: string | undefined;
	/** A name that no other open order has, by which whoever waits can let it go. */
	readonly order?: string | undefined;
	/** The text was the room's draft: with the message stored it is none any more. */
	readonly endsDraft?: boolean | undefined;
	/** `false`: answer as soon as the message is durably queued. */
	readonly isWaiting: boolean;
	/** Milliseconds to wait for the server. */
	readonly timeout: number;
	/** `bridged`: the answer waits for the word of the bridge of the room. @default the server has it */
	readonly until?: 'bridged' | undefined;
	/** Which of several matching rooms, from 1; without it several matches are an `ambiguous` error. */
	readonly pick?: number | undefined;
};

/** What a bridge has made of a message. */
export type Delivery = {
	readonly stage: 'sent' | 'pending' | 'bridged' | 'delivered' | 'read' | 'failed';
	/** Of a failure: it did not arrive; else it may have. */
	readonly isCertain: boolean;
	/** Why it failed, for a person; untrusted. */
	readonly reason: string | undefined;
};

export type SendReceipt = {
	/** The word of the bridge, where it was waited for and came. */
	readonly delivery?: Delivery | undefined;
	readonly roomId: string;
	readonly transactionId: string;
	readonly state: OutboxState;
	readonly eventId: string | undefined;
	readonly error: string | undefined;
	/** What becomes of it on the network of a bridge, in a sentence for a person: it is sent, but arrives as something else. */
	readonly warning?: string | undefined;
};
