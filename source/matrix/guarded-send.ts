/**
 * The one function that puts a message into a room. The SDK's own send methods are never called: they send cleartext
 * into an encrypted room that they do not know (matrix-org/matrix-js-sdk#906).
 */
import {ExpectedError} from '../domain/errors.ts';
import {requireSize} from '../domain/event-size.ts';
import {asObject, type JsonObject} from '../domain/json.ts';
import type {Homeserver} from './homeserver.ts';

/** What the store knows of a room's encryption. */
export type RoomEncryption = {
	/** Sticky: once true, always true. */
	readonly isEncrypted: boolean;
	/** Only its name is known, not its state. */
	readonly isProvisional: boolean;
};

/** The loaded encryption. */
export type Encryption = {
	/** @returns the wire form; everything that the crypto wrote for it is on disk. */
	readonly encrypt: (
		roomId: string,
		type: string,
		content: JsonObject,
	) => Promise<{readonly type: string; readonly content: JsonObject}>;
	/** Whether the crypto store has ever seen the room encrypted. */
	readonly isEnabledIn: (roomId: string) => Promise<boolean>;
};

export type SendPorts = {
	readonly homeserver: Homeserver;
	readonly roomEncryption: (roomId: string) => RoomEncryption | undefined;
	/** Writes that a room is encrypted. */
	readonly noteEncrypted: (roomId: string) => void;
	/** Loads the encryption, or answers it when it is loaded. */
	readonly loadEncryption: () => Promise<Encryption>;
	/** The encryption if it is loaded already. */
	readonly loadedEncryption: () => Encryption | undefined;
	/** Whether the sync stream was followed up to a moment ago, so that the store knows when a room was encrypted. */
	readonly isCurrent: () => boolean;
	/**
	 * Rooms of which the server has said in this run that they are not encrypted. Until then the stream is not enough: of a new
	 * room its first answer may bring the beginning only, without the encryption that follows.
	 */
	readonly saidClear: Set<string>;
};

export type OutgoingEvent = {
	readonly roomId: string;
	readonly type: string;
	readonly transactionId: string;
	/** As a function it is asked once it is known whether the room is encrypted: a file lies on the server accordingly. */
	readonly content: JsonObject | ((isEncrypted: boolean) => Promise<JsonObject>);
};

/**
 * Decides whether a message may leave in the clear: the store, the crypto store if it is loaded and, unless the sync
 * stream is followed, the server must all say that the room was never encrypted.
 */
export const mustEncrypt = async (ports: SendPorts, roomId: string): Promise<boolean> => {
	const room = ports.roomEncryption(roomId);
	if (room === undefined || room.isProvisional) {
		throw new ExpectedError({
			message: `The state of ${roomId} is not known yet.`,
			next: 'Wait for the first sync.',
			reason: 'notReady',
		});
	}
	if (room.isEncrypted) return true;
	const loaded = ports.loadedEncryption();
	const mustAsk = loaded === undefined || !ports.isCurrent() || !ports.saidClear.has(roomId);
	const isEncrypted =
		(loaded !== undefined && (await loaded.isEnabledIn(roomId))) ||
		(mustAsk && (await ports.homeserver.stateEvent(roomId, 'm.room.encryption')) !== undefined);
	if (isEncrypted) ports.noteEncrypted(roomId);
	else ports.saidClear.add(roomId);
	return isEncrypted;
};

/** Nothing but the relation leaves in the clear, whatever else the content holds. */
const bareReaction = (content: JsonObject): JsonObject => {
	const {rel_type: kind, event_id: eventId, key} = asObject(content['m.relates_to']);
	return {'m.relates_to': {rel_type: kind, event_id: eventId, key}};
};

/** What a function answers takes its time; meanwhile the room may have become encrypted. */
const settleContent = async (
	ports: SendPorts,
	{roomId, content}: Pick<OutgoingEvent, 'roomId' | 'content'>,
): Promise<{readonly isEncrypted: boolean; readonly content: JsonObject}> => {
	for (;;) {
		const isEncrypted = await mustEncrypt(ports, roomId);
		if (typeof content !== 'function') return {isEncrypted, content};
		const settled = await content(isEncrypted);
		if (isEncrypted || !(await mustEncrypt(ports, roomId))) return {isEncrypted, content: settled};
	}
};

/**
 * Sends one event; a repeat with the same transaction id is harmless.
 * @returns its event id
 * @throws NetworkError, or ExpectedError `encryption` when it may not leave as it is
 */
export const sendEvent = async (ports: SendPorts, event: OutgoingEvent): Promise<string> => {
	const {roomId, type, transactionId} = event;
	// Servers count reactions, so no client encrypts them (§m.reaction).
	if (type === 'm.reaction' && typeof event.content !== 'function')
		return ports.homeserver.putEvent(roomId, type, transactionId, bareReaction(event.content));
	const {isEncrypted, content} = await settleContent(ports, event);
	if (!isEncrypted) {
		requireSize(content, {isEncrypted: false});
		return ports.homeserver.putEvent(roomId, type, transactionId, content);
	}
	requireSize(content, {isEncrypted: true});
	const encryption = await ports.loadEncryption();
	const wire = await encryption.encrypt(roomId, type, content);
	if (wire.type !== 'm.room.encrypted') throw new Error('The encryption answered an event that is not encrypted');
	return ports.homeserver.putEvent(roomId, wire.type, transactionId, wire.content);
};
