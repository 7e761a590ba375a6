/** A message on its way to the server. It exists in the store before it is drawn, and until the server has it. */
import {relationOf} from './edits.ts';
import type {JsonObject} from './json.ts';
import {endTypes, responseTypes} from './poll.ts';

/**
 * uploading: its file is on the way, and others may pass; scheduled: waits for the time that the person chose; held: waits for
 * a sign-in or for the room; queued: will be sent; inflight: a request is out; sent: the server has it; failed: the server
 * refused it, the person decides; doubt: too old to repeat blindly, being looked up.
 */
export type OutboxState = 'uploading' | 'scheduled' | 'held' | 'queued' | 'inflight' | 'sent' | 'failed' | 'doubt';

/** One row of the outbox. */
export type OutboxItem = {
	readonly id: number;
	readonly rid: number;
	readonly roomId: string;
	/** Transaction id: made once, never changed, so that a repeat is harmless (client-server API §Transaction identifiers). */
	readonly transactionId: string;
	readonly type: string;
	/** Cleartext content; encrypted at send time. */
	readonly content: JsonObject;
	readonly state: OutboxState;
	/** A sentence for a person, when `failed` or `held`. */
	readonly error: string | undefined;
	readonly eventId: string | undefined;
	/** Milliseconds since the Unix epoch, local time. */
	readonly createdAt: number;
	/** Of a `scheduled` row the time that was chosen, milliseconds since the Unix epoch. */
	readonly sendAt?: number | undefined;
};

const changeTypes: ReadonlySet<string> = new Set(['m.reaction', 'm.room.redaction', ...responseTypes, ...endTypes]);

/** @returns whether the row will be a message; else it changes or removes another one, or is a reaction to it. */
export const isMessageOfItsOwn = ({type, content}: Pick<OutboxItem, 'type' | 'content'>): boolean =>
	!changeTypes.has(type) && relationOf(content).kind !== 'm.replace';

/** An own message that is not part of the timeline yet, with who it is from as one that is. */
export type WaitingMessage = OutboxItem & {
	/** User id of the account. */
	readonly sender: string;
	/** The name that is shown in the room, untrusted. */
	readonly senderName: string | undefined;
};

/** A message that the server has, and the other network has not. The text is untrusted. */
export type LostMessage = {readonly rid: number; readonly eventId: string; readonly body: string | undefined};
